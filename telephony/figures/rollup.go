package figures

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/ledger"
)

// Archive tells what a ledger's days hold without counting it. *ledger.Ledger is one.
type Archive interface {
	// Unfiled are the calls that started before a time and may still change.
	Unfiled(to time.Time) []ledger.Entry
	// CallDigests are one number for the calls of each span between times that follow
	// each other: another number when anything in it is another, and 0 for nothing.
	// FloorDigests are the same of the floor.
	CallDigests(ctx context.Context, times []time.Time) ([]uint64, error)
	FloorDigests(ctx context.Context, times []time.Time) ([]uint64, error)
}

// Log is where the figures of days are kept. *store.Log is one.
type Log interface {
	Append(at time.Time, data []byte)
	Flush(ctx context.Context) error
	Scan(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error
}

// usualThresholds tells that a query counts as kept days do.
func (q *Query) usualThresholds() bool {
	return q.Threshold == UsualThreshold && q.Short == UsualShort && q.Days == UsualDays
}

// counted counts what a count's query asks for: days that are kept and still hold from
// their cells, the others from the ledger.
func (r *Room) counted(ctx context.Context, c *count) error {
	if r.opts.Kept == nil || !c.q.usualThresholds() {
		return r.read(ctx, c)
	}
	days := r.wholeDays(c.q.From, c.q.To)
	kept, err := r.kept(ctx, days)
	if err != nil {
		return err
	}
	from := c.q.From
	for i, day := range days {
		data := kept[i]
		if data == nil {
			continue
		}
		if err := r.part(ctx, c, from, day); err != nil {
			return err
		}
		if err := unpackDay(data, day, c.fold); err != nil {
			return fmt.Errorf("figures of %s: %w", day.Format(time.DateOnly), err)
		}
		from = NextDay(day)
	}
	return r.part(ctx, c, from, c.q.To)
}

// part counts a part of a count's period from the ledger.
func (r *Room) part(ctx context.Context, c *count, from, to time.Time) error {
	if !from.Before(to) {
		return nil
	}
	q := *c.q
	q.From, q.To = from, to
	part := &count{q: &q, now: c.now, total: c.total, rows: c.rows, again: newAgain(&q, c.now)}
	err := r.read(ctx, part)
	c.unclosed = append(c.unclosed, part.unclosed...)
	c.unclosed = c.unclosed[:min(len(c.unclosed), mostUnclosed)]
	return err
}

// wholeDays are the days in a period on which nothing can change any more but by a call
// that is not filed: those whose customers have had their days to come back.
func (r *Room) wholeDays(from, to time.Time) (days []time.Time) {
	now := r.opts.Clock.Now()
	day := Day(from)
	if day.Before(from) {
		day = NextDay(day)
	}
	for next := NextDay(day); !next.After(to) && !next.AddDate(0, 0, UsualDays).After(now); day, next = next, NextDay(next) {
		days = append(days, day)
	}
	return days
}

// The days around a day that its figures come from: calls that
// began before it, and customers who came back.
const (
	daysBefore = 3
	daysAfter  = UsualDays + 1
)

// kept are the kept cells of days that follow each other, as they were written; nil for
// a day that is not kept or is another since.
func (r *Room) kept(ctx context.Context, days []time.Time) ([][]byte, error) {
	found := make([][]byte, len(days))
	if len(days) == 0 {
		return found, nil
	}
	digests, err := r.digests(ctx, days)
	if err != nil {
		return nil, err
	}
	if err := r.opts.Kept.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit before reading figures: %w", err)
	}
	i := 0 // of the day that is looked for
	err = r.opts.Kept.Scan(ctx, days[0], days[len(days)-1].Add(time.Second), func(at time.Time, data []byte) error {
		for i < len(days)-1 && days[i].Before(at) {
			i++
		}
		if days[i].Equal(at) && digests[i] != 0 && digestOf(data) == digests[i] {
			found[i] = slices.Clone(data)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	var others []time.Time
	for i, data := range found {
		if data == nil && digests[i] != 0 {
			others = append(others, days[i])
		}
	}
	r.ask(others)
	return found, nil
}

// digests are those of all that the figures of days that follow each other come from; 0
// for a day to which a call belongs that may still change, and for one that nothing is
// known of.
func (r *Room) digests(ctx context.Context, days []time.Time) ([]uint64, error) {
	// First who is not filed: a call that is filed meanwhile is in neither or both.
	unfiled := r.opts.Archive.Unfiled(days[len(days)-1].AddDate(0, 0, daysAfter+1))
	calls, err := r.around(ctx, days, daysBefore, daysAfter, r.opts.Archive.CallDigests)
	if err != nil {
		return nil, err
	}
	floor, err := r.around(ctx, days, 1, 2, r.opts.Archive.FloorDigests)
	if err != nil {
		return nil, err
	}
	settings := r.settings()
	list := make([]uint64, len(days))
	for i, day := range days {
		if slices.ContainsFunc(unfiled, func(e ledger.Entry) bool { return touches(&e, day) }) {
			continue
		}
		if known := calls[day][:daysBefore+1]; !some(known) && !some(floor[day]) {
			continue
		}
		h := fnv.New64a()
		fmt.Fprint(h, settings, day.Unix(), NextDay(day).Unix(), calls[day], floor[day])
		list[i] = max(1, h.Sum64())
	}
	return list, nil
}

func some(digests []uint64) bool {
	return slices.ContainsFunc(digests, func(d uint64) bool { return d != 0 })
}

// around are the digests of days that follow each other, each with those of so many days
// before and after it, itself the first of those after.
func (r *Room) around(ctx context.Context, days []time.Time, before, after int, of func(context.Context, []time.Time) ([]uint64, error)) (map[time.Time][]uint64, error) {
	at := days[0]
	for range before {
		at = Day(at.Add(-time.Hour))
	}
	times := []time.Time{at}
	for range len(days) + before + after - 1 {
		at = NextDay(at)
		times = append(times, at)
	}
	digests, err := of(ctx, times)
	if err != nil {
		return nil, fmt.Errorf("digests of days: %w", err)
	}
	list := make(map[time.Time][]uint64, len(days))
	for i, day := range days {
		list[day] = digests[i : i+before+after]
	}
	return list, nil
}

// touches tells whether a call has a part in the figures of a day.
func touches(e *ledger.Entry, day time.Time) bool {
	until := day.AddDate(0, 0, daysAfter)
	in := func(at time.Time) bool { return !at.Before(day) && at.Before(until) }
	return in(e.Started) || slices.ContainsFunc(e.Visits, func(v ledger.Visit) bool { return in(v.Offered) })
}

// settings are what figures depend on beside the ledger.
func (r *Room) settings() string {
	same := r.same()
	text := fmt.Sprint(r.Zone(), r.opts.Config().System.Country)
	for _, was := range slices.Sorted(maps.Keys(same)) {
		text += " " + was + "=" + same[was]
	}
	return text
}
