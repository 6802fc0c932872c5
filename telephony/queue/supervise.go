package queue

import (
	"errors"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// What supervisors do on the floor. Each asks the floor and is told whether it could be
// done; the ledger keeps who did it.

// Why something cannot be done.
var (
	ErrClosed  = errors.New("the box is stopping")
	ErrNoAgent = errors.New("no agent of that queue")
	ErrOut     = errors.New("the agent is not logged in there")
	ErrNoWrap  = errors.New("the agent does not wrap up")
	ErrGone    = errors.New("that caller does not wait any more")
	ErrNoQueue = errors.New("there is no such queue")
	ErrNoPhone = errors.New("no phone of this extension can be reached")
)

// ask has something done in the floor's goroutine, which waits for nobody, and returns
// what came of it.
func (f *Floor) ask(do func() error) error {
	answer := make(chan error, 1)
	if !f.inbox.post(request{do: func() { answer <- do() }}) {
		return ErrClosed
	}
	return <-answer
}

// Set logs an agent in or out, or lets him rest or work on, in a queue or with "" in all
// of his.
func (f *Floor) Set(agent, queue string, wish acd.Wish, reason string, by call.Party) error {
	return f.ask(func() error {
		if !f.serves(agent, queue) {
			return ErrNoAgent
		}
		f.stood = acd.DutyIs{}
		f.apply(acd.AgentDuty{Agent: agent, Queue: queue, Wish: wish, Reason: reason})
		value := stands(wish, f.stood.Is)
		if value == "" {
			return ErrOut
		}
		f.opts.Journal.Note(call.Step{At: f.opts.Clock.Now(), Type: call.StepDuty, Agent: agent, Queue: queue, Value: value,
			Reason: f.why(reason), Party: by})
		return nil
	})
}

// serves tells whether an agent has a place in a queue, or with "" in any.
func (f *Floor) serves(agent, queue string) bool {
	for i := range f.state.Queues {
		for _, m := range f.state.Queues[i].Agents {
			if m.Agent == agent && (queue == "" || f.state.Queues[i].Number == queue) {
				return true
			}
		}
	}
	return false
}

// WrapUp gives an agent who wraps up more time, or with 0 or less ends his pause.
func (f *Floor) WrapUp(agent string, more time.Duration, by call.Party) error {
	return f.ask(func() error {
		now := f.opts.Clock.Now()
		for _, a := range f.state.Agents { // who dials for it is busy, and wraps up all the same
			if a.Extension != agent || a.Talking || !now.Before(a.WrapUntil) {
				continue
			}
			var e acd.Event = acd.WrapEnded{Agent: agent}
			s := call.Step{Call: a.Call, At: now, Type: call.StepSupervised, Agent: agent, Party: by, Queue: a.Queue, Value: "enough"}
			if more > 0 {
				e, s.Value = acd.WrapExtended{Agent: agent, By: more}, "more"
			}
			f.opts.Journal.Note(s)
			f.apply(e)
			return nil
		}
		return ErrNoWrap
	})
}

// Move gives a waiting caller another queue, or with "" leaves him in his, and puts him
// first there or not. He keeps the time at which he joined.
func (f *Floor) Move(id call.ID, queue string, first bool, by call.Party) error {
	return f.ask(func() error {
		c := f.waiting(id)
		switch _, known := f.config.Load().Queue(queue); {
		case c == nil:
			return ErrGone
		case queue != "" && !known:
			return ErrNoQueue
		case queue == "":
			queue = c.Queue
		}
		priority, value := c.Priority, "moved"
		if first {
			value = "first"
			for _, other := range f.state.Callers {
				if other.Queue == queue && other.Call != id {
					priority = max(priority, other.Priority+1)
				}
			}
		}
		f.opts.Journal.Note(call.Step{Call: id, At: f.opts.Clock.Now(), Type: call.StepSupervised, Party: by, Queue: queue, Value: value})
		f.apply(acd.CallerMoved{Call: id, Queue: queue, Priority: priority})
		return nil
	})
}

// waiting is a caller in line, nil if he is not.
func (f *Floor) waiting(id call.ID) *acd.Caller {
	for _, c := range f.state.Callers {
		if c.Call == id {
			return c
		}
	}
	return nil
}
