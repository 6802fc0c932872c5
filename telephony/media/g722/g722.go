// Package g722 is the wideband codec of ITU-T G.722 at 64 kbit/s: 16 kHz sound in
// as many bytes as G.711 needs for 8 kHz. Desk phones call it HD voice.
//
// The sound is split into two bands of 8 kHz each by a quadrature mirror filter;
// the lower is coded with 6 bits and the upper with 2, both by adaptive
// differential coding whose predictor and step follow the code words alone, so
// that coder and decoder stay alike without anything being sent about them.
// Section numbers in the comments are those of the recommendation (09/2012). RTP
// counts its timestamps at 8000 a second (RFC 3551 4.5.2).
//
// A Coder and a Decoder belong to one stream of sound and to one goroutine. Both
// are ready to use after New and allocate nothing.
package g722

// Rate is the number of samples a second of the sound; every byte holds two.
const Rate = 16000

// Coder makes bytes of sound.
type Coder struct {
	history   [taps]int32 // of the transmit filter
	low, high band
}

// NewCoder makes a coder at rest.
func NewCoder() *Coder { return &Coder{low: band{step: lowStep}, high: band{step: highStep}} }

// Encode writes the bytes of pcm, which must hold two samples per byte of dst.
func (c *Coder) Encode(dst []byte, pcm []int16) {
	for i := range dst {
		low, high := c.split(int32(pcm[2*i]), int32(pcm[2*i+1]))
		code := c.low.quantizeLow(low)
		c.low.adaptLow(code >> 2)
		sign := c.high.quantizeHigh(high)
		c.high.adaptHigh(sign)
		dst[i] = byte(sign<<6 | code)
	}
}

// Decoder makes sound of bytes.
type Decoder struct {
	history   [taps]int32 // of the receive filter
	low, high band
}

// NewDecoder makes a decoder at rest.
func NewDecoder() *Decoder { return &Decoder{low: band{step: lowStep}, high: band{step: highStep}} }

// Decode writes the two samples of every byte of src to pcm.
func (d *Decoder) Decode(pcm []int16, src []byte) {
	for i, b := range src {
		code, sign := int32(b&0x3f), int32(b>>6)
		low := limit(d.low.guess+d.low.step*low6[code]>>15, -16384, 16383)
		d.low.adaptLow(code >> 2)
		high := limit(d.high.guess+d.high.step*high2[sign]>>15, -16384, 16383)
		d.high.adaptHigh(sign)
		pcm[2*i], pcm[2*i+1] = d.join(low, high)
	}
}

// The quadrature mirror filter of 24 taps (table 11): the even ones, and in
// reverse the odd ones.
const taps = 24

var mirror = [taps / 2]int32{3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11}

// split is the transmit filter (6.2.1.1): two samples become one of each band.
func (c *Coder) split(first, second int32) (low, high int32) {
	copy(c.history[:], c.history[2:])
	c.history[taps-2], c.history[taps-1] = first, second
	var odd, even int32
	for i, k := range mirror {
		odd += c.history[2*i] * k
		even += c.history[2*i+1] * mirror[taps/2-1-i]
	}
	return (even + odd) >> 14, (even - odd) >> 14
}

// join is the receive filter (6.2.2.5).
func (d *Decoder) join(low, high int32) (first, second int16) {
	copy(d.history[:], d.history[2:])
	d.history[taps-2], d.history[taps-1] = low+high, low-high
	var odd, even int32
	for i, k := range mirror {
		odd += d.history[2*i] * k
		even += d.history[2*i+1] * mirror[taps/2-1-i]
	}
	return int16(sat(even >> 11)), int16(sat(odd >> 11))
}
