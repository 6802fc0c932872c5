// Package live streams the board to pages as server-sent events (HTML standard,
// 9.2): GET /api/live.
//
// A page gets every section of the board when it connects, and again whenever
// the section changed. Sections are whole states and not differences: a page
// that missed some is right again with the next one, and a slow page costs one
// frame a section instead of a queue, since what it has not taken yet is
// replaced. Each section is encoded once for all pages of people who see the same
// (an audience), at most once every Pause, and not at all while nobody watches. A
// section that somebody has no right to is never sent to him. The event "clock" carries the
// box's time every Beat: it keeps the connection through proxies, shows a page
// that the box is alive, and lets it compute durations from timestamps. With it
// every section is looked at again, in case a room forgot to tell.
//
// Hub.Run is one goroutine that makes frames; each page's request is another
// that writes them.
package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// How the stream behaves in time.
const (
	Pause = 100 * time.Millisecond // between two rounds of frames
	Beat  = 15 * time.Second       // between two clocks
	// Stall is how long a page may take to accept a write before it is dropped.
	Stall = 10 * time.Second
)

// MaxPages is how many pages may watch at once.
const MaxPages = 64

// Options are what a hub needs.
type Options struct {
	Clock    clock.Clock
	News     *event.News
	Log      *slog.Logger
	Sections []api.Section
}

// Hub feeds all watching pages.
type Hub struct {
	opts  Options
	again chan struct{} // asks Run to look at every section

	mu        sync.Mutex
	audiences map[string]*audience // by what they see
	count     int                  // pages of all
}

// audience is the pages of people who see the same.
type audience struct {
	who    identity.Identity
	frames [][]byte // the last frame of each section; nil before the first, and of what they may not see
	pages  map[*page]struct{}
}

// page is a watching page: the frames that it has not taken yet, by section.
type page struct {
	of     *audience
	due    [][]byte
	signal chan struct{}
}

// New returns a hub that makes no frame before Run.
func New(o Options) *Hub {
	return &Hub{opts: o, again: make(chan struct{}, 1),
		audiences: make(map[string]*audience)}
}

// Run makes frames of what changed until ctx ends.
func (h *Hub) Run(ctx context.Context) error {
	sub := h.opts.News.Subscribe(64)
	defer sub.Close()
	stale := make([]bool, len(h.opts.Sections))
	var last time.Time      // of the latest round
	var round chan struct{} // closes when the next round is due; nil if none is
	for {
		select {
		case <-ctx.Done():
			return nil
		case topic := <-sub.C:
			lost := sub.Lost()
			for i, s := range h.opts.Sections {
				stale[i] = stale[i] || lost || s.Topic == topic
			}
		case <-h.again:
			for i := range stale {
				stale[i] = true
			}
		case <-round:
			h.refresh(stale)
			clear(stale)
			last, round = h.opts.Clock.Now(), nil
			continue
		}
		if round == nil {
			due := make(chan struct{})
			round = due
			h.opts.Clock.AfterFunc(last.Add(Pause).Sub(h.opts.Clock.Now()), func() { close(due) })
		}
	}
}

// lookAgain asks Run to look at every section.
func (h *Hub) lookAgain() {
	select {
	case h.again <- struct{}{}:
	default: // it has been asked
	}
}

// refresh reads the stale sections and hands pages those that really changed.
func (h *Hub) refresh(stale []bool) {
	for _, a := range h.watching() {
		for i, s := range h.opts.Sections {
			if !stale[i] || !a.who.May(s.Right) {
				continue
			}
			frame, err := frame(s.Name, s.Read(&a.who))
			if err != nil {
				h.opts.Log.Error("board section not sent", "section", s.Name, "error", err)
				continue
			}
			h.hand(a, i, frame)
		}
	}
}

func (h *Hub) watching() []*audience {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.audiences))
}

func (h *Hub) hand(a *audience, i int, frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if bytes.Equal(a.frames[i], frame) {
		return
	}
	a.frames[i] = frame
	for p := range a.pages {
		p.due[i] = frame
		p.wake()
	}
}

func (p *page) wake() {
	select {
	case p.signal <- struct{}{}:
	default:
	}
}

// join makes a page that is due the last frame of everything that somebody sees; nil
// when too many pages watch. What is older than this moment is put right by the next round.
func (h *Hub) join(who *identity.Identity) *page {
	defer h.lookAgain()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count >= MaxPages {
		return nil
	}
	key := who.View()
	a := h.audiences[key]
	if a == nil {
		a = &audience{who: *who, frames: make([][]byte, len(h.opts.Sections)), pages: make(map[*page]struct{})}
		h.audiences[key] = a
	}
	p := &page{of: a, due: slices.Clone(a.frames), signal: make(chan struct{}, 1)}
	a.pages[p] = struct{}{}
	h.count++
	p.wake()
	return p
}

func (h *Hub) leave(p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(p.of.pages, p)
	h.count--
	if len(p.of.pages) == 0 {
		delete(h.audiences, p.of.who.View()) // nobody keeps its frames up to date
	}
}

// take is what a page has not been sent, as one piece of stream.
func (h *Hub) take(p *page) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	piece := bytes.Join(p.due, nil)
	clear(p.due)
	return piece
}

// frame is one server-sent event. JSON has no raw line breaks, so one data line
// is enough.
func frame(name string, value any) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding section %s: %w", name, err)
	}
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data), nil
}
