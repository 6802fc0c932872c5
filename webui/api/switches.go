package api

import (
	"net/http"

	"github.com/pasokh/pasokh/telephony/night"
)

// switches are those for the night, with a list that is never null.
func (r *Rooms) switches() []night.View { return list(r.Switches()) }

// turn turns a switch on or off.
func (r *Rooms) turn(w http.ResponseWriter, req *http.Request) error {
	var ask Turn
	if err := Decode(req, &ask); err != nil {
		return err
	}
	t := night.Turn{Switch: req.PathValue("number"), To: night.Off, By: User(req.Context())}
	switch {
	case ask.On:
		t.To = night.On
	case ask.Day:
		t.To = night.Day
	}
	if _, ok := r.Turn(t); !ok {
		return ErrNoSwitch
	}
	return Send(w, Done{true})
}
