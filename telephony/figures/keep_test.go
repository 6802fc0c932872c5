package figures

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestRunKeepsDays lets the house stand for days: what is old enough is kept at the start
// and then day by day, and again when a report finds another day.
func TestRunKeepsDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &archive{unfiled: make(map[call.ID]bool)}
		zone := tehran(t)
		today := Day(time.Now().In(zone))
		for back := range 20 {
			a.visit(today.AddDate(0, 0, -19+back).Add(9*time.Hour), "", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1001"})
		}
		cfg := config.Default()
		cfg.System.TimeZone, cfg.System.Country = "Asia/Tehran", "IR"
		kept := &shelf{}
		room := New(Options{Clock: clock.System(), Ledger: a, Config: func() *config.Config { return cfg }, Archive: a, Kept: kept, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- room.Run(ctx) }()
		wait := func(d time.Duration, want int) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if got := kept.len(); got != want {
				t.Errorf("%d days are kept, want %d", got, want)
			}
		}
		wait(30*time.Second, 12) // the last seven may change still
		wait(24*time.Hour, 13)
		q := Query{From: today.AddDate(0, 0, -19), To: today.AddDate(0, 0, -15)}
		look := func(reads bool) {
			t.Helper()
			a.read.Store(0)
			r, err := room.Report(t.Context(), q)
			if err != nil || r.Total.Values["answered"] != float64(4+len(a.entries)-20) || (a.read.Load() > 0) != reads {
				t.Errorf("%v answered, %d calls read, %v", r.Total.Values["answered"], a.read.Load(), err)
			}
		}
		look(false)
		a.visit(today.AddDate(0, 0, -18), "", ledger.Visit{Outcome: ledger.VisitAnswered, Agent: "1002"}) // filed late
		look(true)
		wait(time.Minute, 17) // it is looked at for all four
		look(false)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
