package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
)

// mostWire is the longest capture of a call's sound.
const mostWire = time.Minute

// getWire captures the RTP packets of a running call for ?seconds= (10), and answers
// with them as a capture file. What was said can be heard from it: only an owner may.
func (r *Rooms) getWire(w http.ResponseWriter, req *http.Request) error {
	if who := Viewer(req.Context()); who.Role != identity.Owner {
		return ErrForbidden
	}
	last := 10 * time.Second
	if text := req.URL.Query().Get("seconds"); text != "" {
		n, err := strconv.Atoi(text)
		if last = time.Duration(n) * time.Second; err != nil || last <= 0 || last > mostWire {
			return ErrValue.Of("seconds")
		}
	}
	var legs []call.LegID
	for _, c := range r.Calls() {
		if c.ID == call.ID(req.PathValue("id")) {
			for _, l := range c.Legs {
				legs = append(legs, l.ID)
			}
		}
	}
	if len(legs) == 0 {
		return ErrNoCall
	}
	packets, err := r.Wire(req.Context(), legs, last)
	if err != nil {
		return err
	}
	sendPCAP(w, "sound", packets)
	return nil
}
