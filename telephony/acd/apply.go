package acd

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// turn is one event being applied.
type turn struct {
	*State
	*index
	now     time.Time
	out     []Command
	dirty   []*lane  // whose line or agents the event changed
	touched []*Agent // whose status may have changed

	// What gather found out about the caller for whom it looked last.
	open, rule int
	known      *seat
}

// Apply takes an event in at a time and returns what is to be done about it, in
// order. A time before that of the last event counts as that. It changes the State
// in place. An event that does not fit (an answer to an offer that was
// withdrawn, an unknown agent) changes nothing.
func (s *State) Apply(e Event, now time.Time) []Command {
	x := s.unwrap()
	if now = now.Round(0); now.Before(s.Now) {
		now = s.Now
	}
	s.Now = now
	t := &x.turn
	t.State, t.index, t.now, t.out = s, x, now, t.out[:0]
	t.take(e)
	t.ripen()
	t.gauge()
	t.evict()
	t.number()
	t.dispatch()
	t.tell()
	t.wake()
	clear(t.changed)
	return append([]Command(nil), t.out...)
}

func (t *turn) take(e Event) {
	switch e := e.(type) {
	case Configure:
		t.configure(e.Queues)
	case Restore:
		t.restore(&e.From)
	case DayBegan:
		t.dayBegan()
	case CallerJoined:
		t.join(e)
	case CallerLeft:
		t.leave(e)
	case CallerMoved:
		t.move(e)
	case WaitAsked:
		t.askWait(e.Call)
	case CallbackAsked:
		t.askCallback(e)
	case CallbackNow:
		t.callNow(e)
	case DialAnswered:
		t.dialAnswered(e)
	case DialFailed:
		t.dialFailed(e)
	case AgentOnline:
		if a := t.agentOrNew(e.Agent); !a.Online {
			a.Online, a.Idle = true, t.now
			t.refresh(a)
		}
	case AgentOffline:
		// A phone that rings goes on: its leg fails by itself if it is really gone.
		if a := t.agents[e.Agent]; a != nil {
			a.Online = false
			t.refresh(a)
		}
	case AgentBusy:
		t.busy(e)
	case AgentDuty:
		t.duty(e)
	case WrapExtended:
		if a := t.agents[e.Agent]; a != nil && t.now.Before(a.WrapUntil) {
			t.wrapUntil(a, later(t.now, a.WrapUntil.Add(min(e.By, 24*time.Hour))))
		}
	case WrapEnded:
		if a := t.agents[e.Agent]; a != nil && t.now.Before(a.WrapUntil) {
			t.wrapUntil(a, t.now)
		}
	case OfferAnswered:
		t.answered(e)
	case OfferFailed:
		t.failed(e)
	case TalkEnded:
		if a := t.agents[e.Agent]; a != nil && a.Talking && a.Call == e.Call {
			t.hungUp(a, e.More)
		}
	}
}

// later is the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (t *turn) do(c Command) { t.out = append(t.out, c) }

// mark notes that a queue needs a look.
func (t *turn) mark(l *lane) {
	if l.at >= 0 {
		t.changed.add(l.at)
	}
}

// look notes that a caller needs a look.
func (t *turn) look(c *Caller) {
	c.lane.ripe = true
	t.mark(c.lane)
}

// gauge lists the queues that need a look. Nothing that follows from it makes a
// look at another necessary: it gives nobody's agent back.
func (t *turn) gauge() {
	t.dirty = t.dirty[:0]
	for w, word := range t.changed {
		for ; word != 0; word &= word - 1 {
			t.dirty = append(t.dirty, t.lanes[w<<6+bits.TrailingZeros64(word)])
		}
	}
}

// ripen looks after those whose time has come.
func (t *turn) ripen() {
	for len(t.dues) > 0 && !t.dues[0].at.After(t.now) {
		d := t.dues[0]
		t.dues.drop(d)
		if d.agent != nil {
			t.refresh(d.agent)
			continue
		}
		t.look(d.caller)
		t.schedule(d.caller)
	}
}

// refresh sees to it that all queues of an agent know what he is doing.
func (t *turn) refresh(a *Agent) {
	t.touch(a)
	if was, is := a.is, a.does(t.now); is != was {
		a.is = is
		if a.slot >= 0 {
			t.shift(a, was)
		}
	}
	t.dues.set(&a.due, a.next())
}

// shift moves an agent from those who do what he did.
func (t *turn) shift(a *Agent, was code) {
	t.doing[was].drop(a.slot)
	t.doing[a.is].add(a.slot)
	on := a.is.duty()
	switch {
	case on && !was.duty():
		t.ready.add(a.slot)
		for _, s := range a.seats {
			if s.away == isFree {
				t.lift(s)
			}
		}
	case !on:
		t.ready.drop(a.slot)
	}
	if a.is == isFree || on != was.duty() || t.heeded>>a.is&1 == 1 {
		t.changed.join(a.lanes)
	}
}

// settle sees to it that a queue knows whether an agent works for it.
func (t *turn) settle(s *seat) {
	away := s.stands()
	if away == s.away {
		return
	}
	s.lane.enter(s, -1)
	back := s.away != isFree && s.agent.is.duty()
	s.away = away
	s.lane.enter(s, 1)
	if back && away == isFree {
		t.lift(s)
	}
	t.mark(s.lane)
}

func (t *turn) touch(a *Agent) {
	if !a.touched {
		a.touched = true
		t.touched = append(t.touched, a)
	}
}

// next is when the agent's status ends by itself; zero if it does not.
func (a *Agent) next() time.Time {
	switch a.shows() {
	case WrapUp:
		return a.WrapUntil
	case Missed:
		return a.RestUntil
	}
	return time.Time{}
}

// agentOrNew keeps what is told of an extension before it serves a queue.
func (t *turn) agentOrNew(ext string) *Agent {
	a := t.agents[ext]
	if a == nil {
		a = &Agent{Extension: ext, Status: Offline, Since: t.now, Idle: t.now, slot: -1, is: isOffline}
		a.due.agent = a
		i, _ := t.search(ext)
		t.Agents = slices.Insert(t.Agents, i, a)
		t.agents[ext] = a
		t.touch(a)
	}
	return a
}

// release ends an agent's ringing.
func (t *turn) release(a *Agent) {
	a.Offer, a.Reserved, a.Call, a.Queue = 0, false, "", ""
	t.refresh(a)
}

// hungUp ends an agent's talk, or his waiting for a customer who is being dialled.
func (t *turn) hungUp(a *Agent, more time.Duration) {
	if c := t.callers[a.Call]; c != nil {
		t.do(StopDial{c.Call})
		t.miss(c, a, call.Cancelled)
		t.undial(c, a)
		return
	}
	a.Talking, a.Idle = false, t.now
	talk := t.now.Sub(a.Began)
	tally := a.tally(a.Queue)
	tally.Calls++
	tally.Talk += talk
	wrap := time.Duration(0)
	if l := t.queues[a.Queue]; l != nil {
		wrap = l.WrapUp
		l.Recent.Handled(t.now, talk)
	}
	delete(t.talks, a.Call)
	t.wrapUntil(a, t.now.Add(wrap+more))
}

func (t *turn) wrapUntil(a *Agent, at time.Time) {
	a.WrapUntil = at
	t.Saves++
	t.refresh(a)
}

func (t *turn) busy(e AgentBusy) {
	if e.On {
		a := t.agentOrNew(e.Agent)
		a.Elsewhere++
		if a.Offer != 0 {
			t.withdraw(a)
		}
		t.refresh(a)
		return
	}
	if a := t.agents[e.Agent]; a != nil && a.Elsewhere > 0 {
		if a.Elsewhere--; a.Elsewhere == 0 {
			a.Idle = t.now
		}
		t.refresh(a)
	}
}

// withdraw takes an agent's offer back.
func (t *turn) withdraw(a *Agent) {
	c := t.callers[a.Call]
	if a.Reserved {
		t.do(StopDial{c.Call})
		c.Callback.Dialling = false
	} else {
		t.do(Withdraw{a.Offer, c.Call, a.Extension})
	}
	t.unring(c, a)
}

// unring ends an agent's ringing and tells it to the caller he was rung for.
func (t *turn) unring(c *Caller, a *Agent) {
	c.Rung = slices.DeleteFunc(c.Rung, func(ext string) bool { return ext == a.Extension })
	t.release(a)
	t.schedule(c)
	t.look(c)
}

func (t *turn) answered(e OfferAnswered) {
	a := t.agents[e.Agent]
	if a == nil || e.Offer == 0 || a.Reserved || a.Offer != e.Offer || a.Call != e.Call {
		t.do(Withdraw(e))
		return
	}
	c := t.callers[e.Call]
	if c.Callback == nil {
		t.do(Connect(e))
	}
	for _, ext := range c.Rung {
		if ext != e.Agent {
			other := t.agents[ext]
			t.do(Withdraw{other.Offer, e.Call, ext})
			t.release(other)
		}
	}
	c.Rung = nil
	c.lane.Recent.Picked(t.now.Sub(a.Since))
	a.Offer, a.Talking, a.Began, a.Misses = 0, true, t.now, 0
	t.refresh(a)
	if c.Callback != nil {
		c.Callback.Agent = e.Agent
		t.dial(c, e.Agent, false, Why{})
		return
	}
	t.connected(c, a)
}

// connected takes a caller who talks to an agent out of the line.
func (t *turn) connected(c *Caller, a *Agent) {
	if c.Callback == nil {
		c.lane.Recent.Answered(t.now.Sub(c.Joined), c.Expect.First, c.Expect.FirstKnown)
	}
	t.remember(c.Party.Number, a.Extension)
	t.talks[c.Call] = a
	t.remove(c)
}

// remember keeps who talked to a number, for sticky queues.
func (t *turn) remember(number, agent string) {
	if number == "" {
		return
	}
	if _, known := t.seen[number]; known {
		t.Seen = slices.DeleteFunc(t.Seen, func(s Seen) bool { return s.Number == number })
	} else if len(t.Seen) >= maxSeen {
		delete(t.seen, t.Seen[0].Number)
		t.Seen = slices.Delete(t.Seen, 0, 1)
	}
	t.Seen = append(t.Seen, Seen{number, agent})
	t.seen[number] = agent
}

func (t *turn) failed(e OfferFailed) {
	a := t.agents[e.Agent]
	if a == nil || e.Offer == 0 || a.Reserved || a.Offer != e.Offer || a.Call != e.Call {
		return
	}
	c := t.callers[e.Call]
	t.miss(c, a, e.Cause)
	t.unring(c, a)
	if e.Cause != call.Rejected && e.Cause != call.Busy {
		a.Misses++
		if n := c.lane.AutoPause; n > 0 && a.Misses >= n {
			t.autoPause(a, e.Call)
		}
	}
	t.Saves++
}

// miss notes that an agent did not take a caller, and lets him rest.
func (t *turn) miss(c *Caller, a *Agent, cause call.Cause) {
	c.Misses = slices.DeleteFunc(c.Misses, func(m Miss) bool { return m.Agent == a.Extension })
	c.Misses = append(c.Misses, Miss{Agent: a.Extension, At: t.now, Cause: cause})
	rest := c.lane.Rest.NoAnswer
	switch cause {
	case call.Rejected:
		rest = c.lane.Rest.Rejected
	case call.Busy:
		rest = c.lane.Rest.Busy
	}
	a.RestUntil = t.now.Add(cmp.Or(rest, MissPause))
}

// tell reports agents whose status changed and forgets those without a queue.
func (t *turn) tell() {
	slices.SortFunc(t.touched, func(a, b *Agent) int { return cmp.Compare(a.Extension, b.Extension) })
	for i, a := range t.touched {
		t.touched[i], a.touched = nil, false
		if is := a.shows(); is != a.Status {
			was := a.Status
			a.Status, a.Since = is, t.now
			t.do(AgentStatus{Agent: a.Extension, Was: was, Is: is, Until: a.Until(), Call: a.Call, Queue: a.Queue})
			if is == Free || is == a.Off {
				a.Call, a.Queue = "", ""
			}
		}
		if !a.Member && a.Elsewhere == 0 && !a.Talking && a.Offer == 0 {
			t.dues.drop(&a.due)
			delete(t.agents, a.Extension)
			i, _ := t.search(a.Extension)
			t.Agents = slices.Delete(t.Agents, i, i+1)
		}
	}
	t.touched = t.touched[:0]
}

// wake asks for the next time at which something happens by itself.
func (t *turn) wake() {
	if next := t.dues.soonest(); !next.Equal(t.Wake) {
		t.Wake = next
		t.do(WakeAt{next})
	}
}
