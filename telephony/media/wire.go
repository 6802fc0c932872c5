package media

import (
	"net/netip"
	"sync"
	"time"
)

// Packet is a datagram as it was on the wire, sealed if the party's sound is.
type Packet struct {
	At          time.Time
	In          bool // from the party
	Local, Peer netip.AddrPort
	Data        []byte
}

// Wire keeps the packets of streams, for support. All its memory is taken when it is
// made, so that packets wait for nothing; what comes when it is full is not kept. It is
// safe for concurrent use.
type Wire struct {
	mu      sync.Mutex
	packets []Packet
	data    []byte
	full    bool
}

// NewWire has room for so many packets of a call's usual size.
func NewWire(packets int) *Wire {
	const usual = 200
	return &Wire{packets: make([]Packet, 0, packets), data: make([]byte, 0, packets*usual)}
}

// Packets are what was kept, and whether there was more. The wire must be off all streams.
func (w *Wire) Packets() (list []Packet, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.packets, w.full
}

func (w *Wire) take(p Packet, b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.packets) == cap(w.packets) || len(w.data)+len(b) > cap(w.data) {
		w.full = true
		return
	}
	n := len(w.data)
	w.data = append(w.data, b...)
	p.Data = w.data[n:len(w.data):len(w.data)]
	w.packets = append(w.packets, p)
}

// SetWire lets a wire keep the stream's packets, in the place of any other; nil: none.
func (s *Stream) SetWire(w *Wire) {
	if s.rtp != nil {
		s.rtp.wire.Store(w)
	}
}

// shown hands a packet to the wire, if there is one.
func (r *session) shown(s *Stream, in bool, peer netip.AddrPort, b []byte) {
	if w := r.wire.Load(); w != nil {
		w.take(Packet{At: s.engine.opts.Clock.Now(), In: in, Local: s.Local(), Peer: peer}, b)
	}
}
