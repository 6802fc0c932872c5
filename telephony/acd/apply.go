package acd

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// turn is one event being applied.
type turn struct {
	*State
	now time.Time
	out []Command
}

// Apply takes an event in at a time, which must not be before that of the last
// event, and returns what is to be done about it, in order. It changes the State
// in place. An event that does not fit (an answer to an offer that was
// withdrawn, an unknown agent) changes nothing.
func (s *State) Apply(e Event, now time.Time) []Command {
	t := turn{State: s, now: now}
	switch e := e.(type) {
	case Configure:
		t.configure(e.Queues)
	case CallerJoined:
		t.join(e)
	case CallerLeft:
		t.leave(e.Call)
	case AgentOnline:
		if a := t.agentOrNew(e.Agent, now); !a.Online {
			a.Online, a.Idle = true, now
		}
	case AgentOffline:
		// A phone that rings goes on: its leg fails by itself if it is really gone.
		if a := t.agent(e.Agent); a != nil {
			a.Online = false
		}
	case AgentBusy:
		t.busy(e)
	case AgentDuty:
		t.duty(e)
	case DutyRestored:
		if a := t.agent(e.Agent); a != nil {
			a.Absences = slices.Clone(e.Absences)
			t.place(a)
		}
	case OfferAnswered:
		t.answered(e)
	case OfferFailed:
		t.failed(e)
	case TalkEnded:
		if a := t.agent(e.Agent); a != nil && a.Talking && a.Call == e.Call {
			t.wrapUp(a)
		}
	}
	t.evict()
	t.number()
	t.dispatch()
	t.tell()
	t.wake()
	return t.out
}

func (t *turn) do(c Command) { t.out = append(t.out, c) }

func (t *turn) configure(queues []Queue) {
	t.Queues = slices.Clone(queues)
	for i := range t.Agents {
		t.Agents[i].Member = false
	}
	for i := range t.Queues {
		q := &t.Queues[i]
		listed := q.Agents
		q.Agents = nil
		for _, ext := range listed {
			if !slices.Contains(q.Agents, ext) {
				q.Agents = append(q.Agents, ext)
				t.agentOrNew(ext, t.now).Member = true
			}
		}
	}
	for i := range t.Agents {
		t.place(&t.Agents[i])
	}
}

func (t *turn) join(e CallerJoined) {
	if t.caller(e.Call) != nil {
		return
	}
	q := t.queue(e.Queue)
	switch {
	case q == nil:
		t.do(Evict{e.Call, Closed})
	case !t.staffed(q):
		t.do(Evict{e.Call, Empty})
	case q.MaxCallers > 0 && t.length(e.Queue) >= q.MaxCallers:
		t.do(Evict{e.Call, Full})
	default:
		t.Callers = append(t.Callers, Caller{Call: e.Call, Party: e.Party, Queue: e.Queue, Joined: t.now})
	}
}

func (s *State) length(queue string) (n int) {
	for i := range s.Callers {
		if s.Callers[i].Queue == queue {
			n++
		}
	}
	return n
}

// leave takes a caller out of the line; the call itself stops ringing phones.
func (t *turn) leave(id call.ID) {
	if c := t.caller(id); c != nil {
		for _, ext := range c.Rung {
			t.agent(ext).release()
		}
		t.remove(id)
		return
	}
	for i := range t.Agents {
		if a := &t.Agents[i]; a.Talking && a.Call == id {
			t.wrapUp(a)
		}
	}
}

func (t *turn) remove(id call.ID) {
	t.Callers = slices.DeleteFunc(t.Callers, func(c Caller) bool { return c.Call == id })
}

// release ends an agent's ringing.
func (a *Agent) release() { a.Offer, a.Call, a.Queue = 0, "", "" }

func (t *turn) wrapUp(a *Agent) {
	a.Talking, a.Idle, a.WrapUntil = false, t.now, t.now
	if q := t.queue(a.Queue); q != nil {
		a.WrapUntil = t.now.Add(q.WrapUp)
	}
}

func (t *turn) busy(e AgentBusy) {
	if e.On {
		a := t.agentOrNew(e.Agent, t.now)
		a.Elsewhere++
		if a.Offer != 0 {
			t.do(Withdraw{a.Offer, a.Call, a.Extension})
			t.unring(a)
		}
		return
	}
	if a := t.agent(e.Agent); a != nil && a.Elsewhere > 0 {
		if a.Elsewhere--; a.Elsewhere == 0 {
			a.Idle = t.now
		}
	}
}

// unring ends an agent's ringing and tells it to the caller he was rung for.
func (t *turn) unring(a *Agent) *Caller {
	c := t.caller(a.Call)
	c.Rung = slices.DeleteFunc(c.Rung, func(ext string) bool { return ext == a.Extension })
	a.release()
	return c
}

func (t *turn) answered(e OfferAnswered) {
	a := t.agent(e.Agent)
	if a == nil || e.Offer == 0 || a.Offer != e.Offer || a.Call != e.Call {
		t.do(Withdraw(e))
		return
	}
	t.do(Connect(e))
	for _, ext := range t.caller(e.Call).Rung {
		if ext != e.Agent {
			other := t.agent(ext)
			t.do(Withdraw{other.Offer, e.Call, ext})
			other.release()
		}
	}
	t.remove(e.Call)
	a.Offer, a.Talking = 0, true
}

func (t *turn) failed(e OfferFailed) {
	a := t.agent(e.Agent)
	if a == nil || e.Offer == 0 || a.Offer != e.Offer || a.Call != e.Call {
		return
	}
	c := t.unring(a)
	c.Misses = slices.DeleteFunc(c.Misses, func(m Miss) bool { return m.Agent == e.Agent })
	c.Misses = append(c.Misses, Miss{Agent: e.Agent, At: t.now, Cause: e.Cause})
	a.RestUntil = t.now.Add(MissPause)
}

// evict sends away those who waited too long or whose queue is gone.
func (t *turn) evict() {
	t.Callers = slices.DeleteFunc(t.Callers, func(c Caller) bool {
		if len(c.Rung) > 0 {
			return false
		}
		q := t.queue(c.Queue)
		switch {
		case q == nil:
			t.do(Evict{c.Call, Closed})
		case !t.staffed(q):
			t.do(Evict{c.Call, Empty})
		case q.MaxWait > 0 && !t.now.Before(c.Joined.Add(q.MaxWait)):
			t.do(Evict{c.Call, Timeout})
		default:
			return false
		}
		return true
	})
}

// number gives every caller the place in its queue.
func (t *turn) number() {
	last := make(map[string]int, len(t.Queues))
	for i := range t.Callers {
		c := &t.Callers[i]
		last[c.Queue]++
		if n := last[c.Queue]; c.Position != n {
			joined := c.Position == 0
			c.Position = n
			t.do(Position{Call: c.Call, N: n, Wait: joined && !t.anyFree(t.queue(c.Queue))})
		}
	}
}

// anyFree tells whether a queue has a free agent. Before a new caller is offered
// that agent is his: had anybody else been waiting, he would not be free.
func (t *turn) anyFree(q *Queue) bool {
	return slices.ContainsFunc(q.Agents, func(ext string) bool { return t.agent(ext).serving(q.Number, t.now) == Free })
}

// tell reports agents whose status changed and forgets those without a queue.
func (t *turn) tell() {
	for i := range t.Agents {
		a := &t.Agents[i]
		is := a.at(t.now)
		if is == a.Status {
			continue
		}
		was := a.Status
		a.Status, a.Since = is, t.now
		t.do(AgentStatus{Agent: a.Extension, Was: was, Is: is, Until: a.Until(), Call: a.Call, Queue: a.Queue})
		if is == Free || is == a.Off {
			a.Call, a.Queue = "", ""
		}
	}
	t.Agents = slices.DeleteFunc(t.Agents, func(a Agent) bool {
		return !a.Member && a.Elsewhere == 0 && a.Status != Talking && a.Status != Ringing
	})
}

// wake asks for the next time at which something happens by itself.
func (t *turn) wake() {
	var next time.Time
	soonest := func(at time.Time) {
		if at.After(t.now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for i := range t.Agents {
		soonest(t.Agents[i].Until())
	}
	for i := range t.Callers {
		c := &t.Callers[i]
		if q := t.queue(c.Queue); q != nil && q.MaxWait > 0 && len(c.Rung) == 0 {
			soonest(c.Joined.Add(q.MaxWait))
		}
	}
	if !next.Equal(t.Wake) {
		t.Wake = next
		t.do(WakeAt{next})
	}
}
