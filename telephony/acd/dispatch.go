package acd

import (
	"slices"
)

// dispatch offers callers to free agents in the order of service. Only queues that
// changed need a look: in all others nobody waits whom a free agent could take.
func (t *turn) dispatch() {
	for _, l := range t.dirty {
		l.cursor = 0
	}
	for {
		var first *Caller
		for _, l := range t.dirty {
			if !t.anyFree(l) {
				continue
			}
			for l.cursor < len(l.line) && !t.wants(l.line[l.cursor]) {
				l.cursor++
			}
			if l.cursor < len(l.line) && (first == nil || before(l.line[l.cursor], first) < 0) {
				first = l.line[l.cursor]
			}
		}
		if first == nil {
			return
		}
		first.lane.cursor++
		if chosen := t.choose(first); len(chosen) > 0 {
			t.offer(first, chosen)
		}
	}
}

// wants tells whether another agent may be rung for a caller.
func (t *turn) wants(c *Caller) bool {
	switch {
	case c.dialling(), len(c.Rung) > 0 && (c.lane.Strategy != RingAll || c.reserves()):
		return false
	case c.Callback != nil:
		return !t.now.Before(c.Callback.NotBefore) && c.lane.Callback.open(t.now)
	}
	return true
}

// reserves tells whether an agent is kept, not rung, for a place-holder.
func (c *Caller) reserves() bool { return c.Callback != nil && c.lane.Callback.CustomerFirst }

// gather finds the free agents who may take a caller now: fresh, and again who
// missed the caller.
func (t *turn) gather(c *Caller) {
	l, waited := c.lane, t.now.Sub(c.Joined)
	t.fresh, t.again = t.fresh[:0], t.again[:0]
	if !t.anyFree(l) {
		return
	}
	t.open, t.rule, t.known = t.openTier(l, waited), t.inForce(l, waited), t.knows(c)
	if t.known == nil && t.rule >= 0 && l.works.empty(t.doing[isFree], l.meet[t.rule]) {
		return
	}
	t.gathers++
	for i := range c.Misses {
		if a := t.agents[c.Misses[i].Agent]; a != nil {
			a.passed = t.gathers
		}
	}
	for _, s := range l.seats {
		switch {
		case s.is() != isFree, t.passed(s):
		case s.agent.passed != t.gathers:
			t.fresh = append(t.fresh, s)
		default:
			t.again = append(t.again, s)
		}
	}
}

// passed tells whether an agent is not for the caller of gather now.
func (t *turn) passed(s *seat) bool {
	if t.known != nil {
		return s != t.known
	}
	return s.Tier > t.open || t.rule >= 0 && !s.lane.meet[t.rule].has(s.agent.slot)
}

// knows is the agent for whom a caller is kept, whatever his tier and skills; nil
// for none.
func (t *turn) knows(c *Caller) *seat {
	if c.Owner == "" || t.now.Sub(c.Joined) >= c.lane.StickyFor {
		return nil
	}
	a := t.agents[c.Owner]
	if a == nil || !c.missed(c.Owner).IsZero() {
		return nil
	}
	for _, s := range a.seats {
		if s.lane == c.lane && s.is().duty() {
			return s
		}
	}
	return nil
}

// choose picks the agents to ring for a caller from the queue's free ones. Those
// who missed this caller are chosen only when there is nobody else, the one who
// missed it longest ago first. A ring-all that rings already only takes in
// agents who have not had their chance.
func (t *turn) choose(c *Caller) []*seat {
	t.gather(c)
	all := c.lane.Strategy == RingAll && !c.reserves()
	switch {
	case len(t.fresh) > 0 && all:
		return t.fresh
	case len(t.fresh) > 0:
		t.fresh[0] = t.pick(c.lane, t.fresh)
		return t.fresh[:1]
	case len(t.again) == 0, all && len(c.Rung) > 0:
		return nil
	case all:
		return t.again
	}
	t.again[0] = slices.MinFunc(t.again, func(a, b *seat) int { return c.missed(a.Agent).Compare(c.missed(b.Agent)) })
	return t.again[:1]
}

// offer rings the chosen agents for a caller, or keeps one for his callback.
func (t *turn) offer(c *Caller, chosen []*seat) {
	t.Offers++
	l := c.lane
	why := t.why(c, chosen)
	agents := make([]string, len(chosen))
	reserve := c.reserves()
	for i, s := range chosen {
		a := s.agent
		agents[i] = a.Extension
		a.Offer, a.Reserved, a.Call, a.Queue, a.Since = t.Offers, reserve, c.Call, l.Number, t.now
		t.refresh(a)
		if l.Strategy == RoundRobin {
			if l.Last == nil {
				l.Last = make(map[int]string)
			}
			l.Last[s.Tier] = s.Agent
		}
	}
	c.Rung = append(c.Rung, agents...)
	if reserve {
		t.dial(c, agents[0], true, why)
		return
	}
	t.schedule(c)
	t.do(Offer{Offer: t.Offers, Call: c.Call, Queue: l.Number, Agents: agents, Callback: c.Callback != nil, Why: why})
}
