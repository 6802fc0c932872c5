package loop

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// rig is a supply with a phone and the decoder that reads its hook.
type rig struct {
	supply Supply
	hook   *HookDecoder
	phone  *Phone
	line   *Line
	log    []string
}

func newRig() *rig {
	r := &rig{hook: NewHookDecoder(80*time.Millisecond, 600*time.Millisecond), phone: NewPhone()}
	r.line = NewLine(Typical(), r, r.phone, 1)
	return r
}

func (r *rig) Drive(s *Source) { r.supply.Drive(s) }

func (r *rig) Sense(s *Sense) {
	for _, e := range r.hook.Feed(r.supply.Sense(s), r.supply.Now()) {
		what := string(e.Kind)
		if e.Kind == HookPulse {
			what += fmt.Sprintf(" %c", e.Digit)
		}
		r.log = append(r.log, what)
	}
}

func (r *rig) run(d time.Duration) string {
	r.log = nil
	for range int(d / hal.FrameTime) {
		r.line.Step()
	}
	return strings.Join(r.log, ", ")
}

func TestHookSwitch(t *testing.T) {
	r := newRig()
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"lift, with bounce", r.phone.Lift, "off"},
		{"lift again", r.phone.Lift, ""},
		{"flash", r.phone.Flash, "flash"},
		{"dial 1", func() { r.phone.DialPulses("1") }, "pulse 1"},
		{"dial 907", func() { r.phone.DialPulses("907") }, "pulse 9, pulse 0, pulse 7"},
		{"hang up", r.phone.Hang, "on"},
		{"hang up again", r.phone.Hang, ""},
		{"lift and hang up at once", func() { r.phone.Lift(); r.run(200 * time.Millisecond); r.phone.Hang() }, "on"},
		{"the battery fails for a moment", func() { r.phone.Lift(); r.run(time.Second); r.supply.Open(400 * time.Millisecond) }, ""},
	} {
		step.do()
		if got := r.run(6 * time.Second); got != step.want {
			t.Errorf("%s: %q, want %q", step.name, got, step.want)
		}
	}
}

// TestRingTrip: lifting is seen in the bursts and in the pauses, on every line
// and at every frequency, and ringing alone is not taken for it.
func TestRingTrip(t *testing.T) {
	for _, hz := range []float64{20, 25, 50} {
		for _, ohms := range []float64{0, 300, 1300} {
			for _, after := range []time.Duration{500 * time.Millisecond, 2 * time.Second} {
				r := newRig()
				r.line.params.Ohms = ohms
				r.supply.Ring(hal.Cadence{time.Second, 4 * time.Second}, hz)
				r.run(10 * time.Second)
				if got := r.run(after); got != "" || r.supply.OffHook() {
					t.Fatalf("%v Hz on %v ohms: ringing was taken for %q", hz, ohms, got)
				}
				r.phone.Lift()
				if got := r.run(200 * time.Millisecond); got != "off" || r.supply.Ringing() {
					t.Errorf("%v Hz on %v ohms, lifted after %v: %q, rings %v", hz, ohms, after, got, r.supply.Ringing())
				}
			}
		}
	}
}

func TestCadenceOfTheSupply(t *testing.T) {
	var s Supply
	s.Ring(hal.Cadence{400 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 2 * time.Second}, 25)
	var out Source
	on := 0
	for range int(6 * time.Second / hal.FrameTime) {
		s.Drive(&out)
		for _, v := range out.Ring {
			if v != 0 {
				on++
			}
		}
	}
	if want := dsp.Samples(1600 * time.Millisecond); on < want-want/50 || on > want {
		t.Errorf("ringing voltage for %d samples of two double rings, want %d less zero crossings", on, want)
	}
	if _, n := s.Burst(); n != 5 {
		t.Errorf("burst %d after two double rings, want the 5th", n)
	}
}
