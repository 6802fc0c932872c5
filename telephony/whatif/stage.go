package whatif

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// book is a part of the ledger in memory.
type book struct {
	entries []ledger.Entry
	floor   []call.Step
}

func readBook(ctx context.Context, from figures.Source, begin, end time.Time) (*book, error) {
	b := &book{}
	err := from.Each(ctx, begin, end, func(e *ledger.Entry) error {
		b.entries = append(b.entries, *e)
		return nil
	})
	if err == nil {
		err = from.Floor(ctx, begin, end, func(s call.Step) error {
			b.floor = append(b.floor, s)
			return nil
		})
	}
	return b, err
}

// stage is the ledger of a day that did not happen: what came out as on the day is as the
// ledger has it, all else as the house has played it.
type stage struct {
	book   *book
	was    map[call.ID][]*visit // of the day
	is     map[call.ID][]*visit // played
	began  time.Time            // of the record
	agents map[string]bool      // who did something else
	steps  []call.Step          // of those, what they did
}

func newStage(b *book, rec *Record, played *scene) *stage {
	s := &stage{book: b, was: byCall(rec.visits), is: byCall(played.list), agents: make(map[string]bool)}
	if len(rec.spans) > 0 {
		s.began = rec.spans[0].began
	}
	was, is := byAgent(rec.doing), byAgent(played.doing)
	for agent, does := range is {
		s.agents[agent] = !slices.Equal(does, was[agent])
	}
	for agent := range was {
		s.agents[agent] = s.agents[agent] || is[agent] == nil
	}
	for _, d := range played.doing {
		if s.agents[d.agent] {
			s.steps = append(s.steps, call.Step{At: d.at, Type: call.StepAgent, Agent: d.agent, Queue: d.queue, Value: string(d.status)})
		}
	}
	return s
}

func byCall(list []*visit) map[call.ID][]*visit {
	m := make(map[call.ID][]*visit)
	for _, v := range list {
		if !v.callback {
			m[v.call] = append(m[v.call], v)
		}
	}
	return m
}

func byAgent(list []doing) map[string][]doing {
	m := make(map[string][]doing)
	for _, d := range list {
		m[d.agent] = append(m[d.agent], d)
	}
	return m
}

// Each gives the calls. It is figures.Source.
func (s *stage) Each(_ context.Context, _, to time.Time, f func(*ledger.Entry) error) error {
	for _, e := range s.book.entries {
		if !e.Started.Before(to) {
			continue
		}
		e.Visits = s.visits(&e)
		for i := range e.Visits {
			e.Running = e.Running || e.Visits[i].Outcome == "" && s.is[e.Call] != nil
		}
		if err := f(&e); err != nil {
			return err
		}
	}
	return nil
}

// near is how far the clocks of the floor and of the ledger's steps may be apart.
const near = time.Second

// visits are those of a call.
func (s *stage) visits(e *ledger.Entry) []ledger.Visit {
	was, is := s.was[e.Call], s.is[e.Call]
	var list []ledger.Visit
	for i := range e.Visits {
		v := e.Visits[i]
		k := slices.IndexFunc(was, func(w *visit) bool {
			d := w.joined.Sub(v.Offered)
			return w.queue == v.Queue && d < near && d > -near
		})
		if k < 0 {
			list = append(list, v)
			continue
		}
		j := slices.IndexFunc(is, func(x *visit) bool { return x.key == was[k].key })
		if j < 0 {
			continue // it did not come to that
		}
		before, now := was[k].record(), is[j].record()
		if !reflect.DeepEqual(before, now) {
			v = other(v, before, now)
		}
		list = append(list, v)
	}
	for _, x := range is {
		if !slices.ContainsFunc(was, func(w *visit) bool { return w.key == x.key }) {
			list = append(list, x.record())
		}
	}
	return list
}

// other is a visit of the ledger that came out otherwise.
func other(v, before, now ledger.Visit) ledger.Visit {
	if now.Outcome != ledger.VisitAnswered || before.Outcome != ledger.VisitAnswered {
		return now
	}
	now.Transferred = v.Transferred
	if now.Talk == before.Talk {
		now.Talk, now.Hold = v.Talk, v.Hold
	}
	if now.Wrap == before.Wrap {
		now.Wrap = v.Wrap
	}
	if now.Agent == before.Agent {
		now.Survey, now.Disposition = v.Survey, v.Disposition
	}
	return now
}

func millis(d time.Duration) ledger.Millis {
	return ledger.Millis(max(0, d).Truncate(time.Millisecond))
}

// record is a visit as the ledger would have it.
func (v *visit) record() ledger.Visit {
	r := ledger.Visit{Queue: v.queue, Offered: v.joined, Expected: millis(v.expected), Wait: millis(v.ended.Sub(v.joined))}
	switch v.end {
	case open:
		r.Wait = 0
	case answered:
		r.Outcome, r.Agent, r.Wait = ledger.VisitAnswered, v.agent, millis(v.began.Sub(v.joined))
		if v.phase == over {
			r.Talk, r.Wrap = millis(v.ended.Sub(v.began)), millis(v.wrapped)
		}
	case hungUp:
		r.Outcome = ledger.VisitAbandoned
	case left:
		r.Outcome, r.Reason = ledger.VisitOverflow, "key"
	case moved:
		r.Outcome, r.Reason = ledger.VisitOverflow, "moved"
	case evicted:
		r.Outcome, r.Reason = ledger.VisitOverflow, string(v.reason)
	case cut:
		r.Outcome = ledger.VisitInterrupted
	case called:
		r.Outcome = ledger.VisitCallback
		r.Callback = "requested"
		if h := v.asked; h != nil {
			r.Callback, r.Delay = h.life()
		}
	}
	for _, g := range v.rings {
		rang := g.to.Sub(g.from)
		if g.end == "" {
			rang = 0
		}
		r.Rings = append(r.Rings, ledger.Ring{Agent: g.agent, After: millis(g.from.Sub(v.joined)), Rang: millis(rang), End: g.end})
	}
	return r
}

// life is how far a callback came, in the ledger's words, and after how long they talked.
func (v *visit) life() (string, ledger.Millis) {
	switch {
	case v.end == answered:
		return "connected", millis(v.began.Sub(v.joined))
	case v.state == acd.CallbackFailed, v.state == acd.CallbackExpired:
		return "expired", 0
	case v.state == acd.CallbackCancelled:
		return "withdrawn", 0
	case v.state == acd.CallbackMerged:
		return "merged", 0
	}
	return "requested", 0
}

// Floor gives what agents did. It is figures.Source. Where the ledger notes anew what an
// agent does, so does this.
func (s *stage) Floor(_ context.Context, _, to time.Time, f func(call.Step) error) error {
	steps, doing := s.steps, make(map[string]call.Step)
	played := func(until time.Time) error {
		for len(steps) > 0 && !steps[0].At.After(until) && steps[0].At.Before(to) {
			doing[steps[0].Agent] = steps[0]
			if err := f(steps[0]); err != nil {
				return err
			}
			steps = steps[1:]
		}
		return nil
	}
	for _, step := range s.book.floor {
		if !step.At.Before(to) {
			break
		}
		if err := played(step.At); err != nil {
			return err
		}
		if step.Type == call.StepAgent && s.agents[step.Agent] && !step.At.Before(s.began) {
			again, known := doing[step.Agent]
			if !known {
				continue
			}
			again.At = step.At
			step = again
		}
		if err := f(step); err != nil {
			return err
		}
	}
	return played(to)
}
