package figures

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// book is a ledger in memory.
type book struct {
	entries []ledger.Entry
	floor   []call.Step
}

func (b *book) Each(_ context.Context, from, to time.Time, f func(*ledger.Entry) error) error {
	for _, e := range b.entries {
		if e.Started.Before(from.Add(-48*time.Hour)) || !e.Started.Before(to) {
			continue
		}
		e.Visits = slices.Clone(e.Visits)
		for i := range e.Visits {
			e.Visits[i].Rings = slices.Clone(e.Visits[i].Rings)
		}
		if err := f(&e); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) Floor(_ context.Context, from, to time.Time, f func(call.Step) error) error {
	for _, s := range b.floor {
		if s.At.Before(from.Add(-time.Hour-2*time.Second)) || !s.At.Before(to) {
			continue
		}
		if err := f(s); err != nil {
			return err
		}
	}
	return nil
}

// visit adds a call with one visit of queue 700.
func (b *book) visit(at time.Time, from string, v ledger.Visit) {
	v.Offered = at
	if v.Queue == "" {
		v.Queue = "700"
	}
	b.entries = append(b.entries, ledger.Entry{Started: at, Call: call.ID(fmt.Sprint("c", len(b.entries))), From: from, Way: "telco", Visits: []ledger.Visit{v}})
}

type stopped struct {
	clock.Clock
	now time.Time
}

func (s stopped) Now() time.Time { return s.now }

// room is a room over a book at a time.
func room(b *book, now time.Time, change func(*config.Config)) *Room {
	cfg := config.Default()
	cfg.System.TimeZone, cfg.System.Country = "Asia/Tehran", "IR"
	if change != nil {
		change(cfg)
	}
	return New(Options{Clock: stopped{clock.System(), now}, Ledger: b, Config: func() *config.Config { return cfg }})
}

func tehran(t testing.TB) *time.Location {
	t.Helper()
	return zoneOf(t, "Asia/Tehran")
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func seconds(n float64) ledger.Millis { return ledger.Millis(time.Duration(n*1000) * time.Millisecond) }
