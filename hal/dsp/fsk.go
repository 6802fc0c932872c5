package dsp

import (
	"math"

	"github.com/pasokh/pasokh/hal"
)

// FSK is a binary frequency shift keying at 1200 bits per second.
type FSK struct {
	Mark, Space float64 // Hz
}

// The two modems that carry caller ID.
var (
	Bell202 = FSK{Mark: 1200, Space: 2200}
	V23     = FSK{Mark: 1300, Space: 2100} // ITU-T V.23 forward channel
)

const fskBaud = 1200

// How caller ID is framed on a line that is on hook: 300 bits of alternating
// channel seizure, then marks, then the message.
const (
	fskSeizure = 300 // bits
	fskMarks   = 180
	fskTail    = 10 // marks after the message, so that the last stop bit is heard
)

// FSKLevel is the usual level of caller ID in dBm0.
const FSKLevel = -13.5

// FSKSender sends one message.
type FSKSender struct {
	msg       []byte
	step      [2]float64 // radians per sample, of space and mark
	amplitude float64
	phase     float64
	bit       int     // index of the present bit in the whole transmission
	left      float64 // samples left of it
	value     int     // of it
}

// NewFSKSender prepares to send msg, channel seizure and marks first.
func NewFSKSender(modem FSK, msg []byte, dBm0 float64) *FSKSender {
	s := &FSKSender{msg: msg, amplitude: Amplitude(dBm0), bit: -1}
	s.step[0] = 2 * math.Pi * modem.Space / hal.Rate
	s.step[1] = 2 * math.Pi * modem.Mark / hal.Rate
	return s
}

// bits is the length of the transmission.
func (s *FSKSender) bits() int { return fskSeizure + fskMarks + 10*len(s.msg) + fskTail }

// Busy reports whether anything is left to send.
func (s *FSKSender) Busy() bool { return s.bit < s.bits() }

// at is the value of a bit of the transmission.
func (s *FSKSender) at(i int) int {
	if i < fskSeizure {
		return i % 2 // begins with space, ends with mark
	}
	if i -= fskSeizure + fskMarks; i < 0 || i >= 10*len(s.msg) {
		return 1
	}
	switch c, n := s.msg[i/10], i%10; n {
	case 0:
		return 0
	case 9:
		return 1
	default:
		return int(c>>(n-1)) & 1
	}
}

// Mix adds the next frame of the transmission to f.
func (s *FSKSender) Mix(f *hal.Frame) {
	for i := range f {
		for s.left < 0.5 {
			if s.bit++; !s.Busy() {
				return
			}
			s.value = s.at(s.bit)
			s.left += float64(hal.Rate) / fskBaud
		}
		f[i] = Sample(float64(f[i]) + s.amplitude*math.Sin(s.phase))
		s.phase = math.Mod(s.phase+s.step[s.value], 2*math.Pi)
		s.left--
	}
}
