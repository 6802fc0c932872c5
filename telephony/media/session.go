package media

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/media/g722"
	"github.com/pion/rtp"
)

// Params are what a negotiation came to for an RTP stream.
type Params struct {
	Remote netip.AddrPort // where the party receives
	// RTCP is where the party receives RTCP; the zero AddrPort is nowhere. Mux: RTCP
	// shares the port of RTP, here too (RFC 5761).
	RTCP netip.AddrPort
	Mux  bool
	// Signalling is where the party's signalling comes from. A phone on a host with
	// several addresses may name one for media and send from this one.
	Signalling  netip.Addr
	Codec       Codec
	PayloadType uint8 // of Codec
	// Other is the name of a codec that we do not speak, in the place of Codec: its
	// packets, which come as OwnType, go to a peer that has the same. Tuner changes the
	// party over to one of Others, names with a space between them, and to one of ours.
	Other   string
	OwnType uint8
	Others  string
	Tuner   Tuner
	Only    bool  // it has refused all of ours: nothing but Other can reach it
	DTMF    uint8 // payload type of telephone-event (RFC 4733); 0 means none
	OwnDTMF uint8 // the same in what the party sends; 0 means as DTMF
	// Info sends the party keys by signalling; nil: it takes them as events, or if it
	// has no DTMF as tones.
	Info Presser
	// NoTones: tones in what the party says are no keys, even if it has no DTMF.
	NoTones       bool
	Noise         bool // the party takes comfort noise, payload type 13 (RFC 3389)
	Ptime         int  // ms per packet sent, 10..60; 0 means 20
	Send, Receive bool // which directions are open
	// NAT: the party may be behind a NAT. Its packets are taken from wherever they
	// first come from, and answered there.
	NAT bool
	// Intra: of video, the party takes the wish for a whole picture as FIR only.
	Intra bool
	// Held: the party put us on hold. Nothing is expected of it.
	Held bool
	// Seal and Open are the keys of SRTP for what is sent and what is received; nil
	// is plain RTP.
	Seal, Open *Key

	seal *seal
	open *open
}

// Presser tells a party of a key by signalling. It must not block.
type Presser interface {
	Press(digit byte, held time.Duration)
}

// Tuner changes what a party speaks. It must not block.
type Tuner interface {
	// Tune changes its codec: to another that we do not speak, or for "" to one of
	// ours. Set follows.
	Tune(other string)
	// Face tells with whom it is connected, so that the two may see each other; nil is
	// with nobody who could be seen. While it hears nothing or a program it is with
	// whom it was.
	Face(other Tuner)
}

// session is the network side of an RTP stream.
type session struct {
	conn      conn
	port      int
	onSilence func()
	params    atomic.Pointer[Params]
	source    atomic.Pointer[netip.AddrPort] // learnt behind a NAT
	wanted    atomic.Bool                    // the tick reads the jitter buffer
	in        atomic.Pointer[inbox]
	recall    recall
	wire      atomic.Pointer[Wire] // for support; nil
	noise     noise
	heard     atomic.Int64 // engine time of the last packet, or of Set
	key       key
	asked     asked // guarded by engine.control
	facing    Tuner // guarded by engine.control
	video     bool  // it carries a picture

	control control

	packetsIn, packetsOut, octetsOut, duplicates, refused, forged, lost atomic.Uint64
	jitter                                                              atomic.Int64 // samples * 16

	counting sync.Mutex // guards sequence
	sequence sequence

	// Touched by the reader only.
	packet    rtp.Packet
	transit   int64
	candidate probation
	scratch   [maxPacket + sealRoom]byte // a packet on its way to the peer

	out sender
	// What was sent before out began anew for the last time, guarded by out.mu.
	packetsBefore, octetsBefore uint64

	// Touched by the tick only.
	toldSilence bool
	parcel      *parcel     // made when the tick first speaks
	coder       *g722.Coder // made by Set
}

// parcel is a packet being filled with frames.
type parcel struct {
	bytes  [maxPtime*samplesPerMs + hal.FrameSamples]byte
	n      int // samples in it
	codec  Codec
	packet [headerSize + maxPtime*samplesPerMs + sealRoom]byte // that goes out
}

const (
	headerSize   = 12
	samplesPerMs = hal.Rate / 1000
	maxPtime     = 60
	defaultPtime = 20
)

// Set applies the result of a negotiation, at any time and any number of times. The
// error is that of a key that cannot be used; then nothing has changed.
func (s *Stream) Set(p Params) error {
	if s.rtp == nil {
		return nil
	}
	if p.Ptime < 10 || p.Ptime > maxPtime {
		p.Ptime = defaultPtime
	}
	p.Remote = netip.AddrPortFrom(p.Remote.Addr().Unmap(), p.Remote.Port())
	p.RTCP = netip.AddrPortFrom(p.RTCP.Addr().Unmap(), p.RTCP.Port())
	p.Signalling = p.Signalling.Unmap()
	if p.OwnDTMF == 0 {
		p.OwnDTMF = p.DTMF
	}
	e := s.engine
	e.control.Lock()
	defer e.control.Unlock()
	if err := p.encrypt(s.rtp.params.Load()); err != nil {
		return err
	}
	s.rtp.count(s, p.clock())
	if !s.closed {
		s.controlled(&p)
	}
	if p.Codec.wide() && s.rtp.coder == nil {
		s.rtp.coder = g722.NewCoder()
	}
	old := s.rtp.params.Swap(&p)
	if old == nil || old.Remote != p.Remote || old.NAT != p.NAT {
		s.rtp.source.Store(nil)
	}
	if old == nil || old.RTCP != p.RTCP || old.NAT != p.NAT {
		s.rtp.control.source.Store(nil)
	}
	s.rtp.heard.Store(e.shard.now.Load())
	if old == nil || old.Other != p.Other {
		s.rtp.asked = asked{}
	}
	s.replan()
	s.suit()
	return nil
}

// Local is where an RTP stream receives; a line stream has no address.
func (s *Stream) Local() netip.AddrPort {
	if s.rtp == nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(s.engine.opts.Address, uint16(s.rtp.port))
}

// destination is where to send now.
func (r *session) destination(p *Params) (netip.AddrPort, bool) {
	to := p.Remote
	if learnt := r.source.Load(); learnt != nil {
		to = *learnt
	}
	return to, p.Send && to.IsValid() && to.Port() != 0 && !to.Addr().IsUnspecified()
}

// watch tells of a party that should be heard and is not, once.
func (r *session) watch(s *Stream, p *Params, now int64) {
	r.key.expire(s, now)
	if p == nil || !p.Receive || p.Held {
		r.heard.Store(now)
		return
	}
	limit := s.engine.patience()
	if limit == 0 || r.toldSilence || now-r.heard.Load() < limit {
		return
	}
	r.toldSilence = true
	if r.onSilence != nil {
		r.onSilence()
	}
}

// sendFrame encodes a tick's sound for the party.
func (r *session) sendFrame(s *Stream, pcm []int16, now int64) {
	p := r.params.Load()
	if p == nil || p.Other != "" || p.Codec.wide() != (len(pcm) == wide) { // it has just changed
		return
	}
	var bytes [narrow]byte
	if p.Codec.wide() {
		r.coder.Encode(bytes[:], pcm)
	} else {
		p.Codec.encode(bytes[:], (*frame)(pcm))
	}
	r.send(s, p.Codec, bytes[:], now)
}

// send adds a frame of bytes to the packet being filled and sends what is full.
func (r *session) send(s *Stream, c Codec, bytes []byte, now int64) {
	p := r.params.Load()
	if p == nil || p.Other != "" || p.Codec != c {
		return
	}
	k := r.parcel
	if k == nil {
		k = &parcel{codec: c}
		r.parcel = k
	}
	to, ok := r.destination(p)
	if !ok || k.codec != c {
		k.n, k.codec = 0, c
	}
	if !ok {
		return
	}
	k.n += copy(k.bytes[k.n:], bytes)
	for size := p.Ptime * samplesPerMs; k.n >= size; {
		r.out.mu.Lock()
		if s.plan.Load().hearsRelay && !s.keys.busy.Load() { // the relay has taken over since this tick began
			r.out.mu.Unlock()
			k.n = 0
			return
		}
		st := r.out.next(now, size)
		r.out.mu.Unlock()
		copy(k.packet[headerSize:], k.bytes[:size])
		k.n = copy(k.bytes[:], k.bytes[size:k.n])
		r.write(s, k.packet[:headerSize+size], st, p, p.PayloadType, to)
	}
}

// write sends a packet whose payload is in place between room for the header and
// sealRoom.
func (r *session) write(s *Stream, b []byte, st stamp, p *Params, payloadType uint8, to netip.AddrPort) {
	payload := len(b) - headerSize
	h := rtp.Header{Version: 2, Marker: st.marker, PayloadType: payloadType,
		SequenceNumber: st.seq, Timestamp: st.ts, SSRC: st.ssrc}
	if _, err := h.MarshalTo(b); err != nil {
		return // b has room for the header
	}
	if p.seal != nil {
		if b = p.seal.packet(b); b == nil {
			return
		}
	}
	r.shown(s, false, to, b)
	if _, err := r.conn.WriteToUDPAddrPort(b, to); err == nil {
		r.packetsOut.Add(1)
		r.octetsOut.Add(uint64(payload))
	}
}

func (r *session) stats() Stats {
	in := r.heardStats()
	return Stats{
		PacketsIn: r.packetsIn.Load(), PacketsOut: r.packetsOut.Load(), Lost: r.lost.Load(),
		Late: in.Late, Duplicate: r.duplicates.Load(), Refused: r.refused.Load(), Forged: r.forged.Load(), Concealed: in.Concealed,
		Jitter: time.Duration(r.jitter.Load()) * time.Second / hal.Rate / 16,
	}
}
