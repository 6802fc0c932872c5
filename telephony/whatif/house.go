package whatif

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/call"
)

// house does what the people of a day would do about other commands of the core. It is
// one goroutine on virtual time.
type house struct {
	*scene
	rec    *Record
	change *Change
	luck   luck
	span   *span
	agenda agenda
	pushed int
	met    int              // visits of scene.list that have come in
	talks  map[*visit]*talk // that they have
	sent   map[int64]bool   // ticks of the record
	heard  func(*item, acd.Event, []acd.Command)
}

// item is something that will happen, if it still makes sense by then.
type item struct {
	at    time.Time
	order int // among those of the same time: as on the day, then what was not seen then
	n     int
	event func() acd.Event // nil: it makes no sense any more
}

// unseen is the order of what was not on the record.
const unseen = 1 << 30 // fits on boards of 32 bits

type agenda []*item

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if c := a[i].at.Compare(a[j].at); c != 0 {
		return c < 0
	}
	if a[i].order != a[j].order {
		return a[i].order < a[j].order
	}
	return a[i].n < a[j].n
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is for heap.Push.
func (a *agenda) Push(x any) { *a = append(*a, x.(*item)) }

// Pop is for heap.Pop.
func (a *agenda) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}

// put notes something for a time, unless that is over. order is that of the record.
func (h *house) put(at time.Time, order int, event func() acd.Event) {
	if at.Before(h.span.began) || !at.Before(h.span.ends) {
		return
	}
	if order != unseen {
		order *= 2
	}
	h.push(at, order, event)
}

func (h *house) push(at time.Time, order int, event func() acd.Event) {
	h.pushed++
	heap.Push(&h.agenda, &item{at, order, h.pushed, event})
}

// play lets a day happen with a change, and with chance by a seed.
func play(ctx context.Context, rec *Record, change *Change, seed uint64, heard func(*item, acd.Event, []acd.Command)) (*scene, error) {
	h := &house{rec: rec, change: change, luck: luck(seed), talks: make(map[*visit]*talk), heard: heard}
	for i := range rec.spans {
		if err := h.begin(&rec.spans[i]); err != nil {
			return nil, err
		}
		for n := 0; len(h.agenda) > 0; n++ {
			if n%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			it := heap.Pop(&h.agenda).(*item)
			if e := it.event(); e != nil {
				h.happens(it, e)
			}
		}
	}
	if h.scene == nil {
		h.scene = newScene(acd.State{})
	}
	return h.scene, nil
}

// begin takes up the floor where a stretch of the record begins. After a restart that is
// what this house remembers, which is what the box remembered if all went as on the day.
func (h *house) begin(s *span) error {
	before := h.span
	h.span, h.agenda, h.sent = s, nil, make(map[int64]bool)
	state, err := daybook.Copy(&s.state)
	if err != nil {
		return err
	}
	switch {
	case before == nil:
		h.scene = newScene(state)
	case s.started:
		now, err := json.Marshal(&h.state)
		if err != nil {
			return err
		}
		mine := h.state
		h.stop(before.ends)
		if bytes.Equal(now, before.last) {
			h.scene.begin(state)
			break
		}
		h.state = acd.State{Now: s.began}
		h.happens(h.now(), acd.Configure{Queues: state.Queues})
		for _, a := range state.Agents {
			if a.Online {
				h.happens(h.now(), acd.AgentOnline{Agent: a.Extension})
			}
		}
		h.happens(h.now(), acd.Restore{From: mine})
	default:
		h.scene.begin(state)
	}
	for _, v := range h.list {
		h.resume(v)
	}
	h.met = len(h.list)
	if !h.state.Wake.IsZero() {
		h.wake(h.state.Wake)
	}
	for _, f := range s.fixed {
		h.put(s.began.Add(f.after), f.order, func() acd.Event { return h.fixed(f.event) })
	}
	for _, c := range s.starts {
		h.put(c.at, c.order, func() acd.Event { return c.join })
	}
	if h.change.Queues != nil {
		h.happens(h.now(), acd.Configure{Queues: h.change.Queues(s.began, h.state.Queues)})
	}
	h.people()
	return nil
}

// now is an item of the beginning of the stretch.
func (h *house) now() *item { return &item{at: h.span.began} }

// fixed is an event that nothing led to, as far as it still makes sense.
func (h *house) fixed(e acd.Event) acd.Event {
	live := func(id call.ID) bool { return h.change.changes() && h.visits[id] != nil && h.visits[id].phase != over }
	switch e := e.(type) {
	case acd.Configure:
		if h.change.Queues != nil {
			return acd.Configure{Queues: h.change.Queues(h.state.Now, e.Queues)}
		}
	case acd.CallerLeft:
		if live(e.Call) {
			return nil
		}
	case acd.TalkEnded:
		if live(e.Call) {
			return nil
		}
	case acd.AgentOnline:
		return h.unless(e.Agent, e)
	case acd.AgentOffline:
		return h.unless(e.Agent, e)
	case acd.AgentDuty:
		return h.unless(e.Agent, e)
	}
	return e
}

// unless leaves out what an agent did whose hours are others now.
func (h *house) unless(agent string, e acd.Event) acd.Event {
	if _, other := h.change.Hours[agent]; other {
		return nil
	}
	return e
}

// happens has the core take an event in and does what its commands lead to.
func (h *house) happens(it *item, e acd.Event) {
	did := h.apply(e, it.at)
	if h.heard != nil {
		h.heard(it, e, did)
	}
	for ; h.met < len(h.list); h.met++ {
		h.arrive(h.list[h.met])
	}
	for _, c := range did {
		switch c := c.(type) {
		case acd.Offer:
			for _, agent := range c.Agents {
				h.rings(h.visits[c.Call], agent)
			}
		case acd.Connect:
			h.talk(h.visits[c.Call])
		case acd.Dial:
			h.dial(h.visits[c.Call])
		case acd.WakeAt:
			if !c.At.IsZero() {
				h.wake(c.At)
			}
		}
	}
	for _, v := range h.ended {
		h.after(v)
	}
}

// wake sends a Tick when the core wants one, at the very moment of the record if it has one.
func (h *house) wake(at time.Time) {
	key := at.UnixNano()
	t, seen := h.span.ticks[key]
	wanted := func() acd.Event {
		if !h.state.Wake.Equal(at) {
			return nil
		}
		return acd.Tick{}
	}
	switch {
	case t.real && h.sent[key]:
	case t.real:
		h.sent[key] = true
		h.put(t.at, t.order, func() acd.Event { return acd.Tick{} })
	case seen:
		if t.at.Before(h.span.ends) {
			h.push(t.at, 2*t.order+1, wanted) // after what overtook it
		}
	default:
		h.put(at, unseen, wanted)
	}
}
