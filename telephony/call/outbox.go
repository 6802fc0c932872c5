package call

import "sync"

// maxBacklog bounds the events of a leg that no call has yet.
const maxBacklog = 32

// Outbox carries a leg's events to the sink that it is attached to, in order:
// what happens before the first Attach waits, and nothing follows Ended. A sink that
// comes after that gets Ended too: a leg may be given away while it ends. The zero
// Outbox is ready; it is safe for concurrent use.
type Outbox struct {
	mu      sync.Mutex
	sink    Sink
	backlog []Event
	ended   Event // Ended, once it was sent
}

// Attach makes s the receiver of the events from now on.
func (o *Outbox) Attach(s Sink) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sink = s
	for _, e := range o.backlog {
		s.Post(e)
	}
	o.backlog = nil
	if o.ended != nil {
		s.Post(o.ended)
	}
}

// Post sends an event. It reports false once Ended was sent.
func (o *Outbox) Post(e Event) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended != nil {
		return false
	}
	_, over := e.(Ended)
	if over {
		o.ended = e
	}
	switch {
	case o.sink != nil:
		o.sink.Post(e)
	case !over && len(o.backlog) < maxBacklog:
		o.backlog = append(o.backlog, e)
	}
	return true
}

// Sink is the present receiver, nil before the first Attach.
func (o *Outbox) Sink() Sink {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sink
}
