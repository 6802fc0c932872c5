package ledger

import (
	"context"
	"fmt"
	"hash/crc64"
	"time"
)

// Unfiled are the calls that started before a time and are not in the log of records
// yet, as they are now: they run, or something is still to come for them.
func (l *Ledger) Unfiled(to time.Time) []Entry { return l.late(to) }

var digestTable = crc64.MakeTable(crc64.ECMA)

// CallDigests are one number for the records of calls of each span between times that
// follow each other, FloorDigests one for the steps of the floor. Entries are never
// changed, but they may be added to any span: then its number is another. That of an
// empty span is 0.
func (l *Ledger) CallDigests(ctx context.Context, times []time.Time) ([]uint64, error) {
	return digests(ctx, l.opts.Calls, times)
}

// FloorDigests: see CallDigests.
func (l *Ledger) FloorDigests(ctx context.Context, times []time.Time) ([]uint64, error) {
	return digests(ctx, l.opts.Floor, times)
}

func digests(ctx context.Context, log Log, times []time.Time) ([]uint64, error) {
	if len(times) < 2 {
		return nil, nil
	}
	if err := log.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit before looking at the ledger: %w", err)
	}
	sums := make([]uint64, len(times)-1)
	i := 0
	err := log.Scan(ctx, times[0], times[len(times)-1], func(at time.Time, data []byte) error {
		for !at.Before(times[i+1]) {
			i++
		}
		// The time is part of what is known; so is where an entry ends.
		n := uint64(at.UnixNano()) ^ uint64(len(data))<<48
		sums[i] = crc64.Update(sums[i]^n, digestTable, data) | 1
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the ledger: %w", err)
	}
	return sums, nil
}
