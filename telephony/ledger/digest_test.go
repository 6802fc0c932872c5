package ledger_test

import (
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestDigestsTellOfEveryChange files calls late into old days, over a restart of the store.
func TestDigestsTellOfEveryChange(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC) // the month changes within
	times := []time.Time{day, day.AddDate(0, 0, 1), day.AddDate(0, 0, 2), day.AddDate(0, 0, 3)}
	open := func() (*store.Store, *ledger.Ledger) {
		s, err := store.Open(dir, store.Options{Clock: clock.System()})
		if err != nil {
			t.Fatal(err)
		}
		return s, ledger.New(ledger.Options{Clock: clock.System(), Log: s.Log("ledger"), Calls: s.Log("calls"), Floor: s.Log("floor"),
			News: &event.News{}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	}
	s, l := open()
	look := func() [2][3]uint64 {
		t.Helper()
		calls, err := l.CallDigests(t.Context(), times)
		if err != nil {
			t.Fatal(err)
		}
		floor, err := l.FloorDigests(t.Context(), times)
		if err != nil {
			t.Fatal(err)
		}
		return [2][3]uint64{[3]uint64(calls), [3]uint64(floor)}
	}
	file := func(at time.Time, talk time.Duration) {
		s.Log("calls").Append(at, ledger.Pack(&ledger.Record{Call: call.NewID(at), Started: at, Talk: ledger.Millis(talk)}))
	}
	was := look()
	if was != [2][3]uint64{} {
		t.Errorf("nothing has the digests %x", was)
	}
	changes := func(what string, change func(), want [2][3]bool) {
		t.Helper()
		change()
		is := look()
		for i := range is {
			for n := range is[i] {
				if (is[i][n] != was[i][n]) != want[i][n] {
					t.Errorf("%s: digest %d of log %d was %x, is %x", what, n, i, was[i][n], is[i][n])
				}
			}
		}
		was = is
	}
	at := day.Add(30 * time.Hour)
	changes("a call", func() { file(at, time.Minute) }, [2][3]bool{{false, true, false}})
	changes("the same once more", func() { file(at, time.Minute) }, [2][3]bool{{false, true, false}})
	changes("of the next month", func() { file(times[2].Add(time.Hour), 0) }, [2][3]bool{{false, false, true}})
	changes("a late one", func() { file(day, time.Hour) }, [2][3]bool{{true, false, false}})
	changes("a step", func() { s.Log("floor").Append(at, ledger.PackAgent(call.Step{At: at, Agent: "1001", Value: "free"})) }, [2][3]bool{{}, {false, true, false}})
	changes("nothing", func() {}, [2][3]bool{})
	changes("a restart", func() {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s, l = open()
	}, [2][3]bool{})
	s.Close()
}
