package queue

import (
	"errors"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Why it cannot be said what a call was.
var (
	ErrNoContact     = errors.New("this is not the last call of a queue's agent")
	ErrNoDisposition = errors.New("the queue has no such disposition")
)

// contact is an agent's last caller of a queue.
type contact struct {
	call  call.ID
	queue string
	given bool          // what it was has been said
	owed  time.Duration // wrap-up that lasts only until it is
}

// owes notes that an agent's talk is over, and is how much longer his wrap-up lasts for
// want of a disposition.
func (f *Floor) owes(e acd.TalkEnded) time.Duration {
	c := f.talks[e.Agent]
	if c == nil {
		return 0
	}
	c.call = e.Call // a customer who was called back has a call of his own
	if q, ok := f.config.Load().Queue(c.queue); ok && !c.given {
		c.owed = q.DispositionWait.D()
	}
	return c.owed
}

// Dispose says what the last call of an agent was, by a code of its queue: his own word,
// or that of by. Where of is not empty it must be that call, and agent may be empty. A
// later word replaces the first.
func (f *Floor) Dispose(agent string, of call.ID, code string, by call.Party) error {
	return f.ask(func() error {
		for who, c := range f.talks {
			if agent != "" && who != agent || of != "" && c.call != of {
				continue
			}
			q, ok := f.config.Load().Queue(c.queue)
			if !ok || q.Dispositions[code] == "" {
				return ErrNoDisposition
			}
			f.opts.Journal.Note(call.Step{Call: c.call, At: f.opts.Clock.Now(), Type: call.StepDisposition,
				Queue: c.queue, Agent: who, Value: code, Reason: q.Dispositions[code], Party: by})
			c.given = true
			if c.owed > 0 {
				f.apply(acd.WrapExtended{Agent: who, By: -c.owed})
				c.owed = 0
			}
			return nil
		}
		return ErrNoContact
	})
}
