package media

import (
	"errors"
	"net"
	"net/netip"

	"github.com/pasokh/pasokh/hal"
	"github.com/pion/rtp"
)

// maxPacket is the longest datagram read; a longer one is cut and fails to be
// what it says it is.
const maxPacket = 1500

// comfortNoise is a payload type that is heard as silence (RFC 3389).
const comfortNoise = 13

// probation is a source behind a NAT that has sent one packet: two in a row make
// it the party (RFC 3550 A.1).
type probation struct {
	from netip.AddrPort
	ssrc uint32
	seq  uint16
}

// read takes packets from the socket until it is closed.
func (s *Stream) read() {
	var b [maxPacket]byte
	for {
		n, from, err := s.rtp.conn.ReadFromUDPAddrPort(b[:])
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				s.log.Error("reading RTP failed", "error", err)
			}
			return
		}
		s.receive(b[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
	}
}

// receive handles one datagram.
func (s *Stream) receive(b []byte, from netip.AddrPort) {
	r := s.rtp
	p := r.params.Load()
	if p == nil || !p.Receive {
		return
	}
	pk := &r.packet
	if pk.Unmarshal(b) != nil || pk.Version != 2 || !p.knows(pk.PayloadType) || !r.accept(p, from, &pk.Header) {
		r.refused.Add(1)
		return
	}
	now := s.engine.shard.now.Load()
	r.heard.Store(now)
	r.packetsIn.Add(1)
	switch r.sequence.take(pk.SSRC, pk.SequenceNumber) {
	case duplicate:
		r.duplicates.Add(1)
		return
	case restart:
		r.in.reset()
		r.transit = 0
	}
	r.lost.Store(r.sequence.missing())

	switch {
	case p.DTMF != 0 && pk.PayloadType == p.DTMF:
		s.receiveKey(pk, now)
	case pk.PayloadType == comfortNoise || len(pk.Payload) == 0: // silence, keep-alive
	default:
		r.measure(s.engine.opts.Clock.Now().UnixNano(), pk.Timestamp)
		c := p.codecOf(pk.PayloadType)
		s.relay(pk, c, now)
		if r.wanted.Load() {
			r.in.write(pk.Timestamp, c, pk.Payload)
		}
	}
}

// knows tells whether a payload type may come: what was agreed, and the static
// ones of both laws, because some phones switch between them unasked.
func (p *Params) knows(payloadType uint8) bool {
	switch payloadType {
	case p.PayloadType, p.DTMF, PCMU.payloadType(), PCMA.payloadType(), comfortNoise:
		return true
	}
	return false
}

func (p *Params) codecOf(payloadType uint8) Codec {
	switch payloadType {
	case p.PayloadType:
		return p.Codec
	case PCMA.payloadType():
		return PCMA
	}
	return PCMU
}

// accept decides whether a packet's source is the party: the address it named for
// media, the same port where its signalling comes from, and no other; or behind a
// NAT the first that sends two good packets in a row.
func (r *session) accept(p *Params, from netip.AddrPort, h *rtp.Header) bool {
	if !p.NAT {
		return from == p.Remote || from.Addr() == p.Signalling && from.Port() == p.Remote.Port()
	}
	if learnt := r.source.Load(); learnt != nil {
		return from == *learnt
	}
	c := &r.candidate
	if from != p.Remote && (c.from != from || c.ssrc != h.SSRC || c.seq+1 != h.SequenceNumber) {
		*c = probation{from: from, ssrc: h.SSRC, seq: h.SequenceNumber}
		return false
	}
	r.learn(from)
	return true
}

// learn is apart from accept so that only a source learnt is put on the heap.
func (r *session) learn(from netip.AddrPort) { r.source.Store(&from) }

// measure follows the jitter of arrival (RFC 3550 A.8). at is in nanoseconds.
func (r *session) measure(at int64, ts uint32) {
	transit := int64(int32(uint32(at/(1e9/hal.Rate)) - ts))
	if r.transit != 0 {
		d := transit - r.transit
		if d < 0 {
			d = -d
		}
		if d < hal.Rate { // more is a jump of the timestamp
			j := r.jitter.Load()
			r.jitter.Store(j + d - (j+8)/16)
		}
	}
	r.transit = transit
}

// relay forwards a packet of sound at once to the peer, if that is the plan.
func (s *Stream) relay(pk *rtp.Packet, c Codec, now int64) {
	plan := s.plan.Load()
	if !plan.saysRelay || len(pk.Payload) > maxPacket-headerSize {
		return
	}
	peer := plan.peer
	q := peer.rtp.params.Load()
	to, ok := peer.rtp.destination(q)
	if !ok {
		return
	}
	out := s.rtp.scratch[:headerSize+len(pk.Payload)]
	if c == q.Codec {
		copy(out[headerSize:], pk.Payload)
	} else {
		linear, bytes := &laws[c].linear, &laws[q.Codec].bytes
		for i, x := range pk.Payload {
			out[headerSize+i] = bytes[uint16(linear[x])>>2]
		}
	}
	peer.forward(s, pk, len(pk.Payload), out, q.PayloadType, to, now)
}

// forward sends s a packet of from's, renumbered.
func (s *Stream) forward(from *Stream, pk *rtp.Packet, samples int, b []byte, payloadType uint8, to netip.AddrPort, now int64) {
	o := &s.rtp.out
	o.mu.Lock()
	plan := s.plan.Load()
	if plan.peer != from || !plan.hearsRelay {
		o.mu.Unlock()
		return
	}
	st, ok := o.relay(plan, pk.SSRC, pk.SequenceNumber, pk.Timestamp, samples, now)
	o.mu.Unlock()
	if ok {
		st.marker = st.marker || pk.Marker
		s.rtp.write(b, st, payloadType, to)
	}
}
