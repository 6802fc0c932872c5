package identity

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// How guessing is slowed down.
const (
	freeTries   = 5
	tryWindow   = 10 * time.Minute // tries older than this are forgotten
	firstWait   = 2 * time.Second
	longestWait = 10 * time.Minute
	maxGuessers = 10_000
)

// ErrThrottled: too many wrong tries. The error is a *ThrottledError.
var ErrThrottled = errors.New("too many wrong tries")

// ThrottledError is ErrThrottled with the time to wait.
type ThrottledError struct {
	RetryAfter time.Duration // above 0
}

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("%v: try again in %v", ErrThrottled, e.RetryAfter.Round(time.Second))
}

// Unwrap makes it ErrThrottled.
func (e *ThrottledError) Unwrap() error { return ErrThrottled }

// throttle counts wrong tries by guesser: a user and where he comes from. The
// account itself is never locked, so nobody can lock its owner out from elsewhere.
type throttle struct {
	mu       sync.Mutex
	guessers map[string]*tries
}

type tries struct {
	wrong int
	last  time.Time
}

// wait is how long after the last wrong try the next one may come.
func (t *tries) wait() time.Duration {
	if t.wrong < freeTries {
		return 0
	}
	return min(firstWait<<min(t.wrong-freeTries, 16), longestWait)
}

func (t *tries) forgotten(now time.Time) bool { return now.Sub(t.last) > tryWindow+t.wait() }

// try counts a try before its outcome is known, so that many at once do not
// slip through together. It returns a *ThrottledError when the guesser has to wait.
func (t *throttle) try(now time.Time, guesser string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.guessers[guesser]
	if ok {
		if left := g.wait() - now.Sub(g.last); left > 0 {
			return &ThrottledError{RetryAfter: left}
		}
	}
	if !ok || g.forgotten(now) {
		t.makeRoom(now)
		g = &tries{}
		t.guessers[guesser] = g
	}
	g.wrong++
	g.last = now
	return nil
}

// passed forgets the tries of somebody who was right in the end.
func (t *throttle) passed(guesser string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.guessers, guesser)
}

// makeRoom forgets whom it may when the table is full; if that is nobody, half of
// all, so that a flood of names does not make every try walk the table.
// The caller holds t.mu.
func (t *throttle) makeRoom(now time.Time) {
	if t.guessers == nil {
		t.guessers = make(map[string]*tries)
	}
	if len(t.guessers) < maxGuessers {
		return
	}
	for name, g := range t.guessers {
		if g.forgotten(now) {
			delete(t.guessers, name)
		}
	}
	if len(t.guessers) < maxGuessers {
		return
	}
	for name := range t.guessers {
		if len(t.guessers) <= maxGuessers/2 {
			break
		}
		delete(t.guessers, name)
	}
}
