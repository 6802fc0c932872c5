package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/pasokh/pasokh/firmware/clock"
)

const (
	mainFile      = "pasokh.db"
	snapshotFile  = "pasokh.db.snapshot"
	snapshotEvery = time.Hour
)

// ErrRunning: another process has the directory open.
var ErrRunning = errors.New("another pasokh is running on")

// Options are what a store needs from the house.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger // nil: none
	// OnError is told of trouble that no caller hears of: a log or a snapshot
	// that cannot be written (it is tried again), a bad file moved aside, records
	// lost (ErrDropped). OnWell follows when a log is written again. They are
	// called from any goroutine, must not block, and may be nil.
	OnError func(error)
	OnWell  func()
}

// Store is an open data directory.
type Store struct {
	dir       string
	opts      Options
	db        *bbolt.DB
	lost      atomic.Bool // db turned out damaged while it was written: its locks may be held for ever
	recovered string
	due       chan struct{} // a log has something to write

	saving sync.Mutex // held while a snapshot is written
	saved  int        // the last transaction in the snapshot

	mu     sync.Mutex
	logs   map[string]*Log
	closed bool
}

// Open opens a data directory, making it when there is none. Only one process
// can have it open; a second one gets ErrRunning after a second.
func Open(dir string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{dir: dir, opts: o, due: make(chan struct{}, 1), logs: make(map[string]*Log)}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	if err := s.openMain(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// openMain opens the file of values, falling back to the snapshot and at last to
// an empty file.
func (s *Store) openMain() error {
	path, snapshot := filepath.Join(s.dir, mainFile), filepath.Join(s.dir, snapshotFile)
	_, bad := check(path)
	switch {
	case bad == nil:
	case errors.Is(bad, berrors.ErrTimeout):
		return fmt.Errorf("%w %s", ErrRunning, s.dir)
	case !damaged(bad) && !errors.Is(bad, os.ErrNotExist):
		return bad
	}
	txid, noSnapshot := check(snapshot)
	switch {
	case bad == nil:
	case noSnapshot == nil:
		restored, err := s.restore(path, snapshot, bad)
		if err != nil {
			return err
		}
		s.recovered = restored
	case errors.Is(bad, os.ErrNotExist) && errors.Is(noSnapshot, os.ErrNotExist):
		if err := create(path); err != nil {
			return err
		}
	default: // both are lost
		aside, err := s.setAside(path)
		if err != nil {
			return err
		}
		if err := create(path); err != nil {
			return err
		}
		s.recovered = fmt.Sprintf("%s cannot be read (%v)%s; there is no good snapshot (%v): started empty", mainFile, bad, aside, noSnapshot)
	}
	s.saved = -1
	if noSnapshot == nil {
		s.saved = txid
	}
	return guard(func() (err error) {
		s.db, err = bbolt.Open(path, fileMode, &bbolt.Options{Timeout: lockTimeout, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
		if errors.Is(err, berrors.ErrTimeout) {
			return fmt.Errorf("%w %s", ErrRunning, s.dir)
		}
		return err
	})
}

// Recovered says what was restored or lost when the store was opened; empty when
// all was well.
func (s *Store) Recovered() string { return s.recovered }

// Run writes logs and snapshots until ctx ends. What is appended after that is
// written by Close.
func (s *Store) Run(ctx context.Context) error {
	var all sync.WaitGroup
	all.Go(func() { s.keepSnapshots(ctx) })
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.due:
			for _, l := range s.allLogs() {
				l.writeDue()
			}
		}
	}
}

// trouble tells of an error that no caller hears of.
func (s *Store) trouble(err error) {
	s.opts.Log.Error("store", "err", err)
	if s.opts.OnError != nil {
		s.opts.OnError(err)
	}
}

// well tells that a log is written again.
func (s *Store) well() {
	s.opts.Log.Info("store is written again")
	if s.opts.OnWell != nil {
		s.opts.OnWell()
	}
}

// poke makes Run look after the logs.
func (s *Store) poke() {
	select {
	case s.due <- struct{}{}:
	default:
	}
}

// Close writes what is left, takes a last snapshot when something changed, and
// closes all files. What is appended later is dropped.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	var errs []error
	for _, l := range s.allLogs() {
		errs = append(errs, l.close())
	}
	if !s.lost.Load() {
		errs = append(errs, s.snapshot(), s.db.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
