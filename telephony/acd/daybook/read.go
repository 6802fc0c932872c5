package daybook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
)

// Source is a log that can be read. *store.Log is one.
type Source interface {
	Flush(ctx context.Context) error
	Scan(ctx context.Context, from, to time.Time, f func(at time.Time, data []byte) error) error
}

// Day is what happened from a time on, as far as it is known.
type Day struct {
	From, To time.Time
	Runs     []Run
	// Gaps are the times from which pages are missing, up to the next run.
	Gaps []time.Time
}

// Run is what happened without anything missing: from a head on.
type Run struct {
	Began time.Time
	// State is the floor at that time. Replay works on a copy of it.
	State acd.State
	// Started tells that the box started then: nobody of the run before is on the phone.
	Started bool
	Events  []Entry
	// Stopped is when the box stopped in order; zero: the run goes on, or was cut off.
	Stopped time.Time
}

// Entry is an event at a time.
type Entry struct {
	At    time.Time
	Event acd.Event
}

// MostEvents bounds what is read at once.
const MostEvents = 500_000

// ErrTooLong: more happened than can be read at once.
var ErrTooLong = errors.New("too much happened in that time")

// Read gives what happened in [from, to), from the first head in it on.
func Read(ctx context.Context, log Source, from, to time.Time) (*Day, error) {
	if err := log.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit before reading the daybook: %w", err)
	}
	r := reader{day: &Day{From: from, To: to}}
	if err := log.Scan(ctx, from, to, r.take); err != nil {
		return nil, fmt.Errorf("read the daybook: %w", err)
	}
	return r.day, nil
}

// reader joins pages to runs.
type reader struct {
	day  *Day
	open bool // pages belong to the last run
	next uint64
	n    int
}

func (r *reader) take(at time.Time, data []byte) error {
	p, err := parse(data)
	known := err == nil && (p.number == r.next || p.letter == started)
	if r.open && !known {
		r.open = false
		r.day.Gaps = append(r.day.Gaps, at)
	}
	if err != nil {
		return nil
	}
	r.next = p.number + 1
	switch {
	case p.letter == started, p.letter == goesOn && !r.open:
		r.day.Runs = append(r.day.Runs, Run{Began: at, State: *p.state, Started: p.letter == started})
		r.open = true
	case !r.open, p.letter == goesOn:
	case p.letter == stopped:
		r.day.Runs[len(r.day.Runs)-1].Stopped = at
		r.open = false
	default:
		if r.n++; r.n > MostEvents {
			return ErrTooLong
		}
		run := &r.day.Runs[len(r.day.Runs)-1]
		run.Events = append(run.Events, Entry{at, p.event})
	}
	return nil
}
