package main

import (
	"math"
	"slices"
)

const (
	rate = 8000 // of everything that is written, samples per second

	// The band of a telephone (ITU-T G.712), in Hz.
	lowest, highest = 200, 3400

	// speechLevel is the level of speech while it is spoken, in dB below full
	// scale: -12 dBm0, well heard and still within what lines may carry.
	// signalLevel is quieter, because nobody waits for it.
	speechLevel = -18
	signalLevel = -22

	window = rate / 100 // 10 ms: how finely speech is told from silence
)

// telephoneBand limits samples to the telephone's band and resamples them: each
// new sample is the old ones weighted by a windowed band-pass response. Where
// new samples fall between old ones repeats, so do the weights.
func telephoneBand(in []float64, from int) []float64 {
	const reach = 0.02 // seconds on each side: sharp enough to start at 200 Hz
	half := int(reach * float64(from))
	weights := make([][]float64, rate/gcd(rate, from))
	for phase := range weights {
		past := math.Mod(float64(phase)*float64(from)/rate, 1)
		for j := -half; j <= half; j++ {
			t := (float64(j) - past) / float64(from)
			hann := 0.5 + 0.5*math.Cos(math.Pi*min(math.Abs(t)/reach, 1))
			weights[phase] = append(weights[phase], hann*(lowPass(highest, t)-lowPass(lowest, t))/float64(from))
		}
	}
	out := make([]float64, len(in)*rate/from)
	for i := range out {
		first := i*from/rate - half
		for j, w := range weights[i%len(weights)] {
			if at := first + j; at >= 0 && at < len(in) {
				out[i] += w * in[at]
			}
		}
	}
	return out
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// lowPass is the impulse response of an ideal low-pass filter at t seconds.
func lowPass(hz, t float64) float64 {
	if math.Abs(t) < 1e-9 {
		return 2 * hz
	}
	return math.Sin(2*math.Pi*hz*t) / (math.Pi * t)
}

// trim cuts silence off both ends and shortens long pauses, leaving a little for
// the sounds to begin and end in, and fades both edges.
func trim(in []float64) []float64 {
	const lead, tail, pause, fade = 2, 3, 30, window / 2 // in windows, but for fade
	loud := active(in)
	near := func(w int) bool { // is something said around window w?
		return slices.Contains(loud[max(0, w-tail):min(len(loud), w+lead+1)], true)
	}
	var out []float64
	silent := pause // at the beginning nothing is kept
	for w := range loud {
		if near(w) {
			silent = 0
		} else {
			silent++
		}
		if silent <= pause {
			out = append(out, in[w*window:(w+1)*window]...)
		}
	}
	out = out[:max(0, len(out)-min(silent, pause)*window)]
	for i := range min(fade, len(out)/2) {
		gain := float64(i) / fade
		out[i] *= gain
		out[len(out)-1-i] *= gain
	}
	return out
}

// active tells of each window whether something is said in it: whether it is
// less than 40 dB below the loudest.
func active(in []float64) []bool {
	power := make([]float64, len(in)/window)
	loudest := 0.0
	for w := range power {
		power[w] = meanSquare(in[w*window : (w+1)*window])
		loudest = max(loudest, power[w])
	}
	on := make([]bool, len(power))
	for w := range power {
		on[w] = power[w] > 0 && power[w] > loudest*1e-4
	}
	return on
}

// level brings the active part of in to a level in dB below full scale. Peaks
// that would be clipped are rounded off.
func level(in []float64, db float64) []int16 {
	sum, n := 0.0, 0
	for w, on := range active(in) {
		if on {
			sum += meanSquare(in[w*window : (w+1)*window])
			n++
		}
	}
	if n == 0 {
		return nil
	}
	gain := math.Pow(10, db/20) / math.Sqrt(sum/float64(n))
	out := make([]int16, len(in))
	for i, x := range in {
		out[i] = int16(math.Round(soft(x*gain) * math.MaxInt16))
	}
	return out
}

// soft is x up to a knee, and above it bends towards, and stays below, 0.95.
func soft(x float64) float64 {
	const knee, top = 0.7, 0.95
	if a := math.Abs(x); a > knee {
		return math.Copysign(knee+(top-knee)*math.Tanh((a-knee)/(top-knee)), x)
	}
	return x
}

func meanSquare(in []float64) float64 {
	sum := 0.0
	for _, x := range in {
		sum += x * x
	}
	return sum / float64(len(in))
}
