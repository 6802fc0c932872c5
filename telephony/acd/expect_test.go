package acd

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// day is a simulated day of one queue or two that share agents: calls that come and
// end at random, callers who give up at random (M/M/c with abandonment), and agents
// who come and go by the hour.
type day struct {
	State
	r        *rand.Rand
	now      time.Time
	agenda   agenda
	calls    int
	handle   float64 // seconds, talk and wrap-up
	patience float64
	load     float64 // calls that come in a handling time
	staff    int
	phases   int

	told         map[call.ID][]told
	joined       map[call.ID]time.Time
	h            map[string]float64 // its mean
	queue        map[call.ID]string
	last         map[call.ID]Expect
	ours, others float64 // sums of errors
	n            int
}

// told is what a caller was told at a time, and what app_queue would have said, seconds.
type told struct {
	at           time.Time
	ours, theirs float64
}

type entry struct {
	at time.Time
	do func()
}

type agenda []entry

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)        { *a = append(*a, x.(entry)) }
func (a *agenda) Pop() any {
	old := *a
	e := old[len(old)-1]
	*a = old[:len(old)-1]
	return e
}

func (d *day) in(seconds float64, do func()) {
	heap.Push(&d.agenda, entry{d.now.Add(time.Duration(seconds * float64(time.Second))), do})
}

func (d *day) apply(e Event) {
	for _, c := range d.Apply(e, d.now) {
		switch c := c.(type) {
		case Offer:
			agent := c.Agents[0]
			d.in(3, func() { d.apply(OfferAnswered{c.Offer, c.Call, agent}) })
		case Connect:
			d.answered(c)
		case Position:
			if c.Wait {
				d.tell(c.Call, c.Expect)
			}
		case WaitIs:
			d.tell(c.Call, c.Expect)
		case WakeAt:
			if !c.At.IsZero() {
				heap.Push(&d.agenda, entry{c.At, func() { d.apply(Tick{}) }})
			}
		}
	}
}

// tell announces the wait, now and every half minute.
func (d *day) tell(id call.ID, e Expect) {
	if e.Known {
		waited := d.now.Sub(d.joined[id]).Seconds()
		d.told[id] = append(d.told[id], told{d.now, e.Span.Seconds(), math.Abs(d.h[d.queue[id]] - waited)})
	}
	d.in(30, func() {
		if _, waits := d.joined[id]; waits {
			d.apply(WaitAsked{id})
		}
	})
}

func (d *day) answered(c Connect) {
	waited := d.now.Sub(d.joined[c.Call]).Seconds()
	for _, t := range d.told[c.Call] {
		rest := d.now.Sub(t.at).Seconds()
		d.ours += math.Abs(t.ours - rest)
		d.others += math.Abs(t.theirs - rest)
		d.n++
	}
	q := d.queue[c.Call]
	d.h[q] = (3*d.h[q] + waited) / 4
	delete(d.joined, c.Call)
	d.in(d.talk(), func() { d.apply(TalkEnded{Call: c.Call, Agent: c.Agent}) })
}

func (d *day) arrive(queues int) {
	d.calls++
	id := call.ID(fmt.Sprint("c", d.calls))
	d.joined[id], d.queue[id] = d.now, fmt.Sprint(700+d.calls%queues)
	d.apply(CallerJoined{Call: id, Queue: d.queue[id]})
	d.in(d.r.ExpFloat64()*d.patience, func() {
		if _, waits := d.joined[id]; waits && d.caller(id) != nil {
			delete(d.joined, id)
			d.apply(CallerLeft{Call: id})
		}
	})
	d.in(d.r.ExpFloat64()*d.handle/d.load, func() { d.arrive(queues) })
}

// talk is a random talk: exponential, or with phases more regular (Erlang's).
func (d *day) talk() (sum float64) {
	for range d.phases {
		sum += d.r.ExpFloat64() * d.handle * 0.9 / float64(d.phases)
	}
	return sum
}

// hour changes how many agents there are and how many callers come.
func (d *day) hour(agents int) {
	was := d.staff
	d.staff = agents/2 + d.r.IntN(agents/2+1)
	for i := range agents {
		switch ext := fmt.Sprint(1001 + i); {
		case i < d.staff && i >= was:
			d.apply(AgentOnline{ext})
		case i >= d.staff && i < was:
			d.apply(AgentOffline{ext})
		}
	}
	d.load = float64(agents) * 0.75 * (0.4 + 1.2*d.r.Float64())
	d.in(3600, func() { d.hour(agents) })
}

// simulate plays a day. It adds up the errors of all that those were told who had to
// wait, at once and every half minute, and of what app_queue would have said, which
// takes what they have waited off its mean.
func simulate(seed uint64, agents, queues int, handle, patience float64, phases int, each func(*day)) *day {
	d := &day{r: rand.New(rand.NewPCG(seed, 3)), now: morning, handle: handle, patience: patience, phases: phases,
		told: map[call.ID][]told{}, joined: map[call.ID]time.Time{}, h: map[string]float64{},
		queue: map[call.ID]string{}, last: map[call.ID]Expect{}}
	var c Configure
	for i := range queues {
		q := Queue{Number: fmt.Sprint(700 + i), Strategy: LongestIdle, WrapUp: time.Duration(handle * 0.1 * float64(time.Second))}
		for j := range agents {
			q.Agents = append(q.Agents, Member{Agent: fmt.Sprint(1001 + j)})
		}
		c.Queues = append(c.Queues, q)
	}
	d.apply(c)
	d.hour(agents)
	d.arrive(queues)
	for end := morning.Add(12 * time.Hour); d.agenda[0].at.Before(end); {
		e := heap.Pop(&d.agenda).(entry)
		d.now = e.at
		e.do()
		if each != nil {
			each(d)
		}
	}
	return d
}

// TestTheWaitIsHonest compares the mean error over many days with that of app_queue's
// estimate, h = (3h + new) / 4. Where talks end at random, as here, so do waits: most of
// the error that is left is the caller's luck, which nobody can know.
func TestTheWaitIsHonest(t *testing.T) {
	for _, c := range []struct {
		name             string
		agents, queues   int
		handle, patience float64
		phases           int
	}{
		{"shop", 4, 1, 180, 600, 1},
		{"centre", 12, 1, 240, 900, 1},
		{"patient callers", 8, 1, 200, 3600, 1},
		{"calls of like length", 8, 1, 200, 1800, 4},
		{"two queues of the same agents", 10, 2, 200, 900, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ours, others float64
			n := 0
			for seed := range 10 {
				d := simulate(uint64(seed), c.agents, c.queues, c.handle, c.patience, c.phases, nil)
				ours, others, n = ours+d.ours, others+d.others, n+d.n
			}
			t.Logf("%d announcements: mean error %.0f s, app_queue's %.0f s: %.2f", n, ours/float64(n), others/float64(n), ours/others)
			if n < 1000 || ours > 0.62*others {
				t.Errorf("mean error %.0f s of %d announcements, app_queue's %.0f s", ours/float64(n), n, others/float64(n))
			}
		})
	}
}

// TestTheWaitDoesNotGrow asks again and again: who waits is told less each time, unless an
// agent has left.
func TestTheWaitDoesNotGrow(t *testing.T) {
	asked := 0
	simulate(1, 8, 1, 200, 900, 1, func(d *day) {
		for _, c := range d.Callers {
			is := d.Apply(WaitAsked{c.Call}, d.now)[0].(WaitIs).Expect
			was, told := d.last[c.Call]
			if told && was.Known && is.Known && is.Staff >= was.Staff && (is.Span > was.Span || is.High > was.High) {
				t.Fatalf("%s was told %v and is told %v", c.Call, was, is)
			}
			d.last[c.Call] = is
			asked++
		}
	})
	if asked < 1000 {
		t.Errorf("%d questions", asked)
	}
}
