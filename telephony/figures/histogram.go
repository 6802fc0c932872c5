package figures

import (
	"maps"
	"math/bits"
	"slices"
)

// Histogram counts waits in milliseconds. It is mergeable: that of a day is the sum of
// those of its hours. Up to 128 ms it is exact; beyond it has 64 steps between a power
// of two and the next, so that a quantile is at most 1/64 (1.6 %) too high and never
// too low.
type Histogram map[int]int64

const steps = 64

// slot is the number of a wait's step.
func slot(ms int64) int {
	if ms < 2*steps {
		return int(max(0, ms))
	}
	power := bits.Len64(uint64(ms)) - 7 // ms>>power is 64 to 127
	return power*steps + int(ms>>power)
}

// top is the longest wait in a step.
func top(slot int) int64 {
	if slot < 2*steps {
		return int64(slot)
	}
	power := slot/steps - 1
	return (int64(slot-power*steps)+1)<<power - 1
}

func (h Histogram) add(ms int64) { h[slot(ms)]++ }

// Quantile is the wait that a part of all (0 to 1) did not exceed, in milliseconds;
// false without any.
func (h Histogram) Quantile(part float64) (ms int64, ok bool) {
	all := int64(0)
	for _, n := range h {
		all += n
	}
	if all == 0 {
		return 0, false
	}
	left := int64(part*float64(all) + 0.9999999)
	for _, s := range slices.Sorted(maps.Keys(h)) {
		if left -= h[s]; left <= 0 {
			return top(s), true
		}
	}
	return 0, false
}
