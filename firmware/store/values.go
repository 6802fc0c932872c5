package store

import (
	"bytes"
	"errors"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"
)

// Get returns a value, nil when there is none.
func (s *Store) Get(bucket, key string) ([]byte, error) {
	var value []byte
	err := guard(func() error {
		return s.db.View(func(tx *bbolt.Tx) error {
			if b := tx.Bucket([]byte(bucket)); b != nil {
				value = bytes.Clone(b.Get([]byte(key)))
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("get %s/%s: %w", bucket, key, err)
	}
	return value, nil
}

// Put keeps a value. It is on the disk when Put returns nil; after an error the
// old value is still there.
func (s *Store) Put(bucket, key string, value []byte) error {
	return s.update("put", bucket, key, func(b *bbolt.Bucket) error { return b.Put([]byte(key), value) })
}

// Delete removes a value, if there is one, as durably as Put keeps one.
func (s *Store) Delete(bucket, key string) error {
	return s.update("delete", bucket, key, func(b *bbolt.Bucket) error { return b.Delete([]byte(key)) })
}

func (s *Store) update(what, bucket, key string, f func(*bbolt.Bucket) error) error {
	err := errDamaged
	if !s.lost.Load() {
		err = guard(func() error {
			return s.db.Update(func(tx *bbolt.Tx) error {
				b, err := tx.CreateBucketIfNotExists([]byte(bucket))
				if err != nil {
					return err
				}
				return f(b)
			})
		})
	}
	if errors.Is(err, errDamaged) {
		s.lost.Store(true) // a restart will restore the snapshot
	}
	if err != nil {
		return fmt.Errorf("%s %s/%s: %w", what, bucket, key, err)
	}
	return nil
}

// Each hands every value of a bucket to f in the order of keys, until f returns
// an error. f may use the store.
func (s *Store) Each(bucket string, f func(key string, value []byte) error) error {
	for e, err := range rows(s.db, []byte(bucket), nil, nil) {
		if err != nil {
			return fmt.Errorf("read %s: %w", bucket, err)
		}
		if err := f(string(e.key), e.value); err != nil {
			return err
		}
	}
	return nil
}

type entry struct{ key, value []byte }

// rows are a bucket's entries with keys in [from, to); a nil bound is none. An
// error is the last row. They are read in small steps, so that a slow reader
// holds no transaction open: that would keep the file from reusing its pages.
func rows(db *bbolt.DB, bucket, from, to []byte) iter.Seq2[entry, error] {
	const step = 256
	return func(yield func(entry, error) bool) {
		for {
			entries, err := some(db, bucket, from, to, step)
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(entry{}, err)
				return
			}
			if len(entries) < step {
				return
			}
			from = append(entries[step-1].key, 0)
		}
	}
}

// some copies up to n entries.
func some(db *bbolt.DB, bucket, from, to []byte, n int) (entries []entry, err error) {
	err = guard(func() error {
		return db.View(func(tx *bbolt.Tx) error {
			b := tx.Bucket(bucket)
			if b == nil {
				return nil
			}
			c := b.Cursor()
			for k, v := c.Seek(from); k != nil && len(entries) < n; k, v = c.Next() {
				if to != nil && bytes.Compare(k, to) >= 0 {
					break
				}
				entries = append(entries, entry{bytes.Clone(k), bytes.Clone(v)})
			}
			return nil
		})
	})
	return entries, err
}
