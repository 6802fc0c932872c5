package sim

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
)

// busyBoard has calls up on two lines and two phones lifted.
func busyBoard(tb testing.TB) (*Driver, func()) {
	d := New(Options{Clock: clock.System(), FXO: 2, FXS: 2, Country: "IR"})
	at := time.Now()
	var f hal.Frame
	step := func() {
		for _, p := range d.ports {
			p.WriteFrame(&f)
			p.(stepper).step(at)
			if err := p.ReadFrame(&f); err != nil {
				tb.Fatal(err)
			}
		}
	}
	step()
	for _, port := range []string{"fxo1", "fxo2"} {
		if err := d.Office(port).Call(CallIn{Number: "1", IDStandard: "none"}); err != nil {
			tb.Fatal(err)
		}
		d.ports[0].(hal.FXO).OffHook()
		d.ports[1].(hal.FXO).OffHook()
	}
	d.Phone("fxs1").Lift()
	d.Phone("fxs2").Lift()
	for range 20 {
		step()
	}
	if s := d.Office("fxo1").State(); s != "answered" {
		tb.Fatalf("the line is %s", s)
	}
	return d, step
}

// BenchmarkStep is the cost of 20 ms of four ports.
func BenchmarkStep(b *testing.B) {
	_, step := busyBoard(b)
	b.ReportAllocs()
	for b.Loop() {
		step()
	}
}

func TestReadingAndWritingAllocateNothing(t *testing.T) {
	d, step := busyBoard(t)
	step()
	fxo := d.ports[0].(*fxo)
	var f hal.Frame
	if n := testing.AllocsPerRun(100, func() {
		fxo.WriteFrame(&f)
		fxo.receive(make([]float64, hal.FrameSamples))
		fxo.ReadFrame(&f)
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func TestSlowReaderLosesAudioButNoHookEvents(t *testing.T) {
	d := New(Options{Clock: clock.System(), FXS: 1, Country: "IR"})
	p := d.ports[0].(*fxs)
	for i := range maxEvents + 50 {
		p.post(hal.Event{Kind: hal.Hook, Off: i%2 == 0})
		p.post(hal.Event{Kind: hal.RingOn})
	}
	for range 10 {
		p.step(time.Now())
	}
	if a := p.Audio(); a.Overruns != 10-maxFrames {
		t.Errorf("%d overruns, want %d", a.Overruns, 10-maxFrames)
	}
	hooks, rings := 0, 0
	for len(p.events) > 0 {
		if e := <-p.events; e.Kind == hal.Hook {
			hooks++
		} else {
			rings++
		}
		p.flush()
	}
	if hooks != maxEvents+50 || rings >= maxEvents+50 {
		t.Errorf("%d hook events, want %d; %d ring events, want fewer", hooks, maxEvents+50, rings)
	}
}
