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
	nextHour time.Time
	phases   int
	luck     *rand.Rand // of the oracle

	told   map[call.ID][]told
	joined map[call.ID]time.Time
	h      map[string]float64 // its mean
	queue  map[call.ID]string
	last   map[call.ID]Expect
	asked  int
	errors
}

// errors are sums of errors, in seconds; those of the oracle, and beside them ours and
// app_queue's, of a sample of the announcements.
type errors struct {
	n                                      int
	ours, others                           float64
	best, withRoster, beside, besideTheirs float64
}

// told is what a caller was told at a time, and what app_queue would have said, seconds.
type told struct {
	at               time.Time
	ours, theirs     float64
	asked            bool // the oracle
	best, withRoster float64
}

const (
	ring   = 3  // seconds until an agent answers
	sample = 40 // announcements for each that the oracle is asked about
)

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
			d.in(ring, func() { d.apply(OfferAnswered{c.Offer, c.Call, agent}) })
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
		is := told{at: d.now, ours: e.Span.Seconds(), theirs: math.Abs(d.h[d.queue[id]] - waited)}
		if d.asked++; d.asked%sample == 0 {
			c := d.caller(id)
			is.asked, is.best, is.withRoster = true, d.oracle(c, false), d.oracle(c, true)
		}
		d.told[id] = append(d.told[id], is)
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
		if t.asked {
			d.beside += math.Abs(t.ours - rest)
			d.besideTheirs += math.Abs(t.theirs - rest)
			d.best += math.Abs(t.best - rest)
			d.withRoster += math.Abs(t.withRoster - rest)
		}
	}
	q := d.queue[c.Call]
	d.h[q] = (3*d.h[q] + waited) / 4
	delete(d.joined, c.Call)
	d.in(d.talk(d.r), func() { d.apply(TalkEnded{Call: c.Call, Agent: c.Agent}) })
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
func (d *day) talk(r *rand.Rand) (sum float64) {
	for range d.phases {
		sum += r.ExpFloat64() * d.handle * 0.9 / float64(d.phases)
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
	d.nextHour = d.now.Add(time.Hour)
	d.in(3600, func() { d.hour(agents) })
}

// simulate plays a day. It adds up the errors of all that those were told who had to
// wait, at once and every half minute, and of what app_queue would have said, which
// takes what they have waited off its mean.
func simulate(seed uint64, agents, queues int, handle, patience float64, phases int, each func(*day)) *day {
	d := &day{r: rand.New(rand.NewPCG(seed, 3)), luck: rand.New(rand.NewPCG(seed, 4)), now: morning, handle: handle, patience: patience, phases: phases,
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
// estimate, h = (3h + new) / 4, and with that of the oracle. Most of the error that is left
// is the callers' luck, which nobody can know. The days are none by which the estimate
// was made.
func TestTheWaitIsHonest(t *testing.T) {
	for _, c := range []struct {
		name             string
		agents, queues   int
		handle, patience float64
		phases           int
		limit            float64 // of app_queue's error
	}{
		{"shop", 4, 1, 180, 600, 1, 0.60},
		{"centre", 12, 1, 240, 900, 1, 0.57},
		{"patient callers", 8, 1, 200, 3600, 1, 0.56},
		{"calls of like length", 8, 1, 200, 1800, 4, 0.49},
		{"two queues of the same agents", 10, 2, 200, 900, 1, 0.52},
	} {
		t.Run(c.name, func(t *testing.T) {
			var e errors
			for seed := range 10 {
				d := simulate(uint64(1000+seed), c.agents, c.queues, c.handle, c.patience, c.phases, nil)
				e.add(d.errors)
			}
			t.Logf("%d announcements: mean error %.0f s, app_queue's %.0f s: %.3f; the oracle %.3f, with the roster %.3f",
				e.n, e.ours/float64(e.n), e.others/float64(e.n), e.ours/e.others, e.best/e.besideTheirs, e.withRoster/e.besideTheirs)
			if e.n < 1000 || e.ours > c.limit*e.others {
				t.Errorf("mean error %.0f s of %d announcements, app_queue's %.0f s", e.ours/float64(e.n), e.n, e.others/float64(e.n))
			}
			if e.beside > 1.06*e.best {
				t.Errorf("mean error %.3f of the oracle's", e.beside/e.best)
			}
		})
	}
}

func (e *errors) add(o errors) {
	e.ours, e.others, e.n = e.ours+o.ours, e.others+o.others, e.n+o.n
	e.best, e.withRoster, e.beside, e.besideTheirs = e.best+o.best, e.withRoster+o.withRoster, e.beside+o.beside, e.besideTheirs+o.besideTheirs
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
