package ledger_test

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestFoundCallsAreThoseThatFit asks for everything at once, in all combinations, and
// compares with looking at every record.
func TestFoundCallsAreThoseThatFit(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l := ledger.New(ledger.Options{Clock: clock.System(), Log: s.Log("ledger"), Calls: s.Log("calls"), Floor: s.Log("floor"),
		News: &event.News{}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	begin := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	var all []ledger.Record
	for i := range 600 {
		at := begin.Add(time.Duration(i) * time.Minute)
		rec := ledger.Record{Call: call.NewID(at), Started: at, Ended: at.Add(time.Minute), To: pick("500", "1002", "02144556677"), Queue: pick("", "700", "710"),
			From: call.Party{Number: pick("", "09121234567", "+982188776655", "1002"), Name: pick("", "علي كاظمي", "شرکت «می‌نو» <1>", `a"talk":5,"b`)},
			Talk: ledger.Millis(time.Duration(r.IntN(5)) * 30 * time.Second), Agent: pick("", "1002", "1003"), Result: ledger.Answered, Cause: pick("normal", "busy")}
		switch r.IntN(3) {
		case 0:
			rec.Origin.Trunk, rec.Origin.DID = "telco", pick("02188776600", "")
		case 1:
			rec.Origin.Extension, rec.Outside = "1002", true
		case 2:
			rec.Origin.Extension = "1003"
		}
		all = append(all, rec)
		s.Log("calls").Append(at, ledger.Pack(&rec))
	}
	slices.Reverse(all)
	some := map[call.ID]bool{}
	for _, rec := range all[:200] {
		some[rec.Call] = true
	}
	found := 0
	for range 400 {
		q := ledger.Query{Limit: 1000}
		var wants []func(ledger.Record) bool
		when := func(set func(), want func(ledger.Record) bool) {
			if r.IntN(4) == 0 {
				set()
				wants = append(wants, want)
			}
		}
		text := pick("مینو", "علی کاظمی", "۰۲۱۸۸", "2188", "1002", "nobody", "talk", "۱")
		name := map[string]string{"مینو": "نو", "علی کاظمی": "كاظمي", "talk": "talk", "۱": "<1>"}[text]
		digits := map[string]string{"۰۲۱۸۸": "2188", "2188": "2188", "1002": "1002", "۱": "1"}[text]
		when(func() { q.Words.Text = text }, func(x ledger.Record) bool {
			return name != "" && strings.Contains(x.From.Name, name) || digits != "" && strings.Contains(fmt.Sprint(x.From.Number, " ", x.To, " ", x.Origin.DID, " ", x.Agent), digits)
		})
		when(func() { q.Direction = ledger.In }, func(x ledger.Record) bool { return x.Origin.Trunk != "" })
		when(func() { q.Direction = ledger.Out }, func(x ledger.Record) bool { return x.Origin.Extension == "1002" })
		when(func() { q.Cause = "busy" }, func(x ledger.Record) bool { return x.Cause == "busy" })
		when(func() { q.Least = ledger.Millis(time.Minute) }, func(x ledger.Record) bool { return x.Talk.D() >= time.Minute })
		when(func() { q.Most = ledger.Millis(time.Minute) }, func(x ledger.Record) bool { return x.Talk.D() <= time.Minute })
		when(func() { q.Queue = "700" }, func(x ledger.Record) bool { return x.Queue == "700" })
		when(func() { q.Calls = some }, func(x ledger.Record) bool { return some[x.Call] != q.Without })
		q.Without = q.Calls != nil && r.IntN(2) == 0
		list, _, err := l.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var want []ledger.Record
		for _, x := range all {
			if !slices.ContainsFunc(wants, func(f func(ledger.Record) bool) bool { return !f(x) }) {
				want = append(want, x)
			}
		}
		if q.Direction == ledger.Out && len(want) == 0 {
			continue // both directions were asked for
		}
		if !slices.EqualFunc(list, want, func(a, b ledger.Record) bool { return a.Call == b.Call }) {
			t.Fatalf("%+v: %d calls, want %d", q, len(list), len(want))
		}
		found += len(list)
	}
	if found < 1000 {
		t.Errorf("only %d calls were found", found)
	}
}

func TestLegsOfACall(t *testing.T) {
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	step := func(after int, s call.Step) call.Step {
		s.At = at.Add(time.Duration(after) * time.Second)
		return s
	}
	legs := ledger.Legs([]call.Step{
		step(0, call.Step{Type: call.StepArrived, Leg: "a", Device: "fxo1", Party: call.Party{Number: "0912"}}),
		step(2, call.Step{Type: call.StepRinging, Leg: "b", Device: "sip:1002@x", Agent: "1002"}),
		step(2, call.Step{Type: call.StepRinging, Leg: "c", Device: "sip:1003@x", Agent: "1003"}),
		step(9, call.Step{Type: call.StepUnringing, Leg: "b", Cause: "no-answer"}),
		step(10, call.Step{Type: call.StepAnswered, Leg: "c"}),
		step(10, call.Step{Type: call.StepBridged, Leg: "c", Agent: "1003"}),
		step(20, call.Step{Type: call.StepHeld, Leg: "c"}),
		step(25, call.Step{Type: call.StepResumed, Leg: "c"}),
		step(40, call.Step{Type: call.StepUnbridged, Leg: "c", Cause: "normal"}),
		step(41, call.Step{Type: call.StepEnded, Cause: "normal"}),
	})
	want := []string{"a fxo1 0s 30s 0s normal", "b sip:1002@x 7s 0s 0s no-answer", "c sip:1003@x 8s 30s 5s normal"}
	for i, l := range legs {
		if got := fmt.Sprint(l.Leg, " ", l.Device, " ", l.Ring.D(), " ", l.Talk.D(), " ", l.Hold.D(), " ", l.Cause); i >= len(want) || got != want[i] {
			t.Errorf("leg %d: %s", i, got)
		}
	}
	if len(legs) != len(want) {
		t.Errorf("%d legs", len(legs))
	}
}
