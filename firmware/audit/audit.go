// Package audit writes down who did what with the box through its interface, and who
// tried: sign-ins, changes, calls that were hung up or listened to. Entries are only
// added; nobody can change one. What was changed, field by field, the revisions of the
// configuration know.
//
// A Log is safe for concurrent use. Note returns at once; the disk is written by the
// store in its own time, and what is refused is written down so seldom that a stranger
// who tries passwords cannot fill the disk.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

// Deed is one thing that somebody did or tried.
type Deed struct {
	At   time.Time `json:"at"`
	User string    `json:"user"`           // who; of a sign-in that was refused, who he said he was
	From string    `json:"from,omitempty"` // address
	What string    `json:"what"`           // "sign-in", or the method and the path of a request
	// Code is why it was refused; empty: it was done.
	Code string `json:"code,omitempty"`
	// Left is how many refusals were not written down before this one.
	Left int `json:"left,omitempty"`
}

// Limits.
const (
	maxText     = 200 // bytes of each text of an entry
	maxRefusals = 30  // written down in a minute
)

// Log is the audit log.
type Log struct {
	clock clock.Clock
	log   *store.Log

	mu      sync.Mutex
	minute  time.Time // since when refusals are counted
	refused int
	left    int
}

// New is the log kept in a log of the store.
func New(clk clock.Clock, log *store.Log) *Log { return &Log{clock: clk, log: log} }

// Note writes an entry down, with the time that it is now.
func (l *Log) Note(e Deed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.At = l.clock.Now().UTC()
	if e.Code != "" {
		if e.At.Sub(l.minute) >= time.Minute {
			l.minute, l.refused = e.At, 0
		}
		if l.refused++; l.refused > maxRefusals {
			l.left++
			return
		}
		e.Left, l.left = l.left, 0
	}
	for _, text := range []*string{&e.User, &e.From, &e.What, &e.Code} {
		*text = (*text)[:min(len(*text), maxText)]
	}
	if data, err := json.Marshal(e); err == nil { // texts and numbers always encode
		l.log.Append(e.At, data)
	}
}

var errEnough = errors.New("enough")

// List is up to limit entries before a time, newest first; the zero time means now.
func (l *Log) List(ctx context.Context, before time.Time, limit int) ([]Deed, error) {
	if before.IsZero() {
		before = l.clock.Now().Add(time.Second)
	}
	var list []Deed
	err := l.log.Back(ctx, time.Time{}, before, func(_ time.Time, data []byte) error {
		var e Deed
		if err := json.Unmarshal(data, &e); err != nil {
			return nil // of a program that wrote otherwise
		}
		if list = append(list, e); len(list) == limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	return list, nil
}
