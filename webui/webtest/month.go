package webtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Month is a quiet house with the calls of so many days behind it, the same ones every
// time: two queues, three agents, two numbers, busy mornings, short Thursdays, no
// Fridays. A tenth of them has a name.
func Month(now time.Time, days int) Scene {
	s := Quiet(now)
	s.Floor.Queues = append(s.Floor.Queues, s.Floor.Queues[0])
	s.Floor.Queues[1].Number, s.Floor.Queues[1].Name = "710", "فروش"
	for _, name := range []string{"مینا راد", "Ali Tavana"} {
		agent := s.Floor.Agents[0]
		agent.Extension, agent.Name = fmt.Sprint(1002+len(s.Floor.Agents)), name
		s.Floor.Agents = append(s.Floor.Agents, agent)
	}
	r := rand.New(rand.NewPCG(7, 7))
	seconds := func(most int) ledger.Millis {
		return ledger.Millis(r.IntN(most*1000)) * ledger.Millis(time.Millisecond)
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	names := []string{"علي كاظمي", "شرکت می‌نو", "Bahar Co"}
	for day := range days {
		begin := midnight.AddDate(0, 0, -day)
		calls, open := 24+r.IntN(16), 10*time.Hour
		switch begin.Weekday() {
		case time.Friday:
			continue
		case time.Thursday:
			calls, open = calls/2, 5*time.Hour
		}
		for range calls {
			// Two hours past the opening most people call.
			after := time.Duration((r.Float64() + r.Float64()*r.Float64()) / 2 * float64(open))
			at := begin.Add(8*time.Hour + after)
			if at.After(now.Add(-10 * time.Minute)) {
				continue
			}
			s.Records = append(s.Records, made(r, at, seconds, names))
		}
	}
	sortNewest(s.Records)
	s.Steps = make(map[call.ID][]call.Step)
	for i := range s.Records {
		s.Steps[s.Records[i].Call] = lived(&s.Records[i])
	}
	return s
}

func made(r *rand.Rand, at time.Time, seconds func(int) ledger.Millis, names []string) ledger.Record {
	v := ledger.Visit{Queue: []string{"700", "700", "710"}[r.IntN(3)], Offered: at.Add(9 * time.Second), Wait: seconds(70)}
	rec := ledger.Record{Call: call.NewID(at), Started: at, From: call.Party{Number: fmt.Sprintf("0912%07d", r.IntN(400)*7)}, To: "500",
		Origin: call.Origin{Trunk: "telco", DID: []string{"02188776600", "02188776601"}[r.IntN(2)]}, Queue: v.Queue, Wait: v.Wait, Cause: "normal"}
	if r.IntN(10) == 0 {
		rec.From.Name = names[r.IntN(len(names))]
	}
	switch n := r.IntN(100); {
	case n < 80:
		v.Outcome, v.Agent = ledger.VisitAnswered, fmt.Sprint([]int{1002, 1003, 1004}[r.IntN(3)])
		v.Talk, v.Hold, v.Wrap = seconds(400), 0, seconds(30)
		v.Rings = []ledger.Ring{{Agent: v.Agent, Rang: seconds(9), End: "answered"}}
		rec.Result, rec.Agent, rec.Talk, rec.Ring = ledger.Answered, v.Agent, v.Talk, v.Rings[0].Rang
	case n < 92:
		v.Outcome, rec.Result, rec.Cause = ledger.VisitAbandoned, ledger.Abandoned, "cancelled"
	case n < 96:
		v.Outcome, v.Reason, rec.Result = ledger.VisitOverflow, "timeout", ledger.Missed
	default:
		v.Outcome, v.Callback, rec.Result = ledger.VisitCallback, "requested", ledger.Abandoned
	}
	rec.Visits = []ledger.Visit{v}
	rec.Ended = at.Add(9*time.Second + (v.Wait + v.Talk).D())
	return rec
}

func sortNewest(list []ledger.Record) {
	slices.SortFunc(list, func(a, b ledger.Record) int { return b.Started.Compare(a.Started) })
}

// lived is a record's steps, as far as its legs are told from them.
func lived(r *ledger.Record) (steps []call.Step) {
	at := r.Started
	note := func(after ledger.Millis, s call.Step) {
		at = at.Add(after.D())
		s.Call, s.At = r.Call, at
		steps = append(steps, s)
	}
	note(0, call.Step{Type: call.StepArrived, Leg: "a", Device: "trunk:telco@192.0.2.40", Party: r.From, Number: r.To, Origin: r.Origin})
	note(ledger.Millis(9*time.Second), call.Step{Type: call.StepQueueJoined, Queue: r.Queue, Value: "1"})
	if r.Agent == "" {
		note(r.Wait, call.Step{Type: call.StepEnded, Cause: r.Cause})
		return steps
	}
	note(r.Wait-min(r.Wait, r.Ring), call.Step{Type: call.StepRinging, Leg: "b", Device: "sip:" + r.Agent + "@192.0.2.7", Agent: r.Agent})
	note(min(r.Wait, r.Ring), call.Step{Type: call.StepAnswered, Leg: "b"})
	note(0, call.Step{Type: call.StepBridged, Leg: "b", Agent: r.Agent})
	note(r.Talk, call.Step{Type: call.StepUnbridged, Leg: "b", Cause: "normal"})
	note(0, call.Step{Type: call.StepEnded, Cause: r.Cause})
	return steps
}
