package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

const day = 24 * time.Hour

// forever is after every step: a box without a clock of its own may start in the
// past, before its own records.
var forever = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// load finds the latest records, looking further back until there are enough,
// and closes the calls that a restart cut off.
func (l *Ledger) load(ctx context.Context) error {
	now := l.opts.Clock.Now()
	var cut []*summary
	for _, back := range []time.Duration{2 * day, 31 * day, 366 * day} {
		var err error
		if cut, err = l.read(ctx, now.Add(-back)); err != nil {
			return err
		}
		if len(l.records) == cached {
			break
		}
	}
	slices.SortFunc(cut, func(a, b *summary) int { return a.r.Started.Compare(b.r.Started) })
	for _, s := range cut {
		s.add(l.close(s))
		l.mu.Lock()
		l.keep(s.record())
		l.mu.Unlock()
	}
	if len(cut) > 0 {
		l.opts.Logger.Warn("calls were cut by a restart", "calls", len(cut))
	}
	return nil
}

// read rebuilds the records from the log's entries since a time. It returns the
// calls without an end.
func (l *Ledger) read(ctx context.Context, from time.Time) ([]*summary, error) {
	l.mu.Lock()
	l.records = nil
	l.mu.Unlock()
	open, broken := make(map[call.ID]*summary), 0
	err := l.opts.Log.Scan(ctx, from, forever, func(_ time.Time, data []byte) error {
		var step call.Step
		if json.Unmarshal(data, &step) != nil {
			broken++
			return nil
		}
		s := open[step.Call]
		if s == nil {
			if step.Type != call.StepArrived {
				return nil
			}
			s = newSummary()
			open[step.Call] = s
		}
		if s.add(step); s.ended {
			delete(open, step.Call)
			l.mu.Lock()
			l.keep(s.record())
			l.mu.Unlock()
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	if broken > 0 {
		l.opts.Logger.Error("entries of the ledger cannot be read", "entries", broken)
	}
	var left []*summary
	for _, s := range open {
		left = append(left, s)
	}
	return left, nil
}

// close stores the end of a call that has none.
func (l *Ledger) close(s *summary) call.Step {
	end := call.Step{Call: s.r.Call, At: s.r.Ended, Type: call.StepEnded, Cause: call.Shutdown.String(), Reason: cutByRestart}
	if data, err := json.Marshal(end); err == nil {
		l.opts.Log.Append(end.At, data)
	}
	return end
}
