package main

import (
	"errors"
	"sync"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
	"github.com/pasokh/pasokh/webui/api"
)

// town plays the far ends of the simulated board for the page: callers on the
// lines and the analog phones.
type town struct {
	box *box

	mu    sync.Mutex
	calls map[string]api.SimLine // the last call on each line, as it was placed
	since map[string]time.Time   // of each far end's present state
	state map[string]string
}

var _ api.Simulator = (*town)(nil)

// State is every far end now.
func (t *town) State() api.Simulated {
	var s api.Simulated
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.box.board.Ports() {
		if o := t.box.board.Office(p.ID()); o != nil {
			l := t.calls[p.ID()]
			l.Port, l.State, l.Heard = p.ID(), lineState(o.State()), length(o.Heard())
			l.Since = t.sinceState(p.ID(), l.State)
			s.Lines = append(s.Lines, l)
			continue
		}
		if ph := t.box.board.Phone(p.ID()); ph != nil {
			s.Phones = append(s.Phones, t.phone(p, ph))
		}
	}
	return s
}

func (t *town) phone(p hal.Port, ph *sim.Phone) api.SimPhone {
	v := api.SimPhone{Port: p.ID(), State: "on-hook", Heard: length(ph.Heard())}
	if e, ok := t.box.config().ExtensionOn(p.ID()); ok {
		v.Extension = e.Number
	}
	switch {
	case p.State().OffHook:
		v.State = "off-hook"
	case ph.Ringing():
		v.State = "ringing"
		v.Caller, _ = ph.CallerID()
	}
	v.Since = t.sinceState(p.ID(), v.State)
	return v
}

// sinceState is when a far end came into its state, as seen by who looks.
func (t *town) sinceState(port, state string) time.Time {
	if t.state == nil {
		t.state, t.since = make(map[string]string), make(map[string]time.Time)
	}
	if t.state[port] != state {
		t.state[port], t.since[port] = state, t.box.clock.Now()
	}
	return t.since[port]
}

// lineState is the caller's view of the office: what people at a phone know.
func lineState(s loop.OfficeState) string {
	switch s {
	case loop.Idle:
		return "idle"
	case loop.Answered:
		return "answered"
	case loop.Releasing:
		return "released"
	}
	return "ringing"
}

func length(pcm []int16) api.Millis { return api.Millis(len(pcm) / (hal.Rate / 1000)) }

func (t *town) office(port string) (*sim.Office, error) {
	if o := t.box.board.Office(port); o != nil {
		return o, nil
	}
	return nil, api.ErrNoPort
}

// Call rings the box.
func (t *town) Call(port string, c api.SimCall) error {
	o, err := t.office(port)
	if err != nil {
		return err
	}
	release := map[api.Release]loop.Release{api.LoopDrop: loop.LoopDrop, api.BusyTone: loop.BusyRelease, api.Polarity: loop.Reversal}
	err = o.Call(sim.CallIn{Number: c.Number, Name: c.Name, Release: release[c.Release]})
	if errors.Is(err, loop.ErrBusyLine) {
		return api.ErrLineBusy
	}
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.calls == nil {
		t.calls = make(map[string]api.SimLine)
	}
	t.calls[port] = api.SimLine{Number: c.Number, Name: c.Name}
	return nil
}

// Press presses keys at the far end of a line.
func (t *town) Press(port, digits string) error {
	o, err := t.office(port)
	if err != nil {
		return err
	}
	if o.State() != loop.Answered {
		return api.ErrLineIdle
	}
	return o.Press(digits)
}

// HangUp lets the caller on a line go.
func (t *town) HangUp(port string) error {
	o, err := t.office(port)
	if err != nil {
		return err
	}
	if o.State() == loop.Idle {
		return api.ErrLineIdle
	}
	o.Hangup()
	return nil
}

// handset does something with an analog phone.
func (t *town) handset(port string, do func(*sim.Phone) error) error {
	p := t.box.board.Phone(port)
	if p == nil {
		return api.ErrNoPort
	}
	return do(p)
}

// Lift takes a phone off its hook.
func (t *town) Lift(port string) error {
	return t.handset(port, func(p *sim.Phone) error { p.Lift(); return nil })
}

// Hang puts it back.
func (t *town) Hang(port string) error {
	return t.handset(port, func(p *sim.Phone) error { p.Hang(); return nil })
}

// Dial presses its keys.
func (t *town) Dial(port, digits string) error {
	return t.handset(port, func(p *sim.Phone) error { return p.Dial(digits) })
}

// Flash presses its hook for a moment.
func (t *town) Flash(port string) error {
	return t.handset(port, func(p *sim.Phone) error { p.Flash(); return nil })
}

// Heard is what a far end heard.
func (t *town) Heard(port string) ([]int16, error) {
	if o := t.box.board.Office(port); o != nil {
		return o.Heard(), nil
	}
	if p := t.box.board.Phone(port); p != nil {
		return p.Heard(), nil
	}
	return nil, api.ErrNoPort
}

// Talk has a far end say a tone of hz; 0 is silence.
func (t *town) Talk(port string, hz int) error {
	var src func(*hal.Frame)
	if hz > 0 {
		tone := dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: float64(hz), Level: talkLevel}}})
		src = tone.Fill
	}
	if o := t.box.board.Office(port); o != nil {
		o.Talk(src)
		return nil
	}
	return t.handset(port, func(p *sim.Phone) error { p.Talk(src); return nil })
}

// talkLevel is an ordinary voice's level at the far end, in dBm0.
const talkLevel = -12
