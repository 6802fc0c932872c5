package figures

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// again finds out which customers came back to the same queue within the query's days,
// which is first-contact resolution without asking anybody.
type again struct {
	q     *Query
	now   time.Time
	came  map[customer][]came
	plans map[string]string // numbers in one form
}

// customer is who calls, in a queue.
type customer struct{ number, queue string }

// came is one contact of a customer.
type came struct {
	at, call time.Time // offered; start of its call
	answered bool      // in the period
	key      string    // of its row
	row      bool
	contact  int // its place among the contacts listed
}

func newAgain(q *Query, now time.Time) again {
	return again{q: q, now: now, came: make(map[customer][]came), plans: make(map[string]string)}
}

// number is a caller's number in one form; empty if it is none of a customer.
func (a *again) number(plan numbering.Plan, e *ledger.Entry) string {
	if e.Inside || e.From == "" {
		return ""
	}
	one, ok := a.plans[e.From]
	if !ok {
		if one, ok = plan.E164(e.From); !ok {
			one = e.From
		}
		a.plans[e.From] = one
	}
	return one
}

// seen notes a contact; counts tells that it is one of the report's, contact its place
// in a list of them.
func (a *again) seen(plan numbering.Plan, e *ledger.Entry, v *ledger.Visit, counts bool, contact int) {
	number := a.number(plan, e)
	if number == "" {
		return
	}
	k := came{at: v.Offered, call: e.Started, answered: counts && v.Outcome == ledger.VisitAnswered, contact: contact}
	if k.answered {
		c := count{q: a.q}
		k.key, k.row = c.key(e, v)
	}
	who := customer{number, v.Queue}
	a.came[who] = append(a.came[who], k)
}

// back tells whether a customer came back after the i-th of his contacts, and whether
// his days are over: before that nothing is counted, or those who come back at once
// would weigh more.
func (a *again) back(list []came, i int) (back, over bool) {
	end := list[i].at.AddDate(0, 0, a.q.Days)
	return slices.ContainsFunc(list[i+1:], func(k came) bool {
		return !k.at.After(end) && k.at.After(list[i].at) && !k.call.Equal(list[i].call)
	}), !end.After(a.now)
}

// each hands the report's answered contacts whose days are over to f.
func (a *again) each(f func(k came, back bool)) {
	for _, list := range a.came {
		slices.SortStableFunc(list, func(x, y came) int { return x.at.Compare(y.at) })
		for i := range list {
			if !list[i].answered {
				continue
			}
			if back, over := a.back(list, i); over {
				f(list[i], back)
			}
		}
	}
}

// count adds what was found to the tallies.
func (a *again) count(c *count) {
	a.each(func(k came, back bool) {
		to := []*Tally{c.total}
		if k.row {
			to = append(to, c.row(k.key))
		}
		for _, t := range to {
			t.Closed++
			if back {
				t.Returned++
			}
		}
	})
}
