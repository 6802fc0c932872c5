package sim_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/driver/sim"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
)

const tick = 2 * hal.FrameTime

func within(t *testing.T, what string, got, want, slack time.Duration) {
	t.Helper()
	if d := got - want; d < -slack || d > slack {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// answered brings a call up on fxo1.
func answered(t *testing.T, d *sim.Driver, in sim.CallIn) (*box, *sim.Office, hal.FXO) {
	t.Helper()
	b, office := newBox(t, d, "fxo1"), d.Office("fxo1")
	b.event(hal.BatteryBack, time.Second)
	if err := office.Call(in); err != nil {
		t.Fatal(err)
	}
	b.event(hal.RingOn, 10*time.Second)
	line := b.port.(hal.FXO)
	if err := line.OffHook(); err != nil {
		t.Fatal(err)
	}
	await(t, "answer", time.Second, office.Changed, func() bool { return office.State() == loop.Answered })
	return b, office, line
}

func TestRingingIsFoundInTheVoltage(t *testing.T) {
	for _, code := range []string{"IR", "US", "GB", "FR"} {
		t.Run(code, func(t *testing.T) {
			run(t, sim.Options{FXO: 1, Country: code}, func(t *testing.T, d *sim.Driver) {
				b, office := newBox(t, d, "fxo1"), d.Office("fxo1")
				b.event(hal.BatteryBack, time.Second)
				if err := office.Call(sim.CallIn{Number: "1", IDStandard: country.None}); err != nil {
					t.Fatal(err)
				}
				if err := office.Call(sim.CallIn{}); !errors.Is(err, loop.ErrBusyLine) {
					t.Errorf("a second call: error %v, want %v", err, loop.ErrBusyLine)
				}
				c, _ := country.ByCode(code)
				on := b.event(hal.RingOn, time.Second)
				if s := b.port.State(); !s.Ringing || s.OffHook || !s.Battery {
					t.Errorf("while ringing, state is %+v", s)
				}
				for i := range 5 {
					bell := c.Bell[2*i%len(c.Bell)] + c.Bell[(2*i+1)%len(c.Bell)]
					off := b.event(hal.RingOff, 3*time.Second)
					next := b.event(hal.RingOn, 6*time.Second)
					within(t, "burst", off.At.Sub(on.At), c.Bell[2*i%len(c.Bell)], 100*time.Millisecond)
					within(t, "cadence", next.At.Sub(on.At), bell, tick)
					on = next
				}
				office.Hangup()
				b.event(hal.RingOff, 3*time.Second)
				time.Sleep(7 * time.Second)
				if s := b.port.State(); s.Ringing {
					t.Error("rings after the caller has given up")
				}
			})
		})
	}
}

func TestCallerIDArrivesOverTheLine(t *testing.T) {
	for _, c := range []struct {
		standard country.CallerID
		country  string
		name     string
	}{{country.Bell202, "IR", "Ali Rezaei"}, {country.V23, "GB", "Ali Rezaei"}, {country.V23, "IR", "علی رضایی"}, {country.DTMF, "IN", ""}} {
		t.Run(string(c.standard)+c.country, func(t *testing.T) {
			line := loop.Params{Ohms: 900, Loss: 7, ReturnLoss: 12, Noise: -52, Hum: -35}
			run(t, sim.Options{FXO: 1, Country: c.country, FXOLine: &line}, func(t *testing.T, d *sim.Driver) {
				b, office := newBox(t, d, "fxo1"), d.Office("fxo1")
				b.event(hal.BatteryBack, time.Second)
				if err := office.Call(sim.CallIn{Number: "02188776655", Name: c.name, IDStandard: c.standard}); err != nil {
					t.Fatal(err)
				}
				b.event(hal.RingOn, 10*time.Second)
				b.until("caller ID", 4*time.Second, func() bool { return len(b.ids) > 0 })
				if got := b.ids[0]; got.Number != "02188776655" || got.Name != c.name {
					t.Errorf("decoded %+v", got)
				}
			})
		})
	}
}

func TestAnsweredCallHasAudioBothWays(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office, _ := answered(t, d, sim.CallIn{Number: "1"})
		office.Talk(sine(1000, -10))
		b.speak(sine(700, -12))
		time.Sleep(2 * time.Second)
		in, out := b.last(time.Second), office.Heard()
		out = out[len(out)-hal.Rate:]
		if l := dsp.ToneLevel(in, 1000); math.Abs(l-(-12)) > 1 {
			t.Errorf("the far end's -10 dBm0 arrive at %.1f, 2 dB of line between", l)
		}
		if l := dsp.ToneLevel(out, 700); math.Abs(l-(-14)) > 1 {
			t.Errorf("the box's -12 dBm0 arrive at %.1f, 2 dB of line between", l)
		}
		if l := dsp.ToneLevel(in, 700); math.Abs(l-(-30)) > 3 {
			t.Errorf("the box's own voice comes back at %.1f, the hybrid keeps 18 dB", l)
		}
		if s := b.port.State(); !s.OffHook || s.Ringing || s.Amps < .02 {
			t.Errorf("state %+v", s)
		}
	})
}

func TestKeysPassBothWays(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office, _ := answered(t, d, sim.CallIn{Number: "1"})
		if err := office.Press("1234567890*#"); err != nil {
			t.Fatal(err)
		}
		b.until("keys", 5*time.Second, func() bool { return b.keys == "1234567890*#" })
		time.Sleep(time.Second) // the office does not listen while it presses
		keys := dsp.NewDTMFSender()
		if err := keys.Queue("0912"); err != nil {
			t.Fatal(err)
		}
		b.speak(keys.Mix)
		await(t, "keys at the office", 3*time.Second, office.Changed, func() bool { return office.Dialled() == "0912" })
	})
}

func TestHangupsOfTheFarEndAreSeen(t *testing.T) {
	for release, check := range map[loop.Release]func(t *testing.T, b *box){
		loop.LoopDrop: func(t *testing.T, b *box) {
			b.event(hal.LoopDrop, time.Second)
			if back := b.event(hal.LoopBack, 2*time.Second); back.Duration < 450*time.Millisecond || back.Duration > 550*time.Millisecond {
				t.Errorf("loop was gone for %v", back.Duration)
			}
		},
		loop.BusyRelease: func(t *testing.T, b *box) {
			b.until("busy tone", 5*time.Second, func() bool { return len(b.tones) > 0 && b.tones[0] == dsp.BusyTone })
		},
		loop.Reversal: func(t *testing.T, b *box) {
			if e := b.event(hal.Polarity, time.Second); e.Off {
				t.Error("polarity is reversed after the release")
			}
		},
	} {
		t.Run(string(release), func(t *testing.T) {
			run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
				b, office, line := answered(t, d, sim.CallIn{Number: "1", Release: release})
				if release == loop.Reversal {
					if e := b.event(hal.Polarity, time.Second); !e.Off {
						t.Error("polarity did not reverse on answer")
					}
				}
				time.Sleep(3 * time.Second)
				if s := b.port.State(); s.Amps < .02 || s.Reversed != (release == loop.Reversal) || (s.Volts < 0) != s.Reversed {
					t.Errorf("in the call, state is %+v", s)
				}
				office.Hangup()
				check(t, b)
				if err := line.OnHook(); err != nil {
					t.Fatal(err)
				}
				await(t, "idle line", 3*time.Second, office.Changed, func() bool { return office.State() == loop.Idle })
			})
		})
	}
}

func TestBoxHangsUpAndFlashIsNoHangup(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office, line := answered(t, d, sim.CallIn{Number: "1"})
		time.Sleep(time.Second)
		if err := line.Flash(200 * time.Millisecond); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if s := office.State(); s != loop.Answered {
			t.Errorf("after a flash the line is %s", s)
		}
		b.mu.Lock()
		for _, e := range b.events {
			if e.Kind == hal.LoopDrop {
				t.Error("our own flash was taken for a loop drop")
			}
		}
		b.mu.Unlock()
		if err := line.OnHook(); err != nil {
			t.Fatal(err)
		}
		await(t, "idle line", 2*time.Second, office.Changed, func() bool { return office.State() == loop.Idle })
		if err := line.Flash(time.Second); !errors.Is(err, hal.ErrBadState) {
			t.Errorf("flash on hook: %v", err)
		}
	})
}

func TestCallOut(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office := newBox(t, d, "fxo1"), d.Office("fxo1")
		office.Talk(sine(1000, -10))
		office.Outgoing(loop.Outgoing{After: 8 * time.Second, Release: loop.BusyRelease})
		b.event(hal.BatteryBack, time.Second)
		line := b.port.(hal.FXO)
		if err := line.OffHook(); err != nil {
			t.Fatal(err)
		}
		b.until("dial tone", 4*time.Second, func() bool { return len(b.tones) == 1 && b.tones[0] == dsp.DialTone })
		keys := dsp.NewDTMFSender()
		if err := keys.Queue("02188776655"); err != nil {
			t.Fatal(err)
		}
		b.speak(keys.Mix)
		await(t, "digits", 4*time.Second, office.Changed, func() bool { return office.Dialled() == "02188776655" })
		await(t, "ringback", 4*time.Second, office.Changed, func() bool { return office.State() == loop.Calling })
		b.until("ringback", 8*time.Second, func() bool { return len(b.tones) == 2 && b.tones[1] == dsp.RingbackTone })
		await(t, "answer", 9*time.Second, office.Changed, func() bool { return office.State() == loop.Answered })
		time.Sleep(time.Second)
		if l := dsp.ToneLevel(b.last(time.Second/2), 1000); l < -14 {
			t.Errorf("the called party arrives at %.1f dBm0", l)
		}
		office.Hangup()
		b.until("busy tone", 5*time.Second, func() bool { return len(b.tones) == 3 && b.tones[2] == dsp.BusyTone })
	})
}

func TestUnpluggedLineIsTold(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office := newBox(t, d, "fxo1"), d.Office("fxo1")
		b.event(hal.BatteryBack, time.Second)
		office.Cut(true)
		b.event(hal.BatteryLost, 2*time.Second)
		if s := b.port.State(); s.Battery || math.Abs(s.Volts) > 1 {
			t.Errorf("state %+v", s)
		}
		if err := office.Call(sim.CallIn{Number: "1"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if s := b.port.State(); s.Ringing {
			t.Error("an unplugged line rings")
		}
		office.Cut(false)
		b.event(hal.BatteryBack, 2*time.Second)
		b.event(hal.RingOn, 10*time.Second)
	})
}

func TestLineCutInACallIsALoopDrop(t *testing.T) {
	run(t, sim.Options{FXO: 1}, func(t *testing.T, d *sim.Driver) {
		b, office, _ := answered(t, d, sim.CallIn{Number: "1"})
		time.Sleep(time.Second)
		office.Cut(true)
		b.event(hal.LoopDrop, time.Second)
		b.event(hal.BatteryLost, 3*time.Second)
	})
}
