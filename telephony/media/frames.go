package media

import "sync"

// frameQueue carries frames between a port, paced by its device's clock, and the
// tick. The clocks drift apart slowly: when it is full the oldest frame is
// dropped, when it runs dry it waits for two frames again.
type frameQueue struct {
	mu     sync.Mutex
	ring   [3]frame
	head   int
	count  int
	primed bool

	dropped uint64
}

func (q *frameQueue) put(f *frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count == len(q.ring) {
		q.head = (q.head + 1) % len(q.ring)
		q.count--
		q.dropped++
	}
	q.ring[(q.head+q.count)%len(q.ring)] = *f
	q.count++
	if q.count >= 2 {
		q.primed = true
	}
}

// take is the oldest frame, or silence and false.
func (q *frameQueue) take(f *frame) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.primed || q.count == 0 {
		q.primed = false
		*f = frame{}
		return false
	}
	*f = q.ring[q.head]
	q.head = (q.head + 1) % len(q.ring)
	q.count--
	return true
}

// overrun is how many frames were dropped.
func (q *frameQueue) overrun() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}
