package acd

import (
	"slices"
	"time"
)

// dispatch offers callers to free agents, first come first served.
func (t *turn) dispatch() {
	free := 0
	for i := range t.Agents {
		if a := &t.Agents[i]; a.Member && a.at(t.now) == Free {
			free++
		}
	}
	served := make(map[string]bool, len(t.Queues)) // queues without a free agent left
	for i := 0; i < len(t.Callers) && free > 0; i++ {
		c := &t.Callers[i]
		q := t.queue(c.Queue)
		if q == nil || served[c.Queue] || len(c.Rung) > 0 && q.Strategy != RingAll {
			continue
		}
		chosen := t.choose(q, c)
		if len(chosen) == 0 {
			served[c.Queue] = len(c.Rung) == 0
			continue
		}
		t.offer(q, c, chosen)
		free -= len(chosen)
	}
}

// choose picks the agents to ring for a caller from the queue's free ones. Those
// who missed this caller are chosen only when there is nobody else, the one who
// missed it longest ago first. A ring-all that rings already only takes in
// agents who have not had their chance.
func (t *turn) choose(q *Queue, c *Caller) []string {
	var fresh, again []string
	for _, ext := range q.Agents {
		switch {
		case t.agent(ext).serving(q.Number, t.now) != Free:
		case c.missed(ext).IsZero():
			fresh = append(fresh, ext)
		default:
			again = append(again, ext)
		}
	}
	switch {
	case q.Strategy == RingAll && (len(fresh) > 0 || len(c.Rung) > 0):
		return fresh
	case q.Strategy == RingAll:
		return again
	case len(fresh) == 0:
		return earliest(again, c.missed)
	case q.Strategy == LongestIdle:
		return earliest(fresh, func(ext string) time.Time { return t.agent(ext).Idle })
	}
	return fresh[:1]
}

// earliest is the first of the agents with the earliest time, if there is one.
func earliest(agents []string, at func(string) time.Time) []string {
	if len(agents) < 2 {
		return agents
	}
	return []string{slices.MinFunc(agents, func(a, b string) int { return at(a).Compare(at(b)) })}
}

// offer rings the chosen agents for a caller.
func (t *turn) offer(q *Queue, c *Caller, chosen []string) {
	t.Offers++
	reason := t.reason(q, c, chosen)
	for _, ext := range chosen {
		a := t.agent(ext)
		a.Offer, a.Call, a.Queue, a.Since = t.Offers, c.Call, q.Number, t.now
	}
	c.Rung = append(c.Rung, chosen...)
	t.do(Offer{Offer: t.Offers, Call: c.Call, Queue: q.Number, Agents: chosen, Reason: reason})
}
