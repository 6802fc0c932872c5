package figures

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Contact is one contact behind a figure.
type Contact struct {
	Call    call.ID        `json:"call"`
	Offered time.Time      `json:"offered"`
	From    string         `json:"from"`
	DID     string         `json:"did,omitempty"`
	Way     string         `json:"way,omitempty"`
	Queue   string         `json:"queue"`
	Agent   string         `json:"agent,omitempty"`
	Outcome ledger.Outcome `json:"outcome"` // empty: still waiting, or not known
	Reason  string         `json:"reason,omitempty"`
	Wait    ledger.Millis  `json:"wait"`
	Talk    ledger.Millis  `json:"talk"` // hold included
	Wrap    ledger.Millis  `json:"wrap"`
}

// ErrFigure: there is no such figure, or nothing behind it to list.
var ErrFigure = errors.New("no such figure")

// behind tells whether a contact is counted by a figure.
func behind(figure string, v *ledger.Visit, running bool, q *Query) bool {
	t := newTally()
	t.contact(v, running, q)
	for i := range formulas {
		if f := &formulas[i]; f.ID == figure {
			over, under := f.of(t)
			if f.Unit == Millis {
				return under > 0
			}
			return over > 0
		}
	}
	return false
}

// Contacts are the contacts that a figure counts, newest first: limit of them after
// leaving out offset, and how many there are.
func (r *Room) Contacts(ctx context.Context, q Query, figure string, offset, limit int) (list []Contact, all int, err error) {
	if !slices.ContainsFunc(formulas, func(f Formula) bool { return f.ID == figure && f.Drill }) {
		return nil, 0, ErrFigure
	}
	q = q.usual()
	q.From, q.To = q.From.In(r.Zone()), q.To.In(r.Zone())
	rows := count{q: &q}
	again := newAgain(&q, r.opts.Clock.Now())
	plan := r.plan()
	list = []Contact{}
	err = r.each(ctx, &q, func(e *ledger.Entry, v *ledger.Visit, in bool) error {
		in = in && q.counts(e, v)
		if q.OfRow {
			key, ok := rows.key(e, v)
			in = in && ok && key == q.Row
		}
		if figure == "returned" || figure == "fcr" {
			again.seen(plan, e, v, in, len(list))
		} else {
			in = in && behind(figure, v, e.Running, &q)
		}
		if in {
			list = append(list, Contact{Call: e.Call, Offered: v.Offered, From: e.From, DID: e.DID, Way: e.Way, Queue: v.Queue, Agent: v.Agent,
				Outcome: v.Outcome, Reason: v.Reason, Wait: v.Wait, Talk: v.Talk, Wrap: v.Wrap})
		}
		return nil
	}, nil)
	if err != nil {
		return nil, 0, err
	}
	if figure == "returned" || figure == "fcr" {
		list = again.contacts(list, figure == "returned")
	}
	slices.SortStableFunc(list, func(a, b Contact) int { return b.Offered.Compare(a.Offered) })
	all = len(list)
	offset = min(max(0, offset), all)
	return list[offset:min(all, offset+limit)], all, nil
}

// contacts are those of a list whose customer came back, or whose did not.
func (a *again) contacts(list []Contact, wanted bool) []Contact {
	found := []Contact{}
	a.each(func(k came, back bool) {
		if back == wanted {
			found = append(found, list[k.contact])
		}
	})
	return found
}
