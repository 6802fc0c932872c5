package acd

import (
	"maps"
	"slices"
)

// restore takes up what outlives a restart. Whoever was on the phone is not any more.
func (t *turn) restore(from *State) {
	t.Offers, t.Joins, t.Callbacks = max(t.Offers, from.Offers), max(t.Joins, from.Joins), max(t.Callbacks, from.Callbacks)
	t.Rand, t.Saves = from.Rand, max(t.Saves, from.Saves)
	old := make(map[string]*Queue, len(from.Queues))
	for i := range from.Queues {
		q := &from.Queues[i]
		old[q.Number] = q
		if l := t.queues[q.Number]; l != nil {
			l.Last, l.Recent = maps.Clone(q.Last), q.Recent
		}
	}
	for _, was := range from.Agents {
		if was == nil || t.agents[was.Extension] == nil {
			continue
		}
		a := t.agents[was.Extension]
		for _, s := range a.seats {
			q := old[s.lane.Number]
			if q == nil || !q.has(a.Extension) {
				continue
			}
			a.absent(Absence{Queue: q.Number, Is: Free})
			if i := slices.IndexFunc(was.Absences, func(away Absence) bool { return away.Queue == q.Number }); i >= 0 {
				a.absent(was.Absences[i])
			}
			if i := slices.IndexFunc(was.Tallies, func(t *Tally) bool { return t != nil && t.Queue == q.Number }); i >= 0 {
				*s.tally = *was.Tallies[i]
			}
		}
		a.WrapUntil, a.RestUntil, a.Misses = was.WrapUntil, was.RestUntil, was.Misses
		if was.Idle.Before(t.now) {
			a.Idle = was.Idle
		}
		t.place(a)
	}
	for _, s := range from.Seen {
		t.remember(s.Number, s.Agent)
	}
	t.Places = slices.Clone(from.Places[:min(len(from.Places), maxPlaces)])
	for _, c := range from.Callers {
		if c != nil && c.Callback != nil {
			t.hold(*c)
		}
	}
}

// hold takes a place-holder up again. What was dialled is dialled once more.
func (t *turn) hold(c Caller) {
	cb := *c.Callback
	cb.Dialling, cb.Agent = false, ""
	l := t.queues[c.Queue]
	h := &Caller{Call: c.Call, Party: c.Party, Queue: c.Queue, Priority: c.Priority, Joined: c.Joined, Seq: c.Seq, Owner: c.Owner,
		Misses: slices.Clone(c.Misses), Callback: &cb}
	switch {
	case l == nil:
		t.callbackIs(h, CallbackCancelled, "")
	case t.callers[c.Call] == nil && l.held < maxHeld && l.heldFor(cb.Number) == nil:
		t.enter(l, h)
	}
}
