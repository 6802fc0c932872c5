package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// box is the step that the box began or ended work.
func (l *Ledger) box(value string) call.Step {
	return call.Step{At: l.opts.Clock.Now().Round(0).UTC(), Type: call.StepBox, Value: value}
}

// nextHour asks to be told when the next hour (UTC) begins.
func (l *Ledger) nextHour(tell chan<- struct{}) clock.Timer {
	now := l.opts.Clock.Now()
	return l.opts.Clock.AfterFunc(now.Truncate(time.Hour).Add(time.Hour).Sub(now), func() { tell <- struct{}{} })
}

// lookRound writes down once more what every agent does, so that a reader of any hour
// has to look back for one hour only, and files calls that have waited long enough.
func (l *Ledger) lookRound() {
	now := l.opts.Clock.Now().Round(0).UTC()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.agents {
		l.opts.Floor.Append(now, packAgent(s))
	}
	l.settle(now)
}

// Floor hands the steps of no call in [from, to) to f, in order: what agents did and
// when the box was off. What an agent did at from is told by a step of the hour before,
// which begins it.
func (l *Ledger) Floor(ctx context.Context, from, to time.Time, f func(call.Step) error) error {
	if err := l.opts.Floor.Flush(ctx); err != nil {
		return fmt.Errorf("commit before reading the floor: %w", err)
	}
	err := l.opts.Floor.Scan(ctx, from.Add(-time.Hour-slack), to, func(at time.Time, data []byte) error {
		if len(data) > 0 && data[0] == plainForm {
			s, err := unpackAgent(at, data)
			if err != nil {
				return nil
			}
			return f(s)
		}
		var s call.Step
		if json.Unmarshal(data, &s) != nil {
			return nil
		}
		return f(s)
	})
	if err != nil {
		return fmt.Errorf("read the floor: %w", err)
	}
	return nil
}
