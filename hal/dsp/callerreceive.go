package dsp

import (
	"time"

	"github.com/pasokh/pasokh/hal"
)

// dtmfIDPause is the silence after a key that ends caller ID sent as keys, if
// no end mark does.
const dtmfIDPause = 600 * time.Millisecond / hal.FrameTime // frames

// CallerIDReceiver hears caller ID in whatever way a line sends it: FSK of
// either kind, or DTMF. It is to listen from the first sign of a call, polarity
// reversal or ring, or always.
type CallerIDReceiver struct {
	fsk   *FSKReceiver
	dtmf  *DTMFDetector
	keys  [3 * maxCallerNumber]byte
	n     int
	quiet int // frames since the last key
}

// NewCallerIDReceiver makes a receiver at rest.
func NewCallerIDReceiver() *CallerIDReceiver {
	return &CallerIDReceiver{fsk: NewFSKReceiver(), dtmf: NewDTMFDetector()}
}

// Reset forgets what was half heard.
func (r *CallerIDReceiver) Reset() {
	r.fsk.reset()
	r.n = 0
}

// Receiving reports whether something is half heard, so that it is worth to
// wait with answering.
func (r *CallerIDReceiver) Receiving() bool { return r.fsk.Receiving() || r.n > 0 }

// Feed listens to a frame and returns the caller ID that became complete in it.
func (r *CallerIDReceiver) Feed(f *hal.Frame) (CallerID, bool) {
	if msg := r.fsk.Feed(f); msg != nil {
		if c, err := ParseCallerID(msg); err == nil {
			r.n = 0
			return c, true
		}
	}
	r.quiet++
	for _, k := range r.dtmf.Feed(f) {
		if k.Down {
			r.quiet = 0
			if c, ok := r.key(k.Digit); ok {
				return c, true
			}
		}
	}
	if r.n > 0 && r.quiet > int(dtmfIDPause) {
		r.n = 0
	}
	return CallerID{}, false
}

func (r *CallerIDReceiver) key(digit byte) (CallerID, bool) {
	if r.n == len(r.keys) {
		r.n = 0
	}
	r.keys[r.n] = digit
	r.n++
	if digit != '#' && digit != 'C' {
		return CallerID{}, false
	}
	c, ok := DTMFCallerID(string(r.keys[:r.n]))
	r.n = 0
	return c, ok
}
