package live

import (
	"fmt"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// Route is the stream. A page is let go when still says that its request's
// session has ended; that is asked with every clock.
func (h *Hub) Route(still func(*http.Request) bool) api.Route {
	return api.Route{Pattern: "GET /api/live", Right: identity.Own, Stream: true,
		About: "Streams the board to pages: each section whole, whenever it changed.", Gives: api.EventStream{},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			p := h.join(api.Viewer(r.Context()))
			if p == nil {
				return api.ErrBusy
			}
			defer h.leave(p)
			h.stream(w, r, p, still)
			return nil
		}}
}

// stream writes to one page until it or its session is gone.
func (h *Hub) stream(w http.ResponseWriter, r *http.Request, p *page, still func(*http.Request) bool) {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // for reverse proxies of the nginx kind
	out := http.NewResponseController(w)
	write := func(piece []byte) bool {
		// A writer without deadlines is a test's recorder, which never stalls.
		_ = out.SetWriteDeadline(h.opts.Clock.Now().Add(Stall))
		if _, err := w.Write(piece); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	beat := make(chan struct{}, 1)
	arm := func() func() bool { return h.opts.Clock.AfterFunc(Beat, func() { beat <- struct{}{} }).Stop }
	stop := arm()
	defer func() { stop() }()
	if !write(append([]byte("retry: 1000\n"), h.clock()...)) {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-p.signal:
			if piece := h.take(p); len(piece) > 0 && !write(piece) {
				return
			}
		case <-beat:
			if !still(r) || !write(h.clock()) {
				return
			}
			h.lookAgain()
			stop = arm()
		}
	}
}

// clock is the event that tells the box's time.
func (h *Hub) clock() []byte {
	return fmt.Appendf(nil, "event: clock\ndata: {\"now\":%q}\n\n", h.opts.Clock.Now().Format(time.RFC3339Nano))
}
