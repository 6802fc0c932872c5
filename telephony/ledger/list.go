package ledger

import (
	"bytes"
	"context"
	"encoding/json"
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
	Limit  int // at least 1
}

// errEnough ends a scan.
var errEnough = errors.New("enough")

// List is the finished calls that fit a query, newest first, and whether there are
// more. It reads the log of records from its end.
func (l *Ledger) List(ctx context.Context, q Query) (list []Record, more bool, err error) {
	if q.To.IsZero() {
		q.To = forever
	}
	list = l.unsettled(q)
	newer := len(list)
	if err := l.opts.Calls.Flush(ctx); err != nil {
		return nil, false, fmt.Errorf("commit before listing: %w", err)
	}
	hint := q.hint()
	err = l.opts.Calls.Back(ctx, q.From, q.To, func(at time.Time, data []byte) error {
		for _, h := range hint {
			if !bytes.Contains(data, h) {
				return nil
			}
		}
		var r Record
		if json.Unmarshal(data, &r) != nil || !q.fits(&r) ||
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
	for _, s := range []string{q.Queue, q.Agent, string(q.Result)} {
		if s != "" {
			quoted, _ := json.Marshal(s) // text always is written
			hint = append(hint, quoted)
		}
	}
	return hint
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
	return true
}

// Each hands the calls that may have come to a queue in [from, to) to f: finished ones
// in the order of their start, then running ones as they are now.
func (l *Ledger) Each(ctx context.Context, from, to time.Time, f func(r *Record, running bool) error) error {
	l.mu.RLock()
	late := make(map[call.ID]Record)
	running := make(map[call.ID]bool)
	for id, c := range l.live {
		late[id], running[id] = c.summary.record(), true
	}
	for _, s := range l.open {
		late[s.r.Call] = s.record()
	}
	l.mu.RUnlock()
	if err := l.opts.Calls.Flush(ctx); err != nil {
		return fmt.Errorf("commit before reading calls: %w", err)
	}
	err := l.opts.Calls.Scan(ctx, from.Add(-longest), to, func(_ time.Time, data []byte) error {
		var r Record
		if json.Unmarshal(data, &r) != nil {
			return nil
		}
		delete(late, r.Call)
		return f(&r, false)
	})
	if err != nil {
		return fmt.Errorf("read calls: %w", err)
	}
	for id, r := range late {
		if !r.Started.Before(to) {
			continue
		}
		if err := f(&r, running[id]); err != nil {
			return err
		}
	}
	return nil
}
