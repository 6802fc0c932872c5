package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
)

// Query says which finished calls List looks for. What is empty does not matter.
type Query struct {
	From, To time.Time // started in [From, To)
	// Number called, was dialled or was called: in any form of Plan.
	Number string
	Plan   numbering.Plan
	Queue  string // visited
	Agent  string // that talked, or that a queue offered the call to
	Result Result
	// Words, Direction, Cause and the length of talk: at least Least, at most Most, 0 for
	// any.
	Words       Words
	Direction   Direction
	Cause       string
	Least, Most Millis
	// Calls are those of which one must be, or with Without none; nil and Without false
	// does not matter.
	Calls   map[call.ID]bool
	Without bool
	Limit   int // at least 1
}

// errEnough ends a scan.
var errEnough = errors.New("enough")

// List is the finished calls that fit a query, newest first, and whether there are
// more. It reads the log of records from its end.
func (l *Ledger) List(ctx context.Context, q Query) (list []Record, more bool, err error) {
	if q.To.IsZero() {
		q.To = forever
	}
	q.Words.prepare()
	list = l.unsettled(q)
	newer := len(list)
	if err := l.opts.Calls.Flush(ctx); err != nil {
		return nil, false, fmt.Errorf("commit before listing: %w", err)
	}
	hint := q.hint()
	var last call.ID
	err = l.opts.Calls.Back(ctx, q.From, q.To, func(at time.Time, data []byte) error {
		for _, h := range hint {
			if !bytes.Contains(data, h) {
				return nil
			}
		}
		if !q.may(data) {
			return nil
		}
		e, err := unpack(at, data)
		if err != nil {
			return nil
		}
		if e.Call == last {
			return nil // amended since
		}
		last = e.Call
		r, err := e.Record()
		if err != nil || !q.fits(&r) ||
			slices.ContainsFunc(list[:newer], func(k Record) bool { return k.Call == r.Call }) {
			return nil
		}
		if list = append(list, r); len(list) > q.Limit+newer {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, false, fmt.Errorf("list calls: %w", err)
	}
	slices.SortStableFunc(list, func(a, b Record) int { return b.Started.Compare(a.Started) })
	if more = len(list) > q.Limit; more {
		list = list[:q.Limit]
	}
	return list, more, nil
}

// unsettled are the calls that are over and not in their log yet.
func (l *Ledger) unsettled(q Query) (list []Record) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, s := range l.open {
		if r := s.record(); q.fits(&r) && !r.Started.Before(q.From) && r.Started.Before(q.To) {
			list = append(list, r)
		}
	}
	return list
}

// tail is how many digits at a number's end are the same in all its forms.
const tail = 7

// hint is what a record that fits must hold as it is written.
func (q *Query) hint() (hint [][]byte) {
	if n := q.Number; n != "" {
		hint = append(hint, []byte(n[max(0, len(n)-tail):]))
	}
	for _, s := range []string{q.Queue, q.Agent, string(q.Result), q.Cause} {
		if s != "" {
			hint = append(hint, []byte(s))
		}
	}
	return hint
}

// Fits tells whether a record is one that is looked for, its time aside.
func (q *Query) Fits(r *Record) bool {
	q.Words.prepare()
	return q.fits(r)
}

func (q *Query) fits(r *Record) bool {
	is := func(n string) bool { return n != "" && q.Plan.Same(n, q.Number) }
	switch {
	case q.Result != "" && r.Result != q.Result:
		return false
	case q.Number != "" && !is(r.From.Number) && !is(r.To) && !is(r.Origin.DID):
		return false
	case q.Queue != "" && r.Queue != q.Queue && !slices.ContainsFunc(r.Visits, func(v Visit) bool { return v.Queue == q.Queue }):
		return false
	case q.Agent != "" && r.Agent != q.Agent && !slices.ContainsFunc(r.Visits, func(v Visit) bool {
		return v.Agent == q.Agent || slices.ContainsFunc(v.Rings, func(g Ring) bool { return g.Agent == q.Agent })
	}):
		return false
	}
	return q.more(r)
}

// Each hands the calls that may have come to a queue in [from, to) to f: finished ones
// in the order of their start, then running ones as they are now.
func (l *Ledger) Each(ctx context.Context, from, to time.Time, f func(*Entry) error) error {
	late := l.late(to)
	if err := l.opts.Calls.Flush(ctx); err != nil {
		return fmt.Errorf("commit before reading calls: %w", err)
	}
	var held *Entry // until the next one, which may be the same call amended
	let := func() error {
		if held == nil {
			return nil
		}
		late = slices.DeleteFunc(late, func(x Entry) bool { return x.Started.Equal(held.Started) }) // filed meanwhile
		return f(held)
	}
	err := l.opts.Calls.Scan(ctx, from.Add(-longest), to, func(at time.Time, data []byte) error {
		e, err := unpack(at, data)
		if err != nil {
			return nil
		}
		if held == nil || held.Call != e.Call {
			err = let()
		}
		held = &e
		return err
	})
	if err == nil {
		err = let()
	}
	if err != nil {
		return fmt.Errorf("read calls: %w", err)
	}
	for i := range late {
		if err := f(&late[i]); err != nil {
			return err
		}
	}
	return nil
}

// late are the calls that are not in their log yet.
func (l *Ledger) late(to time.Time) (list []Entry) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	add := func(s *summary) {
		if s.r.Started.Before(to) {
			r := s.record()
			e := entryOf(&r)
			e.Running, e.rest = !s.ended, r.rest()
			list = append(list, e)
		}
	}
	for _, c := range l.live {
		add(c.summary)
	}
	for _, s := range l.open {
		add(s)
	}
	slices.SortFunc(list, func(a, b Entry) int { return a.Started.Compare(b.Started) })
	return list
}
