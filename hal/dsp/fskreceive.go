package dsp

import (
	"math"

	"github.com/pasokh/pasokh/hal"
)

// The limits of the receiver.
const (
	fskWindow    = 7     // samples correlated, about one bit
	fskFloor     = -45.0 // dBm0
	fskIdleMarks = 40    // bits of mark that must come before a message
	fskGap       = 30    // bits of mark inside a message that end it
)

// FSKReceiver turns the audio of a line into caller ID messages. It takes its
// frequencies half-way between Bell 202 and V.23, which are 100 Hz apart and
// so hears both.
type FSKReceiver struct {
	rotate [2]complex128 // per sample, space and mark
	vector [2]complex128
	ring   [2][fskWindow]complex128
	at     int
	sums   [2]complex128
	energy float64 // smoothed mean square

	last   float64 // discriminator before: positive is mark
	marks  float64 // bits of mark in a row while waiting
	timer  float64 // samples to the middle of the next bit; < 0 between characters
	bit    int     // 0 start, 1-8 data, 9 stop
	char   byte
	armed  bool // enough marks have been heard
	msg    [maxCallerIDMessage]byte
	n      int
	broken int // messages that failed their checksum
}

// NewFSKReceiver makes a receiver at rest.
func NewFSKReceiver() *FSKReceiver {
	r := &FSKReceiver{}
	for i, hz := range [2]float64{(Bell202.Space + V23.Space) / 2, (Bell202.Mark + V23.Mark) / 2} {
		sin, cos := math.Sincos(2 * math.Pi * hz / hal.Rate)
		r.rotate[i], r.vector[i] = complex(cos, -sin), 1
	}
	r.timer = -1
	return r
}

// Broken counts the messages whose checksum was wrong.
func (r *FSKReceiver) Broken() int { return r.broken }

// Receiving reports whether a message has begun.
func (r *FSKReceiver) Receiving() bool { return r.n > 0 }

// Feed listens to a frame and returns a message that ended in it, from type to
// checksum, or nil. The slice is valid until the next Feed.
func (r *FSKReceiver) Feed(f *hal.Frame) []byte {
	var done []byte
	for _, x := range f {
		if r.sample(float64(x)) {
			done = r.msg[:r.n]
			r.n, r.armed = 0, false
		}
	}
	for i := range r.vector { // take away the rounding
		g := (3 - square(r.vector[i])) / 2
		r.vector[i] *= complex(g, 0)
	}
	return done
}

// sample takes the next sample and reports whether it completed a message.
func (r *FSKReceiver) sample(x float64) bool {
	r.energy += (x*x - r.energy) / 32
	var power [2]float64
	for i := range r.rotate {
		y := r.vector[i] * complex(x, 0)
		r.vector[i] *= r.rotate[i]
		r.sums[i] += y - r.ring[i][r.at]
		r.ring[i][r.at] = y
		power[i] = square(r.sums[i])
	}
	r.at = (r.at + 1) % fskWindow
	now, last := power[1]-power[0], r.last
	r.last = now
	switch {
	case r.energy < fskFloorEnergy:
		r.reset()
		return false
	case r.timer < 0:
		r.wait(last, now)
		return false
	}
	if r.timer--; r.timer >= 0.5 {
		return false
	}
	r.timer += bitSamples
	return r.take(now > 0)
}

const bitSamples = float64(hal.Rate) / fskBaud

var fskFloorEnergy = Amplitude(fskFloor) * Amplitude(fskFloor) / 2

// wait counts marks and looks for the edge of a start bit.
func (r *FSKReceiver) wait(last, now float64) {
	if now > 0 {
		r.marks += 1 / bitSamples
		if r.marks > fskIdleMarks {
			r.armed = true
		}
		if r.n > 0 && r.marks > fskGap {
			r.reset()
		}
		return
	}
	if last > 0 && r.armed {
		// The edge lies between the two samples; sample the bits in their middle.
		back := now / (now - last)
		r.timer = bitSamples/2 - back
		r.bit, r.char = 0, 0
	}
	r.marks = 0
}

// take takes a bit and reports whether it completed a message.
func (r *FSKReceiver) take(mark bool) bool {
	switch {
	case r.bit == 0:
		if mark { // a click, no start bit
			r.timer = -1
			return false
		}
	case r.bit <= 8:
		r.char >>= 1
		if mark {
			r.char |= 0x80
		}
	default:
		r.timer, r.marks = -1, 0
		if !mark {
			r.reset()
			return false
		}
		return r.put(r.char)
	}
	r.bit++
	return false
}

// put takes a character and reports whether it completed a message.
func (r *FSKReceiver) put(c byte) bool {
	r.msg[r.n] = c
	r.n++
	if r.n < 2 || r.n < int(r.msg[1])+3 {
		return false
	}
	if sum(r.msg[:r.n]) != 0 {
		r.broken++
		r.reset()
		return false
	}
	return true
}

// reset waits for the next message.
func (r *FSKReceiver) reset() {
	r.n, r.armed, r.marks, r.timer = 0, false, 0, -1
}
