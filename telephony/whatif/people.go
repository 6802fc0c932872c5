package whatif

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// What callers, agents and customers do.

// confirms is how long a caller takes to hear that he can be called back and to agree.
const confirms = 10 * time.Second

// of is an event about a visit as it goes by its names now.
func of(e acd.Event, v *visit) acd.Event {
	switch e := e.(type) {
	case acd.CallerLeft:
		e.Call = v.call
		return e
	case acd.CallerMoved:
		e.Call = v.call
		return e
	case acd.WaitAsked:
		e.Call = v.call
		return e
	case acd.CallbackAsked:
		e.Call = v.call
		return e
	case acd.CallbackNow:
		e.Call = v.call
		return e
	case acd.TalkEnded:
		e.Call, e.Agent = v.call, v.agent
		return e
	case acd.WrapExtended:
		e.Agent = v.agent
		return e
	case acd.WrapEnded:
		e.Agent = v.agent
		return e
	}
	return e
}

// resume takes a visit up where a stretch of the record begins.
func (h *house) resume(v *visit) {
	switch c := h.rec.courses[v.key]; {
	case v.phase == talking:
		h.talk(v)
	case v.phase == waiting:
		h.arrive(v)
		for _, r := range v.rings {
			if r.end == "" {
				h.rings(v, r.agent)
			}
		}
		if h.dials(v, v.dials) {
			h.dial(v)
		}
	case v.fresh && c != nil:
		h.wraps(v, c.talk)
		h.tail(v, c)
	}
}

// arrive has a visit wait.
func (h *house) arrive(v *visit) {
	c := h.rec.courses[v.key]
	if v.phase != waiting {
		return
	}
	if !v.callback || v.state == acd.CallbackAnswered {
		h.patience(v, c)
	}
	if c == nil {
		h.wishes(v, nil)
		return
	}
	wished := false
	for _, a := range c.acts {
		_, wish := a.event.(acd.CallbackAsked)
		if wished = wished || wish; wish {
			if door, other := h.change.Doors[v.queue]; other && !door.Callback {
				continue
			}
		}
		h.put(v.joined.Add(a.after), a.order, h.while(v, a.event))
	}
	if !wished {
		h.wishes(v, c)
	}
}

// while is an event that happens only to who is still in line.
func (h *house) while(v *visit, e acd.Event) func() acd.Event {
	return func() acd.Event {
		if v.phase != waiting {
			return nil
		}
		return of(e, v)
	}
}

// patience has a caller leave the line when he did, or when he would have.
func (h *house) patience(v *visit, c *course) {
	switch {
	case c != nil && c.leaves != nil:
		h.put(v.joined.Add(c.leaves.after), c.leaves.order, h.while(v, c.leaves.event))
		return
	case v.callback: // he has just picked up
		return
	}
	seen := time.Duration(0)
	if c != nil && !v.refused {
		seen = c.waited
	}
	h.put(v.joined.Add(h.rec.habits.wait(h.luck, v, seen)), unseen, h.while(v, acd.CallerLeft{Dropped: true}))
}

// wishes lets a caller be called back who did not wish it on the day.
func (h *house) wishes(v *visit, c *course) {
	door := h.change.Doors[v.queue]
	if v.callback || !door.Callback || door.OfferAfter == 0 || v.party.Number == "" {
		return
	}
	part := h.change.Accept
	if part == 0 {
		part = UsualAccept
	}
	if s, offered := h.rec.habits.accept[v.queue]; offered {
		if c != nil && c.waited >= door.OfferAfter {
			return // he was offered it, and did not take it
		}
		part = float64(s.of) / float64(s.all)
	}
	if h.luck.of(v.key, "callback", 0) < part {
		h.put(v.joined.Add(door.OfferAfter+confirms), unseen, h.while(v, acd.CallbackAsked{Queue: v.queue}))
	}
}

// rings has an agent do something about the last offer to him.
func (h *house) rings(v *visit, agent string) {
	var r ring
	for i := range v.rings {
		if v.rings[i].agent == agent {
			r = v.rings[i]
		}
	}
	does, order := answer{}, unseen
	if c := h.rec.courses[v.key]; c != nil && r.n < len(c.answers[agent]) {
		does, order = c.answers[agent][r.n], c.answers[agent][r.n].order
	}
	if does.event == nil {
		does, order = h.rec.habits.answer(h.luck, v, agent, r.n, does.after), unseen
		does.late = false
	}
	if door := h.change.Doors[v.queue]; door.RingFor > 0 && does.after > door.RingFor {
		does = answer{after: door.RingFor, event: acd.OfferFailed{Cause: call.NoAnswer}}
	}
	h.put(r.from.Add(does.after), order, func() acd.Event {
		if a := h.agent(agent); !does.late && (a == nil || a.Offer != r.offer || a.Reserved) {
			return nil
		}
		if e, failed := does.event.(acd.OfferFailed); failed {
			return acd.OfferFailed{Offer: r.offer, Call: v.call, Agent: agent, Cause: e.Cause}
		}
		return acd.OfferAnswered{Offer: r.offer, Call: v.call, Agent: agent}
	})
}

// talk lets them talk for as long as they did, or would have.
func (h *house) talk(v *visit) {
	var t *talk
	if c := h.rec.courses[v.key]; c != nil {
		t = c.talk
	}
	order := unseen
	switch {
	case t == nil:
		t = h.rec.habits.talk(h.luck, v, 0)
	case t.event == nil:
		t = h.rec.habits.talk(h.luck, v, t.span)
	default:
		order = t.order
	}
	h.talks[v] = t
	h.put(v.began.Add(t.span), order, func() acd.Event {
		if v.phase != talking {
			return nil
		}
		if t.event == nil {
			return acd.TalkEnded{Call: v.call, Agent: v.agent}
		}
		return of(t.event, v)
	})
}

// dials tells whether the customer of a callback is being called for the n-th time.
func (h *house) dials(v *visit, n int) bool {
	c := h.caller(v.call)
	return c != nil && c.Callback != nil && c.Callback.Dialling && v.dials == n
}

// dial has the customer of a callback pick up, or not, or the agent give up.
func (h *house) dial(v *visit) {
	n, does, order := v.dials, answer{}, unseen
	if c := h.rec.courses[v.key]; c != nil && n <= len(c.dials) {
		does, order = c.dials[n-1], c.dials[n-1].order
	}
	if does.event == nil {
		does, order = h.rec.habits.dial(h.luck, v, n), unseen
	}
	h.put(v.dialled.Add(does.after), order, func() acd.Event {
		if !does.late && !h.dials(v, n) {
			return nil
		}
		switch e := does.event.(type) {
		case acd.DialAnswered:
			if order == unseen {
				e.As = call.ID("to " + v.key)
			}
			e.Call = v.call
			return e
		case acd.DialFailed:
			e.Call = v.call
			return e
		}
		return acd.TalkEnded{Call: v.call, Agent: v.agent}
	})
}

// after lets happen what follows the end of a visit: what is known of it, if it ended as
// on the day.
func (h *house) after(v *visit) {
	c := h.rec.courses[v.key]
	if v.end == answered {
		h.wraps(v, h.talks[v])
	}
	if c != nil && c.end == v.end && c.reason == v.reason {
		h.tail(v, c)
		return
	}
	why := v.reason
	if why == acd.Empty && !v.refused {
		why = LeftEmpty
	}
	to := h.change.Doors[v.queue].Leads[why]
	if v.end != evicted || to == "" {
		return
	}
	join := acd.CallerJoined{Call: v.call, Queue: to, Party: v.party, Priority: v.priority}
	h.put(v.ended, unseen, func() acd.Event {
		if h.visits[v.call] != v {
			return nil
		}
		return join
	})
}

func (h *house) tail(v *visit, c *course) {
	for _, a := range c.tail {
		h.put(v.ended.Add(a.after), a.order, func() acd.Event {
			if h.visits[v.call] != v {
				return nil
			}
			return of(a.event, v)
		})
	}
	if c.next != nil {
		h.put(v.ended.Add(c.next.after), c.next.to.order, func() acd.Event { return c.next.to.join })
	}
}

// wraps has the agent end or lengthen his wrap-up as he did.
func (h *house) wraps(v *visit, t *talk) {
	if t == nil {
		return
	}
	for _, a := range t.wraps {
		order := a.order
		if c := h.rec.courses[v.key]; c == nil || c.talk != t {
			order = unseen
		}
		h.put(v.ended.Add(a.after), order, func() acd.Event { return of(a.event, v) })
	}
}

// people has agents come and go who were not there on the day, or who work other hours.
func (h *house) people() {
	seen := make(map[string]bool)
	for i := range h.state.Queues {
		q := &h.state.Queues[i]
		for _, m := range q.Agents {
			if seen[m.Agent] {
				continue
			}
			if shift, other := h.change.Hours[m.Agent]; other {
				seen[m.Agent] = true
				h.works(m.Agent, shift)
			} else if list := h.rec.there[q.Number]; !h.rec.members[m.Agent] && len(list) > 0 {
				seen[m.Agent] = true
				h.works(m.Agent, h.shifts(list)...)
			}
		}
	}
}

// shifts are when anybody was there.
func (h *house) shifts(list []presence) (shifts []Shift) {
	for _, p := range list {
		if p.on {
			shifts = append(shifts, Shift{p.at, h.rec.To})
		} else if n := len(shifts); n > 0 {
			shifts[n-1].To = p.at
		}
	}
	return shifts
}

// works has an agent work in these shifts and in no others.
func (h *house) works(agent string, shifts ...Shift) {
	come := func(it *item) {
		h.happens(it, acd.AgentOnline{Agent: agent})
		h.happens(it, acd.AgentDuty{Agent: agent, Wish: acd.LogIn})
		h.happens(it, acd.AgentDuty{Agent: agent, Wish: acd.Resume})
	}
	here := false
	for _, s := range shifts {
		if !s.From.After(h.span.began) && s.To.After(h.span.began) {
			here = true
		} else {
			h.put(s.From, unseen, func() acd.Event {
				come(&item{at: s.From})
				return nil
			})
		}
		h.put(s.To, unseen, func() acd.Event { return acd.AgentOffline{Agent: agent} })
	}
	if here {
		come(h.now())
	} else {
		h.happens(h.now(), acd.AgentOffline{Agent: agent})
	}
}
