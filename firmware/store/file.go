package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

const (
	fileMode    = 0o600
	lockTimeout = time.Second
)

// errDamaged: the file is not what was once written.
var errDamaged = errors.New("file is damaged")

// guard runs f and makes an error of what bbolt does with a damaged file: it
// asserts with a panic, or reads through its memory map where nothing is.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errDamaged, r)
		}
	}()
	return f()
}

// damaged tells a file that cannot be read from a machine that cannot read it now.
func damaged(err error) bool {
	var errno syscall.Errno
	return errors.Is(err, errDamaged) || errors.Is(err, syscall.EIO) ||
		!errors.As(err, &errno) && !errors.Is(err, berrors.ErrTimeout) && !errors.Is(err, fs.ErrNotExist)
}

// check reads every key of a file and returns the number of its last
// transaction. Opening it for writing walks the same pages, but in a goroutine
// of bbolt's whose panic nobody can catch.
func check(path string) (txid int, err error) {
	err = guard(func() error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() == 0 {
			return fmt.Errorf("%w: it is empty", errDamaged)
		}
		db, err := bbolt.Open(path, fileMode, &bbolt.Options{ReadOnly: true, Timeout: lockTimeout})
		if err != nil {
			return err
		}
		defer db.Close()
		return db.View(func(tx *bbolt.Tx) error {
			txid = tx.ID()
			if tx.Size() > info.Size() {
				return fmt.Errorf("%w: %d of %d bytes are left", errDamaged, info.Size(), tx.Size())
			}
			return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
				return b.ForEach(func(_, _ []byte) error { return nil })
			})
		})
	})
	return txid, err
}

// create makes an empty file that is complete when it appears: a power cut in
// the middle of bbolt's first initialisation leaves a file it cannot open.
func create(path string) error {
	aside := path + ".new"
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := bbolt.Open(aside, fileMode, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Sync(), db.Close()); err != nil {
		return err
	}
	return appear(aside, path)
}

// WriteFile makes or replaces a file, readable by this user only, that is complete
// and on the disk when it appears.
func WriteFile(path string, data []byte) error {
	aside := path + ".new"
	err := writeAside(aside, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	return appear(aside, path)
}

// writeAside makes a file and syncs it; appear is to follow.
func writeAside(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}

// appear gives a synced file its name, for good.
func appear(aside, path string) error {
	if err := os.Rename(aside, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// setAside renames a bad file, if it is there, so that somebody can look at it.
// It returns words for a report.
func (s *Store) setAside(path string) (string, error) {
	bad := fmt.Sprintf("%s.bad-%s", path, s.opts.Clock.Now().UTC().Format("20060102T150405"))
	err := appear(path, bad)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return ", moved to " + filepath.Base(bad), err
}
