package media

import "github.com/pasokh/pasokh/hal"

type frame = hal.Frame

// A tick's sound, in samples: legs whose codec is wide have 16 kHz, all others 8.
const (
	narrow = hal.FrameSamples
	wide   = 2 * narrow
)

// band is the rate of a sound.
type band uint8

// The bands.
const (
	narrowBand band = iota
	wideBand
	bands
)

// samples is how many there are in a tick.
func (b band) samples() int { return narrow << b }

// block is a tick's sound of either band; a mix may be louder than a sample can say.
type block [wide]int32

func widen(dst []int32, src []int16) {
	for i, x := range src {
		dst[i] = int32(x)
	}
}

// squash makes samples of a mix. What is louder than knee is bent, not cut: the more
// voices at once, the less each adds, and nothing clips.
func squash(dst []int16, src []int32) {
	const knee, room = 24000, 32767 - 24000
	for i, x := range src {
		switch {
		case x > knee:
			over := int64(x - knee)
			x = knee + int32(over*room/(over+room))
		case x < -knee:
			over := int64(-knee - x)
			x = -knee - int32(over*room/(over+room))
		}
		dst[i] = int16(x)
	}
}

// widen makes wide sound of narrow sound.
func (d *doubler) widen(dst, src []int16) {
	var in, out block
	widen(in[:], src)
	d.process(out[:], in[:narrow])
	squash(dst, out[:])
}

// converter takes one party's sound to the other band.
type converter struct {
	up   doubler
	down halver
}

// convert writes src in the other band to dst.
func (c *converter) convert(dst, src []int16) {
	var in, out block
	widen(in[:], src)
	if len(dst) > len(src) {
		c.up.process(out[:], in[:len(src)])
	} else {
		c.down.process(out[:], in[:len(src)])
	}
	for i := range dst {
		dst[i] = int16(min(max(out[i], -32768), 32767))
	}
}
