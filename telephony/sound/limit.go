package sound

import (
	"math"
	"slices"
)

// limiter keeps the true peaks of a sound below a ceiling. It looks 5 ms ahead
// and turns the sound down softly before a peak and up again after it, so that
// nothing is cut off.
type limiter struct {
	ceiling float32
	peaks   *Resampler // to four times the rate, where peaks between samples show
	fine    []float32
	delay   []float32 // samples that wait
	gains   []float32 // the gain that each of the last samples needs by itself
	lows    []float32 // the least of those gains around each moment
	sum     float64   // of lows
	n       int
	early   int // samples of the delay that are still to be dropped
}

const oversampling = 4

func newLimiter(rate int, ceiling float64) *limiter {
	ahead := rate / 200
	l := &limiter{ceiling: float32(ceiling), peaks: NewResampler(rate, oversampling*rate)}
	l.delay = make([]float32, ahead+l.peaks.ahead)
	l.gains, l.lows = slices.Repeat([]float32{1}, ahead+1), slices.Repeat([]float32{1}, ahead)
	l.sum, l.early = float64(ahead), len(l.delay)
	return l
}

// write appends to dst what is let through of samples.
func (l *limiter) write(dst, samples []float32) []float32 {
	for _, x := range samples {
		peak := float32(0)
		l.fine = l.peaks.Write(l.fine[:0], []float32{x})
		for _, y := range l.fine {
			peak = max(peak, float32(math.Abs(float64(y))))
		}
		gain := float32(1)
		if peak > l.ceiling {
			gain = l.ceiling / peak
		}
		l.gains[l.n%len(l.gains)] = gain
		i, low := l.n%len(l.lows), gain
		if l.lows[(i+len(l.lows)-1)%len(l.lows)] < 1 { // else none of the others is lower
			low = slices.Min(l.gains)
		}
		l.sum += float64(low) - float64(l.lows[i])
		l.lows[i] = low

		k := l.n % len(l.delay)
		out := l.delay[k] * float32(l.sum/float64(len(l.lows)))
		l.delay[k] = x
		l.n++
		if l.early > 0 {
			l.early--
			continue
		}
		dst = append(dst, min(max(out, -l.ceiling), l.ceiling))
	}
	return dst
}

// flush appends what still waits.
func (l *limiter) flush(dst []float32) []float32 {
	return l.write(dst, make([]float32, len(l.delay)))
}
