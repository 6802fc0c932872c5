package store

import (
	"bytes"
	"context"
	"sync"
)

// Latest is one value of which only the newest matters and whose owner must not
// wait for the disk: Keep takes it, and Run writes it soon after.
type Latest struct {
	store       *Store
	bucket, key string
	due         chan struct{}

	mu    sync.Mutex
	value []byte
}

// Latest is the value of a key. It has one owner.
func (s *Store) Latest(bucket, key string) *Latest {
	return &Latest{store: s, bucket: bucket, key: key, due: make(chan struct{}, 1)}
}

// Read is what is on the disk, nil when there is nothing.
func (l *Latest) Read() ([]byte, error) { return l.store.Get(l.bucket, l.key) }

// Keep gives the value that is to be written. It never blocks.
func (l *Latest) Keep(value []byte) {
	l.mu.Lock()
	l.value = bytes.Clone(value)
	l.mu.Unlock()
	select {
	case l.due <- struct{}{}:
	default:
	}
}

// Run writes until ctx ends, and then what is left. The owner must have ended
// before: what it gives later is lost.
func (l *Latest) Run(ctx context.Context) error {
	for {
		select {
		case <-l.due:
			l.write()
		case <-ctx.Done():
			select {
			case <-l.due:
				l.write()
			default:
			}
			return nil
		}
	}
}

func (l *Latest) write() {
	l.mu.Lock()
	value := l.value
	l.mu.Unlock()
	if err := l.store.Put(l.bucket, l.key, value); err != nil {
		l.store.trouble(err)
	}
}
