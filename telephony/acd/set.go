package acd

import "math/bits"

// set is a set of small numbers, a bit for each.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(n int)      { s[n>>6] |= 1 << (n & 63) }
func (s set) drop(n int)     { s[n>>6] &^= 1 << (n & 63) }
func (s set) has(n int) bool { return s[n>>6]>>(n&63)&1 == 1 }

// join adds all of another set of the same size.
func (s set) join(other set) {
	for i, word := range other {
		s[i] |= word
	}
}

// empty tells whether nothing is in the set and in all of some others of its size.
func (s set) empty(and ...set) bool {
	for i, word := range s {
		for _, other := range and {
			word &= other[i]
		}
		if word != 0 {
			return false
		}
	}
	return true
}

// count is how many are in both sets.
func (s set) count(and set) (n int) {
	for i, word := range s {
		n += bits.OnesCount64(word & and[i])
	}
	return n
}
