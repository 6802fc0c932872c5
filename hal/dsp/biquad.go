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

func (q *biquad) next(x float64) float64 {
	y := q.b0*x + q.z1
	q.z1 = q.b1*x - q.a1*y + q.z2
	q.z2 = q.b2*x - q.a2*y
	return y
}

// gain is the filter's power gain at a frequency.
func (q *biquad) gain(hz float64) float64 {
	z := cmplx.Exp(complex(0, -2*math.Pi*hz/hal.Rate))
	num := complex(q.b0, 0) + complex(q.b1, 0)*z + complex(q.b2, 0)*z*z
	den := 1 + complex(q.a1, 0)*z + complex(q.a2, 0)*z*z
	return square(num / den)
}
