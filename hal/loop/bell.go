package loop

import (
	"math"

	"github.com/pasokh/pasokh/hal"
)

// The limits of a ring detector: 15 to 70 Hz of more than about 18 V RMS for
// 64 ms, gone once it has been away for 100 ms.
const (
	bellVolts   = 25.0          // peak
	bellSlowest = hal.Rate / 15 // samples from one rise to the next
	bellFastest = hal.Rate / 70
	bellBegin   = 64 * hal.Rate / 1000
	bellEnd     = 100 * hal.Rate / 1000
)

// Bell detects ringing by the voltage of a line.
type Bell struct {
	dc     float64
	high   bool
	since  int // samples since the last rise
	lasted int // samples of good ringing
	on     bool
}

// Feed takes a frame of volts and reports whether ringing is on the line.
func (b *Bell) Feed(volts *[frame]float64) bool {
	for _, v := range volts {
		b.dc += (v - b.dc) / (0.25 * hal.Rate)
		b.since++
		switch ac := v - b.dc; {
		case ac > bellVolts && !b.high:
			b.high = true
			if b.since >= bellFastest && b.since <= bellSlowest {
				b.lasted += b.since
			} else {
				b.lasted = 0
			}
			b.since = 0
		case ac < -bellVolts:
			b.high = false
		}
		if b.lasted >= bellBegin {
			b.on = true
		}
		if b.since > bellEnd {
			b.on, b.lasted = false, 0
		}
	}
	return b.on
}

// DC is the voltage without the ringing.
func (b *Bell) DC() float64 {
	if math.Abs(b.dc) < 1e-9 {
		return 0
	}
	return b.dc
}
