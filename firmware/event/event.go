// Package event carries news from the room where something changed to whoever
// watches.
//
// A Feed never waits for a subscriber: one that falls behind loses events, is
// told so by Lost, and re-reads the whole state from its owner. Events are
// therefore hints about what changed; the owner's snapshot is the truth.
package event

import (
	"slices"
	"sync"
)

// Feed fans events of type T out to its subscribers. The zero Feed is ready to
// use; it is safe for concurrent use.
type Feed[T comparable] struct {
	mu   sync.Mutex
	subs map[*Sub[T]]struct{}
}

// Sub is one subscription. Read C; when Lost reports true, events were dropped
// since the last call and the state must be read again.
type Sub[T comparable] struct {
	C    <-chan T
	c    chan T
	only []T
	feed *Feed[T]
	lost bool
}

// Subscribe returns a subscription that buffers up to n events: those named, or
// all when none are. Whoever names them is not woken for others.
func (f *Feed[T]) Subscribe(n int, only ...T) *Sub[T] {
	c := make(chan T, n)
	s := &Sub[T]{C: c, c: c, only: only, feed: f}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		f.subs = make(map[*Sub[T]]struct{})
	}
	f.subs[s] = struct{}{}
	return s
}

// Publish hands v to every subscriber that has room for it. It never blocks.
func (f *Feed[T]) Publish(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		if len(s.only) > 0 && !slices.Contains(s.only, v) {
			continue
		}
		select {
		case s.c <- v:
		default:
			s.lost = true
		}
	}
}

// Lost reports, once, whether events were dropped since it was last asked.
func (s *Sub[T]) Lost() bool {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	lost := s.lost
	s.lost = false
	return lost
}

// Close ends the subscription. C is not closed: a reader also watches its own
// context.
func (s *Sub[T]) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	delete(s.feed.subs, s)
}
