package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"github.com/pasokh/pasokh/firmware/clock"
)

// troubles collects what a store tells to OnError, and nil for OnWell.
type troubles struct {
	mu   sync.Mutex
	errs []error
}

func (tr *troubles) tell(err error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.errs = append(tr.errs, err)
}

func (tr *troubles) all() []error {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.Clone(tr.errs)
}

func open(t *testing.T, dir string) (*Store, *troubles) {
	t.Helper()
	var tr troubles
	s, err := Open(dir, Options{Clock: clock.System(), OnError: tr.tell, OnWell: func() { tr.tell(nil) }})
	if err != nil {
		t.Fatal(err)
	}
	return s, &tr
}

func put(t *testing.T, s *Store, key, value string) {
	t.Helper()
	if err := s.Put("b", key, []byte(value)); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t *testing.T, s *Store, key, want string) {
	t.Helper()
	if got, err := s.Get("b", key); err != nil || string(got) != want {
		t.Errorf("%s is %q (%v), want %q", key, got, err, want)
	}
}

func closeStore(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestValuesSurviveAndAreListedInOrder(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	for i := range 600 { // more than one step of Each
		put(t, s, fmt.Sprintf("%04d", i), fmt.Sprint(i))
	}
	if err := s.Delete("b", "0007"); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("nothing", "x"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	closeStore(t, s)
	s, _ = open(t, dir)
	defer closeStore(t, s)
	if s.Recovered() != "" {
		t.Errorf("recovered %q from a good file", s.Recovered())
	}
	next, stop := 0, errors.New("stop")
	if err := s.Each("b", func(key string, value []byte) error {
		if next == 7 {
			next++
		}
		if key != fmt.Sprintf("%04d", next) || string(value) != fmt.Sprint(next) {
			t.Fatalf("entry %d is %s=%s", next, key, value)
		}
		next++
		return nil
	}); err != nil || next != 600 {
		t.Errorf("Each ended at %d: %v", next, err)
	}
	if err := s.Each("b", func(string, []byte) error { return stop }); err != stop {
		t.Errorf("Each returned %v, want what its function returned", err)
	}
	if v, err := s.Get("nothing", "x"); v != nil || err != nil {
		t.Errorf("an absent value is %q, %v", v, err)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	defer closeStore(t, s)
	_, err := Open(dir, Options{Clock: clock.System()})
	if !errors.Is(err, ErrRunning) || !strings.Contains(err.Error(), dir) {
		t.Errorf("opening twice: %v", err)
	}
}

// TestABadFileComesBackFromTheSnapshot damages the file of values in the ways that
// flash memory does.
func TestABadFileComesBackFromTheSnapshot(t *testing.T) {
	page := os.Getpagesize()
	for name, damage := range map[string]func([]byte) []byte{
		"empty":       func([]byte) []byte { return nil },
		"truncated":   func(b []byte) []byte { return b[:3*page] },
		"cut in page": func(b []byte) []byte { return b[:page+100] },
		"no metas":    func(b []byte) []byte { clear(b[:2*page]); return b },
		"zeroed data": func(b []byte) []byte { clear(b[2*page:]); return b },
		"garbage data": func(b []byte) []byte {
			for i := range b[2*page:] {
				b[2*page+i] = byte(i * 31)
			}
			return b
		},
		"text": func([]byte) []byte { return bytes.Repeat([]byte("hello "), 4000) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, _ := open(t, dir)
			for i := range 100 {
				put(t, s, fmt.Sprint("k", i), strings.Repeat("v", 200))
			}
			closeStore(t, s) // leaves a snapshot
			path := filepath.Join(dir, mainFile)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			s, _ = open(t, dir)
			if !strings.Contains(s.Recovered(), "restored the snapshot") {
				t.Errorf("Recovered says %q", s.Recovered())
			}
			wantValue(t, s, "k99", strings.Repeat("v", 200))
			put(t, s, "new", "1")
			closeStore(t, s)
			if bad, _ := filepath.Glob(path + ".bad-*"); len(bad) != 1 {
				t.Errorf("bad files kept: %v", bad)
			}
			s, _ = open(t, dir)
			wantValue(t, s, "new", "1")
			if s.Recovered() != "" {
				t.Errorf("recovered again: %s", s.Recovered())
			}
			closeStore(t, s)
		})
	}
}

func TestWithoutAnyGoodFileItStartsEmptyAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{mainFile, snapshotFile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("not a database"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := open(t, dir)
	if !strings.Contains(s.Recovered(), "started empty") {
		t.Errorf("Recovered says %q", s.Recovered())
	}
	put(t, s, "k", "v")
	closeStore(t, s)
	s, _ = open(t, dir)
	wantValue(t, s, "k", "v")
	closeStore(t, s)
}

func TestALostFileComesBackFromTheSnapshot(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	put(t, s, "k", "v")
	closeStore(t, s)
	if err := os.Remove(filepath.Join(dir, mainFile)); err != nil {
		t.Fatal(err)
	}
	s, _ = open(t, dir)
	wantValue(t, s, "k", "v")
	closeStore(t, s)
}

func TestSnapshotsAreTakenEveryHourWhenSomethingChanged(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, tr := open(t, dir)
		put(t, s, "k", "1")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		synctest.Wait()
		first := snapshotTime(t, dir)
		time.Sleep(snapshotEvery + time.Second)
		synctest.Wait()
		if again := snapshotTime(t, dir); !again.Equal(first) {
			t.Error("a snapshot was taken although nothing changed")
		}
		put(t, s, "k", "2")
		time.Sleep(snapshotEvery)
		synctest.Wait()
		db, err := bbolt.Open(filepath.Join(dir, snapshotFile), 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := some(db, []byte("b"), nil, nil, 10)
		if err != nil || len(entries) != 1 || string(entries[0].value) != "2" {
			t.Errorf("the hourly snapshot holds %s: %v", entries, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		closeStore(t, s)
		if errs := tr.all(); len(errs) != 0 {
			t.Error(errs)
		}
	})
}

func snapshotTime(t *testing.T, dir string) time.Time {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, snapshotFile))
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
