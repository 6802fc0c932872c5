package ledger

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
)

// TestLateWordsAreFiled: what an agent says hours after the call, also over a restart, is
// in its record, and the record is counted and listed once.
func TestLateWordsAreFiled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		l, stop := run(t, &d, &event.News{})
		list := servedCall(time.Now())
		for _, s := range list {
			l.Note(s)
		}
		synctest.Wait()
		id, agent := list[0].Call, ""
		for n, word := range []string{"1", "2"} {
			time.Sleep(3 * time.Hour)
			stop()
			l, stop = run(t, &d, &event.News{})
			synctest.Wait()
			l.Note(call.Step{Call: id, At: time.Now(), Type: call.StepDisposition, Queue: "700", Agent: agent, Value: word})
			synctest.Wait()
			if len(d.calls.data) != n+2 {
				t.Errorf("%d entries", len(d.calls.data))
			}
			page, more, err := l.List(t.Context(), Query{Limit: 10})
			if err != nil || more || len(page) != 1 || page[0].Visits[0].Disposition != word || page[0].Talk == 0 {
				t.Errorf("listed %+v, %v", page, err)
			}
			if got := l.Records(10, time.Time{}); len(got) != 1 || got[0].Visits[0].Disposition != word {
				t.Errorf("in memory %+v", got)
			}
			var counted []string
			if err := l.Each(t.Context(), time.Time{}, time.Now(), func(e *Entry) error {
				counted = append(counted, fmt.Sprint(e.Call, " ", e.Visits[0].Disposition, " ", e.Visits[0].Wrap.D()))
				return nil
			}); err != nil || len(counted) != 1 || counted[0] != fmt.Sprint(id, " ", word, " 10s") {
				t.Errorf("counted %v, %v", counted, err)
			}
		}
		stop()
	})
}

// TestAPromisedCallIsFollowed: who is called back six days later, after restarts, is one
// contact with its end.
func TestAPromisedCallIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d disk
		l, stop := run(t, &d, &event.News{})
		begin := time.Now()
		note := func(id call.ID, typ call.StepType, s call.Step) {
			s.Call, s.Type, s.At = id, typ, time.Now()
			l.Note(s)
			time.Sleep(time.Minute)
		}
		note("asks", call.StepArrived, call.Step{Party: call.Party{Number: "0912"}})
		note("asks", call.StepQueueJoined, call.Step{Queue: "700", Value: "1"})
		note("asks", call.StepQueueLeft, call.Step{Queue: "700", Reason: "callback"})
		note("asks", call.StepCallback, call.Step{Queue: "700", Value: "requested", Number: "0912"})
		note("asks", call.StepEnded, call.Step{Cause: "normal"})
		for day := range 6 {
			time.Sleep(24 * time.Hour)
			id := call.ID(fmt.Sprint("other", day))
			note(id, call.StepArrived, call.Step{Party: call.Party{Number: "0913"}})
			note(id, call.StepEnded, call.Step{Cause: "normal"})
			stop()
			l, stop = run(t, &d, &event.News{})
			synctest.Wait()
		}
		note("asks", call.StepCallback, call.Step{Queue: "700", Value: "connected", Agent: "1001"})
		synctest.Wait()
		var found *Visit
		if err := l.Each(t.Context(), begin.Add(-time.Hour), time.Now(), func(e *Entry) error {
			if e.Call == "asks" {
				found = &e.Visits[0]
			}
			return nil
		}); err != nil || found == nil || found.Callback != "connected" || found.Delay.D() < 6*24*time.Hour {
			t.Errorf("%v: %+v", err, found)
		}
		if len(d.calls.data) != 7 {
			t.Errorf("%d records of 7 calls", len(d.calls.data))
		}
		if steps, err := l.Steps(t.Context(), "asks"); err != nil || len(steps) != 6 {
			t.Errorf("%d steps, %v", len(steps), err)
		}
		stop()
	})
}
