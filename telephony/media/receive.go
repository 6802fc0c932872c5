package media

import (
	"net/netip"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/media/rtcp"
	"github.com/pion/rtp"
)

// maxPacket is the longest datagram read; a longer one is cut and fails to be
// what it says it is.
const maxPacket = 1500

// comfortNoise is the payload type of what a silent party sounds like (RFC 3389).
const comfortNoise = 13

// maxNoise is the longest comfort noise passed on: a level and twelve coefficients are
// more than anybody sends.
const maxNoise = 16

// probation is a source behind a NAT that has sent one packet: two in a row make
// it the party (RFC 3550 A.1).
type probation struct {
	from netip.AddrPort
	ssrc uint32
	seq  uint16
}

// receive handles one datagram.
func (s *Stream) receive(b []byte, from netip.AddrPort) {
	r := s.rtp
	p := r.params.Load()
	r.shown(s, true, from, b)
	if isRTCP(b) {
		s.receiveControl(b, from, true)
		return
	}
	if p == nil || !p.Receive {
		return
	}
	pk := &r.packet
	if _, err := pk.Header.Unmarshal(b); err != nil || pk.Version != 2 || !p.knows(pk.PayloadType) || !p.NAT && !p.from(from) {
		r.refused.Add(1)
		return
	}
	if p.open != nil { // before a source behind a NAT is believed
		var fault error
		if b, fault = p.open.packet(b, &pk.Header); fault != nil {
			r.reject(fault)
			return
		}
	}
	if pk.Unmarshal(b) != nil || p.NAT && !r.follow(p, from, &pk.Header) {
		r.refused.Add(1)
		return
	}
	now := s.engine.shard.now.Load()
	r.heard.Store(now)
	r.packetsIn.Add(1)
	r.counting.Lock()
	verdict, missing := r.sequence.take(pk.SSRC, pk.SequenceNumber), r.sequence.missing()
	r.counting.Unlock()
	switch verdict {
	case duplicate:
		r.duplicates.Add(1)
		if !r.video { // who sees may have asked for it again
			return
		}
	case restart:
		if in := r.in.Load(); in != nil {
			in.Reset()
		}
		r.transit = 0
	}
	r.lost.Store(missing)

	switch {
	case p.isKey(pk.PayloadType):
		s.receiveKey(pk, now)
	case pk.PayloadType == comfortNoise:
		r.noise.set(pk.Payload)
		s.relayNoise(pk, now)
	case len(pk.Payload) == 0: // keep-alive
	case p.Other != "":
		s.relayOther(pk, p, now)
	default:
		r.measure(s.engine.opts.Clock.Now().UnixNano(), pk.Timestamp)
		r.noise.level.Store(0)
		c := p.codecOf(pk.PayloadType)
		s.relay(pk, c, now)
		if r.wanted.Load() {
			r.in.Load().put(pk.Timestamp, c, pk.Payload)
		} else {
			r.recall.keep(c, pk.Payload, now)
		}
	}
}

// knows tells whether a payload type may come: what was agreed, and the static
// ones of both laws, because some phones switch between them unasked.
func (p *Params) knows(payloadType uint8) bool {
	if p.Other != "" {
		return payloadType == p.OwnType || payloadType == p.PayloadType || p.isKey(payloadType)
	}
	switch payloadType {
	case p.PayloadType, comfortNoise:
		return true
	case PCMU.payloadType(), PCMA.payloadType():
		return !p.Codec.wide()
	}
	return p.isKey(payloadType)
}

// isKey tells packets of telephone-event. A party sends them under the number of
// our description (RFC 3264 5.1), some under that of their own.
func (p *Params) isKey(payloadType uint8) bool {
	return p.DTMF != 0 && (payloadType == p.OwnDTMF || payloadType == p.DTMF)
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

// isRTCP tells RTCP on the port of RTP (RFC 5761 4).
func isRTCP(b []byte) bool { return len(b) > 1 && b[1] >= 192 && b[1] <= 223 }

// reject counts a packet of SRTP that was not let in. One that was there before is
// no forgery.
func (r *session) reject(fault error) {
	if isReplay(fault) {
		r.duplicates.Add(1)
		return
	}
	r.forged.Add(1)
}

// from tells whether a packet's source is a party without NAT: the address it named
// for media, or the same port where its signalling comes from.
func (p *Params) from(at netip.AddrPort) bool {
	return at == p.Remote || at.Addr() == p.Signalling && at.Port() == p.Remote.Port()
}

// follow decides whether a packet's source is the party behind a NAT: the first that
// sends two good packets in a row, and from then on no other.
func (r *session) follow(p *Params, from netip.AddrPort, h *rtp.Header) bool {
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

// learn is apart from follow so that only a source learnt is put on the heap.
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
	if !ok || !c.alike(q.Codec) { // it has just changed
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
	peer.forward(s, pk, len(pk.Payload), out, q, q.PayloadType, to, now)
}

// relayNoise forwards a packet of comfort noise to a peer that takes it.
func (s *Stream) relayNoise(pk *rtp.Packet, now int64) {
	plan := s.plan.Load()
	if !plan.saysRelay || len(pk.Payload) > maxNoise {
		return
	}
	q := plan.peer.rtp.params.Load()
	to, ok := plan.peer.rtp.destination(q)
	if !ok || !q.Noise {
		return
	}
	b := s.rtp.scratch[:headerSize+len(pk.Payload)]
	copy(b[headerSize:], pk.Payload)
	plan.peer.forward(s, pk, 0, b, q, comfortNoise, to, now)
}

// forward sends s, whose params are q, a packet of from's, renumbered.
func (s *Stream) forward(from *Stream, pk *rtp.Packet, samples int, b []byte, q *Params, payloadType uint8, to netip.AddrPort, now int64) {
	o := &s.rtp.out
	o.mu.Lock()
	plan := s.plan.Load()
	if plan.peer != from || !plan.hearsRelay || s.keys.busy.Load() {
		o.mu.Unlock()
		return
	}
	if samples > 0 && from.rtp.key.down.Load() { // a tone that goes with the key's packets
		o.omit()
		o.mu.Unlock()
		return
	}
	anew := o.anchor != plan || o.from != pk.SSRC
	st, ok := o.relay(plan, pk.SSRC, pk.SequenceNumber, pk.Timestamp, samples, now)
	o.mu.Unlock()
	if !ok {
		return
	}
	if !s.rtp.video {
		st.marker = st.marker || pk.Marker
	} else if st.marker = pk.Marker; anew { // the end of a picture, and only that
		from.ask(rtcp.Wish{Whole: true})
	}
	s.rtp.write(s, b, st, q, payloadType, to)
}
