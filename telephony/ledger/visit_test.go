package ledger

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
)

func TestVisits(t *testing.T) {
	s := func(at float64, typ call.StepType, step call.Step) later {
		step.Type, step.Queue = typ, "700"
		return later{at, step}
	}
	at := func(seconds float64) time.Time { return morning.Add(time.Duration(seconds * float64(time.Second))) }
	ms := func(n int) Millis { return Millis(time.Duration(n) * time.Millisecond) }
	joined := s(1, call.StepQueueJoined, call.Step{})
	for name, test := range map[string]struct {
		steps []call.Step
		want  []Visit
	}{
		"served": {servedCall(morning), []Visit{{Queue: "700", Offered: at(4.2), Outcome: VisitAnswered, Agent: "1002",
			Wait: ms(25_800), Talk: ms(75_000), Hold: ms(15_000), Wrap: ms(10_000), Rings: []Ring{
				{Agent: "1001", Rang: ms(20_000), End: "no-answer"}, {Agent: "1002", After: ms(20_100), Rang: ms(5_700), End: "answered"}}}}},
		"gave up": {steps(morning, joined, s(2, call.StepQueueOffered, call.Step{Agent: "1001"}),
			s(9, call.StepQueueWithdrawn, call.Step{Agent: "1001", Cause: "cancelled"}), s(9, call.StepQueueLeft, call.Step{Reason: "abandoned"})),
			[]Visit{{Queue: "700", Offered: at(1), Outcome: VisitAbandoned, Wait: ms(8_000), Rings: []Ring{{Agent: "1001", After: ms(1_000), Rang: ms(7_000), End: "cancelled"}}}}},
		"full, then another queue": {steps(morning, s(1, call.StepQueueRefused, call.Step{Reason: "full"}),
			later{2, call.Step{Type: call.StepQueueJoined, Queue: "710"}}),
			[]Visit{{Queue: "700", Offered: at(1), Outcome: VisitOverflow, Reason: "full"}, {Queue: "710", Offered: at(2)}}},
		"stopped": {steps(morning, joined, later{5, call.Step{Type: call.StepEnded, Cause: "shutdown"}}),
			[]Visit{{Queue: "700", Offered: at(1), Outcome: VisitInterrupted, Wait: ms(4_000)}}},
		"the agent was gone before they talked": {steps(morning, joined, s(3, call.StepQueueConnected, call.Step{Agent: "1001"}),
			s(3.1, call.StepQueueJoined, call.Step{}), s(7, call.StepQueueLeft, call.Step{Reason: "timeout"})),
			[]Visit{{Queue: "700", Offered: at(1), Outcome: VisitOverflow, Reason: "timeout", Wait: ms(6_000)}}},
		"called back": {steps(morning, joined, s(60, call.StepCallback, call.Step{Value: "requested", Number: "0912"}),
			s(61, call.StepQueueLeft, call.Step{Reason: "callback"}), later{61, call.Step{Type: call.StepEnded, Cause: "normal"}},
			s(200, call.StepCallback, call.Step{Value: "dialled"}), s(230, call.StepCallback, call.Step{Value: "connected", Agent: "1001"})),
			[]Visit{{Queue: "700", Offered: at(1), Outcome: VisitCallback, Wait: ms(60_000)}}},
	} {
		if name == "called back" { // the wish comes before the end of the wait: it must not be lost
			test.want[0].Callback, test.want[0].Delay = "connected", ms(170_000)
		}
		if diff := gocmp.Diff(test.want, Summarise(test.steps).Visits); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestInterruptedIsNotAbandoned(t *testing.T) {
	list := steps(morning, later{1, call.Step{Type: call.StepQueueJoined, Queue: "700"}},
		later{2, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "interrupted"}}, later{2, call.Step{Type: call.StepEnded, Cause: "shutdown"}})
	if r := Summarise(list); r.Result != Interrupted || r.Visits[0].Outcome != VisitInterrupted {
		t.Errorf("%s, %+v", r.Result, r.Visits)
	}
}

// TestHistoryIsListed files more calls than memory holds and looks for some, before and
// after a restart.
func TestHistoryIsListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		l, stop := run(t, &d, &event.News{})
		base := time.Now().UTC()
		const n = cached + 300
		for i := range n {
			id, at := call.ID(fmt.Sprint("call-", i)), base.Add(time.Duration(i)*time.Minute)
			l.Note(call.Step{Call: id, At: at, Type: call.StepArrived, Party: call.Party{Number: fmt.Sprintf("021%08d", i)}})
			l.Note(call.Step{Call: id, At: at, Type: call.StepQueueJoined, Queue: fmt.Sprint(700 + i%2*10)})
			l.Note(call.Step{Call: id, At: at, Type: call.StepQueueOffered, Queue: "x", Agent: fmt.Sprint(1000 + i%5)})
			l.Note(call.Step{Call: id, At: at.Add(time.Second), Type: call.StepQueueLeft, Queue: "x", Reason: "abandoned"})
			l.Note(call.Step{Call: id, At: at.Add(time.Second), Type: call.StepEnded})
			synctest.Wait()
		}
		look := func(when string) {
			for _, q := range []struct {
				Query
				want int
			}{
				{Query{}, n}, {Query{Queue: "710"}, n / 2}, {Query{Agent: "1003"}, n / 5}, {Query{Agent: "1003", Queue: "700"}, n / 10},
				{Query{From: base.Add(time.Hour), To: base.Add(2 * time.Hour)}, 60}, {Query{Result: Abandoned}, n}, {Query{Result: Answered}, 0},
				{Query{Number: "+982100000007", Plan: numbering.For("IR")}, 1}, {Query{Number: "0000007"}, 0},
			} {
				found := 0
				last := forever
				for more := true; more; {
					q.Limit = 97
					var page []Record
					var err error
					page, more, err = l.List(t.Context(), q.Query)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range page {
						if !r.Started.Before(last) {
							t.Fatalf("%s: %+v: %s is not older than the one before", when, q.Query, r.Call)
						}
						last = r.Started
					}
					found += len(page)
					q.To = last
				}
				if found != q.want {
					t.Errorf("%s: %+v finds %d calls, want %d", when, q.Query, found, q.want)
				}
			}
		}
		look("running")
		stop()
		d.calls = memory{} // the steps are enough
		l, stop = run(t, &d, &event.News{})
		synctest.Wait()
		look("made again")
		stop()
		before := len(d.calls.data)
		l, stop = run(t, &d, &event.News{})
		synctest.Wait()
		look("restarted")
		stop()
		if before != n || len(d.calls.data) != n {
			t.Errorf("%d records, after a restart %d, want %d", before, len(d.calls.data), n)
		}
	})
}

func TestWorkAfterTheCallIsFiledWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		l, stop := run(t, &d, &event.News{})
		list := servedCall(time.Now())
		for _, s := range list[:len(list)-1] {
			l.Note(s)
		}
		synctest.Wait()
		if n := len(d.calls.data); n != 0 {
			t.Errorf("%d records while the agent wraps up", n)
		}
		page, _, err := l.List(t.Context(), Query{Limit: 10})
		if err != nil || len(page) != 1 {
			t.Errorf("the list has %d calls, %v", len(page), err)
		}
		stop()
		l, stop = run(t, &d, &event.News{})
		l.Note(list[len(list)-1])
		synctest.Wait()
		if page, _, err = l.List(t.Context(), Query{Limit: 10}); err != nil || len(page) != 1 || page[0].Visits[0].Wrap.D() != 10*time.Second {
			t.Errorf("after a restart: %v %+v", err, page)
		}
		if n := len(d.calls.data); n != 1 {
			t.Errorf("%d records of one call", n)
		}
		stop()
	})
}

func TestTheFloorIsToldEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		l, stop := run(t, &d, &event.News{})
		l.Note(call.Step{At: time.Now(), Type: call.StepAgent, Agent: "1001", Value: "free"})
		time.Sleep(10*time.Hour + time.Minute)
		now := time.Now()
		var got []string
		if err := l.Floor(t.Context(), now.Add(-30*time.Minute), now, func(s call.Step) error {
			got = append(got, string(s.Type)+" "+s.Agent+s.Value)
			return nil
		}); err != nil || len(got) == 0 || got[0] != "agent 1001free" {
			t.Errorf("%v %v", got, err)
		}
		stop()
		if first, last := string(d.floor.data[0]), string(d.floor.data[len(d.floor.data)-1]); !strings.Contains(first, "started") || !strings.Contains(last, "stopped") || len(d.floor.data) != 13 {
			t.Errorf("%d entries from %s to %s", len(d.floor.data), first, last)
		}
	})
}
