package webtest

import (
	"math"
	"slices"
	"sync"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/webui/api"
)

// Town is a simulated town with one line, fxo1, and one phone, fxs1. It keeps
// the box's line of the same name in step with its own.
type Town struct {
	box *Box

	mu    sync.Mutex
	line  api.SimLine
	phone api.SimPhone
	keys  string
	last  api.SimCall
	tones []int
}

func newTown(b *Box) *Town {
	return &Town{box: b, line: api.SimLine{Port: "fxo1", State: "idle"}, phone: api.SimPhone{Port: "fxs1", Extension: "1101", State: "on-hook"}}
}

// State is both far ends.
func (t *Town) State() api.Simulated {
	t.mu.Lock()
	defer t.mu.Unlock()
	return api.Simulated{Lines: []api.SimLine{t.line}, Phones: []api.SimPhone{t.phone}}
}

// Keys are all keys pressed on the line.
func (t *Town) Keys() string { t.mu.Lock(); defer t.mu.Unlock(); return t.keys }

// Tones are the pitches that were spoken, in Hz, with 0 for each silence.
func (t *Town) Tones() []int { t.mu.Lock(); defer t.mu.Unlock(); return slices.Clone(t.tones) }

// Last is the call made last.
func (t *Town) Last() api.SimCall { t.mu.Lock(); defer t.mu.Unlock(); return t.last }

func (t *Town) on(port, mine string, do func() error) error {
	if port != mine {
		return api.ErrNoPort
	}
	t.mu.Lock()
	err := do()
	t.mu.Unlock()
	if err == nil {
		t.box.News.Publish(event.Lines)
	}
	return err
}

// Call rings the line.
func (t *Town) Call(port string, c api.SimCall) error {
	return t.on(port, "fxo1", func() error {
		if t.line.State != "idle" {
			return api.ErrLineBusy
		}
		t.last = c
		t.line = api.SimLine{Port: port, State: "ringing", Number: c.Number, Name: c.Name, Since: t.box.Clock.Now()}
		t.show("ringing", call.Party{Number: c.Number, Name: c.Name})
		return nil
	})
}

// Answer is what the box would do after a few rings.
func (t *Town) Answer() {
	_ = t.on("fxo1", "fxo1", func() error {
		t.line.State, t.line.Since = "answered", t.box.Clock.Now()
		t.show("in-call", call.Party{Number: t.line.Number, Name: t.line.Name})
		return nil
	})
}

func (t *Town) show(state string, caller call.Party) {
	t.box.Change(func(s *Scene) {
		if i := slices.IndexFunc(s.Lines, func(l line.Status) bool { return l.Port == "fxo1" }); i >= 0 {
			s.Lines[i].State, s.Lines[i].Caller = state, caller
		}
	})
}

// Press notes keys.
func (t *Town) Press(port, digits string) error {
	return t.on(port, "fxo1", func() error {
		if t.line.State == "idle" {
			return api.ErrLineIdle
		}
		t.keys += digits
		return nil
	})
}

// HangUp ends the line's call.
func (t *Town) HangUp(port string) error {
	return t.on(port, "fxo1", func() error {
		if t.line.State == "idle" {
			return api.ErrLineIdle
		}
		t.line = api.SimLine{Port: port, State: "idle", Since: t.box.Clock.Now(), Heard: 3000}
		t.show("idle", call.Party{})
		return nil
	})
}

// Lift takes the handset up.
func (t *Town) Lift(port string) error { return t.hook(port, "off-hook") }

// Hang puts the handset down.
func (t *Town) Hang(port string) error { return t.hook(port, "on-hook") }

// Flash presses the hook for a moment, which changes nothing here.
func (t *Town) Flash(port string) error { return t.on(port, "fxs1", func() error { return nil }) }

func (t *Town) hook(port, state string) error {
	return t.on(port, "fxs1", func() error {
		t.phone.State, t.phone.Since, t.phone.Heard = state, t.box.Clock.Now(), 3000
		return nil
	})
}

// Dial presses keys of the phone.
func (t *Town) Dial(port, digits string) error {
	return t.on(port, "fxs1", func() error {
		if t.phone.State != "off-hook" {
			return api.ErrLineIdle
		}
		t.keys += digits
		return nil
	})
}

// Heard is three seconds of 1 kHz whose level rises and falls like syllables.
func (t *Town) Heard(port string) ([]int16, error) {
	if port != "fxo1" && port != "fxs1" {
		return nil, api.ErrNoPort
	}
	const rate, seconds = 8000, 3
	s := make([]int16, rate*seconds)
	for i := range s {
		at := float64(i) / rate
		level := 9000 * math.Pow(math.Sin(math.Pi*2.3*at), 2) * (0.4 + 0.6*math.Abs(math.Sin(1.1*at)))
		s[i] = int16(level * math.Sin(2*math.Pi*1000*at))
	}
	return s, nil
}

// Talk notes what is spoken on the line.
func (t *Town) Talk(port string, hz int) error {
	return t.on(port, "fxo1", func() error { t.tones = append(t.tones, hz); return nil })
}

var _ api.Simulator = (*Town)(nil)
