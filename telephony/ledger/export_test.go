package ledger

import (
	"context"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// For tests of a year, which would take too long step by step.
var (
	Pack      = pack
	PackAgent = packAgent
)

// Take takes steps at once, and commits whenever a second has passed between them, as
// the store does.
func (l *Ledger) Take(ctx context.Context, steps []call.Step) error {
	if steps == nil {
		l.take(l.box("started"))
	}
	for i, s := range steps {
		if i > 0 && s.At.Sub(steps[i-1].At) >= time.Second {
			if err := l.commit(ctx); err != nil {
				return err
			}
		}
		l.take(s)
	}
	return l.commit(ctx)
}
