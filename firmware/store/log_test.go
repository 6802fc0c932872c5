package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

var (
	november = time.Date(2026, 11, 30, 23, 59, 58, 0, time.UTC)
	always   = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
)

func records(t *testing.T, l *Log, from, to time.Time) []string {
	t.Helper()
	var got []string
	if err := l.Scan(t.Context(), from, to, func(_ time.Time, data []byte) error {
		got = append(got, string(data))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

func flush(t *testing.T, l *Log) {
	t.Helper()
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRecordsCrossMonthsInOrder(t *testing.T) {
	dir := t.TempDir()
	s, tr := open(t, dir)
	l := s.Log("ledger")
	// One a second over the end of the month, each pair swapped as late records are.
	for i := range 600 {
		n := i ^ 1
		l.Append(november.Add(time.Duration(n)*time.Second), fmt.Appendf(nil, "%03d", n))
	}
	flush(t, l)
	if got := records(t, l, time.Time{}, always); len(got) != 600 || !slices.IsSorted(got) {
		t.Errorf("%d records in order %v", len(got), slices.IsSorted(got))
	}
	at := func(n int) time.Time { return november.Add(time.Duration(n) * time.Second) }
	if got := records(t, l, at(1), at(4)); !slices.Equal(got, []string{"001", "002", "003"}) {
		t.Errorf("[1, 4) is %v", got)
	}
	if got := records(t, l, at(10), at(10)); got != nil {
		t.Errorf("an empty span has %v", got)
	}
	// Sooner than everything written, and twice the same moment.
	l.Append(time.Time{}, []byte("no clock"))
	l.Append(at(0), []byte("again"))
	closeStore(t, s)
	s, _ = open(t, dir)
	defer closeStore(t, s)
	got := records(t, s.Log("ledger"), time.Time{}, at(1))
	if !slices.Equal(got, []string{"no clock", "000", "again"}) {
		t.Errorf("after reopening: %v", got)
	}
	for _, name := range []string{"ledger-1970-01.db", "ledger-2026-11.db", "ledger-2026-12.db"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if errs := tr.all(); len(errs) != 0 {
		t.Error(errs)
	}
}

func TestScanStopsWhenToldAndMayAppend(t *testing.T) {
	s, _ := open(t, t.TempDir())
	defer closeStore(t, s)
	l := s.Log("ledger")
	for i := range 10 {
		l.Append(november, fmt.Append(nil, i))
	}
	flush(t, l)
	stop, seen := errors.New("stop"), 0
	err := l.Scan(t.Context(), time.Time{}, always, func(time.Time, []byte) error {
		l.Append(november.AddDate(0, 1, 0), []byte("from within"))
		if err := l.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if seen++; seen == 3 {
			return stop
		}
		return nil
	})
	if err != stop || seen != 3 {
		t.Errorf("scan ended with %v after %d records", err, seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Scan(ctx, time.Time{}, always, func(time.Time, []byte) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("scan with an ended context: %v", err)
	}
}

func TestRecordsAreWrittenInGroups(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, _ := open(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		l := s.Log("ledger")
		l.Append(time.Now(), []byte("one"))
		time.Sleep(groupDelay - time.Millisecond)
		synctest.Wait()
		if got := records(t, l, time.Time{}, always); got != nil {
			t.Errorf("written early: %v", got)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got := records(t, l, time.Time{}, always); len(got) != 1 {
			t.Errorf("a second later %d records are written, want 1", len(got))
		}
		for range groupRecords {
			l.Append(time.Now(), []byte("more"))
		}
		synctest.Wait() // no time passes
		if got := records(t, l, time.Time{}, always); len(got) != 1+groupRecords {
			t.Errorf("%d records are written, want a full group at once", len(got))
		}
		l.Append(time.Now(), []byte("last"))
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		closeStore(t, s)
	})
	s, _ := open(t, dir)
	defer closeStore(t, s)
	if got := records(t, s.Log("ledger"), time.Time{}, always); len(got) != 2+groupRecords {
		t.Errorf("Close left %d records, want %d", len(got), 2+groupRecords)
	}
}

// TestAnUnwritableDiskLosesNothingThatMemoryHolds blocks the month's file with a
// directory of its name.
func TestAnUnwritableDiskLosesNothingThatMemoryHolds(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, tr := open(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		l := s.Log("ledger")
		now := time.Now()
		obstacle := l.shards.path(monthOf(now))
		if err := os.MkdirAll(filepath.Join(obstacle, "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range maxQueued + 5 {
			l.Append(now.Add(time.Duration(i)), fmt.Append(nil, i))
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		errs := tr.all()
		if n := len(errs); n < 3 || n > 10 {
			t.Errorf("%d errors in a minute, want a few with growing pauses: %v", n, errs)
		}
		if l.Dropped() != 5 || !slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, ErrDropped) }) {
			t.Errorf("%d records dropped, told %v; want 5", l.Dropped(), errs)
		}
		if err := l.Flush(ctx); err == nil {
			t.Error("Flush reported success")
		}
		if err := os.RemoveAll(obstacle); err != nil {
			t.Fatal(err)
		}
		time.Sleep(lastRetry)
		synctest.Wait()
		if errs := tr.all(); errs[len(errs)-1] != nil {
			t.Errorf("the end of the trouble was not told: %v", errs)
		}
		if got := records(t, l, time.Time{}, always); len(got) != maxQueued || got[0] != "0" || got[maxQueued-1] != fmt.Sprint(maxQueued-1) {
			t.Errorf("%d of %d records arrived", len(got), maxQueued)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		closeStore(t, s)
	})
}

func TestMemoryIsBoundedByBytesToo(t *testing.T) {
	s, _ := open(t, t.TempDir())
	defer closeStore(t, s)
	l := s.Log("ledger")
	for range 10 {
		l.Append(november, make([]byte, maxBytes/8))
	}
	if l.Dropped() != 2 {
		t.Errorf("%d records dropped, want 2", l.Dropped())
	}
	flush(t, l)
	l.Append(november, make([]byte, maxBytes))
	if l.Dropped() != 2 {
		t.Error("a flushed queue still counts its bytes")
	}
}

func TestABadMonthIsMovedAsideAndTheOthersAreRead(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"text":      func([]byte) []byte { return []byte(strings.Repeat("text ", 5000)) },
		"empty":     func([]byte) []byte { return nil },
		"truncated": func(b []byte) []byte { return b[:3*os.Getpagesize()] },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, _ := open(t, dir)
			s.Log("ledger").Append(november, []byte(strings.Repeat("x", 5000)))
			s.Log("ledger").Append(november.AddDate(0, 0, 1), []byte("december"))
			closeStore(t, s)
			path := filepath.Join(dir, "ledger-2026-11.db")
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			s, tr := open(t, dir)
			defer closeStore(t, s)
			l := s.Log("ledger")
			if got := records(t, l, time.Time{}, always); !slices.Equal(got, []string{"december"}) {
				t.Errorf("the rest is %v", got)
			}
			if errs := tr.all(); len(errs) != 1 || !strings.Contains(errs[0].Error(), "ledger-2026-11.db cannot be read, moved to ledger-2026-11.db.bad-") {
				t.Errorf("told %v", errs)
			}
			l.Append(november, []byte("again"))
			flush(t, l)
			if got := records(t, l, time.Time{}, always); !slices.Equal(got, []string{"again", "december"}) {
				t.Errorf("after writing on: %v", got)
			}
		})
	}
}

// TestAMonthGoingBadWhileOpen damages pages under a running store.
func TestAMonthGoingBadWhileOpen(t *testing.T) {
	dir := t.TempDir()
	s, tr := open(t, dir)
	defer closeStore(t, s)
	l := s.Log("ledger")
	for i := range 100 {
		l.Append(november, fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", 500)))
	}
	flush(t, l)
	f, err := os.OpenFile(filepath.Join(dir, "ledger-2026-11.db"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	page := int64(os.Getpagesize())
	info, _ := f.Stat()
	if _, err := f.WriteAt(make([]byte, info.Size()-2*page), 2*page); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	records(t, l, time.Time{}, always) // must not crash
	l.Append(november, []byte("after"))
	for range 3 { // the first attempt finds the damage
		if l.Flush(t.Context()) == nil {
			break
		}
	}
	if got := records(t, l, time.Time{}, always); !slices.Equal(got, []string{"after"}) {
		t.Errorf("after the damage: %d records", len(got))
	}
	if len(tr.all()) == 0 {
		t.Error("nobody was told")
	}
}

func TestAppendAfterCloseIsDropped(t *testing.T) {
	s, _ := open(t, t.TempDir())
	l := s.Log("ledger")
	closeStore(t, s)
	l.Append(november, []byte("late"))
	if l.Dropped() != 1 {
		t.Errorf("%d records dropped, want 1", l.Dropped())
	}
}

func BenchmarkAppend(b *testing.B) {
	s, err := Open(b.TempDir(), Options{Clock: clock.System()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	l := s.Log("ledger")
	data := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		l.Append(november, data)
	}
}
