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
	signal chan struct{}
}

func (m *mailbox) post(e Event) bool {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	m.events = append(m.events, e)
	m.mu.Unlock()
	select {
	case m.signal <- struct{}{}:
	default:
	}
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

func (m *mailbox) take(clk clock.Clock, until time.Time) (Event, bool) {
	if e, ok := m.pop(); ok {
		return e, true
	}
	var expired chan struct{}
	if !until.IsZero() {
		expired = make(chan struct{})
		t := clk.AfterFunc(until.Sub(clk.Now()), func() { close(expired) })
		defer t.Stop()
	}
	for {
		select {
		case <-m.signal:
			if e, ok := m.pop(); ok {
				return e, true
			}
		case <-expired:
			return m.pop()
		}
	}
}
