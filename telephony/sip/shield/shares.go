package shield

import (
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Shares gives out new calls so that nobody takes those of all the others. Half of
// what there may be in a second is each caller's share. Beyond it a caller gets what is
// left over, and never of the last half, which is kept for the others: whoever calls
// alone gets everything all the same. It is safe for concurrent use.
type Shares struct {
	clock clock.Clock
	all   *Bucket

	mu        sync.Mutex
	now, then map[string]*Bucket // callers of this minute and the one before
	turned    time.Time
}

// NewShares makes shares that nobody has used yet.
func NewShares(c clock.Clock) *Shares {
	return &Shares{clock: c, all: NewBucket(c), now: make(map[string]*Bucket), turned: c.Now()}
}

// Take tells whether there is a call for a caller, who is somebody that has proven
// who he is, when there may be so many in a second.
func (s *Shares) Take(who string, perSecond int) bool {
	half := max(1, perSecond/2)
	if s.bucket(who).Take(half, half) {
		return s.all.Take(perSecond, perSecond)
	}
	return s.all.Take(perSecond, perSecond-half)
}

func (s *Shares) bucket(who string) *Bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.clock.Now(); now.Sub(s.turned) > time.Minute || len(s.now) >= maxSources {
		s.then, s.now, s.turned = s.now, make(map[string]*Bucket), now
	}
	b := s.now[who]
	if b == nil {
		if b = s.then[who]; b == nil {
			b = NewBucket(s.clock)
		}
		s.now[who] = b
	}
	return b
}
