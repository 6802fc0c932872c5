package dsp

import (
	"math"
	"math/cmplx"
	"time"

	"github.com/pasokh/pasokh/hal"
)

// Key is a DTMF key heard going down or up.
type Key struct {
	Digit    byte
	Down     bool
	Duration time.Duration // when going up: how long it sounded, to about 13 ms
}

// The limits of the detector, inside what ITU-T Q.24 demands: accept 40 ms,
// +-1.5 % + 2 Hz, -25 dBm0, twist +4/-8 dB; refuse 23 ms and +-3.5 %.
const (
	dtmfBlock     = 102 // samples measured at a time, 12.75 ms
	dtmfHop       = dtmfBlock / 2
	dtmfHits      = 4     // blocks in a row that make a key: 40 ms always holds as many, 23 ms never
	dtmfFloor     = -36.0 // dBm0, each tone
	dtmfTwistMax  = 6.0   // dB, high group over low
	dtmfTwistMin  = -9.0
	dtmfDeviation = 0.022 // of the frequency
	dtmfLoose     = 0.55  // share of the power that makes a block worth a look
	dtmfLeast     = 0.03  // share of the low tone alone: less is no key, whatever the high one is
	dtmfLikely    = 0.8   // share of the power that makes two blocks suspect
	dtmfPure      = 0.86  // share of the power, off-tune tones put right
	dtmfSteady    = 0.6   // power of one block against another of the same key
	dtmfHarmonic  = 0.06  // second harmonic of the high tone against the tone (-12 dB)
	dtmfRest      = 5     // frames of silence after which nothing is left of a key: more of it need not be measured
	dtmfMisses    = 3     // blocks in a row without the key that end it; a break of 10 ms costs two at most
)

// DTMFDetector hears keys. Each is told twice: down after 32 to 38 ms, up once
// it is over.
//
// Blocks of 12.75 ms, each overlapping half of the one before, are measured at
// the eight frequencies. The power of the best pair against the whole keeps
// speech out; the turn of each tone's phase between blocks tells its true
// frequency to about a hertz.
type DTMFDetector struct {
	notch  [2]biquad // takes away dial tone, 350 to 450 Hz
	gain   [8]float64
	past   [dtmfHop + dtmfBlock]float64 // samples: the newest block, and what the one before it had besides
	n      int
	turn   bool           // the newest block is one that is always looked at
	pairs  [dtmfHits]pair // of the last blocks, newest last
	key    byte           // sounding, or 0
	blocks int            // since key began
	misses int            // of those, at the end, without it
	keys   [4]Key
	told   int
	silent int // frames of nothing at all in a row
}

// pair is the strongest low and high tone of one block.
type pair struct {
	ok        bool
	row, col  int
	low, high complex128 // as peak amplitudes
	total     float64    // mean square of everything
}

// NewDTMFDetector makes a detector at rest.
func NewDTMFDetector() *DTMFDetector {
	d := &DTMFDetector{notch: [2]biquad{newNotch(350, 0.9), newNotch(440, 0.9)}, n: dtmfHop}
	for i := range d.gain {
		hz := dtmfHz(i)
		d.gain[i] = d.notch[0].gain(hz) * d.notch[1].gain(hz)
	}
	return d
}

// dtmfHz is the frequency of tone i: 0-3 the rows, 4-7 the columns.
func dtmfHz(i int) float64 {
	if i < 4 {
		return dtmfRows[i]
	}
	return dtmfColumns[i-4]
}

// Sounding is the key that is down now, or 0.
func (d *DTMFDetector) Sounding() byte { return d.key }

// Suspects tells that a key sounds or, after 19 to 26 ms of it, that one may well have
// begun.
func (d *DTMFDetector) Suspects() bool {
	a, b := &d.pairs[dtmfHits-2], &d.pairs[dtmfHits-1]
	return d.key != 0 || a.digit() != 0 && a.digit() == b.digit() && a.pure() && b.pure()
}

// pure tells a block of little else than its two tones, within what twist is allowed.
func (p *pair) pure() bool {
	twist := levelOf(square(p.high)) - levelOf(square(p.low))
	return p.power() > dtmfLikely*p.total && twist < dtmfTwistMax && twist > dtmfTwistMin && levelOf(p.total) > dtmfFloor
}

// AtRest tells whether nothing but silence was heard for so long that more of it
// would change nothing.
func (d *DTMFDetector) AtRest() bool { return d.silent > dtmfRest }

// Feed listens to a frame and returns the keys that went down or up in it. The
// slice is valid until the next Feed.
func (d *DTMFDetector) Feed(f *hal.Frame) []Key {
	d.told = 0
	if *f != (hal.Frame{}) {
		d.silent = 0
	} else if d.silent++; d.AtRest() {
		return nil
	}
	for rest := f[:]; len(rest) > 0; {
		n := min(len(rest), len(d.past)-d.n)
		room := d.past[d.n : d.n+n]
		for i, x := range rest[:n] {
			room[i] = float64(x)
		}
		chain(room, &d.notch[0], &d.notch[1])
		rest = rest[n:]
		if d.n += n; d.n == len(d.past) {
			d.look()
			d.judge()
			d.n = copy(d.past[:], d.past[dtmfHop:])
		}
	}
	return d.keys[:d.told]
}

// digit is the key the pair stands for, 0 if none.
func (p *pair) digit() byte {
	if !p.ok {
		return 0
	}
	return dtmfKeys[p.row*4+p.col]
}

// look measures the newest block. While nothing is suspect every other one will do: a
// key has four in a row, and the one passed over is measured as soon as the next has a pair.
func (d *DTMFDetector) look() {
	copy(d.pairs[:], d.pairs[1:])
	last, newest := &d.pairs[dtmfHits-2], &d.pairs[dtmfHits-1]
	if d.turn = !d.turn; !d.turn && d.key == 0 && !last.ok {
		*newest = pair{}
		return
	}
	*newest = measure((*[dtmfBlock]float64)(d.past[dtmfHop:]))
	if newest.ok && !last.ok {
		*last = measure((*[dtmfBlock]float64)(d.past[:]))
	}
}

// measure looks for the strongest pair in a block.
func measure(block *[dtmfBlock]float64) pair {
	p := pair{total: meanSquare(block[:])}
	if levelOf(p.total) < dtmfFloor-6 { // the notches may take a little
		return p
	}
	p.row, p.low = strongest(tones(block, dtmfCoef[:4]))
	if square(p.low)/2 < dtmfLeast*p.total {
		return p
	}
	p.col, p.high = strongest(tones(block, dtmfCoef[4:]))
	p.ok = p.power() > dtmfLoose*p.total
	return p
}

// tones measures a block at four frequencies, as goertzel does, at once: each step of
// one waits for the step before it, and a processor has something else to do meanwhile.
func tones(block *[dtmfBlock]float64, coef []float64) (t [4]complex128) {
	c0, c1, c2, c3 := coef[0], coef[1], coef[2], coef[3]
	var a0, b0, a1, b1, a2, b2, a3, b3 float64
	for _, x := range block {
		a0, b0 = x-b0+c0*a0, a0
		a1, b1 = x-b1+c1*a1, a1
		a2, b2 = x-b2+c2*a2, a2
		a3, b3 = x-b3+c3*a3, a3
	}
	for i, s := range [4][2]float64{{a0, b0}, {a1, b1}, {a2, b2}, {a3, b3}} {
		cos := coef[i] / 2
		t[i] = complex(s[0]-s[1]*cos, s[1]*math.Sqrt(max(0, 1-cos*cos))) * (2.0 / dtmfBlock)
	}
	return t
}

// power is the mean square of the two tones.
func (p *pair) power() float64 { return (square(p.low) + square(p.high)) / 2 }

var dtmfCoef = func() (c [8]float64) {
	for i := range c {
		c[i] = 2 * math.Cos(2*math.Pi*dtmfHz(i)/hal.Rate)
	}
	return c
}()

func strongest(tones [4]complex128) (best int, tone complex128) {
	for i, t := range tones {
		if square(t) > square(tone) {
			best, tone = i, t
		}
	}
	return best, tone
}

func square(c complex128) float64 { return real(c)*real(c) + imag(c)*imag(c) }

// judge takes the newest block into account.
func (d *DTMFDetector) judge() {
	digit := d.pairs[dtmfHits-1].digit()
	if d.key != 0 {
		d.blocks++
		if digit == d.key {
			d.misses = 0
			return
		}
		if d.misses++; d.misses == dtmfMisses {
			d.tell(Key{Digit: d.key, Duration: time.Duration(d.blocks-d.misses+1) * dtmfHop * time.Second / hal.Rate})
			d.key = 0
		}
	}
	if d.key == 0 && digit != 0 && d.isKey() {
		d.key, d.blocks, d.misses = digit, dtmfHits, 0
		d.tell(Key{Digit: digit, Down: true})
	}
}

func (d *DTMFDetector) tell(k Key) {
	d.keys[d.told] = k
	d.told++
}

// isKey reports whether the last blocks hold one key by all the rules.
func (d *DTMFDetector) isKey() bool {
	b := &d.pairs[dtmfHits-1]
	var low, high float64
	for i := range d.pairs {
		p := &d.pairs[i]
		if p.digit() != b.digit() || min(p.total, b.total) < dtmfSteady*max(p.total, b.total) {
			return false
		}
		if i == 0 {
			continue
		}
		var lowOK, highOK bool
		low, lowOK = partInTune(dtmfRows[b.row], d.pairs[i-1].low, p.low)
		high, highOK = partInTune(dtmfColumns[b.col], d.pairs[i-1].high, p.high)
		if !lowOK || !highOK || square(p.low)/2/low+square(p.high)/2/high < dtmfPure*p.total {
			return false
		}
	}
	pl := levelOf(square(b.low) / 2 / low / d.gain[b.row])
	ph := levelOf(square(b.high) / 2 / high / d.gain[4+b.col])
	if pl < dtmfFloor || ph < dtmfFloor || ph-pl > dtmfTwistMax || ph-pl < dtmfTwistMin {
		return false
	}
	second := power(d.past[dtmfHop:], 2*dtmfColumns[b.col]) * (4.0 / dtmfBlock / dtmfBlock)
	return second < dtmfHarmonic*square(b.high)
}

// partInTune finds how far from hz a tone is by the turn of its phase over a
// hop, and with it which part of the tone's power a block shows. ok is false
// when the tone is too far off.
func partInTune(hz float64, a, b complex128) (part float64, ok bool) {
	turn := math.Remainder(cmplx.Phase(b)-cmplx.Phase(a)-2*math.Pi*hz*dtmfHop/hal.Rate, 2*math.Pi)
	if math.Abs(turn)*hal.Rate/(2*math.Pi*dtmfHop) > dtmfDeviation*hz {
		return 0, false
	}
	if turn == 0 {
		return 1, true
	}
	half := turn * dtmfBlock / dtmfHop / 2 // of the turn over a block
	sinc := math.Sin(half) / half
	return sinc * sinc, true
}
