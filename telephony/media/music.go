package media

import (
	"math/rand/v2"
	"sync/atomic"
)

// Music is a class of hold music: sounds of the library, one after another without
// a gap, for ever.
type Music struct {
	Sounds []string // names in the library, MaxSounds at most
	Random bool     // in another order each time round
	// Continuous music runs on whether or not anybody listens, and all hear the same.
	// Otherwise everybody hears it from the beginning, and goes on where he was.
	Continuous bool
}

// MaxSounds is how many sounds a class of music can have.
const MaxSounds = 100

// programme is a class of music as it is played. It is never changed once made.
type programme struct {
	class      string
	clips      []*clip
	total      int64 // samples of one time round
	random     bool
	continuous bool
}

// place is where a listener is in a programme.
type place struct {
	of    *programme
	lib   *Library
	at    int64 // samples since the beginning, where not continuous
	mark  *bookmark
	round int64               // the time round that order is of
	order [2][MaxSounds]uint8 // of even and odd times round
}

// bookmark is where a party was in music that is its own.
type bookmark struct {
	class string // touched by whoever makes players only
	at    atomic.Int64
}

// listen finds the place of a listener who has come, or come back.
func (pr *programme) listen(lib *Library, mark *bookmark) *place {
	pl := &place{of: pr, lib: lib, round: -2, mark: mark}
	if pr.continuous {
		return pl
	}
	if mark == nil {
		pl.mark = new(bookmark)
	}
	if pl.mark.class != pr.class {
		pl.mark.class = pr.class
		pl.mark.at.Store(0)
		if pr.random {
			pl.mark.at.Store(rand.Int64N(1<<20) * pr.total)
		}
	}
	pl.at = pl.mark.at.Load()
	return pl
}

// fill writes the next samples of the music.
func (pl *place) fill(dst []byte, c Codec, now int64) {
	at := pl.at
	if pl.of.continuous {
		at = now
	}
	for n := 0; n < len(dst); {
		clip, pos, next := pl.find(at + int64(n))
		m := min(clip.samples-pos, len(dst)-n)
		pl.lib.copy(dst[n:n+m], clip, c, pos, now)
		if clip.samples-pos < TapePage {
			pl.lib.want(next, c, 0)
		}
		n += m
	}
	if !pl.of.continuous {
		pl.at += int64(len(dst))
		pl.mark.at.Store(pl.at)
	}
}

// find is the sound at a time, the place within it, and the sound that follows.
func (pl *place) find(at int64) (c *clip, pos int, next *clip) {
	pr := pl.of
	round, rest := at/pr.total, at%pr.total
	if round != pl.round {
		pl.round = round
		pr.shuffle(&pl.order[round&1], round)
		pr.shuffle(&pl.order[(round+1)&1], round+1)
	}
	order, after := &pl.order[round&1], &pl.order[(round+1)&1]
	for i := range pr.clips {
		c = pr.clips[order[i]]
		if rest < int64(c.samples) {
			if next = pr.clips[after[0]]; i+1 < len(pr.clips) {
				next = pr.clips[order[i+1]]
			}
			return c, int(rest), next
		}
		rest -= int64(c.samples)
	}
	panic("a programme is as long as its sounds")
}

// shuffle is the order of a time round, the same for everybody who asks.
func (pr *programme) shuffle(order *[MaxSounds]uint8, round int64) {
	n := len(pr.clips)
	for i := range n {
		order[i] = uint8(i)
	}
	if !pr.random {
		return
	}
	x := uint64(round)
	for i := n - 1; i > 0; i-- {
		x = mixed(x + 0x9e3779b97f4a7c15)
		j := int(x % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}

// mixed is SplitMix64's finaliser: near numbers become far ones.
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
