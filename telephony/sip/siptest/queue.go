package siptest

import (
	"sync"
	"time"
)

// queue holds whatever comes until it is asked for: who brings something never
// waits. A peer that nobody listens to any more must not stop the network, nor a
// slow machine lose what a fast one does not.
type queue[T any] struct {
	mu   sync.Mutex
	list []T
	more chan struct{} // one token while there may be something
}

func newQueue[T any]() *queue[T] { return &queue[T]{more: make(chan struct{}, 1)} }

func (q *queue[T]) put(v T) {
	q.mu.Lock()
	q.list = append(q.list, v)
	q.mu.Unlock()
	q.wake()
}

func (q *queue[T]) wake() {
	select {
	case q.more <- struct{}{}:
	default:
	}
}

// take waits for the first of the queue, until over or done says that it is in vain.
// Either may be nil.
func (q *queue[T]) take(over <-chan time.Time, done <-chan struct{}) (v T, ok bool) {
	for {
		q.mu.Lock()
		if len(q.list) > 0 {
			v, q.list = q.list[0], q.list[1:]
			left := len(q.list)
			q.mu.Unlock()
			if left > 0 {
				q.wake()
			}
			return v, true
		}
		q.mu.Unlock()
		select {
		case <-q.more:
		case <-over:
			return v, false
		case <-done:
			return v, false
		}
	}
}
