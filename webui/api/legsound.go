package api

import (
	"net/http"
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// CallSound is the answer of GET /api/calls/{id}/sound: how a running call sounds now.
type CallSound struct {
	Legs []LegSound `json:"legs"`
}

// LegSound is how one leg sounds. The box listens to it for a second first.
type LegSound struct {
	Leg     call.LegID `json:"leg"`
	Codec   string     `json:"codec"`   // "line" for an analog port
	Relayed bool       `json:"relayed"` // packet by packet, between such moments
	Says    Level      `json:"says"`
	Hears   Level      `json:"hears"`
	// Quality is missing of an analog port, and while there is too little to tell.
	Quality *call.Quality `json:"quality,omitempty"`
}

// Level is how loud something is.
type Level struct {
	Level  float64 `json:"level"` // dBm0
	Silent bool    `json:"silent"`
	Tone   float64 `json:"tone"` // Hz of a tone that is nearly all of it; 0: none
}

func (r *Rooms) callSound(w http.ResponseWriter, req *http.Request) error {
	calls := callsOf(Viewer(req.Context()), r.Floor(), r.Calls())
	i := slices.IndexFunc(calls, func(c call.Snapshot) bool { return string(c.ID) == req.PathValue("id") })
	if i < 0 {
		return ErrNoCall
	}
	var legs []call.LegID
	for _, l := range calls[i].Legs {
		legs = append(legs, l.ID)
	}
	return Send(w, CallSound{Legs: list(r.Sound(req.Context(), legs))})
}
