package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// ErrUnknown: there is no such recording, or not any more.
var ErrUnknown = errors.New("no such recording")

// Query chooses recordings. Empty fields choose all.
type Query struct {
	From, To time.Time // of the beginning
	Number   string    // that took part: caller, dialled, queue
	Agent    string    // that talked with the caller
	Call     call.ID
	Limit    int
}

// maxSpan is how far one query looks back.
const maxSpan = 400 * 24 * time.Hour

// List is what a query chooses, newest first, and whether there are more.
func (r *Room) List(ctx context.Context, q Query) (list []Entry, more bool, err error) {
	if q.To.IsZero() {
		q.To = r.opts.Clock.Now().Add(24 * time.Hour)
	}
	if q.From.IsZero() || q.To.Sub(q.From) > maxSpan {
		q.From = q.To.Add(-maxSpan)
	}
	entries, err := r.read(ctx, q.From, q.To)
	if err != nil {
		return nil, false, err
	}
	list = []Entry{}
	for _, e := range entries {
		if q.Number != "" && !e.concerns(q.Number) || q.Agent != "" && !contains(e.With, q.Agent) && e.From.Number != q.Agent || q.Call != "" && e.Call != q.Call {
			continue
		}
		list = append(list, e.clone())
	}
	slices.SortFunc(list, func(a, b Entry) int {
		if c := b.Began.Compare(a.Began); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	if q.Limit > 0 && len(list) > q.Limit {
		return list[:q.Limit], true, nil
	}
	return list, false, nil
}

// Of are the recordings of a call, oldest first.
func (r *Room) Of(ctx context.Context, id call.ID) ([]Entry, error) {
	const longest = 48 * time.Hour
	q := Query{Call: id}
	if len(id) > len(stamp) { // how call.NewID begins
		if t, err := time.Parse(stamp, string(id[:len(stamp)])); err == nil {
			q.From, q.To = t, t.Add(longest)
		}
	}
	list, _, err := r.List(ctx, q)
	slices.Reverse(list)
	return list, err
}

// read folds the index of a span of time: the last entry of a name counts.
func (r *Room) read(ctx context.Context, from, to time.Time) (map[string]*Entry, error) {
	if err := r.opts.Index.Flush(ctx); err != nil {
		return nil, fmt.Errorf("commit the index of recordings: %w", err)
	}
	entries := make(map[string]*Entry)
	err := r.opts.Index.Scan(ctx, from, to, func(_ time.Time, data []byte) error {
		var e Entry
		if json.Unmarshal(data, &e) == nil {
			if _, ok := beganAt(e.ID); ok {
				entries[e.ID] = &e
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the index of recordings: %w", err)
	}
	return entries, nil
}

// Find is the entry of a recording, ErrUnknown if there never was one.
func (r *Room) Find(ctx context.Context, id string) (Entry, error) {
	at, ok := beganAt(id)
	if !ok {
		return Entry{}, ErrUnknown
	}
	entries, err := r.read(ctx, at, at.Add(time.Second))
	if err != nil {
		return Entry{}, err
	}
	e := entries[id]
	if e == nil {
		return Entry{}, ErrUnknown
	}
	return e.clone(), nil
}

// hearing is how long requests for one recording by one user are one listening: a
// player asks for a file in many pieces.
const hearing = time.Minute

// Open opens a recording for somebody to listen to, and keeps that he did. The file may
// still grow. The error is ErrUnknown when there is nothing to hear.
func (r *Room) Open(ctx context.Context, id, by string) (*os.File, Entry, error) {
	r.acts.Lock()
	defer r.acts.Unlock()
	e, err := r.Find(ctx, id)
	if err != nil {
		return nil, e, err
	}
	f, err := os.Open(path(r.opts.Dir, id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, e, ErrUnknown
	}
	if err != nil {
		return nil, e, err
	}
	now := r.opts.Clock.Now()
	for key, at := range r.heard {
		if now.Sub(at) > hearing {
			delete(r.heard, key)
		}
	}
	key := id + " " + by
	if _, listens := r.heard[key]; !listens {
		r.opts.Log.Info("recording heard", "recording", id, "call", e.Call, "by", by)
		e.Heard = append(e.Heard, Act{by, now.UTC()})
		e.Heard = e.Heard[max(0, len(e.Heard)-maxHeard):]
		r.keep(&e)
	}
	r.heard[key] = now
	return f, e, nil
}

// Delete deletes a recording and keeps who did. One that still goes on is not deleted.
func (r *Room) Delete(ctx context.Context, id, by string) error {
	r.acts.Lock()
	defer r.acts.Unlock()
	e, err := r.Find(ctx, id)
	if err != nil {
		return err
	}
	if e.State != Kept {
		return ErrUnknown
	}
	return r.remove(&e, by)
}

// remove deletes a file. The caller holds r.acts.
func (r *Room) remove(e *Entry, by string) error {
	if err := os.Remove(path(r.opts.Dir, e.ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete recording %s: %w", e.ID, err)
	}
	_ = os.Remove(peaksPath(r.opts.Dir, e.ID)) // mostly nobody has looked at it
	r.mu.Lock()
	r.days[e.ID[:8]] -= e.Size
	r.mu.Unlock()
	r.opts.Log.Info("recording deleted", "recording", e.ID, "call", e.Call, "by", by)
	e.State, e.Deleted = Deleted, &Act{by, r.opts.Clock.Now().UTC()}
	r.keep(e)
	return nil
}

// keep writes an entry that a person's act changed. One that still goes on has a
// listener added to what the writer knows.
func (r *Room) keep(e *Entry) {
	for _, t := range r.going() {
		if t.entry.ID == e.ID {
			t.mu.Lock()
			t.entry.Heard = e.Heard
			t.mu.Unlock()
		}
	}
	r.put(e)
}
