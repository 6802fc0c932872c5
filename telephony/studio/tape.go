package studio

import (
	"slices"
	"sync"
)

const (
	rate   = 8000 // samples a second
	window = rate / 100
)

// tape is the tap of a leg whose party is recorded, in a narrow band: prompts are heard
// over the telephone.
type tape struct {
	mu  sync.Mutex // held for a copy
	pcm []int16    // as long as a recording may be, so that nothing is allocated
}

func newTape() *tape { return &tape{pcm: make([]int16, 0, int(longest.Seconds())*rate)} }

// Frame keeps 20 ms of what the party says.
func (t *tape) Frame(said, _ []int16) {
	t.mu.Lock()
	defer t.mu.Unlock()
	step := max(1, len(said)/(2*window)) // 2 of a wide leg
	for i := 0; i+step <= len(said) && len(t.pcm) < cap(t.pcm); i += step {
		sum := 0
		for _, x := range said[i : i+step] {
			sum += int(x)
		}
		t.pcm = append(t.pcm, int16(sum/step))
	}
}

// Of a recording: what is quieter than loudest by 40 dB is silence, and so is what never
// is louder than noise. The key that ended it is cut off.
const (
	quieter = 10_000     // in power
	noise   = 100 * 100  // mean square of a line's noise
	tail    = rate / 4   // the key's click, and its tone on an analog line
	margin  = 3 * window // kept of the silence at both ends
	least   = rate / 5   // of a word
)

// words is what was said, without the silence at both ends; nil for nothing.
func (t *tape) words() []int16 {
	t.mu.Lock()
	defer t.mu.Unlock()
	pcm := t.pcm[:max(0, len(t.pcm)-tail)]
	power, loudest := make([]int64, len(pcm)/window), int64(0)
	for w := range power {
		for _, x := range pcm[w*window : (w+1)*window] {
			power[w] += int64(x) * int64(x)
		}
		loudest = max(loudest, power[w])
	}
	loud := func(p int64) bool { return p > loudest/quieter && p > noise*window }
	first := slices.IndexFunc(power, loud)
	if first < 0 {
		return nil
	}
	last := len(power)
	for !loud(power[last-1]) {
		last--
	}
	if (last-first)*window < least {
		return nil
	}
	return slices.Clone(pcm[max(0, first*window-margin):min(len(pcm), last*window+margin)])
}
