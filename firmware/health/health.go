// Package health is the board of what is wrong with the box now.
//
// Every problem is declared once (Kinds) with its weight, its words and what to
// do about it in every language; rooms raise and clear it by name. Page, command
// line and alarms show the same board. It is safe for concurrent use and starts
// nothing; event.Health is published only when the board changed.
package health

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
)

// maxDetail bounds a detail, in bytes.
const maxDetail = 500

// Problem is one thing that is wrong.
type Problem struct {
	ID       string            `json:"id"` // as raised
	Severity Severity          `json:"severity"`
	Text     map[string]string `json:"text"`             // by language
	Fix      map[string]string `json:"fix"`              // by language
	Detail   string            `json:"detail,omitempty"` // which port, which error; not translated
	Since    time.Time         `json:"since"`
}

// Board holds the problems of now.
type Board struct {
	clock clock.Clock
	news  *event.News
	kinds map[string]Kind

	mu       sync.Mutex
	problems map[string]Problem
}

// NewBoard makes a board without problems.
func NewBoard(c clock.Clock, news *event.News) *Board {
	b := &Board{clock: c, news: news, kinds: make(map[string]Kind), problems: make(map[string]Problem)}
	for _, k := range Kinds() {
		b.kinds[k.ID] = k
	}
	return b
}

// Raise puts a problem on the board, or changes its detail. The ID is a kind, or
// kind/what ("line-unplugged/fxo1") for something that several parts can have. A
// kind that was never declared is shown as an error under its name.
func (b *Board) Raise(id, detail string) {
	if len(detail) > maxDetail {
		detail = strings.ToValidUTF8(detail[:maxDetail], "") + "…"
	}
	name, what, _ := strings.Cut(id, "/")
	if detail == "" {
		detail = what
	}
	b.mu.Lock()
	old, known := b.problems[id]
	changed := !known || old.Detail != detail
	if changed {
		k, ok := b.kinds[name]
		if !ok {
			words := map[string]string{"en": name, "fa": name}
			k = Kind{Severity: Error, Text: words, Fix: map[string]string{}}
		}
		p := Problem{ID: id, Severity: k.Severity, Text: k.Text, Fix: k.Fix, Detail: detail, Since: b.clock.Now()}
		if known {
			p.Since = old.Since
		}
		b.problems[id] = p
	}
	b.mu.Unlock()
	if changed {
		b.news.Publish(event.Health)
	}
}

// Clear takes a problem off the board, if it is there.
func (b *Board) Clear(id string) {
	b.mu.Lock()
	_, there := b.problems[id]
	delete(b.problems, id)
	b.mu.Unlock()
	if there {
		b.news.Publish(event.Health)
	}
}

// List is what is wrong now, the worst first, then the oldest. Do not change its maps.
func (b *Board) List() []Problem {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Problem, 0, len(b.problems))
	for _, p := range b.problems {
		list = append(list, p)
	}
	weight := []Severity{Error, Warning, Info}
	slices.SortFunc(list, func(x, y Problem) int {
		if x.Severity != y.Severity {
			return slices.Index(weight, x.Severity) - slices.Index(weight, y.Severity)
		}
		if c := x.Since.Compare(y.Since); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return list
}
