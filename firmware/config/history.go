package config

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// History is up to limit revisions, newest first. Unreadable ones are left out.
func (r *Revisions) History(limit int) ([]Revision, error) {
	all, err := r.all()
	if err != nil {
		return nil, err
	}
	var history []Revision
	for _, key := range slices.Backward(all) {
		if len(history) == limit {
			break
		}
		if s, err := r.read(key); err == nil {
			history = append(history, s.Revision)
		}
	}
	return history, nil
}

// At is the configuration as it was at a revision. Errors: ErrNoRevision, or
// Problems when this program cannot read it.
func (r *Revisions) At(number int) (*Config, Revision, error) {
	s, err := r.read(keyOf(number))
	if err != nil {
		return nil, Revision{}, err
	}
	cfg, err := Parse(fmt.Sprintf("revision %d", number), []byte(s.YAML))
	return cfg, s.Revision, err
}

// keyOf puts revisions in order.
func keyOf(number int) string { return fmt.Sprintf("%08d", number) }

// all are the keys of all revisions, oldest first.
func (r *Revisions) all() ([]string, error) {
	var keys []string
	err := r.store.Each(revisionBucket, func(key string, _ []byte) error {
		keys = append(keys, key)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list revisions: %w", err)
	}
	return keys, nil
}

// last is the newest revision's number, readable or not; 0 is none.
func (r *Revisions) last() (int, error) {
	keys, err := r.all()
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	number, err := strconv.Atoi(keys[len(keys)-1])
	if err != nil {
		return 0, fmt.Errorf("list revisions: %w", err)
	}
	return number, nil
}

func (r *Revisions) read(key string) (stored, error) {
	data, err := r.store.Get(revisionBucket, key)
	if err != nil {
		return stored{}, err
	}
	if data == nil {
		return stored{}, fmt.Errorf("%w: %s", ErrNoRevision, key)
	}
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return stored{}, fmt.Errorf("read revision %s: %w", key, err)
	}
	return s, nil
}
