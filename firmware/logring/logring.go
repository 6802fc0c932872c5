// Package logring keeps the last log records in memory, for the page and for
// support, where logs on flash would wear it out.
//
// Ring is a slog.Handler that remembers each record as text and passes it on to
// the next handler. Values are resolved through slog.LogValuer first, so secrets
// are masked here as everywhere. It is safe for concurrent use and never waits for
// a reader.
package logring

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// Default is how many records a ring keeps when nothing else is asked for.
const Default = 2000

// What one record may take at most, in bytes; the rest is cut.
const (
	maxMessage = 1000
	maxValue   = 500
	maxAttrs   = 24
)

// Record is a remembered log record. Attrs are in the order they were given.
type Record struct {
	Time    time.Time  `json:"time"`
	Level   slog.Level `json:"level"`
	Message string     `json:"message"`
	Attrs   []Attr     `json:"attrs,omitempty"`
}

// Attr is one attribute; groups are in the key: "leg.id".
type Attr struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Ring is the handler. WithAttrs and WithGroup return handlers that share its memory.
type Ring struct {
	memory *memory
	next   slog.Handler
	prefix string
	attrs  []Attr
}

type memory struct {
	mu      sync.Mutex
	records []Record // grows to its capacity, then is a ring
	oldest  int
}

// New keeps the last n records, 0 for Default, and passes all on to next.
func New(n int, next slog.Handler) *Ring {
	if n <= 0 {
		n = Default
	}
	return &Ring{memory: &memory{records: make([]Record, 0, n)}, next: next}
}

// Enabled tells whether next takes the level; the ring keeps what next shows.
func (r *Ring) Enabled(ctx context.Context, level slog.Level) bool { return r.next.Enabled(ctx, level) }

// Handle remembers a record and passes it on.
func (r *Ring) Handle(ctx context.Context, rec slog.Record) error {
	kept := Record{Time: rec.Time, Level: rec.Level, Message: cut(rec.Message, maxMessage), Attrs: slices.Clone(r.attrs)}
	rec.Attrs(func(a slog.Attr) bool {
		kept.Attrs = flatten(kept.Attrs, r.prefix, a)
		return len(kept.Attrs) < maxAttrs
	})
	r.memory.add(kept)
	return r.next.Handle(ctx, rec)
}

// WithAttrs returns a handler that adds attributes to every record.
func (r *Ring) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *r
	with.next = r.next.WithAttrs(attrs)
	with.attrs = slices.Clone(r.attrs)
	for _, a := range attrs {
		with.attrs = flatten(with.attrs, r.prefix, a)
	}
	return &with
}

// WithGroup returns a handler that puts every later attribute into a group.
func (r *Ring) WithGroup(name string) slog.Handler {
	with := *r
	with.next = r.next.WithGroup(name)
	if name != "" {
		with.prefix = r.prefix + name + "."
	}
	return &with
}

// Last returns up to n records of at least a level, newest first.
func (r *Ring) Last(n int, level slog.Level) []Record {
	m := r.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	var last []Record
	for i := len(m.records) - 1; i >= 0 && len(last) < n; i-- {
		if rec := m.records[(m.oldest+i)%len(m.records)]; rec.Level >= level {
			last = append(last, rec)
		}
	}
	return last
}

func (m *memory) add(rec Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.records) < cap(m.records) {
		m.records = append(m.records, rec)
		return
	}
	m.records[m.oldest] = rec
	m.oldest = (m.oldest + 1) % len(m.records)
}

// flatten appends an attribute as text, a group as its members.
func flatten(to []Attr, prefix string, a slog.Attr) []Attr {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, member := range v.Group() {
			to = flatten(to, prefix, member)
		}
		return to
	}
	if a.Key == "" || len(to) >= maxAttrs {
		return to
	}
	return append(to, Attr{Key: cut(prefix+a.Key, maxValue), Value: cut(v.String(), maxValue)})
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
