package acd

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

var morning = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// floor runs a story and writes down what the State commanded.
type floor struct {
	State
	now time.Time
	out strings.Builder
}

func newFloor(q Queue, online ...string) *floor {
	f := &floor{now: morning}
	f.Apply(Configure{[]Queue{q}}, f.now)
	for _, ext := range online {
		f.Apply(AgentOnline{ext}, f.now)
	}
	return f
}

// at applies an event so many seconds after the morning began.
func (f *floor) at(second int, e Event) {
	f.now = morning.Add(time.Duration(second) * time.Second)
	fmt.Fprintf(&f.out, "%ds %T\n", second, e)
	for _, c := range f.Apply(e, f.now) {
		switch c := c.(type) {
		case Offer:
			fmt.Fprintf(&f.out, "  offer %d: %s to %s because %s\n", c.Offer, c.Call, strings.Join(c.Agents, ", "), c.Why)
		case Withdraw:
			fmt.Fprintf(&f.out, "  withdraw %d: %s from %s\n", c.Offer, c.Call, c.Agent)
		case Connect:
			fmt.Fprintf(&f.out, "  connect %s and %s\n", c.Call, c.Agent)
		case Position:
			wait := ""
			if c.Wait {
				wait = ", nobody is free"
			}
			fmt.Fprintf(&f.out, "  %s is number %d%s\n", c.Call, c.N, wait)
		case Renumbered:
			for i, id := range c.Calls {
				fmt.Fprintf(&f.out, "  %s is number %d\n", id, c.From+i)
			}
		case Evict:
			fmt.Fprintf(&f.out, "  evict %s: %s\n", c.Call, c.Reason)
		case AgentStatus:
			fmt.Fprintf(&f.out, "  %s %s -> %s %s\n", c.Agent, c.Was, c.Is, c.Call)
		case WakeAt:
			if c.At.IsZero() {
				fmt.Fprintf(&f.out, "  no wake\n")
				continue
			}
			fmt.Fprintf(&f.out, "  wake at %.0fs\n", c.At.Sub(morning).Seconds())
		}
	}
}

func (f *floor) want(t *testing.T, story string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(story), "\n"), strings.Split(strings.TrimSpace(f.out.String()), "\n")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func (f *floor) answer(second int, id call.ID, agent string) {
	f.at(second, OfferAnswered{f.agent(agent).Offer, id, agent})
}

func (f *floor) fail(second int, id call.ID, agent string, cause call.Cause) {
	f.at(second, OfferFailed{f.agent(agent).Offer, id, agent, cause})
}

func TestLongestIdle(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: LongestIdle, Agents: Members("1001", "1002", "1003", "1004"), WrapUp: 15 * time.Second},
		"1001", "1002", "1003")
	f.at(10, CallerJoined{Call: "A", Queue: "700"})
	f.answer(12, "A", "1001")
	f.at(20, AgentBusy{"1002", true})
	f.at(60, TalkEnded{Call: "A", Agent: "1001"})
	f.at(63, CallerJoined{Call: "B", Queue: "700"})
	f.fail(83, "B", "1003", call.NoAnswer)
	f.at(88, Tick{})
	f.at(89, CallerLeft{Call: "B"})
	f.want(t, `
10s acd.CallerJoined
  A is number 1
  offer 1: A to 1001 because longest idle 10s; 1002 idle 10s; 1003 idle 10s; 1004 offline
  1001 free -> ringing A
12s acd.OfferAnswered
  connect A and 1001
  1001 ringing -> talking A
20s acd.AgentBusy
  1002 free -> busy 
60s acd.TalkEnded
  1001 talking -> wrap-up A
  wake at 75s
63s acd.CallerJoined
  B is number 1
  offer 2: B to 1003 because longest idle 1m3s; 1001 wrapping up, 12s left; 1002 on another call; 1004 offline
  1003 free -> ringing B
83s acd.OfferFailed
  offer 3: B to 1001 because longest idle 23s; 1002 on another call; 1003 resting after a missed call, 5s left; 1004 offline
  1001 wrap-up -> ringing B
  1003 ringing -> missed 
  wake at 88s
88s acd.Tick
  1003 missed -> free 
  no wake
89s acd.CallerLeft
  1001 ringing -> free 
`)
}

func TestLinear(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: Linear, Agents: Members("1002", "1001"), MaxWait: time.Minute}, "1001", "1002")
	f.at(0, CallerJoined{Call: "A", Queue: "700"})
	f.fail(1, "A", "1002", call.Rejected)
	f.fail(7, "A", "1001", call.NoAnswer)
	f.fail(27, "A", "1002", call.NoAnswer)
	f.at(28, CallerJoined{Call: "B", Queue: "700"})
	f.at(33, CallerJoined{Call: "C", Queue: "700"})
	f.fail(62, "A", "1001", call.NoAnswer)
	f.want(t, `
0s acd.CallerJoined
  A is number 1
  offer 1: A to 1002 because first free in the list; 1001 later in the list
  1002 free -> ringing A
1s acd.OfferFailed
  offer 2: A to 1001 because first free in the list; 1002 resting after a missed call, 5s left
  1001 free -> ringing A
  1002 ringing -> missed 
  wake at 6s
7s acd.OfferFailed
  offer 3: A to 1002 because asked again, every free agent missed this caller; 1001 resting after a missed call, 5s left
  1001 ringing -> missed 
  1002 missed -> ringing A
  wake at 12s
27s acd.OfferFailed
  offer 4: A to 1001 because asked again, every free agent missed this caller; 1002 resting after a missed call, 5s left
  1001 missed -> ringing A
  1002 ringing -> missed 
  wake at 32s
28s acd.CallerJoined
  B is number 2, nobody is free
33s acd.CallerJoined
  C is number 3
  offer 5: B to 1002 because first free in the list; 1001 rung for another caller
  1002 missed -> ringing B
  wake at 93s
62s acd.OfferFailed
  evict A: timeout
  B is number 1
  C is number 2
  1001 ringing -> missed 
  wake at 67s
`)
}

func TestRingAll(t *testing.T) {
	f := newFloor(Queue{Number: "700", Strategy: RingAll, Agents: Members("1001", "1002", "1003"), WrapUp: 10 * time.Second, MaxCallers: 2}, "1001", "1002")
	f.at(1, CallerJoined{Call: "A", Queue: "700"})
	f.at(2, CallerJoined{Call: "B", Queue: "700"})
	f.at(3, CallerJoined{Call: "C", Queue: "700"})
	f.at(4, AgentOnline{"1003"})
	f.answer(5, "A", "1003")
	f.answer(6, "B", "1002")
	f.at(7, OfferAnswered{2, "B", "1001"}) // picked up at the same moment
	f.at(8, CallerLeft{Call: "B"})
	f.want(t, `
1s acd.CallerJoined
  A is number 1
  offer 1: A to 1001, 1002 because ringing every free agent; 1003 offline
  1001 free -> ringing A
  1002 free -> ringing A
2s acd.CallerJoined
  B is number 2, nobody is free
3s acd.CallerJoined
  evict C: full
4s acd.AgentOnline
  offer 2: A to 1003 because ringing every free agent; 1001 already rung; 1002 already rung
  1003 offline -> ringing A
5s acd.OfferAnswered
  connect A and 1003
  withdraw 1: A from 1001
  withdraw 1: A from 1002
  B is number 1
  offer 3: B to 1001, 1002 because ringing every free agent; 1003 talking
  1003 ringing -> talking A
6s acd.OfferAnswered
  connect B and 1002
  withdraw 3: B from 1001
  1001 ringing -> free 
  1002 ringing -> talking B
7s acd.OfferAnswered
  withdraw 2: B from 1001
8s acd.CallerLeft
  1002 talking -> wrap-up B
  wake at 18s
`)
}

func TestReasonStaysShort(t *testing.T) {
	q := Queue{Number: "700", Strategy: Linear}
	for i := range 500 {
		q.Agents = append(q.Agents, Member{Agent: fmt.Sprint(2000 + i)})
	}
	f := newFloor(q, "2000")
	reason := f.Apply(CallerJoined{Call: "A", Queue: "700"}, f.now)[1].(Offer).Why.String()
	if !strings.HasSuffix(reason, "; and 479 more") || len(reason) > 1000 {
		t.Errorf("%d bytes: %s", len(reason), reason)
	}
}
