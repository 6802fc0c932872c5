package sound

import "math"

// Meter measures the loudness of one channel after ITU-R BS.1770-4: K-weighted,
// in blocks of 400 ms that overlap by three quarters, of which only those count
// that are above -70 LUFS and not more than 10 LU below the mean of the others.
type Meter struct {
	shelf, high biquad
	step        int       // samples of 100 ms
	n           int       // of them in the current one
	sum         float64   // of squares in it
	steps       []float64 // mean square of each 100 ms
}

// NewMeter is a meter of a sound with a rate in samples a second.
func NewMeter(rate int) *Meter {
	return &Meter{shelf: headShelf(rate), high: highPass(rate), step: rate / 10}
}

// Write takes the next samples.
func (m *Meter) Write(samples []float32) {
	for _, x := range samples {
		y := m.high.next(m.shelf.next(float64(x)))
		m.sum += y * y
		if m.n++; m.n == m.step {
			m.steps = append(m.steps, m.sum/float64(m.step))
			m.n, m.sum = 0, 0
		}
	}
}

// Loudness is what was measured, in LUFS: -Inf for silence. A sound shorter than
// a block counts as one.
func (m *Meter) Loudness() float64 {
	const overlapped = 4
	steps := m.steps
	if len(steps) < overlapped {
		total, n := m.sum, m.n
		for _, s := range steps {
			total, n = total+s*float64(m.step), n+m.step
		}
		return gated([]float64{total / float64(max(n, 1))})
	}
	blocks := make([]float64, 0, len(steps))
	for i := overlapped; i <= len(steps); i++ {
		blocks = append(blocks, (steps[i-4]+steps[i-3]+steps[i-2]+steps[i-1])/overlapped)
	}
	return gated(blocks)
}

func gated(blocks []float64) float64 {
	mean := func(above float64) float64 {
		sum, n := 0.0, 0
		for _, b := range blocks {
			if lufs(b) > above {
				sum, n = sum+b, n+1
			}
		}
		return lufs(sum / float64(max(n, 1)))
	}
	const absolute, relative = -70, 10
	return mean(max(absolute, mean(absolute)-relative))
}

// lufs is a K-weighted mean square as a level.
func lufs(power float64) float64 { return -0.691 + 10*math.Log10(power) }

// biquad is a filter of the second order.
type biquad struct{ b0, b1, b2, a1, a2, z1, z2 float64 }

func (q *biquad) next(x float64) float64 {
	y := q.b0*x + q.z1
	q.z1 = q.b1*x - q.a1*y + q.z2
	q.z2 = q.b2*x - q.a2*y
	return y
}

// headShelf is the first filter of the K weighting, at any rate: the poles and
// zeros of BS.1770's table for 48 kHz taken through the bilinear transform.
func headShelf(rate int) biquad {
	const hz, q, gain = 1681.974450955533, 0.7071752369554196, 3.999843853973347
	k := math.Tan(math.Pi * hz / float64(rate))
	vh := math.Pow(10, gain/20)
	vb := math.Pow(vh, 0.4996667741545416)
	a0 := 1 + k/q + k*k
	return biquad{b0: (vh + vb*k/q + k*k) / a0, b1: 2 * (k*k - vh) / a0, b2: (vh - vb*k/q + k*k) / a0,
		a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

// highPass is the second filter of the K weighting.
func highPass(rate int) biquad {
	const hz, q = 38.13547087602444, 0.5003270373238773
	k := math.Tan(math.Pi * hz / float64(rate))
	a0 := 1 + k/q + k*k
	return biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}
