package call

import (
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// mailbox is an unbounded queue with one reader. Its writers are the call's own
// legs and the box's rooms, each of which sends a bounded number of events per
// second.
type mailbox struct {
	mu     sync.Mutex
	events []Event
	closed bool
	waiter clock.Waiter
}

func (m *mailbox) post(e Event) bool {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	m.events = append(m.events, e)
	m.mu.Unlock()
	m.waiter.Wake()
	return true
}

// close ends the mailbox and gives what nobody has read.
func (m *mailbox) close() []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return m.events
}

func (m *mailbox) pop() (Event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.events) == 0 {
		return nil, false
	}
	e := m.events[0]
	m.events[0] = nil
	m.events = m.events[1:]
	return e, true
}

func (m *mailbox) take(until time.Time) (Event, bool) {
	for {
		if e, ok := m.pop(); ok {
			return e, true
		}
		if !m.waiter.Wait(until) {
			return m.pop()
		}
	}
}
