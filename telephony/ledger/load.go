package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

const day = 24 * time.Hour

// forever is after every step: a box without a clock of its own may start in the
// past, before its own records.
var forever = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// flushEvery is how many calls are made again between two commits.
const flushEvery = 2000

// load reads the latest records, makes those that are missing again from their
// steps, and closes the calls that a restart cut off.
func (l *Ledger) load(ctx context.Context) error {
	known, from, err := l.latest(ctx)
	if err != nil {
		return err
	}
	if err := l.replay(ctx, from, known); err != nil {
		return err
	}
	var cut []*contact
	l.mu.Lock()
	for _, c := range l.live {
		cut = append(cut, c)
	}
	slices.SortFunc(cut, func(a, b *contact) int { return a.summary.r.Started.Compare(b.summary.r.Started) })
	for _, c := range cut {
		l.follow(l.close(c.summary))
	}
	l.settle(l.opts.Clock.Now())
	l.mu.Unlock()
	if len(cut) > 0 {
		l.opts.Logger.Warn("calls were cut by a restart", "calls", len(cut))
	}
	return nil
}

// latest reads the newest records into memory. It returns those that started since a
// time from which on some may be missing.
func (l *Ledger) latest(ctx context.Context) (known map[call.ID]bool, from time.Time, err error) {
	known = make(map[call.ID]bool)
	var list []Record
	err = l.opts.Calls.Back(ctx, time.Time{}, forever, func(at time.Time, data []byte) error {
		e, err := unpack(at, data)
		if err != nil {
			return nil
		}
		if known[e.Call] {
			return nil // one that was amended later
		}
		if from.IsZero() {
			from = at.Add(-followed)
		}
		if len(list) < cached {
			r, err := e.Record()
			if err != nil {
				return nil
			}
			list = append(list, r)
		}
		if known[e.Call] = true; at.Before(from) && len(list) == cached {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, from, fmt.Errorf("read records: %w", err)
	}
	slices.Reverse(list)
	l.mu.Lock()
	l.records = list
	l.mu.Unlock()
	return known, from, nil
}

// replay follows the steps since a time once more, leaving out the calls that are
// known.
func (l *Ledger) replay(ctx context.Context, from time.Time, known map[call.ID]bool) error {
	broken, made := 0, 0
	err := l.opts.Log.Scan(ctx, from, forever, func(_ time.Time, data []byte) error {
		if known[idOf(data)] {
			return nil
		}
		var step call.Step
		if json.Unmarshal(data, &step) != nil {
			broken++
			return nil
		}
		l.mu.Lock()
		ended := l.follow(step)
		l.mu.Unlock()
		if ended {
			if made++; made%flushEvery == 0 {
				return l.opts.Calls.Flush(ctx)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	if broken > 0 {
		l.opts.Logger.Error("entries of the ledger cannot be read", "entries", broken)
	}
	return nil
}

// idOf is the call of a step as it is written: most of what is replayed is known, and
// need not be read. It is empty where that cannot be told so easily.
func idOf(data []byte) call.ID {
	rest, ok := bytes.CutPrefix(data, []byte(`{"call":"`))
	if !ok {
		return ""
	}
	end := bytes.IndexAny(rest, `"\\`)
	if end < 0 || rest[end] != '"' {
		return ""
	}
	return call.ID(rest[:end])
}

// close stores the end of a call that has none.
func (l *Ledger) close(s *summary) call.Step {
	end := call.Step{Call: s.r.Call, At: s.r.Ended, Type: call.StepEnded, Cause: call.Shutdown.String(), Reason: cutByRestart}
	if data, err := json.Marshal(end); err == nil {
		l.opts.Log.Append(end.At, data)
	}
	return end
}
