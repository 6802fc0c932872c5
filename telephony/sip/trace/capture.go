package trace

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Bounds of captures.
const (
	maxCaptures = 8       // kept, of which any number may be running
	maxCapture  = 1 << 20 // bytes of messages of one; its oldest go first
	MaxCapture  = time.Hour
)

// ErrCaptures refuses one capture too many.
var ErrCaptures = errors.New("trace: too many captures are running")

// Filter says whose messages a capture takes. Every part that is set must fit.
type Filter struct {
	// User is the number of the peer: in From of what it asks, in To of what it is
	// asked.
	User string
	// Peer tells whether an address is the peer's; nil: any.
	Peer func(netip.Addr) bool
}

// fits tells whether a message is of the peer that the filter is for.
func (f Filter) fits(in bool, peer netip.AddrPort, text []byte) bool {
	if f.Peer != nil && !f.Peer(peer.Addr().Unmap().WithZone("")) {
		return false
	}
	if f.User == "" {
		return true
	}
	theirs := in != bytes.HasPrefix(text, []byte("SIP/2.0 ")) // they asked
	name, short := "To", "t"
	if theirs {
		name, short = "From", "f"
	}
	return userIn(field(text, name, short)) == f.User
}

// userIn is the user part of the first SIP or tel URI in a field.
func userIn(value []byte) string {
	v := string(value)
	if i := strings.IndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
	}
	_, v, _ = strings.Cut(v, ":")
	if i := strings.IndexAny(v, "@;>"); i >= 0 {
		v = v[:i]
	}
	return strings.TrimSpace(v)
}

// Capture is the messages of one peer as they come, and the last of them for a
// while after. It is safe for concurrent use.
type Capture struct {
	ID     string // hard to guess
	filter Filter
	timer  clock.Timer

	mu       sync.Mutex
	messages []Message // without secrets
	first    int       // how many came before messages[0]
	size     int
	news     chan struct{} // closed with the next message, and at the end
	over     bool
}

// Capture begins to take the messages that f fits, for a time of at most
// MaxCapture or until Stop. It takes the place of the oldest that is over.
func (r *Recorder) Capture(f Filter, last time.Duration) (*Capture, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.captures) >= maxCaptures {
		i := slices.IndexFunc(r.captures, func(c *Capture) bool { return !c.running() })
		if i < 0 {
			return nil, ErrCaptures
		}
		r.captures = slices.Delete(r.captures, i, i+1)
	}
	c := &Capture{ID: strings.ToLower(rand.Text()), filter: f, news: make(chan struct{})}
	c.timer = r.clock.AfterFunc(min(last, MaxCapture), c.Stop)
	r.captures = append(r.captures, c)
	return c, nil
}

// Captured finds a capture that runs or is over.
func (r *Recorder) Captured(id string) (*Capture, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.captures, func(c *Capture) bool { return c.ID == id })
	if i < 0 {
		return nil, false
	}
	return r.captures[i], true
}

// capture hands a message to the captures that want it. The caller holds the
// recorder.
func (r *Recorder) capture(m Message) {
	if len(r.captures) == 0 {
		return
	}
	if line, _, _ := bytes.Cut(m.Text, []byte("\n")); !bytes.Contains(line, []byte("SIP/2.0")) {
		return // a ping, or the frame of a WebSocket
	}
	kept := false
	for _, c := range r.captures {
		if !c.running() || !c.filter.fits(m.In, m.Peer, m.Text) {
			continue
		}
		if !kept {
			kept, m.Text = true, masked(m.Text)
		}
		c.take(m)
	}
}

func (c *Capture) running() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.over
}

func (c *Capture) take(m Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.messages = append(c.messages, m)
	for c.size += cost(m.Text); c.size > maxCapture && len(c.messages) > 1; c.first++ {
		c.size -= cost(c.messages[0].Text)
		c.messages[0] = Message{}
		c.messages = c.messages[1:]
	}
	close(c.news)
	c.news = make(chan struct{})
}

// Stop ends the capture. What it has taken stays.
func (c *Capture) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over = true
		c.timer.Stop()
		close(c.news)
	}
}

// Since is the messages from number n on, counted from 0; lost of them have been
// forgotten. more is closed when it is worth asking again, and nil once the
// capture is over.
func (c *Capture) Since(n int) (list []Message, lost int, more <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost = max(0, c.first-n)
	from := min(max(0, n-c.first), len(c.messages))
	list = append(list, c.messages[from:]...)
	if !c.over {
		more = c.news
	}
	return list, lost, more
}
