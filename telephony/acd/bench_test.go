package acd

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// bench is a floor where each agent sits in some queues, with callers in line.
type bench struct {
	State
	now    time.Time
	offers []Offer // that may still ring
	queues []Queue
	calls  []call.ID
	n      int
}

func newBench(strategy Strategy, queues, agents, each, waiting int) *bench {
	b := &bench{now: morning}
	for i := range queues {
		b.queues = append(b.queues, Queue{Number: fmt.Sprint(7000 + i), Strategy: strategy, WrapUp: 0})
		if strategy == Skills {
			b.queues[i].Skills = []SkillRule{{Needs: map[string]int{"en": 50}}, {After: time.Minute, Needs: map[string]int{"en": 0}}}
		}
	}
	for j := range agents {
		for k := range each {
			q := &b.queues[(j*7+k)%queues]
			q.Agents = append(q.Agents, Member{Agent: fmt.Sprint(10000 + j), Weight: 1 + j%3, Skills: map[string]int{"en": j % 100}})
		}
	}
	for i := range 4096 {
		b.calls = append(b.calls, call.ID(fmt.Sprint(i)))
	}
	b.apply(Configure{b.queues})
	for range waiting {
		b.join()
	}
	for j := range agents {
		b.apply(AgentOnline{fmt.Sprint(10000 + j)})
	}
	return b
}

func (b *bench) apply(e Event) {
	b.now = b.now.Add(10 * time.Millisecond)
	for _, c := range b.Apply(e, b.now) {
		if o, ok := c.(Offer); ok {
			b.offers = append(b.offers, o)
		}
	}
}

func (b *bench) join() {
	b.n++
	b.apply(CallerJoined{Call: b.calls[b.n%len(b.calls)], Queue: b.queues[b.n%len(b.queues)].Number})
}

// serve is one caller's life: answered, another one joins, the talk ends.
func (b *bench) serve() {
	o, agent := b.rings()
	b.apply(OfferAnswered{o.Offer, o.Call, agent})
	b.join()
	b.apply(TalkEnded{Call: o.Call, Agent: agent})
}

// rings is the oldest offer that rings, and the first agent whom it rings.
func (b *bench) rings() (Offer, string) {
	for i, o := range b.offers {
		for _, agent := range o.Agents {
			if a := b.agent(agent); a.Offer == o.Offer {
				b.offers = b.offers[i:]
				return o, agent
			}
		}
	}
	panic("nothing rings")
}

// cpu is the time that the processor gave to this program, whatever else it did.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure times what b.Loop runs in processor time, the collector's included: each
// time is so many events.
func measure(b *testing.B, events int, do func()) {
	b.ReportAllocs()
	began := cpu()
	for b.Loop() {
		do()
	}
	spent := cpu() - began
	b.ReportMetric(float64(events*b.N)/spent.Seconds(), "events/cpu-s")
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// BenchmarkEvents is a floor of 100 agents in 20 queues of 25 with 300 callers in
// line, for each strategy. The figure to watch is events/cpu-s; the target is 200,000.
// With ring-all an answer takes the call from the 24 others whose phones ring, and
// rings them for the next caller.
func BenchmarkEvents(b *testing.B) {
	for _, strategy := range Strategies() {
		b.Run(string(strategy), func(b *testing.B) {
			measure(b, 3, newBench(strategy, 20, 100, 5, 300).serve)
		})
	}
}

// BenchmarkRingAll is one queue in which all phones ring: of a shop, of an office, and
// of a floor of 1,000, where each answer is 999 phones that stop ringing and 999 that begin.
func BenchmarkRingAll(b *testing.B) {
	for _, agents := range []int{6, 20, 1000} {
		b.Run(fmt.Sprint(agents), func(b *testing.B) {
			measure(b, 3, newBench(RingAll, 1, agents, 1, 10).serve)
		})
	}
}

// BenchmarkDecision is the choice among 1,000 free agents, all in 100 queues, for each
// strategy: a caller joins and is offered, and leaves. The target is 1 ms.
func BenchmarkDecision(b *testing.B) {
	for _, strategy := range Strategies() {
		b.Run(string(strategy), func(b *testing.B) {
			f := newBench(strategy, 100, 1000, 100, 0)
			measure(b, 2, func() {
				f.offers = f.offers[:0]
				f.join()
				f.apply(CallerLeft{Call: f.offers[0].Call})
			})
		})
	}
}

// BenchmarkCrowd is an agent of 100 queues coming back to 2,000 callers, where 1,000
// agents sit in all queues.
func BenchmarkCrowd(b *testing.B) {
	measure(b, 3, newBench(LongestIdle, 100, 1000, 100, 3000).serve)
}
