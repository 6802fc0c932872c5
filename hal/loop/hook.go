package loop

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// HookEventKind is what a subscriber did with the hook switch.
type HookEventKind string

// What hook switches do.
const (
	HookOff   HookEventKind = "off"
	HookOn    HookEventKind = "on"
	HookFlash HookEventKind = "flash"
	HookPulse HookEventKind = "pulse" // a digit dialled with pulses
)

// HookEvent is one act.
type HookEvent struct {
	Kind     HookEventKind
	Digit    byte
	Duration time.Duration // of a flash
}

const (
	pulseMin = 15 * time.Millisecond
	pulseGap = 200 * time.Millisecond // a make this long ends a digit
)

// HookDecoder tells hang-ups, flashes and dialled pulses apart by their length.
// That a phone was hung up is known only once the break is longer than a flash.
type HookDecoder struct {
	flashMin, flashMax int64
	off                bool // as told
	broken             bool // open since at, but not told
	at                 int64
	pulses             int
	events             [8]HookEvent
	told               int
}

// NewHookDecoder takes breaks of min to max for a flash.
func NewHookDecoder(min, max time.Duration) *HookDecoder {
	return &HookDecoder{flashMin: int64(dsp.Samples(min)), flashMax: int64(dsp.Samples(max))}
}

// Feed takes the changes of a frame that ended at now and returns what they
// meant, valid until the next Feed.
func (d *HookDecoder) Feed(changes []HookChange, now int64) []HookEvent {
	d.told = 0
	for _, c := range changes {
		d.expire(c.At)
		d.change(c)
	}
	d.expire(now)
	return d.events[:d.told]
}

func (d *HookDecoder) change(c HookChange) {
	switch {
	case c.Off && !d.off:
		d.off, d.pulses = true, 0
		d.tell(HookEvent{Kind: HookOff})
	case c.Off && d.broken:
		d.broken = false
		switch length := c.At - d.at; {
		case length >= d.flashMin:
			d.pulses = 0
			d.tell(HookEvent{Kind: HookFlash, Duration: time.Duration(length) * time.Second / hal.Rate})
		case length >= int64(dsp.Samples(pulseMin)):
			d.pulses++
		}
		d.at = c.At
	case !c.Off && d.off:
		d.broken, d.at = true, c.At
	}
}

// expire tells what the passing of time alone decides.
func (d *HookDecoder) expire(now int64) {
	if d.broken && now-d.at > d.flashMax {
		d.off, d.broken, d.pulses = false, false, 0
		d.tell(HookEvent{Kind: HookOn})
	}
	if d.off && !d.broken && d.pulses > 0 && now-d.at > int64(dsp.Samples(pulseGap)) {
		if d.pulses <= 10 {
			d.tell(HookEvent{Kind: HookPulse, Digit: '0' + byte(d.pulses%10)})
		}
		d.pulses = 0
	}
}

func (d *HookDecoder) tell(e HookEvent) {
	if d.told < len(d.events) {
		d.events[d.told] = e
		d.told++
	}
}
