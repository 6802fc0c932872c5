package acd

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

func (t *turn) join(e CallerJoined) {
	if t.callers[e.Call] != nil || t.talks[e.Call] != nil {
		return
	}
	l := t.queues[e.Queue]
	switch {
	case l == nil:
		t.do(Evict{e.Call, Closed})
	case t.empty(l, l.join):
		t.do(Evict{e.Call, Empty})
	case t.merge(l, e), t.resume(l, e):
	case l.MaxCallers > 0 && len(l.line)-l.held >= l.MaxCallers:
		t.do(Evict{e.Call, Full})
	case len(l.line) > 0 && l.DivertRatio > 0 && len(l.line)+1 > l.DivertRatio*t.onDuty(l):
		t.do(Evict{e.Call, Crowded})
	case len(l.line) > 0 && l.DivertWait > 0 && t.wouldWait(l, e) > l.DivertWait:
		t.do(Evict{e.Call, LongWait})
	default:
		t.enter(l, t.newCaller(e))
	}
}

func (t *turn) newCaller(e CallerJoined) *Caller {
	t.Joins++
	owner := e.Owner
	if owner == "" {
		owner = t.seen[e.Party.Number]
	}
	return &Caller{Call: e.Call, Party: e.Party, Queue: e.Queue, Priority: e.Priority, Joined: t.now, Seq: t.Joins, Owner: owner}
}

// enter puts a caller into a line, at the place that is his by the order of service.
func (t *turn) enter(l *lane, c *Caller) {
	c.lane, c.due.caller, c.Queue, c.Position = l, c, l.Number, 0
	at, _ := slices.BinarySearchFunc(l.line, c, before)
	l.line = slices.Insert(l.line, at, c)
	l.from = min(l.from, at)
	if c.Callback != nil {
		l.held++
	}
	at, _ = slices.BinarySearchFunc(t.Callers, c, before)
	t.Callers = slices.Insert(t.Callers, at, c)
	t.callers[c.Call] = c
	t.schedule(c)
	t.look(c)
}

// remove takes a caller out of the line.
func (t *turn) remove(c *Caller) {
	l := c.lane
	at, _ := slices.BinarySearchFunc(l.line, c, before)
	l.line = slices.Delete(l.line, at, at+1)
	l.from = min(l.from, at)
	if c.Callback != nil {
		l.held--
	}
	at, _ = slices.BinarySearchFunc(t.Callers, c, before)
	t.Callers = slices.Delete(t.Callers, at, at+1)
	delete(t.callers, c.Call)
	t.dues.drop(&c.due)
	c.gone = true
	t.mark(l)
}

// silence ends all that rings for a caller whose call does not see to it itself.
func (t *turn) silence(c *Caller) {
	for _, ext := range slices.Clone(c.Rung) {
		t.withdraw(t.agents[ext])
	}
	if c.dialling() {
		a := t.agents[c.Callback.Agent]
		t.do(StopDial{c.Call})
		t.do(Withdraw{0, c.Call, a.Extension})
		t.undial(c, a)
	}
}

// leave takes a caller out of the line; the call itself stops ringing phones.
func (t *turn) leave(e CallerLeft) {
	c := t.callers[e.Call]
	switch {
	case c == nil:
		if a := t.talks[e.Call]; a != nil {
			t.hungUp(a, 0)
		}
	case c.Callback != nil:
		t.silence(c)
		t.callbackOver(c, CallbackCancelled, "")
	default:
		for _, ext := range c.Rung {
			t.release(t.agents[ext])
		}
		c.lane.Recent.Abandoned(t.now.Sub(c.Joined))
		t.remove(c)
		if keep := c.lane.KeepPlace; e.Dropped && keep > 0 && c.Party.Number != "" {
			t.keep(Place{Queue: c.Queue, Number: c.Party.Number, Priority: c.Priority, Joined: c.Joined, Seq: c.Seq,
				Owner: c.Owner, Misses: c.Misses, Until: t.now.Add(keep)})
		}
	}
}

// keep holds a place for a number.
func (t *turn) keep(p Place) {
	t.Places = slices.DeleteFunc(t.Places, func(old Place) bool {
		return !t.now.Before(old.Until) || old.Queue == p.Queue && old.Number == p.Number
	})
	if len(t.Places) >= maxPlaces {
		t.Places = slices.Delete(t.Places, 0, 1)
	}
	t.Places = append(t.Places, p)
	t.Saves++
}

// resume gives a caller back the place that was kept for his number.
func (t *turn) resume(l *lane, e CallerJoined) bool {
	i := slices.IndexFunc(t.Places, func(p Place) bool {
		return p.Queue == l.Number && p.Number == e.Party.Number && t.now.Before(p.Until)
	})
	if i < 0 {
		return false
	}
	p := t.Places[i]
	t.Places = slices.Delete(t.Places, i, i+1)
	c := t.newCaller(e)
	c.Joined, c.Seq, c.Priority, c.Owner, c.Misses = p.Joined, p.Seq, max(c.Priority, p.Priority), p.Owner, p.Misses
	c.Kept = true
	t.enter(l, c)
	return true
}

func (t *turn) move(e CallerMoved) {
	c, l := t.callers[e.Call], t.queues[e.Queue]
	if c == nil || l == nil && e.Queue != "" {
		return
	}
	if l == nil {
		l = c.lane
	}
	if l != c.lane {
		t.silence(c)
	}
	t.remove(c)
	c.gone, c.Priority, c.Expect = false, e.Priority, Expect{}
	if l != c.lane {
		c.Misses = nil
	}
	t.do(Moved{c.Call, l.Number, c.Priority})
	t.enter(l, c)
}

// schedule sets when a caller needs a look without an event.
func (t *turn) schedule(c *Caller) {
	if !c.gone {
		t.dues.set(&c.due, c.next(t.now))
	}
}

// next is when something about a caller changes by itself. A longest wait that is over
// already is due at once, when nothing rings for him any more.
func (c *Caller) next(now time.Time) (at time.Time) {
	l := c.lane
	soonest := func(wait time.Duration) {
		if x := c.Joined.Add(wait); x.After(now) && (at.IsZero() || x.Before(at)) {
			at = x
		}
	}
	if c.dialling() {
		return at
	}
	if len(c.Rung) == 0 || l.Strategy == RingAll {
		soonest(l.StickyFor)
		if l.TierWait > 0 {
			for _, tier := range l.tiers {
				soonest(time.Duration(tier) * l.TierWait)
			}
		}
		for i := range l.Skills {
			soonest(l.Skills[i].After)
		}
	}
	if cb := c.Callback; cb != nil {
		if len(c.Rung) == 0 {
			soonest(cb.NotBefore.Sub(c.Joined))
			if !l.Callback.Opens.IsZero() {
				soonest(l.Callback.Opens.Sub(c.Joined))
			}
			soonest(cb.Until.Sub(c.Joined))
		}
	} else if l.MaxWait > 0 && len(c.Rung) == 0 {
		soonest(l.MaxWait)
	}
	return at
}

// late tells whether a caller has waited for as long as he may.
func (c *Caller) late(now time.Time) bool {
	switch {
	case len(c.Rung) > 0 || c.dialling():
		return false
	case c.Callback != nil:
		return !now.Before(c.Callback.Until)
	}
	return c.lane.MaxWait > 0 && !now.Before(c.Joined.Add(c.lane.MaxWait))
}

// evict sends away those who waited too long or for whom nobody is there.
func (t *turn) evict() {
	for _, l := range t.dirty {
		empty := t.empty(l, l.leave)
		if !empty && !l.ripe {
			continue
		}
		l.ripe = false
		for i := 0; i < len(l.line); {
			c := l.line[i]
			switch {
			case c.late(t.now) && c.Callback != nil:
				t.callbackOver(c, CallbackExpired, "")
			case empty && c.Callback == nil && len(c.Rung) == 0:
				t.do(Evict{c.Call, Empty})
				t.remove(c)
			case c.late(t.now):
				t.do(Evict{c.Call, Timeout})
				t.remove(c)
			default:
				i++
			}
		}
	}
}

// number gives every caller the place in its queue.
func (t *turn) number() {
	for _, l := range t.dirty {
		var moved Renumbered
		for i := l.from; i < len(l.line); i++ {
			c := l.line[i]
			was := c.Position
			c.Position = i + 1
			if was != 0 && was != i+1 && c.Callback == nil {
				if moved.Calls == nil {
					moved = Renumbered{From: i + 1, Calls: make([]call.ID, 0, len(l.line)-i)}
				}
				moved.Calls = append(moved.Calls, c.Call)
				continue
			}
			t.renumbered(&moved)
			if was == 0 && c.Callback == nil {
				t.do(Position{Call: c.Call, N: i + 1, Wait: !t.finds(c), Kept: c.Kept, Expect: t.expect(c)})
			}
		}
		t.renumbered(&moved)
		l.from = len(l.line)
	}
}

// renumbered tells some callers who stand one after the other.
func (t *turn) renumbered(moved *Renumbered) {
	if moved.Calls != nil {
		t.do(*moved)
		*moved = Renumbered{}
	}
}

// finds tells whether an agent is free for a new caller. Before he is offered
// that agent is his: had anybody else been waiting, the agent would not be free.
func (t *turn) finds(c *Caller) bool {
	t.gather(c)
	return len(t.fresh)+len(t.again) > 0
}
