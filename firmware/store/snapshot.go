package store

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/pasokh/pasokh/firmware/clock"
)

// keepSnapshots takes one at start and every hour.
func (s *Store) keepSnapshots(ctx context.Context) {
	grid := clock.NewGrid(s.opts.Clock, snapshotEvery)
	for ok := true; ok; _, _, ok = grid.Wait(ctx) {
		if err := s.snapshot(); err != nil {
			s.trouble(err)
		}
	}
}

// snapshot copies the values as of now, when they changed since the last one. The
// old snapshot is replaced only by a good one.
func (s *Store) snapshot() error {
	s.saving.Lock()
	defer s.saving.Unlock()
	path := filepath.Join(s.dir, snapshotFile)
	aside := path + ".new"
	var now int
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			if now = tx.ID(); now == s.saved {
				return nil
			}
			return writeAside(aside, func(w io.Writer) error {
				_, err := tx.WriteTo(w)
				return err
			})
		})
	})
	if err == nil && now == s.saved {
		return nil
	}
	if err == nil {
		_, err = check(aside)
	}
	if err == nil {
		err = appear(aside, path)
	}
	if err != nil {
		return fmt.Errorf("take snapshot: %w", err)
	}
	s.saved = now
	return nil
}

// restore puts a copy of the snapshot in the place of the file of values and
// returns a report.
func (s *Store) restore(path, snapshot string, bad error) (string, error) {
	info, err := os.Stat(snapshot)
	if err != nil {
		return "", err
	}
	from, err := os.Open(snapshot)
	if err != nil {
		return "", err
	}
	defer from.Close()
	aside := path + ".new"
	if err := writeAside(aside, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	}); err != nil {
		return "", err
	}
	moved, err := s.setAside(path)
	if err != nil {
		return "", err
	}
	if err := appear(aside, path); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s cannot be read (%v)%s; restored the snapshot of %s", mainFile, bad, moved, info.ModTime().UTC().Format("2006-01-02 15:04 MST")), nil
}
