package dialog

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// Options are what dialogs need from their server.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Transactions carries requests and responses; its transport layer ACKs.
	Transactions *sip.TransactionLayer
	// Local is our own address towards a peer.
	Local func(Flow) Local
	// Fault is told what a dialog panicked with, in the panicking goroutine.
	Fault func(callID string, panic any)
}

// Local is where a peer reaches us.
type Local struct {
	Host string
	Port int
	// Bind is the socket to send from; the zero Bind leaves it to the transport.
	Bind sip.Addr
}

// Set is all dialogs of a server. It is safe for concurrent use.
type Set struct {
	opts Options

	mu    sync.Mutex
	all   map[key]*Dialog
	idle  chan struct{} // closed while the set is empty
	ended bool
}

// key finds a dialog: our tag is unique, the peer's may still be unknown.
type key struct{ callID, tag string }

// NewSet makes an empty set.
func NewSet(o Options) *Set {
	s := &Set{opts: o, all: make(map[key]*Dialog), idle: make(chan struct{})}
	close(s.idle)
	return s
}

// Len is the number of dialogs that are not over or still being wound up.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// Has tells whether a Call-ID and a tag of ours are those of a dialog.
func (s *Set) Has(callID, tag string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[key{callID, tag}] != nil
}

// Request takes a request within a dialog (its To has a tag) and its transaction.
func (s *Set) Request(req *sip.Request, tx *sip.ServerTx) {
	tag, _ := req.To().Params.Get("tag")
	s.mu.Lock()
	d := s.all[key{req.CallID().Value(), tag}]
	s.mu.Unlock()
	switch {
	case d != nil && d.work.len() >= maxWork && !req.IsAck():
		respond(tx, Reply(req, 503, sip.NewHeader("Retry-After", "5")))
	case d != nil:
		d.run(func() {
			defer func() {
				if p := recover(); p != nil {
					respond(tx, Reply(req, 500))
					panic(p)
				}
			}()
			d.receive(inbound{req, tx})
		})
	case req.IsAck():
		tx.Terminate() // for a dialog that is gone: nothing answers an ACK
	default:
		respond(tx, Reply(req, 481))
	}
}

// maxWork is how much may wait in a dialog's queue before its peer's requests are
// refused.
const maxWork = 64

// Shutdown hangs every dialog up with cause and waits until the peers have
// confirmed it or ctx ends.
func (s *Set) Shutdown(ctx context.Context, cause call.Cause) {
	s.mu.Lock()
	s.ended = true
	for _, d := range s.all {
		d.Hangup(cause)
	}
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

func (s *Set) add(d *Dialog) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		s.idle = make(chan struct{})
	}
	s.all[key{d.callID, d.localTag}] = d
	if s.ended {
		d.Hangup(call.Shutdown)
	}
}

func (s *Set) remove(d *Dialog) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{d.callID, d.localTag}
	if s.all[k] != d {
		return
	}
	delete(s.all, k)
	if len(s.all) == 0 {
		close(s.idle)
	}
}

// newBranch is a Via branch of RFC 3261 8.1.1.7.
func newBranch() string { return sip.RFC3261BranchMagicCookie + rand.Text() }
