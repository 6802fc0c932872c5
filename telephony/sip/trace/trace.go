// Package trace keeps the last SIP messages of every call in memory, so that a
// call that went wrong can be read afterwards, and captures those of a phone,
// trunk or address while they come.
//
// A Recorder sees every message once, in the goroutine that reads or writes it,
// under one mutex. It keeps those of dialogs that began with an INVITE, copied
// once and as they were on the wire; of any other it only looks for the Call-ID,
// unless a capture wants it. Secrets are masked on the way out (mask.go), those of
// a capture on the way in. Nothing is written to disk.
//
// When the memory is used up the oldest is forgotten first: 8 MiB of calls, 256 KiB
// of each, 1 MiB of strangers' INVITEs, and 8 captures at once of 1 MiB each.
package trace

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// Bounds of the memory, in bytes of messages and what each costs besides.
const (
	maxTotal  = 8 << 20
	maxAlien  = 1 << 20   // of dialogs that never became a leg, beside maxTotal
	maxDialog = 256 << 10 // of one dialog; its oldest messages go first
	overhead  = 128       // of a message
	maxCallID = 512
)

// Message is one SIP message.
type Message struct {
	At      time.Time
	In      bool   // from the peer
	Network string // UDP, TCP, TLS, WS
	Local   netip.AddrPort
	Peer    netip.AddrPort
	Text    []byte
}

// Recorder keeps messages. It is safe for concurrent use.
type Recorder struct {
	clock clock.Clock

	mu      sync.Mutex
	dialogs map[string]*thread // by Call-ID
	legs    map[call.LegID]*thread
	ours    shelf // dialogs of legs
	aliens  shelf // of who was not let in, and those that are about to be

	captures []*Capture // oldest first
}

// shelf is dialogs that share memory.
type shelf struct {
	order     []*thread // oldest first
	size, max int
}

// thread is the messages of one Call-ID.
type thread struct {
	callID   string
	legs     []call.LegID // two when a call comes back to us
	shelf    *shelf
	messages []Message
	size     int
}

// NewRecorder makes an empty recorder.
func NewRecorder(c clock.Clock) *Recorder {
	return &Recorder{clock: c, dialogs: make(map[string]*thread), legs: make(map[call.LegID]*thread),
		ours: shelf{max: maxTotal}, aliens: shelf{max: maxAlien}}
}

// Record takes a message off the wire or on its way there. It keeps no reference
// to text.
func (r *Recorder) Record(in bool, network string, local, peer netip.AddrPort, text []byte) {
	id := field(text, "Call-ID", "i")
	r.mu.Lock()
	defer r.mu.Unlock()
	m := Message{At: r.clock.Now(), In: in, Network: network, Local: local, Peer: peer, Text: text}
	r.capture(m)
	if len(id) == 0 || len(id) > maxCallID {
		return
	}
	t := r.dialogs[string(id)]
	if t == nil {
		if !bytes.HasPrefix(text, []byte("INVITE ")) {
			return
		}
		t = r.begin(string(id))
	}
	m.Text = bytes.Clone(text)
	t.messages = append(t.messages, m)
	t.grow(cost(text))
	for t.size > maxDialog && len(t.messages) > 1 {
		t.grow(-cost(t.messages[0].Text))
		t.messages[0] = Message{}
		t.messages = t.messages[1:]
	}
	r.trim(t.shelf)
}

func (r *Recorder) begin(callID string) *thread {
	t := &thread{callID: callID, shelf: &r.aliens}
	r.dialogs[callID] = t
	t.shelf.order = append(t.shelf.order, t)
	t.grow(overhead)
	return t
}

// trim forgets the oldest dialogs of a shelf that is too full.
func (r *Recorder) trim(s *shelf) {
	for s.size > s.max && len(s.order) > 1 {
		t := s.order[0]
		s.order[0] = nil
		s.order = s.order[1:]
		s.size -= t.size
		delete(r.dialogs, t.callID)
		for _, leg := range t.legs {
			delete(r.legs, leg)
		}
	}
}

func cost(text []byte) int { return len(text) + overhead }

func (t *thread) grow(n int) {
	t.size += n
	t.shelf.size += n
}

// Belongs says whose leg a Call-ID is. For a call of ours that is before its
// first message.
func (r *Recorder) Belongs(callID string, leg call.LegID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.dialogs[callID]
	if t == nil {
		t = r.begin(callID)
	}
	if s := &r.aliens; t.shelf == s {
		i := slices.Index(s.order, t)
		s.order = slices.Delete(s.order, i, i+1)
		s.size -= t.size
		t.shelf = &r.ours
		t.shelf.order = append(t.shelf.order, t)
		t.shelf.size += t.size
	}
	t.legs = append(t.legs, leg)
	r.legs[leg] = t
	r.trim(t.shelf)
}

// Messages are what is left of those legs, in order of time, without secrets.
func (r *Recorder) Messages(legs []call.LegID) []Message {
	r.mu.Lock()
	var list []Message
	for _, leg := range legs {
		if t := r.legs[leg]; t != nil {
			list = append(list, t.messages...)
		}
	}
	r.mu.Unlock()
	slices.SortStableFunc(list, func(a, b Message) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	for i := range list {
		list[i].Text = masked(list[i].Text)
	}
	return list
}

// field finds the first field of a message by its long or short name. It
// allocates nothing.
func field(text []byte, long, short string) []byte {
	for {
		end := bytes.IndexByte(text, '\n')
		if end < 0 || end <= 1 {
			return nil // no more header fields
		}
		line := text[:end]
		text = text[end+1:]
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) > len(long)+2 {
			continue
		}
		name = bytes.TrimSpace(name)
		if bytes.EqualFold(name, []byte(long)) || bytes.EqualFold(name, []byte(short)) {
			return bytes.TrimSpace(value)
		}
	}
}
