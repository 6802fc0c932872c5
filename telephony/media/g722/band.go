package g722

// band is the adaptive state of one of the two bands: a predictor of two poles and
// six zeros, and the size of the quantizer's step.
type band struct {
	log  int32 // of the step, scaled (6.2.1.3)
	step int32 // of the quantizer

	guess int32    // the predictor's estimate of the next sample
	zeros int32    // the part of guess that the zeros make
	recon [2]int32 // the last reconstructed samples, newest first
	part  [2]int32 // the last partial reconstructions: zeros plus difference
	pole  [2]int32 // coefficients of the poles
	diff  [6]int32 // the last quantized differences
	zero  [6]int32 // coefficients of the zeros
}

// The steps at rest (table 17).
const (
	lowStep  = 32
	highStep = 8
)

// quantizeLow is the lower band's code for a sample, 6 bits (6.2.1.2).
func (b *band) quantizeLow(sample int32) int32 {
	diff := sat(sample - b.guess)
	size := diff
	if diff < 0 {
		size = ^diff
	}
	n := 1
	for n < len(decide6) && size >= decide6[n]*b.step>>12 {
		n++
	}
	if diff < 0 {
		return negative6[n]
	}
	return positive6[n]
}

// quantizeHigh is the upper band's code for a sample, 2 bits.
func (b *band) quantizeHigh(sample int32) int32 {
	diff := sat(sample - b.guess)
	size, code := diff, int32(3)
	if diff < 0 {
		size, code = ^diff, 1
	}
	if size >= decide2*b.step>>12 {
		code--
	}
	return code
}

// adaptLow follows the lower band's code without its two last bits: those may be
// taken for data, so nothing depends on them.
func (b *band) adaptLow(code int32) {
	diff := b.step * low4[code] >> 15
	b.rescale(weightLow[code], 18432, 8)
	b.predict(diff)
}

// adaptHigh follows the upper band's code.
func (b *band) adaptHigh(code int32) {
	diff := b.step * high2[code] >> 15
	b.rescale(weightHigh[code&1], 22528, 10)
	b.predict(diff)
}

// rescale moves the step on: it leaks towards its minimum and grows with large
// codes (6.2.1.3).
func (b *band) rescale(weight, most, shift int32) {
	b.log = limit(b.log*127>>7+weight, 0, most)
	mantissa, exponent := antilog[b.log>>6&31], shift-b.log>>11
	if exponent < 0 {
		mantissa <<= -exponent
	} else {
		mantissa >>= exponent
	}
	b.step = mantissa << 2
}

// predict takes the quantized difference of the sample that was guessed, adapts
// the predictor and makes the next guess (6.2.1.4, 6.2.1.5).
func (b *band) predict(diff int32) {
	recon, part := sat(b.guess+diff), sat(b.zeros+diff)
	b.adaptPoles(part)
	b.adaptZeros(diff)
	copy(b.diff[1:], b.diff[:5])
	b.diff[0] = diff
	b.recon = [2]int32{recon, b.recon[0]}
	b.part = [2]int32{part, b.part[0]}

	var poles int32
	for i, r := range b.recon {
		poles += b.pole[i] * sat(2*r) >> 15
	}
	b.zeros = 0
	for i, d := range b.diff {
		b.zeros += b.zero[i] * sat(2*d) >> 15
	}
	b.zeros = sat(b.zeros)
	b.guess = sat(sat(poles) + b.zeros)
}

// adaptPoles moves the poles by the signs of the newest partial reconstructions,
// and keeps them where the filter is stable.
func (b *band) adaptPoles(part int32) {
	same, push := alike(part, b.part[0]), sat(4*b.pole[0])
	if same {
		push = min(-push, 32767)
	}
	second := push >> 7
	if alike(part, b.part[1]) {
		second += 128
	} else {
		second -= 128
	}
	second = limit(second+b.pole[1]*32512>>15, -12288, 12288)

	first := int32(-192)
	if same {
		first = 192
	}
	bound := 15360 - second
	first = limit(sat(first+b.pole[0]*32640>>15), -bound, bound)
	b.pole = [2]int32{first, second}
}

// adaptZeros moves the zeros by the signs of the differences they multiply.
func (b *band) adaptZeros(diff int32) {
	gain := int32(128)
	if diff == 0 {
		gain = 0
	}
	for i, d := range b.diff {
		push := -gain
		if alike(diff, d) {
			push = gain
		}
		b.zero[i] = sat(push + b.zero[i]*32640>>15)
	}
}

// alike tells whether two numbers have the same sign; zero is positive.
func alike(x, y int32) bool { return (x < 0) == (y < 0) }

func sat(x int32) int32 { return limit(x, -32768, 32767) }

func limit(x, least, most int32) int32 { return min(max(x, least), most) }
