// Package hooks tells programs elsewhere what happens in the box, by signed messages that
// are tried again until they are taken.
//
// A message is the POST of a Told as JSON, signed as package webhook says. Any answer 2xx
// takes it; 4xx but 408 and 429 refuses it for good; everything else, and silence, has it
// tried again with growing pauses for Life. Messages of
// one webhook go one after the other, in order; a webhook that stands still holds up nobody
// else. One that has taken nothing for Patience is switched off, and the board of health
// says so.
//
// Run owns the book; what waits is kept over a restart, written at most every keepEvery, so
// a power cut may lose the last of them and have some sent twice: who receives knows a
// message by its ID. Nothing here is on a call's path: events come from the ring.
package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/webhook"
	"github.com/pasokh/pasokh/webui/events"
)

// How messages are tried.
const (
	Life       = 24 * time.Hour // of a message
	Patience   = 24 * time.Hour // with a webhook that takes nothing
	firstRetry = 5 * time.Second
	lastRetry  = time.Hour
	keepEvery  = 30 * time.Second
	// What a webhook has waiting and in its book, at most; the oldest goes first.
	mostWaiting, mostTold = 200, 50
)

// Told is the body of a message.
type Told struct {
	ID    string        `json:"id"` // of this message, the same at each try
	Box   string        `json:"box"`
	Test  bool          `json:"test,omitempty"`
	Event *events.Event `json:"event,omitempty"`
}

// Memory keeps the book over a restart; *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte)
}

// Options are what the room needs from the house.
type Options struct {
	Clock  clock.Clock
	Log    *slog.Logger
	News   *event.News
	Health *health.Board
	Config func() *config.Config
	Ring   *events.Ring
	Memory Memory
	Client *http.Client // nil: one that calls no address that a box has no business with
}

// Room tells webhooks.
type Room struct {
	opts Options
	done chan outcome
	look chan struct{} // somebody switched one on
	next int           // event; only Run touches it

	mu   sync.Mutex
	book map[string]*hook
}

// hook is what is kept of a webhook.
type hook struct {
	Waiting []Delivery `json:"waiting"`
	Told    []Delivery `json:"told"`  // over, oldest first
	Since   time.Time  `json:"since"` // it takes nothing; zero: it does
	Off     bool       `json:"off"`

	busy bool // a message is under way
}

// Delivery is a message and what became of it.
type Delivery struct {
	ID     string      `json:"id"`
	Kind   events.Kind `json:"kind"`
	Type   string      `json:"type,omitempty"` // of the step
	Made   time.Time   `json:"made"`
	Tries  int         `json:"tries"`
	Next   time.Time   `json:"next,omitzero"` // when it is tried again
	Over   time.Time   `json:"over,omitzero"`
	Taken  bool        `json:"taken"`
	Answer string      `json:"answer,omitempty"` // to the latest try, in English
	// Body waits with it, and goes when it is over.
	Body json.RawMessage `json:"body,omitempty"`
}

// outcome is what became of a try.
type outcome struct {
	name, id string
	err      error
}

// Open makes a room that knows what waited before. With an error it knows nothing of it.
func Open(o Options) (*Room, error) {
	if o.Client == nil {
		o.Client = webhook.NewClient()
	}
	r := &Room{opts: o, done: make(chan outcome), look: make(chan struct{}, 1), next: o.Ring.Now(), book: make(map[string]*hook)}
	text, err := o.Memory.Read()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &r.book)
	}
	if err != nil || r.book == nil {
		r.book = make(map[string]*hook)
	}
	return r, err
}

// everything is who may know what webhooks are told: the owner chose it.
var everything = identity.Identity{Role: identity.Owner}

// Run tells until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	news := r.opts.News.Subscribe(4, event.Config)
	defer news.Close()
	var under sync.WaitGroup
	defer under.Wait()
	kept, dirty := r.opts.Clock.Now(), false
	for {
		list, after, lost, more := r.opts.Ring.Since(r.next, &everything, events.Kinds())
		if r.next = after; lost > 0 {
			r.opts.Log.Warn("webhooks missed events", "count", lost)
		}
		r.mu.Lock()
		r.follow()
		dirty = r.take(list) || dirty
		due := r.send(ctx, &under)
		r.mu.Unlock()
		if more == nil {
			continue
		}
		if until := kept.Add(keepEvery); dirty && (due.IsZero() || until.Before(due)) {
			due = until
		}
		wake := make(chan struct{})
		stop := func() bool { return false }
		if !due.IsZero() {
			stop = r.opts.Clock.AfterFunc(max(0, due.Sub(r.opts.Clock.Now())), func() { close(wake) }).Stop
		}
		select {
		case <-ctx.Done():
			stop()
			r.keep()
			return nil
		case o := <-r.done:
			r.judge(o)
			dirty = true
		case <-more:
		case <-news.C:
		case <-r.look:
		case <-wake:
		}
		stop()
		if now := r.opts.Clock.Now(); dirty && now.Sub(kept) >= keepEvery {
			kept, dirty = now, false
			r.keep()
		}
	}
}

// keep hands the book on to be written.
func (r *Room) keep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text, err := json.Marshal(r.book); err == nil {
		r.opts.Memory.Keep(text)
	}
}

// follow makes the book one of the webhooks that are set. The caller holds r.mu.
func (r *Room) follow() {
	list := r.opts.Config().Webhooks
	for _, w := range list {
		if r.book[w.Name] == nil {
			r.book[w.Name] = &hook{}
		}
	}
	for name := range r.book {
		if !slices.ContainsFunc(list, func(w config.Webhook) bool { return w.Name == name }) {
			delete(r.book, name)
		}
	}
	r.warn()
}

// warn puts on the board of health what is off. The caller holds r.mu.
func (r *Room) warn() {
	var off []string
	for name, h := range r.book {
		if h.Off {
			off = append(off, name)
		}
	}
	if slices.Sort(off); len(off) == 0 {
		r.opts.Health.Clear("webhook-off")
		return
	}
	r.opts.Health.Raise("webhook-off", strings.Join(off, ", "))
}

// take puts events in line for those that hear of them. The caller holds r.mu.
func (r *Room) take(list []events.Event) (changed bool) {
	cfg := r.opts.Config()
	for _, w := range cfg.Webhooks {
		h := r.book[w.Name]
		for i := range list {
			if h.Off || !slices.Contains(w.Events, string(list[i].Kind)) {
				continue
			}
			d, err := newDelivery(cfg.System.Name, &list[i])
			if err != nil {
				r.opts.Log.Error("event not told", "err", err)
				continue
			}
			if changed = true; len(h.Waiting) == mostWaiting {
				first := 0
				if h.busy {
					first = 1
				}
				h.close(first, r.opts.Clock.Now(), "too many wait")
			}
			h.Waiting = append(h.Waiting, d)
		}
	}
	return changed
}

func newDelivery(box string, e *events.Event) (Delivery, error) {
	d := Delivery{ID: webhook.NewID(), Kind: e.Kind, Made: e.At, Next: e.At}
	if e.Step != nil {
		d.Type = string(e.Step.Type)
	}
	var err error
	d.Body, err = json.Marshal(Told{ID: d.ID, Box: box, Event: e})
	return d, err
}

// close ends a message that waits.
func (h *hook) close(i int, now time.Time, answer string) {
	d := h.Waiting[i]
	d.Over, d.Next, d.Answer, d.Body = now.UTC(), time.Time{}, answer, nil
	h.Waiting = slices.Delete(h.Waiting, i, i+1)
	if h.Told = append(h.Told, d); len(h.Told) > mostTold {
		h.Told = slices.Delete(h.Told, 0, 1)
	}
}

// send begins what is due, and tells when the next one is. The caller holds r.mu.
func (r *Room) send(ctx context.Context, under *sync.WaitGroup) (next time.Time) {
	now := r.opts.Clock.Now()
	for _, w := range r.opts.Config().Webhooks {
		h := r.book[w.Name]
		if h.busy || h.Off || len(h.Waiting) == 0 {
			continue
		}
		d := &h.Waiting[0]
		if d.Next.After(now) {
			if next.IsZero() || d.Next.Before(next) {
				next = d.Next
			}
			continue
		}
		h.busy = true
		body, id := slices.Clone(d.Body), d.ID
		under.Go(func() {
			err := r.post(ctx, &w, body)
			select {
			case r.done <- outcome{w.Name, id, err}:
			case <-ctx.Done():
			}
		})
	}
	return next
}

// judge writes down what became of a try.
func (r *Room) judge(o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.book[o.name]
	if h == nil || len(h.Waiting) == 0 || h.Waiting[0].ID != o.id {
		return // it was deleted meanwhile
	}
	now := r.opts.Clock.Now()
	h.busy = false
	d := &h.Waiting[0]
	d.Tries++
	if o.err == nil {
		d.Taken, h.Since = true, time.Time{}
		h.close(0, now, "")
		return
	}
	r.opts.Log.Info("webhook", "name", o.name, "tries", d.Tries, "err", o.err)
	if h.Since.IsZero() {
		h.Since = now.UTC()
	}
	d.Answer = o.err.Error()
	d.Next = now.Add(pause(d.Tries)).UTC()
	switch {
	case now.Sub(h.Since) >= Patience:
		h.Off = true
		for len(h.Waiting) > 0 {
			h.close(0, now, "switched off")
		}
		r.opts.Log.Warn("webhook switched off", "name", o.name)
		r.warn()
	case errors.Is(o.err, webhook.ErrRefused) || now.Sub(d.Made) >= Life:
		h.close(0, now, d.Answer)
	}
}

// pause is how long to wait after so many tries: twice as long each time, and not at the
// same moment as others (0.75 to 1.25 of it).
func pause(tries int) time.Duration {
	d := min(firstRetry<<min(tries-1, 10), lastRetry)
	return d*3/4 + mathrand.N(d/2)
}
