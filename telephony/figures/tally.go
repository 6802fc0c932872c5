package figures

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Tally is what is counted of a set of contacts. Times are milliseconds.
type Tally struct {
	Offered, Answered, Abandoned, Callback, Waiting, Interrupted int64
	Overflow                                                     map[string]int64 // by reason
	Lost                                                         int64            // with no outcome: must be 0
	Blocked                                                      int64            // calls that found no line; no contacts

	Short                 int64 // Abandoned within the short threshold
	AnsweredIn            int64 // within the threshold
	AbandonedIn           int64
	AnswerWait, Wait      int64 // of answered contacts; of all that wait no more
	WaitMax               int64
	Foreseen, WaitError   int64 // answered contacts that were to wait, and how wrong that was
	Waits                 Histogram
	Talk, Hold, Wrap      int64 // Talk without Hold
	Transferred           int64
	Offers, Missed, Taken int64 // of agents; those that ended without the agent's doing are in none but Offers
	Connected, Delay      int64 // calls back
	Closed, Returned      int64 // contacts whose days are over; and whose customer came back
	Score, Scores         int64 // of surveys

	Handling, Ready, Paused, LoggedIn int64 // of agents, all their queues together
}

func newTally() *Tally { return &Tally{Overflow: map[string]int64{}, Waits: Histogram{}} }

// sums are the counts that are added up; WaitMax and the maps are not among them. Their
// order is that of kept tallies.
func (t *Tally) sums() [32]*int64 {
	return [...]*int64{
		&t.Offered, &t.Answered, &t.Abandoned, &t.Callback, &t.Waiting, &t.Interrupted, &t.Lost, &t.Blocked,
		&t.Short, &t.AnsweredIn, &t.AbandonedIn, &t.AnswerWait, &t.Wait, &t.Foreseen, &t.WaitError, &t.Talk, &t.Hold, &t.Wrap, &t.Transferred,
		&t.Offers, &t.Missed, &t.Taken, &t.Connected, &t.Delay, &t.Closed, &t.Returned, &t.Score, &t.Scores,
		&t.Handling, &t.Ready, &t.Paused, &t.LoggedIn,
	}
}

// Add counts what another Tally counts too.
func (t *Tally) Add(u *Tally) {
	to, from := t.sums(), u.sums()
	for i := range to {
		*to[i] += *from[i]
	}
	t.WaitMax = max(t.WaitMax, u.WaitMax)
	for reason, n := range u.Overflow {
		t.Overflow[reason] += n
	}
	for s, n := range u.Waits {
		t.Waits[s] += n
	}
}

// Overflows is Overflow for all reasons.
func (t *Tally) Overflows() (n int64) {
	for _, k := range t.Overflow {
		n += k
	}
	return n
}

// Difference is what is offered more than the outcomes account for; 0 when the
// conservation law holds.
func (t *Tally) Difference() int64 {
	return t.Offered - t.Answered - t.Abandoned - t.Overflows() - t.Callback - t.Waiting - t.Interrupted
}

func ms(m ledger.Millis) int64 { return m.D().Milliseconds() }

// contact counts a visit.
func (t *Tally) contact(v *ledger.Visit, running bool, q *Query) {
	t.Offered++
	wait := ms(v.Wait)
	switch v.Outcome {
	case ledger.VisitAnswered:
		t.Answered++
		t.AnswerWait += wait
		if v.Expected > 0 {
			t.Foreseen++
			t.WaitError += max(wait-ms(v.Expected), ms(v.Expected)-wait)
		}
		if v.Wait.D() <= q.Threshold {
			t.AnsweredIn++
		}
		t.work(v)
	case ledger.VisitAbandoned:
		t.Abandoned++
		if v.Wait.D() < q.Short {
			t.Short++
		}
		if v.Wait.D() <= q.Threshold {
			t.AbandonedIn++
		}
	case ledger.VisitOverflow:
		t.Overflow[v.Reason]++
	case ledger.VisitCallback:
		t.Callback++
		if v.Callback == "connected" {
			t.Connected++
			t.Delay += ms(v.Delay)
		}
	case ledger.VisitInterrupted:
		t.Interrupted++
	default:
		if running {
			t.Waiting++
		} else {
			t.Lost++
		}
		return
	}
	t.Wait += wait
	t.WaitMax = max(t.WaitMax, wait)
	t.Waits.add(wait)
}

// work counts what an agent did for a visit that he answered.
func (t *Tally) work(v *ledger.Visit) {
	t.Talk += ms(v.Talk) - ms(v.Hold)
	t.Hold += ms(v.Hold)
	t.Wrap += ms(v.Wrap)
	if v.Transferred {
		t.Transferred++
	}
	for _, answer := range v.Survey {
		if len(answer) == 1 && answer >= "1" && answer <= "5" {
			t.Score += int64(answer[0] - '0')
			t.Scores++
		}
	}
}

// rings counts the offers of a visit to an agent, or with "" to all.
func (t *Tally) rings(v *ledger.Visit, agent string) {
	for _, r := range v.Rings {
		if agent != "" && r.Agent != agent {
			continue
		}
		t.Offers++
		switch r.End {
		case "answered":
			t.Taken++
		case call.NoAnswer.String(), call.Busy.String(), call.Rejected.String(), call.Unreachable.String():
			t.Missed++
		}
	}
}

// blocked are the causes of a call that found no line or no place in the box.
var blocked = []string{call.NoChannel.String(), call.Overload.String()}

func isBlocked(e *ledger.Entry) bool {
	return e.Result == ledger.Refused && len(e.Visits) == 0 && slices.Contains(blocked, e.Cause)
}

// doing counts what an agent did for so many milliseconds.
func (t *Tally) doing(status string, n int64) {
	switch status {
	case "logged-out", "offline":
		return
	case "talking", "wrap-up":
		t.Handling += n
	case "free", "ringing", "reserved":
		t.Ready += n
	case "paused":
		t.Paused += n
	}
	t.LoggedIn += n
}
