package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// How much waits in memory, and for how long.
const (
	groupRecords = 200         // so many records are written at once
	groupDelay   = time.Second // and fewer after so long
	maxBatch     = 500         // records in one transaction after an outage
	maxQueued    = 10_000      // records waiting for the disk
	maxBytes     = 8 << 20     // and their bytes
	firstRetry   = time.Second // after a failed write, doubling
	lastRetry    = 30 * time.Second
)

// ErrDropped: more was appended than memory holds while the disk could not be written.
var ErrDropped = errors.New("records dropped")

// Log is an append-only list of records in the order of their times, one file
// for each month (UTC).
type Log struct {
	store  *Store
	name   string
	shards shards

	writing  sync.Mutex // held while the disk is written; guards what follows
	current  *shard     // the last month written
	failures int        // in a row
	retry    time.Time  // not to be tried before, after a failure
	told     uint64     // dropped records reported

	mu      sync.Mutex // guards what follows; never held during I/O
	queue   []record
	bytes   int
	dropped uint64
	closed  bool
}

type record struct {
	at   time.Time
	data []byte
}

// Log returns the log of that name, a part of file names.
func (s *Store) Log(name string) *Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logs[name]
	if !ok {
		l = &Log{store: s, name: name, shards: shards{store: s, name: name, open: make(map[string]*shard)}, closed: s.closed}
		s.logs[name] = l
	}
	return l
}

func (s *Store) allLogs() []*Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*Log
	for _, l := range s.logs {
		all = append(all, l)
	}
	return all
}

// Append queues a record and keeps data: do not change it. It never blocks. Times
// before 1970 count as 1970. When the queue is full the record is dropped and counted.
func (l *Log) Append(at time.Time, data []byte) {
	if epoch := time.Unix(0, 0); at.Before(epoch) {
		at = epoch
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.queue) >= maxQueued || l.bytes+len(data) > maxBytes {
		l.dropped++
		return
	}
	l.queue = append(l.queue, record{at.UTC(), data})
	l.bytes += len(data)
	switch n := len(l.queue); {
	case n == 1:
		l.store.opts.Clock.AfterFunc(groupDelay, l.store.poke)
	case n >= groupRecords:
		l.store.poke()
	}
}

// Dropped is how many records were lost since the start.
func (l *Log) Dropped() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

// Flush writes everything appended so far.
func (l *Log) Flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("flush %s: %w", l.name, err)
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.write()
}

// writeDue writes what is queued, unless the disk was found unwritable a moment ago.
func (l *Log) writeDue() {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.store.opts.Clock.Now().Before(l.retry) {
		return
	}
	_ = l.write() // it has been told to OnError, and will be tried again
}

// write empties the queue in batches. A record leaves the queue when it is on
// the disk. The caller holds l.writing.
func (l *Log) write() error {
	for {
		batch, month := l.batch()
		if len(batch) == 0 {
			l.note(nil)
			return nil
		}
		if err := l.writeBatch(month, batch); err != nil {
			err = fmt.Errorf("write %s: %w", l.name, err)
			l.note(err)
			return err
		}
		l.written(batch)
	}
}

// batch is the front of the queue, as far as it belongs into one file.
func (l *Log) batch() (batch []record, month string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, r := range l.queue {
		m := monthOf(r.at)
		if i == maxBatch || month != "" && m != month {
			return slices.Clone(l.queue[:i]), month
		}
		month = m
	}
	return slices.Clone(l.queue), month
}

func (l *Log) written(batch []record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range batch {
		l.bytes -= len(r.data)
	}
	l.queue = slices.Delete(l.queue, 0, len(batch))
}

func (l *Log) writeBatch(month string, batch []record) error {
	if l.current == nil || l.current.month != month {
		l.shards.release(l.current)
		l.current = nil
		s, err := l.shards.acquire(month)
		if err != nil {
			return err
		}
		l.current = s
	}
	err := guard(func() error {
		return l.current.db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists(recordsBucket)
			if err != nil {
				return err
			}
			b.FillPercent = 0.9 // nothing will ever be inserted in between
			for _, r := range batch {
				seq, err := b.NextSequence()
				if err != nil {
					return err
				}
				if err := b.Put(keyOf(r.at, seq), r.data); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if errors.Is(err, errDamaged) {
		l.shards.giveUp(l.current, err)
		l.current = nil
	}
	return err
}

// note keeps count of failures and tells of them. The caller holds l.writing.
func (l *Log) note(err error) {
	if dropped := l.Dropped(); dropped > l.told {
		l.store.trouble(fmt.Errorf("%s: %d %w", l.name, dropped-l.told, ErrDropped))
		l.told = dropped
	}
	if err == nil {
		if l.failures > 0 {
			l.store.well()
		}
		l.failures, l.retry = 0, time.Time{}
		return
	}
	wait := min(firstRetry<<min(l.failures, 10), lastRetry)
	l.failures++
	l.retry = l.store.opts.Clock.Now().Add(wait)
	l.store.opts.Clock.AfterFunc(wait, l.store.poke)
	l.store.trouble(err)
}

// close refuses further records and writes what is queued.
func (l *Log) close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.writing.Lock()
	defer l.writing.Unlock()
	err := l.write()
	l.shards.release(l.current)
	l.current = nil
	return err
}

// keyOf orders records by time, then by the order in which they were written.
func keyOf(at time.Time, seq uint64) []byte {
	key := binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano()))
	return binary.BigEndian.AppendUint64(key, seq)
}

func timeOf(key []byte) time.Time {
	return time.Unix(0, int64(binary.BigEndian.Uint64(key))).UTC()
}
