package dsp

import (
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
)

// Sine is one component of a tone.
type Sine struct {
	Hz    float64
	Level float64 // dBm0
}

// ToneSpec is a tone as the books give it: sines that sound together, with a
// cadence of on and off times. An empty cadence is a continuous tone.
type ToneSpec struct {
	Sines   []Sine
	Cadence hal.Cadence
}

// Tone plays a ToneSpec. Its phase runs on exactly from frame to frame, and
// every burst begins at phase zero.
type Tone struct {
	sines   []oscillator
	cadence []int // samples, on and off in turn
	step    int   // in cadence
	left    int   // samples of the step
}

// NewTone prepares a tone.
func NewTone(spec ToneSpec) *Tone {
	t := &Tone{sines: make([]oscillator, len(spec.Sines))}
	for i, s := range spec.Sines {
		t.sines[i] = newOscillator(s.Hz, s.Level)
	}
	for _, d := range spec.Cadence {
		t.cadence = append(t.cadence, Samples(d))
	}
	if len(t.cadence)%2 == 1 { // an odd pattern ends without a pause
		t.cadence = append(t.cadence, 0)
	}
	t.Reset()
	return t
}

// Reset begins the cadence anew.
func (t *Tone) Reset() {
	t.step = 0
	if len(t.cadence) > 0 {
		t.left = t.cadence[0]
	}
	t.strike()
}

func (t *Tone) strike() {
	for i := range t.sines {
		t.sines[i].reset()
	}
}

// Mix adds the next frame of the tone to f.
func (t *Tone) Mix(f *hal.Frame) {
	if len(t.cadence) == 0 {
		t.sound(f[:])
		return
	}
	for i := 0; i < len(f); {
		for turns := 0; t.left == 0; turns++ {
			if turns == len(t.cadence) {
				return // a cadence of nothing
			}
			t.step = (t.step + 1) % len(t.cadence)
			t.left = t.cadence[t.step]
			if t.step%2 == 0 {
				t.strike()
			}
		}
		n := min(t.left, len(f)-i)
		if t.step%2 == 0 {
			t.sound(f[i : i+n])
		}
		t.left -= n
		i += n
	}
}

// Fill replaces f by the next frame of the tone.
func (t *Tone) Fill(f *hal.Frame) {
	*f = hal.Frame{}
	t.Mix(f)
}

func (t *Tone) sound(pcm []int16) {
	for i := range t.sines {
		t.sines[i].mix(pcm)
	}
}

// Samples is how many samples d lasts.
func Samples(d time.Duration) int { return int(d.Round(time.Second/hal.Rate) * hal.Rate / time.Second) }

// oscillator is a sine made by turning a vector.
type oscillator struct {
	cos, sin  float64 // of the angle per sample
	amplitude float64
	re, im    float64 // now
}

func newOscillator(hz, dBm0 float64) oscillator {
	sin, cos := math.Sincos(2 * math.Pi * hz / hal.Rate)
	o := oscillator{cos: cos, sin: sin, amplitude: Amplitude(dBm0)}
	o.reset()
	return o
}

func (o *oscillator) reset() { o.re, o.im = 1, 0 }

// next is the next sample, between -amplitude and amplitude.
func (o *oscillator) next() float64 {
	y := o.im * o.amplitude
	o.re, o.im = o.re*o.cos-o.im*o.sin, o.re*o.sin+o.im*o.cos
	return y
}

// settle takes away the rounding that lets the vector grow or shrink.
func (o *oscillator) settle() {
	g := (3 - o.re*o.re - o.im*o.im) / 2
	o.re *= g
	o.im *= g
}

func (o *oscillator) mix(pcm []int16) {
	for i := range pcm {
		pcm[i] = Sample(float64(pcm[i]) + o.next())
	}
	o.settle()
}
