package events

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// How the stream behaves.
const (
	// Beat is how often a reader hears something, be it nothing: it keeps the connection
	// through proxies.
	Beat = 15 * time.Second
	// Stall is how long a reader may take to accept a write before he is dropped.
	Stall = 10 * time.Second
	// MaxReaders is how many may read at once.
	MaxReaders = 32
)

// Route is the stream. A reader is let go when still says that his session or token has
// ended; that is asked with every beat.
func (r *Ring) Route(still func(*http.Request) bool) api.Route {
	var readers atomic.Int32
	return api.Route{Pattern: "GET /api/events", Right: identity.Own, Stream: true,
		About: "Streams what happens: calls, queues and agents to who may read calls, lines and health to who looks after the plant. Last-Event-ID goes on where a reader was; an event of the kind gap says that he missed some.",
		Query: []api.Param{
			{Name: "kinds", In: "query", Type: "string", About: "Of these kinds, with commas between them: call, queue, agent, line, health; all when it is not said."},
			{Name: "Last-Event-ID", In: "header", Type: "string", About: "The last event that the reader had; he gets what came after it. Without it he begins with what comes next."},
		},
		Gives: api.EventStream{Of: Event{}},
		Handle: func(w http.ResponseWriter, req *http.Request) error {
			kinds, err := kindsOf(req)
			if err != nil {
				return err
			}
			defer readers.Add(-1)
			if readers.Add(1) > MaxReaders {
				return api.ErrBusy
			}
			r.stream(w, req, kinds, still)
			return nil
		}}
}

// kindsOf is ?kinds.
func kindsOf(req *http.Request) ([]Kind, error) {
	text := req.URL.Query().Get("kinds")
	if text == "" {
		return Kinds(), nil
	}
	var kinds []Kind
	for k := range strings.SplitSeq(text, ",") {
		if !slices.Contains(Kinds(), Kind(k)) {
			return nil, api.ErrValue.Of("kinds")
		}
		kinds = append(kinds, Kind(k))
	}
	return kinds, nil
}

// stream writes to one reader until he or his session is gone.
func (r *Ring) stream(w http.ResponseWriter, req *http.Request, kinds []Kind, still func(*http.Request) bool) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // for reverse proxies of the nginx kind
	out := http.NewResponseController(w)
	write := func(piece []byte) bool {
		// A writer without deadlines is a test's recorder, which never stalls.
		_ = out.SetWriteDeadline(r.opts.Clock.Now().Add(Stall))
		if _, err := w.Write(piece); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	piece, next, who := []byte("retry: 1000\n\n"), r.Now(), api.Viewer(req.Context())
	if id := req.Header.Get("Last-Event-ID"); id != "" {
		var known bool
		if next, known = r.After(id); !known {
			piece = frame(piece, Event{ID: r.id(next - 1), At: r.opts.Clock.Now().UTC(), Kind: Gap})
		}
	}
	beat := make(chan struct{}, 1)
	arm := func() func() bool { return r.opts.Clock.AfterFunc(Beat, func() { beat <- struct{}{} }).Stop }
	stop := arm()
	defer func() { stop() }()
	for {
		list, after, lost, more := r.Since(next, who, kinds)
		if lost > 0 {
			piece = frame(piece, Event{ID: r.id(next + lost - 1), At: r.opts.Clock.Now().UTC(), Kind: Gap, Lost: lost})
		}
		for _, e := range list {
			piece = frame(piece, e)
		}
		if next = after; len(piece) > 0 && !write(piece) {
			return
		}
		if piece = piece[:0]; more == nil {
			continue
		}
		select {
		case <-more:
		case <-beat:
			if !still(req) {
				return
			}
			piece = append(piece, ": still here\n\n"...)
			stop = arm()
		case <-req.Context().Done():
			return
		}
	}
}

// frame appends an event as the stream has it.
func frame(piece []byte, e Event) []byte {
	data, err := json.Marshal(e)
	if err != nil {
		return piece // it has nothing that JSON has not
	}
	return fmt.Appendf(piece, "id: %s\nevent: %s\ndata: %s\n\n", e.ID, e.Kind, data)
}
