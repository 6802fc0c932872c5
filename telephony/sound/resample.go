package sound

import "math"

// Resampler takes samples of one rate to another: a polyphase filter, a windowed
// sinc that passes up to 7/8 of the lower of the two half rates and stops, by
// more than 70 dB, at the half rate itself.
type Resampler struct {
	up, down int // the ratio of the rates in lowest terms
	taps     int // of one phase
	phases   int
	table    []float32 // phases rows of taps, in the order in which they meet the samples
	window   []float32 // the last samples, twice, so that they always lie in a row
	at       int       // where the next sample goes in window
	ahead    int       // samples of the delay that are still to be dropped from the front
	time     int       // of the next output since the last input, in 1/up samples
	in, out  int64
}

// maxPhases bounds the table for rates that have little in common. With so many,
// the nearest phase is so near that the error is lower than that of 14 bits.
const maxPhases = 4096

// NewResampler is a resampler from one rate to another, in samples a second.
func NewResampler(from, to int) *Resampler {
	g := gcd(from, to)
	r := &Resampler{up: to / g, down: from / g}
	r.phases = min(r.up, maxPhases)
	low := float64(min(from, to)) / float64(from) / 2 // in cycles a sample of the input
	const attenuation, passed = 80.0, 7.0 / 8
	width := low * (1 - passed)
	half := int(math.Ceil((attenuation - 7.95) / 14.36 / width / 2)) // Kaiser's estimate
	r.taps = 2 * half
	r.window = make([]float32, 2*r.taps)
	r.table = make([]float32, r.phases*r.taps)
	cutoff := low * (1 + passed) / 2
	for p := range r.phases {
		row, sum := r.table[p*r.taps:(p+1)*r.taps], 0.0
		for k := range row {
			// Distance from the output, which lies between samples half-1 and half.
			x := float64(k-half+1) - float64(p)/float64(r.phases)
			y := 2 * cutoff * sinc(2*cutoff*x) * kaiser(x/float64(half), attenuation)
			row[k] = float32(y)
			sum += y
		}
		for k := range row {
			row[k] = float32(float64(row[k]) / sum) // one level for every phase
		}
	}
	r.ahead = half
	return r
}

// Write takes samples and appends to dst what becomes of them.
func (r *Resampler) Write(dst, samples []float32) []float32 {
	for _, x := range samples {
		r.in++
		dst = r.put(dst, x)
	}
	return dst
}

// Flush appends the end of the sound, which still waits for samples after it.
func (r *Resampler) Flush(dst []float32) []float32 {
	total := (r.in*int64(r.up) + int64(r.down) - 1) / int64(r.down)
	for r.out < total {
		dst = r.put(dst, 0)
	}
	if over := r.out - total; over > 0 && int64(len(dst)) >= over {
		dst = dst[:int64(len(dst))-over]
	}
	return dst
}

func (r *Resampler) put(dst []float32, x float32) []float32 {
	r.window[r.at], r.window[r.at+r.taps] = x, x
	if r.at++; r.at == r.taps {
		r.at = 0
	}
	if r.ahead > 0 {
		r.ahead--
		return dst
	}
	last := r.window[r.at : r.at+r.taps] // oldest first
	for ; r.time < r.up; r.time += r.down {
		row := r.table[r.time*r.phases/r.up*r.taps:][:r.taps]
		dst = append(dst, dot(row, last))
		r.out++
	}
	r.time -= r.up
	return dst
}

// dot is the sum of products of two rows of an even number of samples.
func dot(a, b []float32) float32 {
	var s, t float32
	b = b[:len(a)]
	for i := 0; i+1 < len(a); i += 2 {
		s += a[i] * b[i]
		t += a[i+1] * b[i+1]
	}
	return s + t
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window of that name at x from -1 to 1, for an attenuation in dB.
func kaiser(x, attenuation float64) float64 {
	beta := 0.1102 * (attenuation - 8.7)
	return bessel(beta*math.Sqrt(max(0, 1-x*x))) / bessel(beta)
}

// bessel is the modified Bessel function of order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
