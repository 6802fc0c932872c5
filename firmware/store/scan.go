package store

import (
	"context"
	"fmt"
	"time"
)

// Scan hands the records of [from, to) to f in the order of their times, until f
// returns an error. It sees what has been written; Flush first to see all. f may
// be slow, and may use the log. A month that cannot be read is told to OnError and
// left out.
func (l *Log) Scan(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error {
	months, err := l.shards.months()
	if err != nil {
		return fmt.Errorf("scan %s: %w", l.name, err)
	}
	for _, month := range months {
		start, err := time.Parse(monthForm, month)
		if err != nil {
			return fmt.Errorf("scan %s: %w", l.name, err)
		}
		if !start.Before(to) {
			break
		}
		if !start.AddDate(0, 1, 0).After(from) {
			continue
		}
		if err := l.scanMonth(ctx, start, from, to, f); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) scanMonth(ctx context.Context, start, from, to time.Time, f func(time.Time, []byte) error) error {
	report := func(err error) {
		l.store.trouble(fmt.Errorf("scan %s of %s: %w", l.name, monthOf(start), err))
	}
	sh, err := l.shards.acquire(monthOf(start))
	if err != nil {
		report(err)
		return nil
	}
	defer l.shards.release(sh)
	var first, end []byte // a far bound has no key: keys end in 2262
	if from.After(start) {
		first = keyOf(from, 0)
	}
	if to.Before(start.AddDate(0, 1, 0)) {
		end = keyOf(to, 0)
	}
	for e, err := range rows(sh.db, recordsBucket, first, end) {
		if err != nil {
			report(err)
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("scan %s: %w", l.name, err)
		}
		if err := f(timeOf(e.key), e.value); err != nil {
			return err
		}
	}
	return nil
}
