package media

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/media/rtcp"
)

// control is the RTCP side of a session. Its lock is never held while sending.
type control struct {
	second  atomic.Pointer[second]         // the socket of its own; nil where RTCP has none
	source  atomic.Pointer[netip.AddrPort] // learnt behind a NAT
	mu      sync.Mutex
	session *rtcp.Session
	due     int64   // engine time of the next report; touched by the tick only
	told    float64 // the score last told; touched by the tick only
}

// second is the socket for RTCP beside that of RTP.
type second struct{ conn }

// openSecond opens the second port.
func (s *Stream) openSecond() error {
	at := netip.AddrPortFrom(s.engine.opts.Address, uint16(s.rtp.port+1))
	c, err := s.engine.listen(at, func(b []byte, from netip.AddrPort) { s.receiveControl(b, from, false) })
	if err == nil {
		s.rtp.control.second.Store(&second{c})
	}
	return err
}

// closeSecond closes it.
func (s *Stream) closeSecond() {
	if at := s.rtp.control.second.Swap(nil); at != nil {
		_ = at.Close() // nothing depends on it
	}
}

// controlled opens or closes the second port as was agreed: RTCP has one unless it
// shares that of RTP. Control is held.
func (s *Stream) controlled(p *Params) {
	open := s.rtp.control.second.Load() != nil
	switch wanted := p.RTCP.IsValid() && !p.Mux; {
	case wanted && !open: // it had been shared
		if err := s.openSecond(); err != nil {
			s.log.Warn("no socket for RTCP", "error", err)
		}
	case !wanted:
		s.closeSecond()
	}
}

// receiveControl handles one datagram of RTCP.
func (s *Stream) receiveControl(b []byte, from netip.AddrPort, mux bool) {
	r := s.rtp
	p := r.params.Load()
	if p == nil || !p.RTCP.IsValid() || p.Mux != mux {
		return
	}
	if !r.mayReport(p, from) {
		r.refused.Add(1)
		return
	}
	if p.open != nil {
		var fault error
		if b, fault = p.open.control(b); fault != nil {
			r.reject(fault)
			return
		}
	}
	now, c := s.engine.shard.now.Load(), &r.control
	sent := r.sent(now)
	c.mu.Lock()
	ok := c.session.Take(b, s.engine.opts.Clock.Now(), sent)
	c.mu.Unlock()
	if r.video {
		ok = s.wished(rtcp.Wishes(b)) || ok
	}
	if !ok {
		r.refused.Add(1)
		return
	}
	if p.NAT && !mux && c.source.Load() == nil {
		c.source.Store(&from)
	}
	r.heard.Store(now)
}

// mayReport tells whether RTCP may come from an address: as for RTP, and behind a
// NAT from the host that RTP has been learnt from.
func (r *session) mayReport(p *Params, from netip.AddrPort) bool {
	if p.NAT {
		learnt := r.source.Load()
		if learnt == nil {
			return false
		}
		if p.Mux {
			return from == *learnt
		}
		if at := r.control.source.Load(); at != nil {
			return from == *at
		}
		return from.Addr() == learnt.Addr()
	}
	if p.Mux {
		return p.from(from)
	}
	return from == p.RTCP || from.Addr() == p.Signalling && from.Port() == p.RTCP.Port()
}

// reportTo is where reports go, false while there is nobody to report to. A party on
// hold gets them too (RFC 3264 8.4).
func (r *session) reportTo(p *Params) (to netip.AddrPort, ok bool) {
	learnt := &r.control.source
	if to = p.RTCP; p.Mux {
		to, learnt = p.Remote, &r.source
	}
	if at := learnt.Load(); at != nil {
		to = *at
	}
	spoken := r.packetsOut.Load() > 0 || r.packetsIn.Load() > 0
	return to, spoken && p.RTCP.IsValid() && to.IsValid() && to.Port() != 0 && !to.Addr().IsUnspecified()
}

// report sends the report that is due, on the tick: a packet in five seconds.
func (r *session) report(s *Stream, p *Params, now int64) {
	if p == nil {
		return
	}
	c := &r.control
	to, ok := r.reportTo(p)
	switch {
	case !ok:
		c.due = 0
	case c.due == 0: // the first comes twice as soon (RFC 3550 6.2)
		c.due = now + pause()/2
	case now >= c.due:
		c.due = now + pause()
		r.sendReport(s, p, to, now, (*rtcp.Session).Report)
		s.measured(p)
	}
}

// pause is the time to the next report, in samples.
func pause() int64 {
	return int64(float64(dsp.Samples(rtcp.Interval)) * (0.5 + rand.Float64()))
}

// bye tells the party that we leave, if it has ever heard of us (RFC 3550 6.3.7).
func (r *session) bye(s *Stream) {
	p := r.params.Load()
	if p == nil || r.packetsOut.Load() == 0 {
		return
	}
	if to, ok := r.reportTo(p); ok {
		r.sendReport(s, p, to, s.engine.shard.now.Load(), (*rtcp.Session).Bye)
	}
}

func (r *session) sendReport(s *Stream, p *Params, to netip.AddrPort, now int64,
	write func(*rtcp.Session, time.Time, rtcp.Sent, *rtcp.Received) []byte) {
	c := &r.control
	sent, received := r.sent(now), r.received()
	c.mu.Lock()
	b := write(c.session, s.engine.opts.Clock.Now(), sent, received)
	c.mu.Unlock()
	if p.seal != nil {
		b = p.seal.control(b)
	}
	out := r.conn
	if !p.Mux {
		at := c.second.Load()
		if at == nil {
			return
		}
		out = at.conn
	}
	if len(b) > 0 {
		_, _ = out.WriteToUDPAddrPort(b, to) // it is lost as any packet may be
	}
}

// sent is what the party has been sent at engine time now. The timestamp is that of
// our own numbers, whatever is relayed or mixed behind them.
func (r *session) sent(now int64) rtcp.Sent {
	o := &r.out
	o.mu.Lock()
	defer o.mu.Unlock()
	ts := o.ts
	if o.sent {
		ts += o.units(now - o.due)
	}
	return rtcp.Sent{SSRC: o.ssrc, First: o.first, Timestamp: ts,
		Packets: r.packetsOut.Load() - r.packetsBefore, Octets: r.octetsOut.Load() - r.octetsBefore}
}

// received is what came from the party's present source, nil if nothing did.
func (r *session) received() *rtcp.Received {
	r.counting.Lock()
	defer r.counting.Unlock()
	q := &r.sequence
	if !q.started {
		return nil
	}
	return &rtcp.Received{SSRC: q.ssrc, Highest: q.cycles<<16 | uint32(q.highest), Expected: q.expected(),
		Packets: min(q.received, q.expected()), Jitter: uint32(r.jitter.Load() / 16)}
}
