package figures

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// life is a random legal call: visits of queues one after another, each ending in one
// of all manners, cut off at any step if it runs still.
func life(r *rand.Rand, id call.ID, at time.Time) (steps []call.Step, running bool) {
	note := func(typ call.StepType, s call.Step) {
		s.Call, s.Type, s.At = id, typ, at
		steps = append(steps, s)
		at = at.Add(time.Duration(r.Int64N(int64(3*time.Minute)) >> r.IntN(12)))
	}
	queue := func() string { return []string{"700", "710", "720"}[r.IntN(3)] }
	agent := func() string { return fmt.Sprint(1001 + r.IntN(4)) }
	note(call.StepArrived, call.Step{Party: call.Party{Number: fmt.Sprintf("0912%07d", r.IntN(40))}, Origin: call.Origin{Trunk: "telco", DID: "0218877"}})
	cause := "normal"
	for range r.IntN(4) {
		q := queue()
		if r.IntN(6) == 0 {
			note(call.StepQueueRefused, call.Step{Queue: q, Reason: []string{"full", "empty", "closed"}[r.IntN(3)]})
			continue
		}
		note(call.StepQueueJoined, call.Step{Queue: q, Value: "1"})
		for range r.IntN(3) {
			a := agent()
			note(call.StepQueueOffered, call.Step{Queue: q, Agent: a})
			note(call.StepQueueMissed, call.Step{Queue: q, Agent: a, Cause: "no-answer"})
		}
		switch r.IntN(6) {
		case 0, 1, 2:
			a := agent()
			note(call.StepQueueOffered, call.Step{Queue: q, Agent: a})
			note(call.StepQueueConnected, call.Step{Queue: q, Agent: a, Leg: "b"})
			note(call.StepBridged, call.Step{Agent: a, Leg: "b"})
			if r.IntN(2) == 0 {
				note(call.StepHeld, call.Step{Leg: "b"})
				note(call.StepResumed, call.Step{Leg: "b"})
			}
			note(call.StepUnbridged, call.Step{Agent: a, Leg: "b", Cause: "normal"})
			note(call.StepWrapUp, call.Step{Agent: a, Queue: q})
			note(call.StepReady, call.Step{Agent: a, Queue: q})
		case 3:
			note(call.StepQueueLeft, call.Step{Queue: q, Reason: []string{"timeout", "key", "callback", "interrupted", "sent-by-supervisor"}[r.IntN(5)]})
		case 4:
			note(call.StepQueueLeft, call.Step{Queue: q, Reason: "abandoned"})
		case 5:
			cause = "shutdown" // in line until the box stops
		}
		if cause == "shutdown" {
			break
		}
	}
	note(call.StepEnded, call.Step{Cause: cause})
	if r.IntN(20) == 0 {
		return steps[:1+r.IntN(len(steps)-1)], true
	}
	return steps, false
}

// count is an independent count of the queue's steps, by their types alone.
func outcomes(all [][]call.Step) map[string]float64 {
	n := map[string]float64{"offered": 0, "answered": 0, "abandoned": 0, "overflow": 0}
	for _, steps := range all {
		for _, s := range steps {
			switch {
			case s.Type == call.StepQueueJoined:
				n["offered"]++
			case s.Type == call.StepQueueRefused:
				n["offered"]++
				n["overflow"]++
			case s.Type == call.StepQueueConnected:
				n["answered"]++
			case s.Type == call.StepQueueLeft && s.Reason == "abandoned":
				n["abandoned"]++
			case s.Type == call.StepQueueLeft && !slices.Contains([]string{"callback", "interrupted"}, s.Reason):
				n["overflow"]++
			}
		}
	}
	return n
}

func entry(steps []call.Step, running bool) ledger.Entry {
	r := ledger.Summarise(steps)
	return ledger.Entry{Started: r.Started, Call: r.Call, Running: running, From: r.From.Number, DID: r.Origin.DID, Way: r.Origin.Trunk,
		Result: r.Result, Cause: r.Cause, Visits: r.Visits}
}

// TestTheLawHolds makes random days over changes of the clock, and looks whether every
// report closes, agrees with a count of the steps, and is the sum of its parts.
func TestTheLawHolds(t *testing.T) {
	zone := zoneOf(t, "Europe/Berlin")
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		begin := time.Date(2026, 10, 24, 0, 0, 0, 0, zone)
		end := begin.AddDate(0, 0, 3)
		b := &book{}
		var all [][]call.Step
		for i := range rapid.IntRange(1, 120).Draw(rt, "calls") {
			steps, running := life(r, call.ID(fmt.Sprint("c", i)), begin.Add(time.Duration(r.Int64N(int64(end.Sub(begin)-time.Hour)))))
			if steps[len(steps)-1].At.After(end) {
				continue
			}
			all = append(all, steps)
			b.entries = append(b.entries, entry(steps, running))
		}
		slices.SortFunc(b.entries, func(x, y ledger.Entry) int { return x.Started.Compare(y.Started) })
		at := begin
		for at.Before(end) {
			b.floor = append(b.floor, call.Step{At: at, Type: call.StepAgent, Agent: fmt.Sprint(1001 + r.IntN(4)), Value: []string{"free", "talking", "wrap-up", "paused", "logged-out"}[r.IntN(5)]})
			at = at.Add(time.Duration(r.Int64N(int64(time.Hour))))
		}
		room := room(b, end.AddDate(0, 0, 2), nil)
		room.opts.Config().System.TimeZone = "Europe/Berlin"
		whole, err := room.Report(t.Context(), Query{From: begin, To: end, Days: 1})
		if err != nil || !whole.Closes {
			rt.Fatalf("closes %v by %d: %v %v", whole.Closes, whole.Difference, whole.Unclosed, err)
		}
		for id, n := range outcomes(all) {
			if whole.Total.Values[id] != n {
				rt.Fatalf("%s: %v, the steps have %v", id, whole.Total.Values[id], n)
			}
		}
		for by, rows := range map[Group]int{ByHour: 73, ByDay: 3, ByWeekday: 3, ByWeekHour: 72, ByQueue: -1, ByNumber: -1, ByWay: -1} {
			parts, err := room.Report(t.Context(), Query{From: begin, To: end, By: by, Days: 1})
			if err != nil || rows >= 0 && len(parts.Rows) != rows {
				rt.Fatalf("by %s: %d rows, %v", by, len(parts.Rows), err)
			}
			sum := newTally()
			for _, row := range parts.Rows {
				if row.tally.Difference() != 0 {
					rt.Fatalf("by %s: %s does not close", by, row.Key)
				}
				sum.Add(row.tally)
			}
			if first, _ := walk(by); first == nil { // agents' time is of no queue
				sum.Handling, sum.Ready, sum.Paused, sum.LoggedIn = whole.Total.tally.Handling, whole.Total.tally.Ready, whole.Total.tally.Paused, whole.Total.tally.LoggedIn
			}
			if diff := cmp.Diff(whole.Total.tally, sum); diff != "" {
				rt.Fatalf("the sum by %s is not the whole:\n%s", by, diff)
			}
			if diff := cmp.Diff(whole.Total.Values, sum.Figures(false)); diff != "" {
				rt.Fatalf("figures by %s:\n%s", by, diff)
			}
		}
	})
}

func TestHistogramIsNearAndMerges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(0, 100_000_000), 1, 200).Draw(rt, "waits")
		one, a, b := Histogram{}, newTally(), newTally()
		for i, ms := range list {
			one.add(ms)
			[]*Tally{a, b}[i%2].Waits.add(ms)
		}
		if a.Add(b); cmp.Diff(one, a.Waits) != "" {
			rt.Fatal("two halves are not the whole")
		}
		slices.Sort(list)
		for _, part := range []float64{0.5, 0.9, 1} {
			want := list[int(part*float64(len(list))+0.9999999)-1]
			if got, _ := one.Quantile(part); got < want || float64(got) > float64(want)*(1+1./64) {
				rt.Fatalf("p%v is %d, exactly %d", part*100, got, want)
			}
		}
	})
}

func TestDaysOfOddLength(t *testing.T) {
	for _, c := range []struct {
		zone  string
		date  time.Time
		hours float64
	}{
		{"Asia/Tehran", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 24},
		{"Asia/Tehran", time.Date(2021, 3, 22, 0, 0, 0, 0, time.UTC), 23}, // no midnight
		{"Asia/Tehran", time.Date(2021, 9, 21, 0, 0, 0, 0, time.UTC), 25},
		{"Europe/Berlin", time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), 23},
		{"Europe/Berlin", time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), 25},
		{"America/Havana", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), 25}, // midnight twice
		{"Australia/Lord_Howe", time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC), 24.5},
	} {
		zone := zoneOf(t, c.zone)
		y, m, d := c.date.Date()
		noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
		from, to := Day(noon), NextDay(noon)
		if got := to.Sub(from).Hours(); got != c.hours || from.Day() != d {
			t.Errorf("%s %s has %v hours from %v, want %v", c.zone, c.date.Format(time.DateOnly), got, from, c.hours)
		}
		if !Day(from).Equal(from) || !Day(to.Add(-1)).Equal(from) || NextDay(from) != to {
			t.Errorf("%s %s: the day's ends are of other days", c.zone, c.date.Format(time.DateOnly))
		}
		hours := spans(ByHour, from, to)
		for i, at := range hours {
			next := to
			if i+1 < len(hours) {
				next = hours[i+1]
			}
			if n := next.Sub(at); n <= 0 || n > time.Hour || !hour(at.Add(n-1)).Equal(at) {
				t.Errorf("%s: an hour from %v to %v", c.zone, at, next)
			}
		}
		if len(hours) != int(c.hours+0.5) {
			t.Errorf("%s: %d hours", c.zone, len(hours))
		}
	}
}
