package whatif

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// midnight of the day of all tests, and its opening.
var (
	midnight = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	opening  = midnight.Add(8 * time.Hour)
)

// town is a day of people with whims round a core, written with none of this package's
// code: it makes days to learn from.
type town struct {
	state  acd.State
	r      *rand.Rand
	now    time.Time
	agenda agenda
	n      int
	pages  pages
	book   *daybook.Writer
	talks  map[call.ID]string
}

type pages []page

type page struct {
	at   time.Time
	data []byte
}

func (p *pages) Append(at time.Time, data []byte) { *p = append(*p, page{at, data}) }
func (p *pages) Flush(context.Context) error      { return nil }
func (p *pages) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	for _, r := range *p {
		if !r.at.Before(from) && r.at.Before(to) {
			if err := f(r.at, r.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// plan is what a town is like.
type plan struct {
	calls, agents      int
	gap, talk, patient time.Duration // means
	queue              func(*acd.Queue)
	restart            bool
}

func usual() plan {
	return plan{calls: 200, agents: 3, gap: 40 * time.Second, talk: 100 * time.Second, patient: 90 * time.Second, queue: func(*acd.Queue) {}}
}

func (t *town) in(d time.Duration, do func()) { t.plan(d, 0, do) }

// plan notes what is to come; what is sure comes whether or not the box works.
func (t *town) plan(d time.Duration, sure int, do func()) {
	t.n++
	heap.Push(&t.agenda, &item{at: t.now.Add(d), order: sure, n: t.n, event: func() acd.Event { do(); return nil }})
}

func (t *town) mean(d time.Duration) time.Duration {
	return time.Duration(t.r.ExpFloat64()*float64(d)) + 1
}

func (t *town) apply(e acd.Event) {
	did := t.state.Apply(e, t.now)
	t.book.Event(t.state.Now, e)
	for _, c := range did {
		switch c := c.(type) {
		case acd.Offer:
			for _, agent := range c.Agents {
				t.rung(c, agent)
			}
		case acd.Connect:
			t.talks[c.Call] = c.Agent
			t.in(t.mean(100*time.Second), func() {
				if t.talks[c.Call] != "" {
					delete(t.talks, c.Call)
					t.apply(acd.TalkEnded{Call: c.Call, Agent: c.Agent})
					t.in(time.Duration(t.r.IntN(8))*time.Second, func() { t.apply(acd.WrapEnded{Agent: c.Agent}) })
				}
			})
		case acd.Dial:
			t.in(t.mean(10*time.Second), func() {
				if t.r.IntN(4) > 0 {
					t.apply(acd.DialAnswered{Call: c.Call, As: "to " + c.Call})
				} else {
					t.apply(acd.DialFailed{Call: c.Call, Cause: call.NoAnswer})
				}
			})
		case acd.WakeAt:
			if !c.At.IsZero() {
				lag := time.Duration(t.r.IntN(900)) * time.Microsecond
				t.in(c.At.Sub(t.now)+lag, func() {
					if t.state.Wake.Equal(c.At) {
						t.apply(acd.Tick{})
					}
				})
			}
		}
	}
}

func (t *town) rung(c acd.Offer, agent string) {
	if t.r.IntN(7) == 0 {
		t.in(20*time.Second, func() {
			t.apply(acd.OfferFailed{Offer: c.Offer, Call: c.Call, Agent: agent, Cause: call.NoAnswer})
		})
		return
	}
	t.in(t.mean(5*time.Second), func() {
		a := t.agent(agent)
		if a != nil && a.Offer == c.Offer {
			t.apply(acd.OfferAnswered{Offer: c.Offer, Call: c.Call, Agent: agent})
		}
	})
}

func (t *town) agent(ext string) *acd.Agent {
	for _, a := range t.state.Agents {
		if a.Extension == ext {
			return a
		}
	}
	return nil
}

func (t *town) caller(p plan, n int) {
	id := call.ID(fmt.Sprint("call-", n))
	t.apply(acd.CallerJoined{Call: id, Queue: "700", Party: call.Party{Number: fmt.Sprint("0912", t.r.IntN(1000))}, Priority: t.r.IntN(10) / 9})
	t.in(t.mean(p.patient), func() {
		if slices.ContainsFunc(t.state.Callers, func(c *acd.Caller) bool { return c.Call == id }) {
			t.apply(acd.CallerLeft{Call: id, Dropped: t.r.IntN(5) > 0})
		}
	})
}

// aDay is a day of the town from opening on.
func aDay(tb testing.TB, seed uint64, p plan) *daybook.Day {
	tb.Helper()
	t := &town{r: rand.New(rand.NewPCG(seed, 7)), now: opening, talks: make(map[call.ID]string)}
	t.book = daybook.NewWriter(&t.pages)
	t.open(p)
	at := time.Duration(0)
	for n := range p.calls {
		at += t.mean(p.gap)
		t.plan(at, 1, func() { t.caller(p, n) })
	}
	for i := range p.agents { // each has a rest
		agent := fmt.Sprint(1001 + i)
		rest := time.Duration(t.r.Int64N(int64(at)))
		t.plan(rest, 1, func() { t.apply(acd.AgentDuty{Agent: agent, Wish: acd.TogglePause}) })
		t.plan(rest+5*time.Minute, 1, func() { t.apply(acd.AgentDuty{Agent: agent, Wish: acd.TogglePause}) })
	}
	if p.restart {
		t.in(at/2, func() {
			t.book.Stop(t.state.Now)
			before := t.state
			t.state, t.agenda, t.now = acd.State{}, t.later(), t.now.Add(10*time.Second)
			heap.Init(&t.agenda)
			clear(t.talks)
			t.open(p, acd.Restore{From: before})
		})
	}
	for len(t.agenda) > 0 {
		it := heap.Pop(&t.agenda).(*item)
		if it.at.After(t.now) {
			t.now = it.at
		}
		it.event()
	}
	day, err := daybook.Read(tb.Context(), &t.pages, midnight, midnight.AddDate(0, 0, 1))
	if err != nil {
		tb.Fatal(err)
	}
	return day
}

// later is what comes after a restart.
func (t *town) later() agenda {
	return slices.DeleteFunc(t.agenda, func(it *item) bool { return it.order == 0 })
}

func (t *town) open(p plan, after ...acd.Event) {
	q := acd.Queue{Number: "700", Strategy: acd.LongestIdle, WrapUp: 10 * time.Second}
	for i := range p.agents {
		q.Agents = append(q.Agents, acd.Member{Agent: fmt.Sprint(1001 + i), Skills: map[string]int{"en": 30 * i}})
	}
	p.queue(&q)
	t.apply(acd.Configure{Queues: []acd.Queue{q}})
	for _, m := range q.Agents {
		t.apply(acd.AgentOnline{Agent: m.Agent})
	}
	for _, e := range after {
		t.apply(e)
	}
	t.book.Start(&t.state)
}

// shelf is the ledger of a town.
type shelf struct{ book }

func (s *shelf) Each(_ context.Context, _, to time.Time, f func(*ledger.Entry) error) error {
	for _, e := range s.entries {
		e.Visits = slices.Clone(e.Visits)
		if err := f(&e); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) Floor(_ context.Context, _, _ time.Time, f func(call.Step) error) error {
	for _, step := range s.floor {
		if err := f(step); err != nil {
			return err
		}
	}
	return nil
}

// ledgerOf is what the ledger has of a day, with clocks a little late as they are.
func ledgerOf(tb testing.TB, day *daybook.Day) *shelf {
	tb.Helper()
	rec, err := Learn(day)
	if err != nil {
		tb.Fatal(err)
	}
	s := &shelf{}
	for id, list := range byCall(rec.visits) {
		e := ledger.Entry{Call: id, Started: list[0].joined.Add(-time.Second), From: list[0].party.Number}
		for _, v := range list {
			r := v.record()
			r.Offered = r.Offered.Add(300 * time.Microsecond)
			r.Wait += ledger.Millis(time.Millisecond)
			e.Visits = append(e.Visits, r)
		}
		s.entries = append(s.entries, e)
	}
	for _, d := range rec.doing {
		s.floor = append(s.floor, call.Step{At: d.at.Add(200 * time.Microsecond), Type: call.StepAgent, Agent: d.agent, Queue: d.queue, Value: string(d.status)})
	}
	return s
}

type frozen struct{ clock.Clock }

func (frozen) Now() time.Time { return midnight.AddDate(0, 0, 20) }

// compare asks what a change makes of a day.
func compare(tb testing.TB, day *daybook.Day, from *shelf, c Change, runs int) *Comparison {
	tb.Helper()
	cfg := config.Default()
	got, err := Compare(tb.Context(), Box{frozen{clock.System()}, from, func() *config.Config { return cfg }},
		Question{Day: day, Change: c, Figures: figures.Query{From: midnight, To: midnight.AddDate(0, 0, 1)}, Runs: runs})
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func (c *Comparison) of(tb testing.TB, id string) Figure {
	tb.Helper()
	for _, f := range c.Figures {
		if f.ID == id {
			if f.Real == nil || f.Mean == nil {
				tb.Fatalf("%s is not known", id)
			}
			return f
		}
	}
	tb.Fatalf("there is no figure %s", id)
	return Figure{}
}
