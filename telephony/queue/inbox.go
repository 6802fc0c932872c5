package queue

import (
	"sync"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// request is what others ask of the floor: an event to apply, with the visit
// that it begins if a caller joins or the call that asks for an answer, that a recall is over, or to read the
// configuration again, or to look which agents have a phone.
type request struct {
	event  acd.Event
	visit  *visit
	asks   *call.Call
	over   *recallOver
	do     func() // something else in the floor's goroutine
	reload bool
	look   bool
}

// inbox is an unbounded queue with one reader, the floor. Its writers are the
// running calls, which are limited in number and send a few requests each.
type inbox struct {
	waiter clock.Waiter
	mu     sync.Mutex
	list   []request
	closed bool
}

func newInbox(c clock.Clock) inbox { return inbox{waiter: c.NewWaiter()} }

// post reports false once the floor has closed. It never blocks.
func (b *inbox) post(r request) bool {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return false
	}
	b.list = append(b.list, r)
	b.mu.Unlock()
	b.waiter.Wake()
	return true
}

func (b *inbox) take() []request {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.list
	b.list = nil
	return list
}

// close refuses further requests and returns those not taken.
func (b *inbox) close() []request {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	return b.take()
}
