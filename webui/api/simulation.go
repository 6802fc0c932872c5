package api

import (
	"bytes"
	"net/http"

	"github.com/pasokh/pasokh/firmware/identity"
)

// simulation is the operations on a simulated town.
type simulation struct{ Simulator }

func (s simulation) routes() []Route {
	on := func(do func(port string) error) func(http.ResponseWriter, *http.Request) error {
		return func(w http.ResponseWriter, r *http.Request) error {
			if err := do(r.PathValue("port")); err != nil {
				return err
			}
			return s.state(w, r)
		}
	}
	keys := func(do func(port, digits string) error) func(http.ResponseWriter, *http.Request) error {
		return func(w http.ResponseWriter, r *http.Request) error {
			var k SimKeys
			if err := Decode(r, &k); err != nil {
				return err
			}
			if k.Digits == "" || !dialable(k.Digits, maxDigits) {
				return ErrValue.Of("digits")
			}
			return on(func(port string) error { return do(port, k.Digits) })(w, r)
		}
	}
	return []Route{
		{Pattern: "GET /api/sim", Right: identity.Settings, Handle: s.state,
			About: "The far ends of simulated lines and phones.", Gives: Simulated{}},
		{Pattern: "GET /api/sim/lines/{port}", Right: identity.Settings, Handle: s.line,
			About: "The far end of a simulated line.", Gives: SimLine{}},
		{Pattern: "POST /api/sim/lines/{port}/call", Right: identity.Settings, Handle: s.call,
			About: "Calls the box on a simulated line.", Takes: SimCall{}, Gives: Simulated{}},
		{Pattern: "POST /api/sim/lines/{port}/press", Right: identity.Settings, Handle: keys(s.Press),
			About: "Presses keys on a simulated line.", Takes: SimKeys{}, Gives: Simulated{}},
		{Pattern: "POST /api/sim/lines/{port}/hangup", Right: identity.Settings, Handle: on(s.HangUp),
			About: "Hangs the far end of a simulated line up.", Gives: Simulated{}},
		{Pattern: "GET /api/sim/lines/{port}/heard.wav", Right: identity.Settings, Handle: s.heard,
			About: "What the far end of a simulated line heard.", Query: []Param{saved}, Gives: wavFile},
		{Pattern: "POST /api/sim/phones/{port}/lift", Right: identity.Settings, Handle: on(s.Lift),
			About: "Lifts the handset of a simulated phone.", Gives: Simulated{}},
		{Pattern: "POST /api/sim/phones/{port}/hang", Right: identity.Settings, Handle: on(s.Hang),
			About: "Puts the handset of a simulated phone down.", Gives: Simulated{}},
		{Pattern: "POST /api/sim/phones/{port}/dial", Right: identity.Settings, Handle: keys(s.Dial),
			About: "Dials on a simulated phone.", Takes: SimKeys{}, Gives: Simulated{}},
		{Pattern: "POST /api/sim/phones/{port}/flash", Right: identity.Settings, Handle: on(s.Flash),
			About: "Presses the hook of a simulated phone.", Gives: Simulated{}},
		{Pattern: "GET /api/sim/phones/{port}/heard.wav", Right: identity.Settings, Handle: s.heard,
			About: "What a simulated phone heard.", Query: []Param{saved}, Gives: wavFile},
		{Pattern: "POST /api/sim/lines/{port}/talk", Right: identity.Settings, Handle: s.talk,
			About: "Lets the far end of a simulated line send a tone.", Takes: SimTone{}, Gives: Simulated{}},
		{Pattern: "POST /api/sim/phones/{port}/talk", Right: identity.Settings, Handle: s.talk,
			About: "Lets a simulated phone send a tone.", Takes: SimTone{}, Gives: Simulated{}},
	}
}

// talk lets a far end send a tone, or nothing.
func (s simulation) talk(w http.ResponseWriter, r *http.Request) error {
	var t SimTone
	if err := Decode(r, &t); err != nil {
		return err
	}
	if t.Hz != 0 && (t.Hz < 200 || t.Hz > 3400) {
		return ErrValue.Of("hz")
	}
	if err := s.Talk(r.PathValue("port"), t.Hz); err != nil {
		return err
	}
	return s.state(w, r)
}

// Limits of what a simulated party may send at once.
const (
	maxDigits = 32
	maxName   = 50 // of caller ID; a Bell 202 name parameter carries 15 characters
)

func (s simulation) state(w http.ResponseWriter, _ *http.Request) error {
	now := s.State()
	return Send(w, Simulated{Lines: list(now.Lines), Phones: list(now.Phones)})
}

func (s simulation) line(w http.ResponseWriter, r *http.Request) error {
	for _, l := range s.State().Lines {
		if l.Port == r.PathValue("port") {
			return Send(w, l)
		}
	}
	return ErrNoPort
}

func (s simulation) call(w http.ResponseWriter, r *http.Request) error {
	var c SimCall
	if err := Decode(r, &c); err != nil {
		return err
	}
	switch c.Release {
	case "":
		c.Release = LoopDrop
	case LoopDrop, BusyTone, Reversal:
	default:
		return ErrValue.Of("release")
	}
	if !dialable(c.Number, maxDigits) {
		return ErrValue.Of("number")
	}
	if !oneLine(c.Name, maxName) {
		return ErrValue.Of("name")
	}
	if err := s.Call(r.PathValue("port"), c); err != nil {
		return err
	}
	return s.state(w, r)
}

func (s simulation) heard(w http.ResponseWriter, r *http.Request) error {
	samples, err := s.Heard(r.PathValue("port"))
	if err != nil {
		return err
	}
	if len(samples) == 0 {
		return ErrSilence
	}
	return sendWAV(w, r, "heard", bytes.NewReader(wav(samples)))
}
