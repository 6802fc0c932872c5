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
	Call  call.ID       `json:"call"`
	Queue string        `json:"queue"`
	Given bool          `json:"given,omitempty"` // what it was has been said
	Owed  time.Duration `json:"owed,omitempty"`  // wrap-up that lasts only until it is
}

// owes notes that an agent's talk is over, and is how much longer his wrap-up lasts for
// want of a disposition.
func (f *Floor) owes(e acd.TalkEnded) time.Duration {
	c := f.talks[e.Agent]
	if c == nil {
		return 0
	}
	c.Call, f.unsaved = e.Call, true // a customer who was called back has a call of his own
	if q, ok := f.config.Load().Queue(c.Queue); ok && !c.Given {
		c.Owed = q.DispositionWait.D()
	}
	return c.Owed
}

// Dispose says what the last call of an agent was, by a code of its queue: his own word,
// or that of by. Where of is not empty it must be that call, and agent may be empty. A
// later word replaces the first.
func (f *Floor) Dispose(agent string, of call.ID, code string, by call.Party) error {
	return f.ask(func() error {
		for who, c := range f.talks {
			if agent != "" && who != agent || of != "" && c.Call != of {
				continue
			}
			q, ok := f.config.Load().Queue(c.Queue)
			if !ok || q.Dispositions[code] == "" {
				return ErrNoDisposition
			}
			f.opts.Journal.Note(call.Step{Call: c.Call, At: f.opts.Clock.Now(), Type: call.StepDisposition,
				Queue: c.Queue, Agent: who, Value: code, Reason: q.Dispositions[code], Party: by})
			c.Given, f.unsaved = true, true
			if c.Owed > 0 {
				f.apply(acd.WrapExtended{Agent: who, By: -c.Owed})
				c.Owed = 0
			}
			return nil
		}
		return ErrNoContact
	})
}
