package figures

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	keepFor = 400                    // days back: those that a year's report needs
	lately  = UsualDays + 4          // days back that are looked at every hour
	breath  = 200 * time.Millisecond // between two days that are counted, so that calls have the processor
)

// Run counts and keeps the days that are over: at the start all that are not kept, then
// every hour the last ones, and those that a report found to be others since. Without
// Kept it only waits.
func (r *Room) Run(ctx context.Context) error {
	back := keepFor
	for ctx.Err() == nil && r.opts.Kept != nil {
		days, err := r.missing(ctx, back)
		if err == nil {
			err = r.Keep(ctx, days)
		}
		if err != nil && ctx.Err() == nil {
			r.opts.Log.Error("figures are not kept", "err", err)
		}
		back = lately
		hourly := make(chan struct{})
		timer := r.opts.Clock.AfterFunc(time.Hour, func() { close(hourly) })
		select {
		case <-hourly:
		case days := <-r.wanted:
			if err := r.Keep(ctx, days); err != nil && ctx.Err() == nil {
				r.opts.Log.Error("figures are not kept", "err", err)
			}
		case <-ctx.Done():
		}
		timer.Stop()
	}
	<-ctx.Done()
	return nil
}

// ask wants days to be kept, if nobody's wish is open. It never blocks.
func (r *Room) ask(days []time.Time) {
	if len(days) == 0 {
		return
	}
	select {
	case r.wanted <- days:
	default:
	}
}

// missing are the days of the last ones that are not kept.
func (r *Room) missing(ctx context.Context, back int) ([]time.Time, error) {
	now := r.opts.Clock.Now().In(r.Zone())
	days := r.wholeDays(now.AddDate(0, 0, -back), now)
	if len(days) == 0 {
		return nil, nil
	}
	if err := r.opts.Kept.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit before looking for figures: %w", err)
	}
	have := make(map[int64]bool)
	err := r.opts.Kept.Scan(ctx, days[0], now, func(at time.Time, data []byte) error {
		if digestOf(data) != 0 {
			have[at.Unix()] = true
		}
		return nil
	})
	return slices.DeleteFunc(days, func(d time.Time) bool { return have[d.Unix()] }), err
}

// Keep counts days and keeps them, the last first.
func (r *Room) Keep(ctx context.Context, days []time.Time) error {
	for _, day := range slices.Backward(days) {
		if err := r.keep(ctx, day); err != nil {
			return err
		}
		if !r.opts.Clock.Sleep(ctx, r.opts.Clock.Now().Add(breath)) {
			return ctx.Err()
		}
	}
	return r.opts.Kept.Flush(ctx)
}

// keep counts a day and keeps it, if what it came from is the same before and after.
func (r *Room) keep(ctx context.Context, day time.Time) error {
	one := []time.Time{day}
	before, err := r.digests(ctx, one)
	if err != nil || before[0] == 0 {
		return err
	}
	q := Query{From: day, To: NextDay(day), By: byCell}.usual()
	c := newCount(&q, r.opts.Clock.Now())
	if err := r.read(ctx, c); err != nil {
		return fmt.Errorf("count %s: %w", day.Format(time.DateOnly), err)
	}
	after, err := r.digests(ctx, one)
	if err != nil || after[0] != before[0] {
		return err
	}
	if data, ok := packDay(before[0], day, c.rows); ok {
		r.opts.Kept.Append(day, data)
	}
	return nil
}
