package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// Back is Scan from the end: it hands the records of [from, to) to f, the latest
// first.
func (l *Log) Back(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error {
	months, err := l.shards.months()
	if err != nil {
		return fmt.Errorf("scan %s back: %w", l.name, err)
	}
	slices.Reverse(months)
	for _, month := range months {
		start, err := time.Parse(monthForm, month)
		if err != nil {
			return fmt.Errorf("scan %s back: %w", l.name, err)
		}
		switch {
		case !start.Before(to):
			continue
		case !start.AddDate(0, 1, 0).After(from):
			return nil
		}
		if err := l.backMonth(ctx, start, from, to, f); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) backMonth(ctx context.Context, start, from, to time.Time, f func(time.Time, []byte) error) error {
	sh, err := l.shards.acquire(monthOf(start))
	if err != nil {
		l.store.trouble(fmt.Errorf("scan %s of %s back: %w", l.name, monthOf(start), err))
		return nil
	}
	defer l.shards.release(sh)
	var first, end []byte // as in scanMonth
	if from.After(start) {
		first = keyOf(from, 0)
	}
	if to.Before(start.AddDate(0, 1, 0)) {
		end = keyOf(to, 0)
	}
	for {
		entries, err := lastOf(sh.db, recordsBucket, first, end, backStep)
		for _, e := range entries {
			if err := f(timeOf(e.key), e.value); err != nil {
				return err
			}
		}
		if err != nil {
			l.store.trouble(fmt.Errorf("scan %s of %s back: %w", l.name, monthOf(start), err))
			return nil
		}
		if len(entries) < backStep {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("scan %s back: %w", l.name, err)
		}
		end = entries[backStep-1].key
	}
}

// backStep is how many records are read in one transaction, as in rows.
const backStep = 256

// lastOf copies up to n entries with keys in [from, to), the last one first.
func lastOf(db *bbolt.DB, bucket, from, to []byte, n int) (entries []entry, err error) {
	err = guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			b := tx.Bucket(bucket)
			if b == nil {
				return nil
			}
			c := b.Cursor()
			k, v := c.Last()
			if to != nil {
				if k, v = c.Seek(to); k == nil {
					k, v = c.Last()
				}
				for k != nil && bytes.Compare(k, to) >= 0 {
					k, v = c.Prev()
				}
			}
			var copied []byte // of all of them: one piece costs less than two for each
			for ; k != nil && len(entries) < n && bytes.Compare(k, from) >= 0; k, v = c.Prev() {
				begin := len(copied)
				copied = append(append(copied, k...), v...)
				all := copied[begin:len(copied):len(copied)]
				entries = append(entries, entry{all[:len(k):len(k)], all[len(k):]})
			}
			return nil
		})
	})
	return entries, err
}
