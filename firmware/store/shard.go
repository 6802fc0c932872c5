package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

var recordsBucket = []byte("records")

const monthForm = "2006-01"

func monthOf(t time.Time) string { return t.UTC().Format(monthForm) }

// shard is one month's file, open.
type shard struct {
	month string
	path  string
	db    *bbolt.DB
	users int
	lost  bool // given up: bbolt's locks may be held for ever, so it is not closed
}

// shards are a log's files. One that is in use is open once and shared.
type shards struct {
	store *Store
	name  string
	mu    sync.Mutex
	open  map[string]*shard
}

func (s *shards) path(month string) string {
	return filepath.Join(s.store.dir, s.name+"-"+month+".db")
}

// acquire opens a month's file, making it when there is none; one that is
// damaged is moved aside first. The caller releases it.
func (s *shards) acquire(month string) (*shard, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sh, ok := s.open[month]; ok {
		sh.users++
		return sh, nil
	}
	path := s.path(month)
	db, err := openShard(path)
	if err != nil && damaged(err) {
		if err := s.report(path, err); err != nil {
			return nil, err
		}
		err = fs.ErrNotExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, err
		}
		db, err = openShard(path)
	}
	if err != nil {
		return nil, err
	}
	sh := &shard{month: month, path: path, db: db, users: 1}
	s.open[month] = sh
	return sh, nil
}

// openShard opens a file that exists. Unlike the file of values it has its list
// of free pages on disk: an append-only file has few, and without the list every
// look into an old month would read all of that month.
func openShard(path string) (db *bbolt.DB, err error) {
	err = guard(func() error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() == 0 {
			return fmt.Errorf("%w: it is empty", errDamaged)
		}
		opened, err := bbolt.Open(path, fileMode, &bbolt.Options{Timeout: lockTimeout, FreelistType: bbolt.FreelistMapType})
		if err != nil {
			return err
		}
		var need int64
		err = opened.View(func(tx *bbolt.Tx) error { need = tx.Size(); return nil })
		if err == nil && need > info.Size() {
			err = fmt.Errorf("%w: %d of %d bytes are left", errDamaged, info.Size(), need)
		}
		if err != nil {
			return errors.Join(err, opened.Close())
		}
		db = opened
		return nil
	})
	return db, err
}

// release gives an acquired file back; nil is none.
func (s *shards) release(sh *shard) {
	if sh == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sh.users--; sh.users > 0 {
		return
	}
	if sh.lost {
		return
	}
	delete(s.open, sh.month)
	if err := sh.db.Close(); err != nil {
		s.store.trouble(fmt.Errorf("close %s: %w", sh.path, err))
	}
}

// giveUp moves an open file that turned out damaged while it was written aside;
// the next acquire makes a new one.
func (s *shards) giveUp(sh *shard, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh.lost = true
	delete(s.open, sh.month)
	if err := s.report(sh.path, why); err != nil {
		s.store.trouble(err)
	}
}

// report moves a bad file aside and tells so.
func (s *shards) report(path string, why error) error {
	aside, err := s.store.setAside(path)
	if err != nil {
		return fmt.Errorf("move %s aside: %w", path, err)
	}
	s.store.trouble(fmt.Errorf("%s cannot be read%s: %w", filepath.Base(path), aside, why))
	return nil
}

// months are those that have a file, oldest first.
func (s *shards) months() ([]string, error) {
	files, err := os.ReadDir(s.store.dir)
	if err != nil {
		return nil, err
	}
	var months []string
	for _, f := range files {
		month := strings.TrimSuffix(strings.TrimPrefix(f.Name(), s.name+"-"), ".db")
		if _, err := time.Parse(monthForm, month); err == nil && f.Name() == filepath.Base(s.path(month)) {
			months = append(months, month)
		}
	}
	slices.Sort(months)
	return months, nil
}
