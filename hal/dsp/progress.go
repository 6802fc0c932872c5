package dsp

import (
	"math"

	"github.com/pasokh/pasokh/hal"
)

// ToneKind is what a call progress tone tells.
type ToneKind string

// The call progress tones of ITU-T E.180.
const (
	DialTone       ToneKind = "dial"
	BusyTone       ToneKind = "busy"
	CongestionTone ToneKind = "congestion"
	RingbackTone   ToneKind = "ringback"
)

// ProgressTone is a tone to listen for.
type ProgressTone struct {
	Kind ToneKind
	Spec ToneSpec
}

// The limits of the progress detector.
const (
	progressBlock   = 80    // samples, 10 ms: wide enough for +-30 Hz
	progressPure    = 0.7   // share of the power within the tone's bands
	progressFloor   = -42.0 // dBm0
	progressQuiet   = 10.0  // dB below the tone that count as a pause
	progressSteady  = 4.0   // dB a single sine may swing; several beat
	progressLevel   = 1.5   // dB it may swing when it goes on for ever: a held note does more
	progressShare   = 0.08  // power of a tone's weakest sine against its strongest
	progressSmooth  = 8     // blocks over which the sines are compared
	progressSlack   = 5     // blocks, 50 ms, or 15 % if that is more
	progressSteadyN = 250   // blocks of continuous tone, 2.5 s, that are dial tone
	maxProgress     = 8     // tones listened for at a time
)

// ProgressDetector hears busy, congestion, dial and ringback tones by frequency
// and rhythm. A tone of a pair of frequencies is told after two full cycles,
// one of a single frequency, which a voice may hold, after three; ringback
// after one and continuous tones after 2.5 s.
type ProgressDetector struct {
	block   [progressBlock]int16
	n       int
	rhythms [maxProgress]rhythm
	used    int
}

// NewProgressDetector listens for at most eight tones; more are ignored.
func NewProgressDetector(tones []ProgressTone) *ProgressDetector {
	d := &ProgressDetector{}
	for _, t := range tones {
		if d.used < maxProgress && len(t.Spec.Sines) > 0 && len(t.Spec.Cadence)%2 == 0 {
			d.rhythms[d.used] = newRhythm(t)
			d.used++
		}
	}
	return d
}

// Feed listens to a frame. It tells a tone once when it is recognised and not
// again until its rhythm has broken off.
func (d *ProgressDetector) Feed(f *hal.Frame) (ToneKind, bool) {
	var told ToneKind
	for _, x := range f {
		d.block[d.n] = x
		if d.n++; d.n < progressBlock {
			continue
		}
		d.n = 0
		total := meanSquare(d.block[:])
		for i := range d.rhythms[:d.used] {
			if d.rhythms[i].feed(&d.block, total) {
				told = d.rhythms[i].kind
			}
		}
	}
	return told, told != ""
}

// rhythm follows one tone.
type rhythm struct {
	kind   ToneKind
	coefs  [4]float64 // of Goertzel's recursion, for each sine
	nCoefs int
	powers [4]float64 // of each sine, smoothed
	steady float64    // dB
	want   []int      // blocks, on and off in turn; empty is continuous
	need   int        // runs in a row that make the tone

	on      bool
	run     int     // blocks of the present run
	level   float64 // dBm0 of the last run of tone
	before  float64 // dBm0 of the block before
	matched int     // whole runs that fitted
	step    int     // in want, of the present run
	told    bool
}

func newRhythm(t ProgressTone) rhythm {
	r := rhythm{kind: t.Kind, steady: progressSteady, level: Silence}
	if len(t.Spec.Cadence) == 0 {
		r.steady = progressLevel
	}
	for _, s := range t.Spec.Sines[:min(len(t.Spec.Sines), len(r.coefs))] {
		r.coefs[r.nCoefs] = 2 * math.Cos(2*math.Pi*s.Hz/hal.Rate)
		r.nCoefs++
	}
	for _, d := range t.Spec.Cadence {
		r.want = append(r.want, Samples(d)/progressBlock)
	}
	cycles := 2
	switch {
	case t.Kind == RingbackTone:
		cycles = 1
	case r.nCoefs == 1:
		cycles = 3
	}
	r.need = cycles * len(r.want)
	return r
}

// feed takes the next block and reports whether the tone was just recognised.
func (r *rhythm) feed(block *[progressBlock]int16, total float64) bool {
	level := levelOf(total)
	on := level > progressFloor && r.fits(block, total)
	if pause := r.level - progressQuiet; len(r.want) > 0 && level < pause && (!r.on || r.before < pause) {
		on = false // the tone's echo in its pause; a tone that beats would swell again at once
	}
	if on == r.on {
		r.run++
	} else {
		r.turn(on)
	}
	switch {
	case on && r.run == 2: // the first block of a run may be cut, as may the last
		r.level = level
	case on && r.run > 3 && r.nCoefs == 1 && math.Abs(r.before-r.level) > r.steady:
		r.breakOff()
	case on && r.run > progressSmooth && r.lacking():
		r.breakOff()
	case !on && r.run > 2 && r.before > max(progressFloor, r.level-progressQuiet):
		r.breakOff() // something else sounds in the pause
	}
	r.before = level
	if !on && len(r.want) > 0 && r.run > longest(r.want)+slack(longest(r.want)) {
		r.breakOff()
		r.level = Silence
	}
	return r.recognised()
}

// recognised reports once that enough has been heard.
func (r *rhythm) recognised() bool {
	enough := r.matched >= r.need
	if len(r.want) == 0 {
		enough = r.on && r.run >= progressSteadyN
	}
	if !enough || r.told {
		return false
	}
	r.told = true
	return true
}

// turn ends a run. A cadence of several steps is followed from wherever it is
// entered; a run that does not fit the next step starts the search anew.
func (r *rhythm) turn(on bool) {
	ended, length := r.on, r.run
	r.on, r.run = on, 1
	if len(r.want) == 0 {
		r.breakOff()
		return
	}
	if r.matched > 0 && r.matches(r.step, ended, length) {
		r.matched++
		r.step = (r.step + 1) % len(r.want)
		return
	}
	r.breakOff()
	for step := range r.want {
		if step%2 == 0 && r.matches(step, ended, length) {
			r.matched, r.step = 1, (step+1)%len(r.want)
			return
		}
	}
}

func (r *rhythm) matches(step int, on bool, length int) bool {
	want := r.want[step]
	return on == (step%2 == 0) && length >= want-slack(want) && length <= want+slack(want)
}

func slack(blocks int) int { return max(progressSlack, blocks*15/100) }

func longest(steps []int) (n int) {
	for _, s := range steps {
		n = max(n, s)
	}
	return n
}

func (r *rhythm) breakOff() {
	r.matched, r.told = 0, false
	if len(r.want) == 0 {
		r.run = 1
	}
}

// fits reports whether the block is made of the tone's sines and little else.
func (r *rhythm) fits(block *[progressBlock]int16, total float64) bool {
	var sum float64
	for i, coef := range r.coefs[:r.nCoefs] {
		re, im := goertzel(block[:], coef)
		p := 2 * (re*re + im*im) / (progressBlock * progressBlock)
		r.powers[i] += (p - r.powers[i]) / progressSmooth
		sum += p
	}
	return sum > progressPure*total
}

// lacking reports whether one of the tone's sines is missing.
func (r *rhythm) lacking() bool {
	least, most := r.powers[0], r.powers[0]
	for _, p := range r.powers[1:r.nCoefs] {
		least, most = min(least, p), max(most, p)
	}
	return least < progressShare*most
}
