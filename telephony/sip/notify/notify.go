// Package notify tells phones what they asked to be told: SUBSCRIBE and NOTIFY
// (RFC 6665) with the event packages dialog (RFC 4235, the lamps of busy lamp
// fields), presence (RFC 3856) and message-summary (RFC 3842).
//
// A Set owns all subscriptions of a server. One mutex guards them: what is done
// under it is short, and State, which is called under it, must not come back. Run
// watches the box's news; whatever changes is told to whom it concerns, always in
// full. Each subscription has at most one NOTIFY under way, in a goroutine of its
// own; what changes meanwhile is told by the next one, with the state of then.
//
// A subscription ends by its subscriber, by the clock, by a NOTIFY that its phone
// does not know or does not answer, and when it would not be let in again.
package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Options are what subscriptions need from their server.
type Options struct {
	Clock        clock.Clock
	Log          *slog.Logger
	News         *event.News
	Transactions *sip.TransactionLayer
	// Local is our own address towards a phone.
	Local func(dialog.Flow) dialog.Local
	// Warrant is what a SUBSCRIBE of a watcher from an address is let in with now; ok is
	// false when it is not. It returns at once.
	Warrant func(watcher string, at dialog.Flow) (warrant string, ok bool)
	// State is what a number is doing, as a watcher sees it. It returns at once.
	State func(watcher, number string) State
}

// Set is all subscriptions of a server. It is safe for concurrent use.
type Set struct {
	opts Options

	mu        sync.Mutex
	all       map[key]*subscription
	byWatcher map[string]int // how many an extension has
	moved     bool           // one came or went since the last Take
}

// key finds a subscription: our tag is unique.
type key struct{ callID, tag string }

// NewSet makes an empty set.
func NewSet(o Options) *Set {
	return &Set{opts: o, all: make(map[key]*subscription), byWatcher: make(map[string]int)}
}

// Len is the number of subscriptions.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// settle is how long changes may gather before they are told: a call that begins
// makes many within a moment, and lamps need not flicker.
const settle = 50 * time.Millisecond

// Run tells subscribers of changes until ctx ends.
func (s *Set) Run(ctx context.Context) {
	news := s.opts.News.Subscribe(16, event.Calls, event.Phones, event.Queues, event.Switches, event.Messages)
	defer news.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-news.C:
		}
		s.refresh()
		s.opts.Clock.Sleep(ctx, s.opts.Clock.Now().Add(settle))
	}
}

// refresh tells everybody whose number is doing something else than was told.
func (s *Set) refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[string]State)
	for _, u := range s.all {
		state, known := now[u.resource]
		if !known {
			state = s.opts.State(u.watcher, u.resource)
			if !state.Own {
				now[u.resource] = state
			}
		}
		if u.pack.differ(u.told, state) {
			u.notify()
		}
	}
}
