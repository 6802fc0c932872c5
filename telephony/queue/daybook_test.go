package queue

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/acd/daybook"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/whatif"
)

// pages is a daybook in memory. With each event it keeps what the floor was then.
type pages struct {
	mu     sync.Mutex
	list   []paper
	floor  *Floor
	states []string
}

type paper struct {
	at   time.Time
	data []byte
}

func (p *pages) Append(at time.Time, data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, paper{at, data})
	if _, n := binary.Uvarint(data); data[n] == 'G' || data[n] == 'Z' { // nothing has happened
		return
	}
	text, _ := json.Marshal(&p.floor.state) // it is the floor that calls
	p.states = append(p.states, string(text))
}

func (p *pages) Flush(context.Context) error { return nil }

func (p *pages) Scan(_ context.Context, from, to time.Time, f func(time.Time, []byte) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.list {
		if !r.at.Before(from) && r.at.Before(to) {
			if err := f(r.at, r.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// busyDay lets people come and go at random, until hours are over.
type busyDay struct {
	*house
	r    *rand.Rand
	mu   sync.Mutex
	stop chan struct{}
	all  sync.WaitGroup
}

func (d *busyDay) pick(n int) int { d.mu.Lock(); defer d.mu.Unlock(); return d.r.IntN(n) }

// wait sleeps; it reports false when the day is over.
func (d *busyDay) wait(seconds int) bool {
	span := time.Duration(1+d.pick(seconds*1000)) * time.Millisecond
	select {
	case <-time.After(span + time.Duration(d.pick(1000))*time.Nanosecond):
		return true
	case <-d.stop:
		return false
	}
}

// agent has moods: most calls are taken, some ring out or are refused.
func (d *busyDay) agent(p *calltest.Phone) {
	for {
		select {
		case l := <-p.Rung:
			d.all.Go(func() {
				l.Post(call.Ringing{Leg: l.ID()})
				switch d.pick(8) {
				case 0: // rings out
				case 1:
					d.wait(5)
					l.End(call.Rejected)
				case 2:
					l.End(call.Busy)
				default:
					d.wait(15)
					l.Post(call.Answered{Leg: l.ID()})
					d.wait(200)
					l.End(call.Normal)
				}
			})
		case <-d.stop:
			return
		}
	}
}

func (d *busyDay) caller(n int) {
	c := d.arriveWith(fmt.Sprint("0912", n%60), map[string]string{"priority": []string{"", "", "5"}[n%3]})
	d.all.Go(func() {
		d.wait(150)
		if n%9 == 0 {
			c.Press('2')
			d.wait(10)
			c.Press('1')
			d.wait(30)
		}
		c.End(call.Normal)
	})
}

// supervise changes something about the agents.
func (d *busyDay) supervise() {
	agent := []string{"1001", "1002", "1003"}[d.pick(3)]
	wish := []acd.Wish{acd.ToggleLogin, acd.LogIn, acd.LogIn, acd.TogglePause, acd.Resume, acd.Pause}[d.pick(6)]
	switch d.pick(6) {
	case 0:
		_ = d.floor.WrapUp(agent, time.Duration(d.pick(2))*time.Minute, call.Party{})
	case 1:
		floor := d.floor
		floor.Busy(agent, true)
		d.all.Go(func() { d.wait(60); floor.Busy(agent, false) })
	case 2:
		_, _ = d.floor.CallBack("700", fmt.Sprint("0935", d.pick(20)), "", time.Time{})
	default:
		_ = d.floor.Set(agent, "", wish, "", call.Party{})
	}
}

// aDay is a random day on a live floor, restarted and changed in the middle.
func aDay(t *testing.T, seed uint64, check func(*pages, *house)) {
	bubble(t, func(q *config.Queue) {
		wishing(q)
		q.Agents = config.QueueAgents("1001", "1002", "1003")
		q.Strategy = []config.QueueStrategy{config.RoundRobin, config.AtRandom, config.RingAll, config.LongestIdle}[seed%4]
		q.MaxWait, q.AutoPause = config.Duration(90*time.Second), 3
		q.Callback.CustomerFirst = seed%2 == 0
	}, func(h *house) {
		h.stop()
		book := &pages{}
		h.book = book
		h.phones["1003"] = calltest.NewPhone("1003", h.floor.opts.Clock)
		d := &busyDay{house: h, r: rand.New(rand.NewPCG(seed, 1)), stop: make(chan struct{})}
		for i := range 20 {
			h.phones[fmt.Sprint("0935", i)] = calltest.NewPhone(fmt.Sprint("0935", i), h.floor.opts.Clock)
		}
		for i := range 60 {
			h.phones[fmt.Sprint("0912", i)] = calltest.NewPhone(fmt.Sprint("0912", i), h.floor.opts.Clock)
		}
		h.start()
		for _, p := range h.phones {
			d.all.Go(func() { d.agent(p) })
		}
		for n := range 150 {
			d.wait(40)
			d.caller(n)
			if n%10 == 0 {
				d.supervise()
			}
			if n == 50 {
				c := h.config
				c.Queues = slices.Clone(c.Queues)
				c.Queues[0].WrapUp = config.Duration(25 * time.Second)
				h.config = c
				h.floor.Reload(&c)
			}
			if n == 100 {
				h.stop()
				time.Sleep(20 * time.Second)
				h.start()
			}
		}
		time.Sleep(30 * time.Minute)
		close(d.stop)
		synctest.Wait()
		d.all.Wait()
		check(book, h)
	})
}

// A day that is replayed from its daybook goes as it went on the floor.
func TestADayIsReplayed(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			aDay(t, seed, func(book *pages, h *house) {
				day, err := daybook.Read(t.Context(), book, time.Time{}, time.Now().Add(time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				if len(day.Runs) != 2 || len(day.Gaps) != 0 || !day.Runs[1].Started || day.Runs[0].Stopped.IsZero() {
					t.Fatalf("%d runs, gaps at %v", len(day.Runs), day.Gaps)
				}
				var offers []string
				states := book.states
				for i := range day.Runs {
					offers = append(offers, replayed(t, &day.Runs[i], &states)...)
				}
				if len(states) > 0 {
					t.Errorf("%d events are not in the daybook", len(states))
				}
				var real []string
				for _, s := range h.journal.Steps() {
					if s.Type == call.StepQueueOffered {
						real = append(real, fmt.Sprint(s.Call, s.Agent, s.Reason))
					}
				}
				slices.Sort(offers)
				slices.Sort(real)
				real, offers = slices.Compact(real), slices.Compact(offers)
				for _, o := range real {
					if !slices.Contains(offers, o) {
						t.Errorf("not offered in the replay: %s", o)
					}
				}
				if len(real) < 20 {
					t.Errorf("only %d offers", len(real))
				}
				t.Logf("%d pages, %d offers", len(book.list), len(offers))
			})
		})
	}
}

// Played by the people of the day, without a change, the day is the same event by event.
func TestAnUnchangedDayIsTheSame(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			aDay(t, seed, func(book *pages, h *house) {
				day, err := daybook.Read(t.Context(), book, time.Time{}, time.Now().Add(time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				rec, err := whatif.Learn(day)
				if err != nil {
					t.Fatal(err)
				}
				if d, err := whatif.Check(t.Context(), day, rec); err != nil || d != nil {
					t.Errorf("differs: %+v %v", d, err)
				}
				playOthers(t, day, seed)
			})
		})
	}
}

// A day begins with the floor of midnight: somebody talks, somebody waits, somebody is rung.
func TestADayBeginsAtMidnight(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1001", "1002") }, func(h *house) {
		h.stop()
		h.book = &pages{}
		h.start()
		midnight := midnight(time.Now(), &h.config)
		time.Sleep(time.Until(midnight) - 5*time.Second)
		first := h.arrive("0911")
		talk := h.rung("1001")
		h.answer(talk)
		second := h.arrive("0912")
		ring := h.rung("1002")
		third := h.arrive("0913")
		h.after(20 * time.Second)
		talk.End(call.Normal)
		h.after(time.Second)
		h.answer(ring)
		h.after(time.Minute)
		second.End(call.Normal)
		h.after(5 * time.Second)
		h.answer(h.rung("1001"))
		h.after(10 * time.Second)
		third.End(call.Normal)
		first.End(call.Normal)
		h.after(time.Minute)
		day, err := daybook.Read(t.Context(), h.book, midnight, midnight.AddDate(0, 0, 1))
		if err != nil || len(day.Runs) != 1 || day.Runs[0].Started || len(day.Gaps) != 0 || len(day.Runs[0].State.Callers) != 2 {
			t.Fatalf("%+v %v", day, err)
		}
		if at := day.Runs[0].Began.Sub(midnight); at > time.Second {
			t.Errorf("it begins %v late", at)
		}
		rec, err := whatif.Learn(day)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := whatif.Check(t.Context(), day, rec); err != nil || d != nil {
			t.Errorf("differs: %+v %v", d, err)
		}
		for seed := range uint64(8) {
			playOthers(t, day, seed)
		}
	})
}

// playOthers plays the day with other settings; the house must come to an end with it.
func playOthers(t *testing.T, day *daybook.Day, seed uint64) {
	wishes := []whatif.Wish{{Callback: "off"}, {Strategy: "linear", Agents: "-1"}, {Callback: "on", Agents: "-2"}, {WrapUp: "0s", Agents: "+3"}, {MaxWait: "15s"},
		{Agents: "-1001,-1002,-1003"}, {Hours: "1001=00:10-00:30"}, {Strategy: "ring-all", Callback: "on"}}
	w := wishes[seed%uint64(len(wishes))]
	c, err := w.Change(day.Runs[0].Began.Truncate(24*time.Hour), map[string]whatif.Door{"700": {Callback: true, OfferAfter: 30 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	got, err := whatif.Compare(t.Context(), whatif.Box{Clock: clock.System(), Ledger: emptyLedger{}, Config: func() *config.Config { return cfg }},
		whatif.Question{Day: day, Change: c, Figures: figures.Query{From: day.Runs[0].Began, To: time.Now().Add(time.Hour)}, Runs: 3})
	if err != nil || !got.Closes || !got.Exact {
		t.Errorf("%+v: %+v %v", w, got, err)
	}
}

// emptyLedger is one without calls.
type emptyLedger struct{}

func (emptyLedger) Each(context.Context, time.Time, time.Time, func(*ledger.Entry) error) error {
	return nil
}
func (emptyLedger) Floor(context.Context, time.Time, time.Time, func(call.Step) error) error {
	return nil
}

// replayed compares the floor after every event and returns the offers.
func replayed(t *testing.T, run *daybook.Run, states *[]string) (offers []string) {
	s, err := daybook.Copy(&run.State)
	if err != nil {
		t.Fatal(err)
	}
	same := func() {
		if text, _ := json.Marshal(&s); string(text) != (*states)[0] {
			t.Fatalf("the replay has\n%s\nthe floor had\n%s", text, (*states)[0])
		}
		*states = (*states)[1:]
	}
	same()
	for _, e := range run.Events {
		for _, c := range s.Apply(e.Event, e.At) {
			if o, ok := c.(acd.Offer); ok {
				for _, agent := range o.Agents {
					offers = append(offers, fmt.Sprint(o.Call, agent, o.Why))
				}
			}
		}
		same()
	}
	return offers
}
