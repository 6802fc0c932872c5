package sim_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
)

// box stands in for the telephony rooms at one port: it listens to everything
// and says what it is told to.
type box struct {
	t    *testing.T
	port hal.Port

	mu      sync.Mutex
	say     func(*hal.Frame)
	ids     []dsp.CallerID
	keys    string
	tones   []dsp.ToneKind
	heard   []int16
	events  []hal.Event
	changed chan struct{}
}

// run plays test on a simulated board inside a synctest bubble.
func run(t *testing.T, o sim.Options, test func(t *testing.T, d *sim.Driver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.Clock = clock.System()
		if o.Country == "" {
			o.Country = "IR"
		}
		d := sim.New(o)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- d.Run(ctx) }()
		defer func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
			for _, p := range d.Ports() {
				for range p.Events() { // must be closed
				}
				var f hal.Frame
				for p.ReadFrame(&f) == nil {
				}
			}
		}()
		test(t, d)
	})
}

func newBox(t *testing.T, d *sim.Driver, id string) *box {
	b := &box{t: t, changed: make(chan struct{}, 1)}
	for _, p := range d.Ports() {
		if p.ID() == id {
			b.port = p
		}
	}
	go b.readEvents()
	go b.readAudio()
	return b
}

func (b *box) readEvents() {
	for e := range b.port.Events() {
		b.note(func() { b.events = append(b.events, e) })
	}
}

func (b *box) readAudio() {
	id, keys := dsp.NewCallerIDReceiver(), dsp.NewDTMFDetector()
	tones := dsp.NewProgressDetector([]dsp.ProgressTone{
		{Kind: dsp.BusyTone, Spec: dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 425}}, Cadence: hal.Cadence{time.Second / 2, time.Second / 2}}},
		{Kind: dsp.RingbackTone, Spec: dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 425}}, Cadence: hal.Cadence{time.Second, 4 * time.Second}}},
		{Kind: dsp.DialTone, Spec: dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 425}}}},
	})
	var f hal.Frame
	for b.port.ReadFrame(&f) == nil {
		b.note(func() {
			b.heard = append(b.heard, f[:]...)
			if c, ok := id.Feed(&f); ok {
				b.ids = append(b.ids, c)
			}
			for _, k := range keys.Feed(&f) {
				if k.Down {
					b.keys += string(k.Digit)
				}
			}
			if tone, ok := tones.Feed(&f); ok {
				b.tones = append(b.tones, tone)
			}
		})
		var out hal.Frame
		b.mu.Lock()
		if b.say != nil {
			b.say(&out)
		}
		b.mu.Unlock()
		b.port.WriteFrame(&out)
	}
}

func (b *box) note(f func()) {
	b.mu.Lock()
	f()
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *box) speak(src func(*hal.Frame)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.say = src
}

// until waits for a condition on what the box has noticed.
func (b *box) until(what string, limit time.Duration, cond func() bool) {
	b.t.Helper()
	deadline := time.After(limit)
	for {
		b.mu.Lock()
		ok := cond()
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-b.changed:
		case <-deadline:
			b.mu.Lock()
			defer b.mu.Unlock()
			b.t.Fatalf("%s: no %s within %v; keys %q ids %v tones %v events %s", b.port.ID(), what, limit, b.keys, b.ids, b.tones, kinds(b.events))
		}
	}
}

// event waits for the next event of a kind after those already waited for.
func (b *box) event(kind hal.EventKind, limit time.Duration) (e hal.Event) {
	b.t.Helper()
	b.until("event "+string(kind), limit, func() bool {
		for i, x := range b.events {
			if x.Kind == kind {
				e, b.events = x, b.events[i+1:]
				return true
			}
		}
		return false
	})
	return e
}

func kinds(events []hal.Event) (s string) {
	for _, e := range events {
		s += fmt.Sprintf(" %s", e.Kind)
	}
	return s
}

// last is the end of what the box has heard.
func (b *box) last(d time.Duration) []int16 {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(b.heard), dsp.Samples(d))
	return append([]int16(nil), b.heard[len(b.heard)-n:]...)
}

func sine(hz, dBm0 float64) func(*hal.Frame) {
	return dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: hz, Level: dBm0}}}).Mix
}

func await(t *testing.T, what string, limit time.Duration, changed func() <-chan struct{}, cond func() bool) {
	t.Helper()
	deadline := time.After(limit)
	for {
		c := changed()
		if cond() {
			return
		}
		select {
		case <-c:
		case <-deadline:
			t.Fatalf("no %s within %v", what, limit)
		}
	}
}
