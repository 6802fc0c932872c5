package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// IsFile tells whether a file of the data directory, by its name there, is one of a
// store's, which only CopyFile can copy while the box works.
func IsFile(name string) bool {
	_, _, month := monthFile(name)
	return name == mainFile || month
}

// monthFile takes the name of a month's file apart.
func monthFile(name string) (log, month string, ok bool) {
	name, ok = strings.CutSuffix(name, ".db")
	i := len(name) - len(monthForm)
	if !ok || i < 2 || name[i-1] != '-' {
		return "", "", false
	}
	_, err := time.Parse(monthForm, name[i:])
	return name[:i-1], name[i:], err == nil
}

// CopyFile makes a copy of one of the store's files, as of now and whole, under another
// path. Who writes waits only if the file must grow meanwhile, and no longer than the copy
// to the disk takes. What a log has queued may be missing: Flush it first.
func (s *Store) CopyFile(name, to string) error {
	err := s.copyFile(name, to)
	if err != nil {
		_ = os.Remove(to) // a half copy is none
		return fmt.Errorf("copy %s: %w", name, err)
	}
	return nil
}

func (s *Store) copyFile(name, to string) error {
	copyOf := func(db *bbolt.DB) error {
		return guard(func() error {
			return db.View(func(tx *bbolt.Tx) error {
				f, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
				if err != nil {
					return err
				}
				_, err = tx.WriteTo(f)
				if closed := f.Close(); err == nil {
					err = closed
				}
				return err
			})
		})
	}
	if name == mainFile {
		return copyOf(s.db)
	}
	log, month, ok := monthFile(name)
	if _, err := os.Stat(filepath.Join(s.dir, name)); !ok || err != nil {
		return os.ErrNotExist // acquire would make it
	}
	l := s.Log(log)
	sh, err := l.shards.acquire(month)
	if err != nil {
		return err
	}
	defer l.shards.release(sh)
	return copyOf(sh.db)
}

// Check reads every page of a store's file. A file that a process has open is ErrRunning.
func Check(path string) error {
	_, err := check(path)
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("%w %s", ErrRunning, filepath.Dir(path))
	}
	return err
}
