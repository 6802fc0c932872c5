package acd

import (
	"fmt"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// bench is a floor where each agent sits in some queues, with callers in line.
type bench struct {
	State
	now    time.Time
	offers []Offer
	queues []Queue
	n      int
}

func newBench(strategy Strategy, queues, agents, each, waiting int) *bench {
	b := &bench{now: morning}
	for i := range queues {
		b.queues = append(b.queues, Queue{Number: fmt.Sprint(7000 + i), Strategy: strategy, WrapUp: 0})
	}
	for j := range agents {
		for k := range each {
			q := &b.queues[(j*7+k)%queues]
			q.Agents = append(q.Agents, Member{Agent: fmt.Sprint(10000 + j), Skills: map[string]int{"en": j % 100}})
		}
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
	b.apply(CallerJoined{Call: call.ID(fmt.Sprint(b.n)), Queue: b.queues[b.n%len(b.queues)].Number})
}

// serve is one caller's life: answered, another one joins, the talk ends.
func (b *bench) serve() {
	o := b.offers[0]
	b.offers = b.offers[1:]
	b.apply(OfferAnswered{o.Offer, o.Call, o.Agents[0]})
	b.join()
	b.apply(TalkEnded{Call: o.Call, Agent: o.Agents[0]})
}

// BenchmarkEvents is a floor of 100 agents in 20 queues of 25 with 200 callers in
// line. The figure to watch is events/s; the target is 200,000.
func BenchmarkEvents(b *testing.B) {
	for _, strategy := range []Strategy{LongestIdle, RoundRobin, FewestCalls, Skills, RingAll} {
		b.Run(string(strategy), func(b *testing.B) {
			f := newBench(strategy, 20, 100, 5, 300)
			b.ReportAllocs()
			for b.Loop() {
				f.serve()
			}
			b.ReportMetric(3*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkDecision is a choice among 1,000 agents, all in 100 queues. The
// target is 1 ms.
func BenchmarkDecision(b *testing.B) {
	f := newBench(LongestIdle, 100, 1000, 100, 0)
	b.ReportAllocs()
	for b.Loop() {
		f.join()
		b.StopTimer()
		o := f.offers[0]
		f.offers = f.offers[:0]
		f.apply(CallerLeft{Call: o.Call})
		b.StartTimer()
	}
}

// BenchmarkCrowd is an agent of 100 queues coming back to 1,000 callers, where 1,000
// agents sit in all queues.
func BenchmarkCrowd(b *testing.B) {
	f := newBench(LongestIdle, 100, 1000, 100, 2000)
	b.ReportAllocs()
	for b.Loop() {
		f.serve()
	}
	b.ReportMetric(3*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
