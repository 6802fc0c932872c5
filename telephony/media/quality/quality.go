// Package quality rates the sound of a call as its listener would: the E-model of
// ITU-T G.107, with everything that a box cannot know at its default value, and the
// impairments by codecs and packet loss of ITU-T G.113. It is pure.
//
// What remains of the model is the delay between mouth and ear, which disturbs a
// talk from 150 ms on, the packets that were not heard, and what a codec leaves of a
// voice. A wideband call is rated among wideband calls (ITU-T G.107.1): its best is
// no more than that of G.711 although it sounds better.
package quality

import (
	"math"
	"time"
)

// Path is what happened to sound on its way to a listener.
type Path struct {
	Delay time.Duration // from mouth to ear
	Loss  float64       // share of packets not heard in time, 0..1
	// Burst is how many packets are lost one after another on average; 1 or less is
	// loss here and there.
	Burst float64
}

// codec is how a codec takes loss (ITU-T G.113 appendix I; IV for wideband).
type codec struct {
	ie   float64 // impairment without loss
	bpl  float64 // robustness against loss
	wide bool
}

// codecs by name in SDP. Their sound is concealed as in G.711 appendix I, here and by
// nearly every phone; that of G.722 is taken to be as robust (others rate it at 10).
var codecs = map[string]codec{
	"PCMU": {bpl: 25.1}, "PCMA": {bpl: 25.1},
	"G722": {ie: 13, bpl: 25.1, wide: true},
	"G729": {ie: 11, bpl: 19},
	"GSM":  {ie: 20, bpl: 10}, // full rate; its robustness is that of the enhanced one
}

// MOS is the mean opinion score of the path, 1 (bad) to 4.5, of a codec by its name
// in SDP. It reports false for a codec of which nothing is known.
func MOS(name string, p Path) (float64, bool) {
	c, ok := codecs[name]
	if !ok {
		return 0, false
	}
	return score(c.rating(p)), true
}

// The ratings of a path without delay and loss (G.107 7.7, G.107.1 6.2).
const (
	narrowBest = 93.2
	wideBest   = 129
)

// rating is the transmission rating R, 0..100.
func (c codec) rating(p Path) float64 {
	if c.wide {
		return (wideBest - delayed(p.Delay) - c.impairment(p)) / (wideBest / 100.)
	}
	return narrowBest - delayed(p.Delay) - c.impairment(p)
}

// impairment is Ie,eff of G.107 7.5.
func (c codec) impairment(p Path) float64 {
	loss := 100 * min(max(p.Loss, 0), 1)
	// BurstR is the burst against that of random loss, which now and then hits two
	// packets in a row as well.
	burst := max(1, p.Burst*(1-loss/100))
	return c.ie + (95-c.ie)*loss/(loss/burst+c.bpl)
}

// Defaults of G.107 table 2, and what follows from them.
const (
	talkerLoudness = 65    // TELR, dB
	echoLoss       = 110   // WEPL, dB
	noise          = 94.77 // Ro, and Roe, which the default noise makes the same
)

// delayed is Id of G.107 7.4 beyond that of no delay: the echo of the talker (Idte)
// and of the listener (Idle), and delay as such (Idd).
func delayed(d time.Duration) float64 { return max(0, impaired(d)-impaired(0)) }

func impaired(d time.Duration) float64 {
	t := max(0, float64(d)/float64(time.Millisecond))
	terv := talkerLoudness - 40*math.Log10((1+t/10)/(1+t/150)) + 6*math.Exp(-0.3*t*t)
	re := (noise - (80 + 2.5*(terv-14))) / 2
	idte := (re + math.Hypot(re, 10) - 1) * (1 - math.Exp(-t))

	rle := (noise - 10.5*(echoLoss+7)*math.Pow(2*t+1, -0.25)) / 2
	idle := rle + math.Hypot(rle, 13)

	idd := 0.
	if t > 100 {
		x := math.Log2(t / 100)
		idd = 25 * (math.Pow(1+math.Pow(x, 6), 1./6) - 3*math.Pow(1+math.Pow(x/3, 6), 1./6) + 2)
	}
	return idte + idle + idd
}

// score is the mean opinion score of a rating (G.107 annex B). Its curve dips below 1
// at the bottom.
func score(r float64) float64 {
	r = min(max(r, 0), 100)
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
