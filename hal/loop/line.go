// Package loop is a telephone line made of arithmetic: a two-wire pair with
// battery, ringing voltage, loop current and voice on it, an exchange that
// feeds it and a phone that hangs on it.
//
// It exists for tests and for trying the box without a line. What passes
// between the two ends is volts, amperes and samples, nothing else: an exchange
// cannot tell the box that it rings, it can only put 75 V on the pair. All of
// it is stepped from outside, a frame of 20 ms at a time; there is no
// goroutine and no clock here, and nothing is safe for concurrent use.
//
// Voice is carried in units of PCM samples, apart from the volts, with 600 ohm
// ends. Levels are dBm0.
package loop

import (
	"math"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

const frame = hal.FrameSamples

// Source is what the feeding end puts on the pair during one frame.
type Source struct {
	DC    [frame]float64 // volts, open circuit; the sign is polarity
	Ring  [frame]float64 // volts of ringing on top
	Ohms  float64        // feed resistance
	Voice [frame]float64
}

// Sink is what the other end does to the pair during one frame.
type Sink struct {
	Ohms   [frame]float64 // DC resistance; +Inf on hook
	Ringer float64        // impedance of its bell to the ringing voltage, in ohms
	Voice  [frame]float64 // sent only while off hook
}

// Sense is what one end measures.
type Sense struct {
	Volts [frame]float64 // across the pair
	Amps  [frame]float64 // around the loop
	Voice [frame]float64
}

// Feed is the end that powers the line.
type Feed interface {
	Drive(*Source)
	Sense(*Sense)
}

// Load is the end that is powered.
type Load interface {
	Drive(*Sink)
	Sense(*Sense)
}

// Params describe a pair.
type Params struct {
	Ohms       float64 // both wires
	Loss       float64 // dB of voice, either way
	ReturnLoss float64 // dB by which each hybrid keeps what it sends out of what it hears
	Noise      float64 // dBm0 at either end
	Hum        float64 // dBm0 of mains hum, 50 Hz; 0 is none
}

// Typical is a couple of kilometres of copper.
func Typical() Params { return Params{Ohms: 300, Loss: 2, ReturnLoss: 18, Noise: -65} }

const impedance = 600.0 // ohms, of both ends and a phone in parallel

// Line is a pair with something at both ends.
type Line struct {
	// Cut opens the pair between the ends; Parallel lifts a second phone at
	// the loaded end. Both may change between steps.
	Cut      bool
	Parallel bool

	params     Params
	loss, echo float64 // as factors
	noise      float64 // peak of each of its two parts
	seed       uint64
	hum        *dsp.Tone
	feed       Feed
	load       Load
	source     Source
	sink       Sink
	atFeed     Sense
	atLoad     Sense
	feedEcho   float64 // what each hybrid remembers
	loadEcho   float64
	humming    hal.Frame
}

// NewLine connects two ends. Lines with different seeds have different noise.
func NewLine(p Params, feed Feed, load Load, seed uint64) *Line {
	l := &Line{params: p, feed: feed, load: load, seed: seed*0x9e3779b97f4a7c15 + 1}
	l.loss = math.Pow(10, -p.Loss/20)
	l.echo = math.Pow(10, -p.ReturnLoss/20)
	l.noise = dsp.Amplitude(p.Noise) / math.Sqrt2 * math.Sqrt(1.5)
	if p.Hum != 0 {
		l.hum = dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 50, Level: p.Hum}}})
	}
	return l
}

// Step runs the line for one frame.
func (l *Line) Step() {
	l.source, l.sink = Source{}, Sink{}
	l.feed.Drive(&l.source)
	l.load.Drive(&l.sink)
	if l.hum != nil {
		l.hum.Fill(&l.humming)
	}
	for i := range frame {
		l.solveDC(i)
		l.solveVoice(i)
	}
	l.feed.Sense(&l.atFeed)
	l.load.Sense(&l.atLoad)
}

// solveDC finds volts and amperes of sample i.
func (l *Line) solveDC(i int) {
	dc, ring := l.source.DC[i], l.source.Ring[i]
	if l.Cut {
		l.atFeed.Volts[i], l.atFeed.Amps[i] = dc+ring, 0
		l.atLoad.Volts[i], l.atLoad.Amps[i] = 0, 0
		return
	}
	siemens := 1 / l.sink.Ohms[i] // 0 on hook
	if l.Parallel {
		siemens += 1 / phoneOhms
	}
	series := l.source.Ohms + l.params.Ohms
	dcAmps := dc * siemens / (1 + series*siemens)
	if l.sink.Ringer > 0 {
		siemens += 1 / l.sink.Ringer
	}
	ringAmps := ring * siemens / (1 + series*siemens)
	amps := dcAmps + ringAmps
	l.atFeed.Amps[i], l.atFeed.Volts[i] = amps, dc+ring-amps*l.source.Ohms
	l.atLoad.Volts[i] = dc + ring - amps*series
	l.atLoad.Amps[i] = (dc - dcAmps*series) / l.sink.Ohms[i] // its own part; none on hook
}

// solveVoice finds what both ends hear in sample i.
func (l *Line) solveVoice(i int) {
	down, up := l.source.Voice[i], l.sink.Voice[i]
	offHook := !math.IsInf(l.sink.Ohms[i], 1)
	if !offHook {
		up = 0
	}
	siemens := 0.0 // of what ends the line at the load
	if offHook {
		siemens += 1 / impedance
	}
	if l.Parallel {
		siemens += 1 / impedance
	}
	through := 2 / (1 + impedance*siemens) // 1 matched, 2 open, 2/3 with two phones
	reflected := through - 1
	sending := 1.0
	if l.Parallel {
		sending = 2.0 / 3
	}
	if l.Cut {
		through, sending, reflected = 0, 0, 1
	}
	l.feedEcho += (down - l.feedEcho) / 2
	l.loadEcho += (up - l.loadEcho) / 2
	common := float64(l.humming[i])
	l.atFeed.Voice[i] = up*l.loss*sending + l.feedEcho*(l.echo+reflected*l.loss*l.loss) + l.hiss() + common
	l.atLoad.Voice[i] = down*l.loss*through + l.loadEcho*l.echo + l.hiss() + common
}

// hiss is the next sample of noise, of triangular distribution.
func (l *Line) hiss() float64 {
	l.seed ^= l.seed << 13
	l.seed ^= l.seed >> 7
	l.seed ^= l.seed << 17
	const half = 1 << 31
	a, b := float64(uint32(l.seed)), float64(l.seed>>32)
	return l.noise * (a + b - 2*half) / half
}
