package ledger_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
)

const perDay = 1000 // calls

// BenchmarkYear asks a year of 1000 calls a day for a day's report, a month's and the
// year's, from the calls and from kept figures, and looks for calls among the latest
// 100,000. Set PASOKH_DAYS for less.
func BenchmarkYear(b *testing.B) {
	days := 365
	if text := os.Getenv("PASOKH_DAYS"); text != "" {
		fmt.Sscan(text, &days)
	}
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.TempDir(), store.Options{Clock: clock.System()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	begin := time.Date(2025, 3, 21, 0, 0, 0, 0, zone)
	fill(b, s, begin, days)
	end := begin.AddDate(0, 0, days)

	l := ledger.New(ledger.Options{Clock: clock.System(), Log: s.Log("ledger"), Calls: s.Log("calls"), Floor: s.Log("floor"),
		News: &event.News{}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	cfg := config.Default()
	cfg.System.TimeZone, cfg.System.Country = "Asia/Tehran", "IR"
	room := figures.New(figures.Options{Clock: clock.System(), Ledger: l, Config: func() *config.Config { return cfg }})
	keeping := figures.New(figures.Options{Clock: at{clock.System(), end}, Ledger: l, Config: func() *config.Config { return cfg }, Archive: l, Kept: s.Log("figures")})
	if err := keeping.Keep(b.Context(), daysOf(begin, end)); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		from, to time.Time
		by       figures.Group
	}{
		{"day", end.AddDate(0, 0, -20), end.AddDate(0, 0, -19), figures.ByHour}, {"month", end.AddDate(0, 0, -50), end.AddDate(0, 0, -20), figures.ByDay},
		{"year", begin, end, figures.ByAgent},
	} {
		for way, room := range map[string]*figures.Room{"calls": room, "kept": keeping} {
			b.Run(c.name+"/"+way, func(b *testing.B) {
				for b.Loop() {
					r, err := room.Report(b.Context(), figures.Query{From: c.from, To: c.to, By: c.by})
					if want := perDay * c.to.Sub(c.from).Hours() / 24; err != nil || !r.Closes || r.Total.Values["offered"] != want {
						b.Fatalf("%v, closes %v, offered %v, want %v", err, r.Closes, r.Total.Values["offered"], want)
					}
				}
			})
		}
	}
	for name, q := range map[string]ledger.Query{
		"newest":      {Limit: 50},
		"number":      {Limit: 50, Number: "09120000007", Plan: numbering.For("IR"), From: end.AddDate(0, 0, -100)},
		"agent":       {Limit: 50, Agent: "1007", Queue: "nowhere", From: end.AddDate(0, 0, -100)},
		"interrupted": {Limit: 50, Result: ledger.Interrupted, From: end.AddDate(0, 0, -100)},
		"nobody":      {Limit: 50, Words: ledger.Words{Text: "علي كاظمي"}, From: end.AddDate(0, 0, -100)},
		"part":        {Limit: 50, Words: ledger.Words{Text: "021887766550"}, From: end.AddDate(0, 0, -100)},
		"out":         {Limit: 50, Direction: ledger.Out, From: end.AddDate(0, 0, -100)},
		"long":        {Limit: 50, Least: ledger.Millis(time.Hour), From: end.AddDate(0, 0, -100)},
		"recorded":    {Limit: 50, Calls: map[call.ID]bool{"none": true}, From: end.AddDate(0, 0, -100)},
		"cause":       {Limit: 50, Cause: "no-channel", From: end.AddDate(0, 0, -100)},
	} {
		b.Run("list/"+name, func(b *testing.B) {
			used := worked()
			for b.Loop() {
				if _, _, err := l.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((worked()-used).Milliseconds())/float64(b.N), "cpu-ms/op") // on a machine that does other things, too
		})
	}
}

// worked is the processor's time that this program took so far.
func worked() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it cannot fail for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// at is the system's clock at another time, which nobody waits for.
type at struct {
	clock.Clock
	now time.Time
}

func (c at) Now() time.Time                              { return c.now }
func (c at) Sleep(ctx context.Context, _ time.Time) bool { return ctx.Err() == nil }

// daysOf are the days of a period.
func daysOf(from, to time.Time) (days []time.Time) {
	for day := from; day.Before(to); day = figures.NextDay(day) {
		days = append(days, day)
	}
	return days
}

// fill writes days of calls and of what ten agents did.
func fill(b *testing.B, s *store.Store, begin time.Time, days int) {
	b.Helper()
	calls, floor := s.Log("calls"), s.Log("floor")
	r := rand.New(rand.NewPCG(1, 2))
	ms := func(most int) ledger.Millis { return ledger.Millis(r.IntN(most)) * ledger.Millis(time.Millisecond) }
	for day := range days {
		at := begin.AddDate(0, 0, day).Add(8 * time.Hour)
		for i := range perDay {
			at = at.Add(43 * time.Second)
			agent := fmt.Sprint(1000 + r.IntN(10))
			v := ledger.Visit{Queue: "700", Offered: at.Add(9 * time.Second), Outcome: ledger.VisitAnswered, Agent: agent, Wait: ms(60_000), Talk: ms(300_000), Wrap: ms(20_000),
				Rings: []ledger.Ring{{Agent: "1003", Rang: ms(20_000), End: "no-answer"}, {Agent: agent, Rang: ms(9_000), End: "answered"}}}
			if i%5 == 0 {
				v.Outcome, v.Agent, v.Rings = ledger.VisitAbandoned, "", nil
			}
			rec := ledger.Record{Call: call.NewID(at), Started: at, Ended: at.Add(5 * time.Minute), From: call.Party{Number: fmt.Sprintf("0912%07d", r.IntN(50_000)), Name: "شرکت مهر و ماه"}, To: "500",
				Origin: call.Origin{Trunk: "telco", DID: "02188776600"}, Queue: "700", Agent: agent, Wait: v.Wait, Talk: v.Talk, Result: ledger.Answered, Cause: "normal",
				Announce: []string{"1", "2"}, MOS: 4.3, Grade: "good", Visits: []ledger.Visit{v}}
			calls.Append(at, ledger.Pack(&rec))
			for k, does := range []string{"ringing", "free", "ringing", "talking", "wrap-up", "free"} {
				t := at.Add(time.Duration(k) * time.Second)
				floor.Append(t, ledger.PackAgent(call.Step{At: t, Agent: agent, Value: does, Queue: "700"}))
			}
		}
		if err := calls.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := floor.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
