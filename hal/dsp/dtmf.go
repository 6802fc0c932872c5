package dsp

import (
	"fmt"
	"strings"
	"time"

	"github.com/pasokh/pasokh/hal"
)

// The frequencies of ITU-T Q.23.
var (
	dtmfRows    = [4]float64{697, 770, 852, 941}
	dtmfColumns = [4]float64{1209, 1336, 1477, 1633}
)

const dtmfKeys = "123A456B789C*0#D"

// IsDTMF reports whether digit is one of the sixteen keys.
func IsDTMF(digit byte) bool { return strings.IndexByte(dtmfKeys, digit) >= 0 }

// How keys are sent when nothing else is asked: well inside Q.24 receivers'
// limits, the high group 2 dB up to make up for the line.
const (
	DTMFTime      = 80 * time.Millisecond
	DTMFLowLevel  = -8.0 // dBm0
	DTMFHighLevel = -6.0
)

// DTMFTone is one key's sound, for as long as it is asked for.
type DTMFTone struct{ low, high oscillator }

// NewDTMFTone begins the sound of a key (0-9 * # A-D), at the default levels.
func NewDTMFTone(digit byte) DTMFTone {
	k := max(0, strings.IndexByte(dtmfKeys, digit))
	return DTMFTone{newOscillator(dtmfRows[k/4], DTMFLowLevel), newOscillator(dtmfColumns[k%4], DTMFHighLevel)}
}

// Mix adds the next samples of the sound to pcm.
func (t *DTMFTone) Mix(pcm []int16) {
	t.low.mix(pcm)
	t.high.mix(pcm)
}

// maxDTMFQueue caps what may wait in a DTMFSender.
const maxDTMFQueue = 256

// DTMFSender plays keys, one after another with a pause after each.
type DTMFSender struct {
	low, high oscillator
	lowLevel  float64
	highLevel float64
	on, off   int // samples
	queue     [maxDTMFQueue]byte
	head, n   int
	sound     int // samples left of the present key
	rest      int // then of the pause
}

// NewDTMFSender makes a sender with the default times and levels.
func NewDTMFSender() *DTMFSender {
	s := &DTMFSender{lowLevel: DTMFLowLevel, highLevel: DTMFHighLevel}
	s.SetTimes(DTMFTime, DTMFTime)
	return s
}

// SetTimes changes how long keys and the pauses after them last.
func (s *DTMFSender) SetTimes(on, off time.Duration) { s.on, s.off = Samples(on), Samples(off) }

// SetLevels changes the levels of the two groups, in dBm0.
func (s *DTMFSender) SetLevels(low, high float64) { s.lowLevel, s.highLevel = low, high }

// Queue adds keys (0-9 * # A-D) to what is being played. On error none is added.
func (s *DTMFSender) Queue(keys string) error {
	if s.n+len(keys) > len(s.queue) {
		return fmt.Errorf("queue DTMF: %d keys wait, room for %d", s.n, len(s.queue))
	}
	for i := range len(keys) {
		if !IsDTMF(keys[i]) {
			return fmt.Errorf("queue DTMF: %q is not a key", keys[i])
		}
	}
	for i := range len(keys) {
		s.queue[(s.head+s.n)%len(s.queue)] = keys[i]
		s.n++
	}
	return nil
}

// Busy reports whether anything is left to play.
func (s *DTMFSender) Busy() bool { return s.n > 0 || s.sound > 0 || s.rest > 0 }

// Mix adds the next frame of the keys to f.
func (s *DTMFSender) Mix(f *hal.Frame) {
	for i := 0; i < len(f); {
		left := len(f) - i
		switch {
		case s.sound > 0:
			n := min(s.sound, left)
			s.low.mix(f[i : i+n])
			s.high.mix(f[i : i+n])
			s.sound -= n
			i += n
		case s.rest > 0:
			n := min(s.rest, left)
			s.rest -= n
			i += n
		case s.n > 0:
			k := strings.IndexByte(dtmfKeys, s.queue[s.head])
			s.head = (s.head + 1) % len(s.queue)
			s.n--
			s.low = newOscillator(dtmfRows[k/4], s.lowLevel)
			s.high = newOscillator(dtmfColumns[k%4], s.highLevel)
			s.sound, s.rest = s.on, s.off
		default:
			return
		}
	}
}
