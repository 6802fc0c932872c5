package acd

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// configure replaces the settings of all queues, and keeps what they remember.
func (t *turn) configure(queues []Queue) {
	before := make(map[string]*Queue, len(t.Queues))
	for i := range t.Queues {
		before[t.Queues[i].Number] = &t.Queues[i]
	}
	for _, a := range t.Agents {
		a.Member = false
	}
	var list []Queue
	known := make(map[string]bool)
	for _, q := range queues {
		if known[q.Number] {
			continue
		}
		known[q.Number] = true
		old := cmp.Or(before[q.Number], &Queue{})
		q.Last, q.Recent = maps.Clone(old.Last), old.Recent
		q.Agents = t.enlist(q, old)
		q.Skills = slices.Clone(q.Skills[:min(len(q.Skills), maxRules)])
		slices.SortStableFunc(q.Skills, func(a, b SkillRule) int { return cmp.Compare(a.After, b.After) })
		list = append(list, q)
	}
	t.Queues = list
	t.seatAll(t.State)
	t.shareAll()
	for _, a := range t.Agents {
		t.place(a)
	}
	for _, l := range t.lanes {
		for _, s := range l.seats {
			if old := before[l.Number]; old == nil || !old.has(s.Agent) {
				t.lift(s)
			}
		}
	}
	t.regroup()
}

func (q *Queue) has(agent string) bool {
	return slices.ContainsFunc(q.Agents, func(m Member) bool { return m.Agent == agent })
}

// enlist is a queue's members, each once. Dynamic ones who are new to it are logged out.
func (t *turn) enlist(q Queue, old *Queue) (list []Member) {
	listed := make(map[string]bool, len(q.Agents))
	was := make(map[string]bool, len(old.Agents))
	for _, m := range old.Agents {
		was[m.Agent] = true
	}
	for _, m := range q.Agents {
		if listed[m.Agent] {
			continue
		}
		listed[m.Agent] = true
		m.Skills = maps.Clone(m.Skills)
		list = append(list, m)
		a := t.agentOrNew(m.Agent)
		a.Member = true
		if m.Dynamic && !was[m.Agent] {
			a.absent(Absence{Queue: q.Number, Is: LoggedOut, Since: t.now})
		}
	}
	return list
}

// regroup puts the callers into the lines of new queues, and sends those away
// whose queue is gone.
func (t *turn) regroup() {
	closed := &lane{Queue: &Queue{}, at: -1}
	for _, c := range t.Callers {
		c.lane = closed
		if l := t.queues[c.Queue]; l != nil {
			c.lane = l
			l.line = append(l.line, c)
			if c.Callback != nil {
				l.held++
			}
		}
	}
	slices.SortStableFunc(t.Callers, before)
	for _, l := range t.lanes {
		slices.SortStableFunc(l.line, before)
		l.ripe = true
		t.mark(l)
	}
	for _, c := range slices.Clone(t.Callers) {
		if t.queues[c.Queue] != nil {
			t.schedule(c)
			continue
		}
		t.silence(c)
		at := slices.Index(t.Callers, c)
		t.Callers = slices.Delete(t.Callers, at, at+1)
		delete(t.callers, c.Call)
		t.dues.drop(&c.due)
		c.gone = true
		if c.Callback != nil {
			t.callbackIs(c, CallbackCancelled, "")
			t.Saves++
		} else {
			t.do(Evict{c.Call, Closed})
		}
	}
}

// lift gives who begins to work for a queue the least that anybody on duty has done
// for it today, as far as he has done less.
func (t *turn) lift(s *seat) {
	l := s.lane
	var calls int
	var talk time.Duration
	others := 0
	for _, o := range l.seats {
		if o == s || !o.is().duty() {
			continue
		}
		if others++; others == 1 {
			calls, talk = o.tally.Calls, o.tally.Talk
		}
		calls, talk = min(calls, o.tally.Calls), min(talk, o.tally.Talk)
	}
	s.tally.Calls, s.tally.Talk = max(s.tally.Calls, calls), max(s.tally.Talk, talk)
}

// dayBegan lets all agents begin the day alike.
func (t *turn) dayBegan() {
	for _, a := range t.Agents {
		for _, tally := range a.Tallies {
			tally.Calls, tally.Talk = 0, 0
		}
	}
	for i := range t.Queues {
		t.Queues[i].Recent.Night()
	}
	t.Saves++
}
