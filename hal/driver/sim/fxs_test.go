package sim_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
)

var bell = hal.Cadence{time.Second, 4 * time.Second}

func TestPhoneRingsAndStopsWhenLifted(t *testing.T) {
	run(t, sim.Options{FXS: 1}, func(t *testing.T, d *sim.Driver) {
		b, phone := newBox(t, d, "fxs1"), d.Phone("fxs1")
		port := b.port.(hal.FXS)
		if err := port.Ring(bell); err != nil {
			t.Fatal(err)
		}
		first := b.event(hal.RingOn, time.Second)
		await(t, "bell", time.Second, phone.Changed, phone.Ringing)
		off := b.event(hal.RingOff, 2*time.Second)
		within(t, "burst", off.At.Sub(first.At), time.Second, tick)
		b.event(hal.RingOn, 5*time.Second)
		time.Sleep(300 * time.Millisecond)
		phone.Lift() // into the ringing voltage
		lifted := time.Now()
		hook := b.event(hal.Hook, time.Second)
		if !hook.Off || hook.At.Sub(lifted) > 200*time.Millisecond {
			t.Errorf("ring trip: %+v after %v", hook, hook.At.Sub(lifted))
		}
		time.Sleep(100 * time.Millisecond)
		if s := port.State(); s.Ringing || !s.OffHook || s.Amps < .02 {
			t.Errorf("state %+v", s)
		}
		if err := port.Ring(bell); !errors.Is(err, hal.ErrBadState) {
			t.Errorf("ringing a lifted phone: %v", err)
		}
		time.Sleep(time.Second)
		phone.Hang()
		if e := b.event(hal.Hook, time.Second); e.Off {
			t.Error("hanging up was told as lifting")
		}
		if phone.Ringing() {
			t.Error("rings after it was answered")
		}
	})
}

func TestPhoneShowsWhoCalls(t *testing.T) {
	run(t, sim.Options{FXS: 1}, func(t *testing.T, d *sim.Driver) {
		b, phone := newBox(t, d, "fxs1"), d.Phone("fxs1")
		port := b.port.(hal.FXS)
		if err := port.Ring(bell); err != nil {
			t.Fatal(err)
		}
		b.event(hal.RingOff, 3*time.Second)
		time.Sleep(500 * time.Millisecond)
		b.speak(dsp.NewFSKSender(dsp.Bell202, dsp.CallerID{Number: "1002", Name: "Sara"}.MDMF(), dsp.FSKLevel).Mix)
		await(t, "caller ID", 3*time.Second, phone.Changed, func() bool {
			number, name := phone.CallerID()
			return number == "1002" && name == "Sara"
		})
	})
}

func TestPhoneDialsAndFlashes(t *testing.T) {
	run(t, sim.Options{FXS: 2}, func(t *testing.T, d *sim.Driver) {
		b, phone := newBox(t, d, "fxs2"), d.Phone("fxs2")
		phone.Lift()
		if e := b.event(hal.Hook, time.Second); !e.Off {
			t.Error("lifting was told as hanging up")
		}
		b.speak(sine(425, -13)) // dial tone
		time.Sleep(time.Second)
		if err := phone.Dial("1002"); err != nil {
			t.Fatal(err)
		}
		b.until("keys", 3*time.Second, func() bool { return b.keys == "1002" })
		phone.Flash()
		within(t, "flash", b.event(hal.FlashHook, time.Second).Duration, 150*time.Millisecond, 20*time.Millisecond)
		if err := phone.DialPulses("205"); err != nil {
			t.Fatal(err)
		}
		for _, want := range []byte("205") {
			if e := b.event(hal.PulseDigit, 3*time.Second); e.Digit != want {
				t.Errorf("pulses gave %c, want %c", e.Digit, want)
			}
		}
		b.mu.Lock()
		if len(b.events) > 0 {
			t.Errorf("besides, there were events%s", kinds(b.events))
		}
		b.mu.Unlock()
	})
}

func TestPhoneHasAudioBothWays(t *testing.T) {
	run(t, sim.Options{FXS: 1}, func(t *testing.T, d *sim.Driver) {
		b, phone := newBox(t, d, "fxs1"), d.Phone("fxs1")
		phone.Lift()
		b.event(hal.Hook, time.Second)
		phone.Talk(sine(1000, -10))
		b.speak(sine(700, -12))
		time.Sleep(2 * time.Second)
		in, out := b.last(time.Second), phone.Heard()
		out = out[len(out)-hal.Rate:]
		if l := dsp.ToneLevel(in, 1000); math.Abs(l-(-10)) > 1.5 {
			t.Errorf("the phone's -10 dBm0 arrive at %.1f", l)
		}
		if l := dsp.ToneLevel(out, 700); math.Abs(l-(-12)) > 1.5 {
			t.Errorf("the box's -12 dBm0 arrive at %.1f", l)
		}
	})
}

func TestUnpluggedPhoneHangsUp(t *testing.T) {
	run(t, sim.Options{FXS: 1}, func(t *testing.T, d *sim.Driver) {
		b, phone := newBox(t, d, "fxs1"), d.Phone("fxs1")
		phone.Lift()
		b.event(hal.Hook, time.Second)
		phone.Cut(true)
		if e := b.event(hal.Hook, 2*time.Second); e.Off {
			t.Error("unplugging was told as lifting")
		}
	})
}
