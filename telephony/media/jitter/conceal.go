package jitter

// The shape of made-up sound, in ticks.
const (
	known   = 48 * tick // of real sound that is remembered
	match   = 12 * tick // of it that is compared to find the pitch
	fade    = 10 * tick // at full level, then down
	silence = 60 * tick // after this nothing is left
)

// concealer makes up what is missing from what was heard before it.
type concealer struct {
	rate   int
	past   []int16 // what was heard, newest last
	source []int16 // the past at the start of a loss
	period int     // of its pitch
	cycles int     // pitch periods that are repeated: 1 to 3
	phase  int     // in them
	made   int     // samples made up in a row; 0: sound is real
}

func newConcealer(rate int) concealer {
	both := make([]int16, 2*known*rate)
	return concealer{rate: rate, past: both[:known*rate], source: both[known*rate:]}
}

func (c *concealer) reset() {
	clear(c.past)
	c.made = 0
}

// sounding tells whether made-up sound is not silence yet.
func (c *concealer) sounding() bool { return c.made < silence*c.rate && c.made > 0 }

// real takes sound that came. After a loss its start is blended with what would
// have been made up (Appendix I, 2.5).
func (c *concealer) real(pcm []int16) {
	if c.sounding() {
		var made [longest]int16
		tail := made[:min(c.seam(), len(pcm))]
		c.synthesize(tail)
		blend(pcm[:len(tail)], tail, pcm[:len(tail)])
	}
	c.made = 0
	c.remember(pcm)
}

func (c *concealer) remember(pcm []int16) {
	h := c.past
	if len(pcm) >= len(h) {
		copy(h, pcm[len(pcm)-len(h):])
		return
	}
	copy(h, h[len(pcm):])
	copy(h[len(h)-len(pcm):], pcm)
}

// seam is the length over which two periods are blended, a quarter of one.
func (c *concealer) seam() int { return c.period / 4 }

// fill makes up sound.
func (c *concealer) fill(pcm []int16) {
	if c.made == 0 {
		c.begin()
	}
	c.synthesize(pcm)
	c.remember(pcm)
}

// begin finds the pitch at the end of the past. After silence there is only more of
// it.
func (c *concealer) begin() {
	copy(c.source, c.past)
	h := c.source
	n := len(h)
	newest := h[n-match*c.rate:]
	if energy(newest) == 0 {
		c.made = silence * c.rate
	}
	best := -2.0
	for lag := shortest * c.rate; lag <= longest*c.rate; lag++ {
		if r := likeness(newest, h[n-lag-len(newest):n-lag]); r > best {
			best, c.period = r, lag
		}
	}
	c.cycles, c.phase = 1, 0
}

// synthesize goes on with the last periods of the source, round and round.
func (c *concealer) synthesize(pcm []int16) {
	for i := range pcm {
		pcm[i] = int16(c.sample() * c.level() >> 15)
		c.made++
		if c.phase++; c.phase == c.cycles*c.period {
			c.phase = 0
			// More periods sound less like a buzzer (Appendix I, 2.3).
			more := (c.cycles+1)*c.period+c.seam() <= known*c.rate
			if more && c.cycles < 3 && c.made >= c.cycles*fade*c.rate {
				c.cycles++
			}
		}
	}
}

// sample is the present one. Near the end of the periods it turns into what stands
// before their start, so that they can begin again without a step.
func (c *concealer) sample() int32 {
	span, seam := c.cycles*c.period, c.seam()
	at := known*c.rate - span + c.phase
	x := int32(c.source[at])
	if k := int32(c.phase - (span - seam) + 1); k > 0 {
		x = (x*(int32(seam)+1-k) + int32(c.source[at-span])*k) / (int32(seam) + 1)
	}
	return x
}

// level is the loudness of the next sample, in 1/32768: full for 10 ms, then down
// to nothing at 60 ms.
func (c *concealer) level() int32 {
	over := c.made - fade*c.rate
	if over <= 0 {
		return 32768
	}
	return max(0, 32768-int32(over)*32768/int32((silence-fade)*c.rate))
}
