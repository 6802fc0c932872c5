package jitter

import "math"

// Pitch periods of voices, in ticks: 200 to 66 Hz (G.711 Appendix I, 2.1).
const (
	shortest = 5 * tick
	longest  = 15 * tick
)

// pitch finds the period, up to most samples, after which sound repeats best
// around a place: the period before it and the one after it are alike. ok is false
// when nothing repeats, unless the sound is too quiet for that to matter.
func pitch(x []int16, at, most, rate int) (period int, ok bool) {
	if most < shortest*rate {
		return 0, false
	}
	if energy(x[at-most:at+most]) < float64(2*most)*quietest*quietest {
		return most, true
	}
	best := -1.0
	for lag := shortest * rate; lag <= most; lag++ {
		if r := likeness(x[at-lag:at], x[at:at+lag]); r > best {
			best, period = r, lag
		}
	}
	return period, best > 0.6
}

// quietest is the RMS of sound in which a seam is not heard.
const quietest = 60

// likeness is the normalised correlation, -1 to 1. Every second sample is enough.
func likeness(x, y []int16) float64 {
	var xy, xx, yy int64
	for i := 0; i+1 < len(x) && i+1 < len(y); i += 2 {
		a, b := int64(x[i]), int64(y[i])
		xy += a * b
		xx += a * a
		yy += b * b
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return float64(xy) / math.Sqrt(float64(xx)*float64(yy))
}

func energy(x []int16) (sum float64) {
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}

// blend goes from one sound to another over the length of dst, which may be either.
func blend(dst, from, to []int16) {
	n := int32(len(dst))
	for i := range dst {
		k := int32(i) + 1
		dst[i] = int16((int32(from[i])*(n+1-k) + int32(to[i])*k) / (n + 1))
	}
}
