package dsp

import (
	"math"
	"math/cmplx"

	"github.com/pasokh/pasokh/hal"
)

// biquad is a second-order filter in transposed direct form.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	z1, z2             float64
}

// newNotch takes one frequency away; the nearer radius is to 1 the narrower.
func newNotch(hz, radius float64) biquad {
	c := 2 * math.Cos(2*math.Pi*hz/hal.Rate)
	return biquad{b0: 1, b1: -c, b2: 1, a1: -radius * c, a2: radius * radius}
}

// chain filters samples in place, by p and then by q. The two are apart by a sample, and
// the processor does both at once.
func chain(pcm []float64, p, q *biquad) {
	pb0, pb1, pb2, pa1, pa2, p1, p2 := p.b0, p.b1, p.b2, p.a1, p.a2, p.z1, p.z2
	qb0, qb1, qb2, qa1, qa2, q1, q2 := q.b0, q.b1, q.b2, q.a1, q.a2, q.z1, q.z2
	for i, x := range pcm {
		y := pb0*x + p1
		p1 = pb1*x + p2 - pa1*y
		p2 = pb2*x - pa2*y
		z := qb0*y + q1
		q1 = qb1*y + q2 - qa1*z
		q2 = qb2*y - qa2*z
		pcm[i] = z
	}
	p.z1, p.z2, q.z1, q.z2 = p1, p2, q1, q2
}

// gain is the filter's power gain at a frequency.
func (q *biquad) gain(hz float64) float64 {
	z := cmplx.Exp(complex(0, -2*math.Pi*hz/hal.Rate))
	num := complex(q.b0, 0) + complex(q.b1, 0)*z + complex(q.b2, 0)*z*z
	den := 1 + complex(q.a1, 0)*z + complex(q.a2, 0)*z*z
	return square(num / den)
}
