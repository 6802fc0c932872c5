package staffing_test

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/staffing"
)

// due is something that will happen on the simulated floor.
type due struct {
	at   time.Time
	what func(now time.Time)
}

type agenda []due

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)        { *a = append(*a, x.(due)) }
func (a *agenda) Pop() any          { old := *a; x := old[len(old)-1]; *a = old[:len(old)-1]; return x }

// town is M/M/n+M on the real core: callers who come at random and lose patience, agents
// who pick up at once and talk for exponential times.
type town struct {
	state  acd.State
	load   staffing.Load
	rand   *rand.Rand
	agenda agenda
	line   map[call.ID]time.Time // who waits, since
	wake   uint64

	target time.Duration
	seen   staffing.Seen // as a ledger has it
}

func (t *town) after(now time.Time, d time.Duration, what func(time.Time)) {
	heap.Push(&t.agenda, due{now.Add(d), what})
}

func (t *town) random(mean time.Duration) time.Duration {
	return time.Duration(t.rand.ExpFloat64() * float64(mean))
}

func (t *town) apply(e acd.Event, now time.Time) {
	for _, c := range t.state.Apply(e, now) {
		switch c := c.(type) {
		case acd.Offer:
			t.apply(acd.OfferAnswered{Offer: c.Offer, Call: c.Call, Agent: c.Agents[0]}, now)
		case acd.Connect:
			wait, talk := now.Sub(t.line[c.Call]), t.random(t.load.Handle)
			if wait <= t.target {
				t.seen.InTime++
			}
			t.seen.Answered++
			t.seen.Waited += wait
			t.seen.Work += talk
			delete(t.line, c.Call)
			t.after(now, talk, func(now time.Time) { t.apply(acd.TalkEnded{Call: c.Call, Agent: c.Agent}, now) })
		case acd.WakeAt:
			t.wake++
			if mine := t.wake; !c.At.IsZero() {
				t.after(c.At, 0, func(now time.Time) {
					if t.wake == mine {
						t.apply(acd.Tick{}, now)
					}
				})
			}
		}
	}
}

func (t *town) arrive(now time.Time) {
	t.seen.Calls++
	id := call.ID(fmt.Sprint("c", t.seen.Calls))
	t.line[id] = now
	patience := t.random(t.load.Patience)
	t.after(now, patience, func(now time.Time) {
		if _, waits := t.line[id]; waits {
			delete(t.line, id)
			t.seen.Abandoned++
			t.seen.Waited += patience
			t.apply(acd.CallerLeft{Call: id}, now)
		}
	})
	t.after(now, t.random(time.Duration(float64(time.Hour)/t.load.Calls)), t.arrive)
	t.apply(acd.CallerJoined{Call: id, Queue: "700"}, now)
}

// run lets so many callers come and tells what was seen.
func run(seed uint64, l staffing.Load, n, callers int, target time.Duration) staffing.Seen {
	t := &town{load: l, rand: rand.New(rand.NewPCG(seed, 1)), line: make(map[call.ID]time.Time), target: target}
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var agents []string
	for i := range n {
		agents = append(agents, fmt.Sprint(1001+i))
	}
	t.apply(acd.Configure{Queues: []acd.Queue{{Number: "700", Strategy: acd.LongestIdle, Agents: acd.Members(agents...)}}}, begin)
	for _, a := range agents {
		t.apply(acd.AgentOnline{Agent: a}, begin)
	}
	t.arrive(begin)
	for now := begin; t.seen.Calls < callers; t.seen.Span = now.Sub(begin) {
		next := heap.Pop(&t.agenda).(due)
		now = next.at
		next.what(now)
	}
	return t.seen
}

// grid are loads from easy to too much, with their numbers of agents.
func grid(f func(seed uint64, l staffing.Load, n int)) {
	seed := uint64(0)
	for _, n := range []int{2, 6, 15} {
		for _, busy := range []float64{0.8, 1, 1.25} {
			for _, patience := range []time.Duration{time.Minute, 4 * time.Minute} {
				seed++
				f(seed, staffing.Load{Calls: float64(n) * busy * 20, Handle: 3 * time.Minute, Patience: patience}, n)
			}
		}
	}
}

// TestTheFloorIsErlangA runs random traffic through the core that serves real calls, and
// compares what became of the callers with what Erlang A foresees for the calls and talks
// that really came: within 3 %, of a tenth of all callers where fewer are meant.
func TestTheFloorIsErlangA(t *testing.T) {
	const target = 20 * time.Second
	grid(func(seed uint64, l staffing.Load, n int) {
		seen := run(seed, l, n, 60_000, target)
		came := staffing.Load{Calls: float64(seen.Calls) / seen.Span.Hours(), Handle: seen.Work / time.Duration(seen.Answered), Patience: l.Patience}
		o, err := came.With(n, target)
		if err != nil {
			t.Fatal(err)
		}
		for name, part := range map[string][2]float64{"within": {o.Within, float64(seen.InTime)}, "abandoned": {o.Abandoned, float64(seen.Abandoned)}} {
			if got := part[1] / float64(seen.Calls); math.Abs(got-part[0]) > 0.03*max(part[0], 0.1) {
				t.Errorf("%d agents, %.0f calls/h, patience %v: %s %.4f, on the floor %.4f", n, l.Calls, l.Patience, name, part[0], got)
			}
		}
	})
}

// TestPlanLearnsTheLoad gives Plan what was seen of the floor: the load that made it
// comes out, and so does the number of agents.
func TestPlanLearnsTheLoad(t *testing.T) {
	target := staffing.Target{Within: 0.8, Wait: 20 * time.Second, Abandoned: 1}
	grid(func(seed uint64, l staffing.Load, n int) {
		seen := run(100+seed, l, n, 20_000, target.Wait)
		plan, err := staffing.Plan([]staffing.Seen{seen}, target)
		if err != nil {
			t.Fatal(err)
		}
		h := plan[0]
		near := func(got, want float64) bool { return math.Abs(got-want) < 0.07*want }
		if !near(h.Rate, l.Calls) || !near(float64(h.Handle.Mean), float64(l.Handle)) || !near(float64(h.Patience.Mean), float64(l.Patience)) {
			t.Errorf("%+v seen as %.1f calls/h, %v, %v", l, h.Rate, h.Handle.Mean, h.Patience.Mean)
		}
		need, err := l.Need(target)
		if err != nil {
			t.Fatal(err)
		}
		if h.Need.Agents < need.Agents-1 || h.Need.Agents > need.Agents+1 || h.Least > h.Need.Agents || h.Most < h.Need.Agents {
			t.Errorf("%+v needs %d agents, planned %d (%d to %d)", l, need.Agents, h.Need.Agents, h.Least, h.Most)
		}
	})
}

// TestPlanSaysWhatItDoesNotKnow looks at half hours with hardly any calls.
func TestPlanSaysWhatItDoesNotKnow(t *testing.T) {
	hour := func(s staffing.Seen) staffing.Seen { s.Span = time.Hour; return s }
	seen := []staffing.Seen{
		hour(staffing.Seen{}),
		hour(staffing.Seen{Calls: 3, Answered: 3, Work: 3 * time.Hour, Duty: 90 * time.Minute}),
		hour(staffing.Seen{Calls: 60, Answered: 40, Work: 40 * 4 * time.Minute, Abandoned: 20, Waited: 20 * time.Minute}),
		{}, // a half hour that no day had
	}
	plan, err := staffing.Plan(seen, staffing.Target{Within: 0.8, Wait: 20 * time.Second, Abandoned: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	none, few, many := plan[0], plan[1], plan[2]
	if !none.Few || none.Need.Agents != 0 || none.Least != 0 || none.Most < 1 || none.High < 3.5 || none.High > 3.9 { // 3.69 exactly
		t.Errorf("no calls: %+v", none)
	}
	days := time.Duration(3*time.Hour+40*4*time.Minute) / 43
	if !few.Few || few.Handle != (staffing.Mean{Mean: days, Of: 43, From: staffing.FromDays}) || few.Patience != (staffing.Mean{Mean: time.Minute, Of: 20, From: staffing.FromDays}) || few.OnDuty != 1.5 {
		t.Errorf("three calls: %+v", few)
	}
	if math.Abs(few.Low-0.62) > 0.05 || math.Abs(few.High-8.77) > 0.05 { // Garwood's exact bounds of 3
		t.Errorf("three calls are between %.2f and %.2f", few.Low, few.High)
	}
	if many.Few || many.Handle != (staffing.Mean{Mean: 4 * time.Minute, Of: 40, From: staffing.FromHalf}) || many.Patience.From != staffing.FromHalf || many.Least >= many.Need.Agents || many.Most <= many.Need.Agents {
		t.Errorf("sixty calls: %+v", many)
	}
	alone, err := staffing.Plan(seen[1:2], staffing.Target{Within: 0.8, Wait: 20 * time.Second, Abandoned: 1})
	if err != nil || alone[0].Patience != (staffing.Mean{Mean: staffing.UsualPatience, From: staffing.Assumed}) || alone[0].Handle.Of != 3 {
		t.Errorf("nobody gave up: %+v, %v", alone, err)
	}
}
