package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
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
	ends  map[string]*farEnd
	order []string
}

// farEnd is what the page shows of a simulated caller or phone beside its sound.
type farEnd struct {
	office *sim.Office // one of the two
	phone  *sim.Phone
	state  string
	since  time.Time
	caller api.SimCall // as placed
}

var _ api.Simulator = (*town)(nil)

func newTown(b *box) *town {
	t := &town{box: b, ends: make(map[string]*farEnd)}
	for _, p := range b.board.Ports() {
		t.ends[p.ID()] = &farEnd{office: b.board.Office(p.ID()), phone: b.board.Phone(p.ID())}
		t.order = append(t.order, p.ID())
	}
	return t
}

// Run tells the page whenever a far end changes.
func (t *town) Run(ctx context.Context) error {
	var watchers sync.WaitGroup
	for _, e := range t.ends {
		watchers.Go(func() {
			for ctx.Err() == nil {
				changed := e.changed()
				t.box.news.Publish(event.Lines)
				select {
				case <-changed:
				case <-ctx.Done():
				}
			}
		})
	}
	watchers.Wait()
	return nil
}

func (e *farEnd) changed() <-chan struct{} {
	if e.office != nil {
		return e.office.Changed()
	}
	return e.phone.Changed()
}

// State is every far end now.
func (t *town) State() api.Simulated {
	var s api.Simulated
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, port := range t.order {
		e := t.ends[port]
		if e.office != nil {
			t.enter(e, string(e.office.State()))
			s.Lines = append(s.Lines, api.SimLine{Port: port, State: e.state, Number: e.caller.Number, Name: e.caller.Name,
				Since: e.since, Heard: millis(e.office.HeardFor())})
			continue
		}
		state, caller := "on-hook", ""
		switch {
		case e.phone.Lifted():
			state = "off-hook"
		case e.phone.Ringing():
			state = "ringing"
			caller, _ = e.phone.CallerID()
		}
		t.enter(e, state)
		p := api.SimPhone{Port: port, State: state, Caller: caller, Since: e.since, Heard: millis(e.phone.HeardFor())}
		if ext, ok := t.box.config().ExtensionOn(port); ok {
			p.Extension = ext.Number
		}
		s.Phones = append(s.Phones, p)
	}
	return s
}

// enter dates a far end's state from when it was first seen.
func (t *town) enter(e *farEnd, state string) {
	if e.state != state {
		e.state, e.since = state, t.box.clock.Now()
	}
}

func millis(d time.Duration) api.Millis { return api.Millis(d.Milliseconds()) }

func (t *town) office(port string) (*sim.Office, error) {
	if e := t.ends[port]; e != nil && e.office != nil {
		return e.office, nil
	}
	return nil, api.ErrNoPort
}

// Call rings the box.
func (t *town) Call(port string, c api.SimCall) error {
	o, err := t.office(port)
	if err != nil {
		return err
	}
	err = o.Call(sim.CallIn{Number: c.Number, Name: c.Name, Release: loop.Release(c.Release)})
	if errors.Is(err, loop.ErrBusyLine) {
		return api.ErrLineBusy
	}
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[port].caller = c
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
	if e := t.ends[port]; e != nil && e.phone != nil {
		return do(e.phone)
	}
	return api.ErrNoPort
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
func (t *town) Heard(port string) (pcm []int16, err error) {
	if o, err := t.office(port); err == nil {
		return o.Heard(), nil
	}
	err = t.handset(port, func(p *sim.Phone) error { pcm = p.Heard(); return nil })
	return pcm, err
}

// talkLevel is an ordinary voice's level at the far end, in dBm0.
const talkLevel = -12

// Talk has a far end send a sine of hz; 0 is silence.
func (t *town) Talk(port string, hz int) error {
	var src func(*hal.Frame)
	if hz > 0 {
		src = dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: float64(hz), Level: talkLevel}}}).Fill
	}
	if o, err := t.office(port); err == nil {
		o.Talk(src)
		return nil
	}
	return t.handset(port, func(p *sim.Phone) error { p.Talk(src); return nil })
}
