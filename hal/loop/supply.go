package loop

import (
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// The feed of a subscriber's line.
const (
	batteryVolts = 48.0
	feedOhms     = 600.0 // both legs
	ringVolts    = 75.0  // RMS
	hookAmps     = 0.012 // more is off hook
)

// hookSettle is how long a new hook state must last: contacts bounce.
const hookSettle = 12 // ms

// HookChange is a debounced change of the hook at a sample of the line's life.
type HookChange struct {
	Off bool
	At  int64
}

// Supply is the electrical half of a feeding end, an exchange's or a port's:
// battery, ringing generator and hook detector.
type Supply struct {
	Reversed bool
	Dead     bool // no battery at all

	open    int // samples left of an open loop
	blind   int // samples for which the loop current says nothing of the hook
	cadence []int
	step    int
	left    int
	ringing bool
	phase   float64
	turn    float64 // radians per sample
	bursts  int     // begun since Ring

	now     int64
	slow    float64 // amperes without the ringing current
	fast    float64
	off     bool
	pending int // samples that a different hook state has lasted
	changes [8]HookChange
	told    int
}

// Ring starts ringing with a cadence at a frequency in Hz.
func (s *Supply) Ring(c hal.Cadence, hz float64) {
	s.cadence = s.cadence[:0]
	for _, d := range c {
		s.cadence = append(s.cadence, max(1, dsp.Samples(d)))
	}
	s.ringing = len(s.cadence) > 0
	s.step, s.phase, s.bursts = 0, 0, 1
	s.turn = 2 * math.Pi * hz / hal.Rate
	if s.ringing {
		s.left = s.cadence[0]
	}
}

// StopRing ends ringing.
func (s *Supply) StopRing() { s.ringing = false }

// Ringing reports whether a cadence runs.
func (s *Supply) Ringing() bool { return s.ringing }

// Burst reports whether ringing voltage is on the line, and how many bursts
// have begun since Ring.
func (s *Supply) Burst() (on bool, n int) { return s.ringing && s.step%2 == 0, s.bursts }

// Open takes the battery away for d.
func (s *Supply) Open(d time.Duration) {
	s.open = dsp.Samples(d)
	s.blind = s.open + 2*frame // the current takes a moment to return
}

// OffHook reports whether the other end draws current.
func (s *Supply) OffHook() bool { return s.off }

// Amps is the loop current without the ringing current.
func (s *Supply) Amps() float64 {
	if s.ringing {
		return s.slow
	}
	return s.fast
}

// Now counts samples since the beginning.
func (s *Supply) Now() int64 { return s.now }

// Drive puts battery and ringing on the pair.
func (s *Supply) Drive(out *Source) {
	out.Ohms = feedOhms
	for i := range out.DC {
		if s.open > 0 {
			s.open--
			continue
		}
		if s.Dead {
			continue
		}
		out.DC[i] = batteryVolts
		if s.Reversed {
			out.DC[i] = -batteryVolts
		}
		if s.ringing {
			out.Ring[i] = s.ring()
		}
	}
}

func (s *Supply) ring() (volts float64) {
	if s.step%2 == 0 {
		volts = ringVolts * math.Sqrt2 * math.Sin(s.phase)
		s.phase = math.Mod(s.phase+s.turn, 2*math.Pi)
	}
	if s.left--; s.left <= 0 {
		s.step = (s.step + 1) % len(s.cadence)
		if len(s.cadence) == 1 {
			s.step = 0 // rings without pause
		}
		s.left = s.cadence[s.step]
		if s.step%2 == 0 {
			s.phase = 0
			s.bursts++
		}
	}
	return volts
}

// Sense follows the loop current and returns the hook's changes in this frame,
// valid until the next. Ringing current is alternating and averages out; what
// remains when the phone is lifted trips the ringing at once.
func (s *Supply) Sense(in *Sense) []HookChange {
	s.told = 0
	for _, amps := range in.Amps {
		s.now++
		s.slow += (amps - s.slow) / (0.040 * hal.Rate)
		s.fast += (amps - s.fast) / (0.002 * hal.Rate)
		level := s.fast
		if s.ringing {
			level = s.slow
		}
		off := math.Abs(level) > hookAmps
		if s.blind > 0 || s.Dead {
			s.blind = max(0, s.blind-1)
			off = s.off
		}
		if off == s.off {
			s.pending = 0
			continue
		}
		if s.pending++; s.pending < hookSettle*hal.Rate/1000 {
			continue
		}
		s.off, s.pending = off, 0
		if off {
			s.ringing = false
		}
		if s.told < len(s.changes) {
			s.changes[s.told] = HookChange{Off: off, At: s.now}
			s.told++
		}
	}
	return s.changes[:s.told]
}
