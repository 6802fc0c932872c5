package media

import (
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media/rtcp"
)

// pictured is the DSCP of video in a conference, AF41, in the place it has in a header
// (RFC 4594 4.3).
const pictured = 34 << 2

// OpenVideo opens the picture that goes with an RTP stream, on ports of its own. It
// is a stream as well, of which nothing but Set and Local is of use: it follows whom
// its party is connected with, and what that one's camera sends is passed on, renumbered
// so that it is one source whoever it comes from. The party's stream closes it.
func (s *Stream) OpenVideo() (*Stream, error) {
	v, err := s.engine.newRTP(s.leg, func(call.Event) {}, &session{video: true})
	if err != nil {
		return nil, fmt.Errorf("video: %w", err)
	}
	e := s.engine
	e.control.Lock()
	closed := s.closed
	if !closed {
		s.video = v
		s.show(s.plan.Load().peer)
	}
	e.control.Unlock()
	if closed {
		v.Close()
	}
	return v, nil
}

// mark asks for the class of service of video.
func (r *session) mark(c conn) {
	if m, ok := c.(interface{ mark(int) }); ok && r.video {
		m.mark(pictured)
	}
}

// face tells a party whom it is connected with, and connects their pictures. Control is
// held.
func (s *Stream) face(p *plan) {
	s.show(p.peer)
	q := s.sees()
	if q == nil || q.Tuner == nil || p == silent || p.player != nil {
		return
	}
	var other Tuner
	if o := p.peer; o != nil && o != s {
		if theirs := o.sees(); theirs != nil {
			other = theirs.Tuner
		} else if o.rtp != nil { // not known yet
			return
		}
	}
	if other != s.rtp.facing {
		s.rtp.facing = other
		q.Tuner.Face(other)
	}
}

// show connects the picture of s with that of its peer, nil for nobody. Control is held.
func (s *Stream) show(peer *Stream) {
	if s.video == nil || s.video.closed {
		return
	}
	var other *Stream
	if peer != nil && peer != s && peer.video != nil && !peer.video.closed {
		other = peer.video
	}
	switch is := s.video.plan.Load().peer; {
	case is == other:
	case other == nil:
		s.video.swap(silent)
	default:
		s.video.swap(pairing(s.video, other))
		other.swap(pairing(other, s.video))
	}
}

// wished passes on what the party wishes of who it sees, and reports false if that is
// nothing.
func (s *Stream) wished(w rtcp.Wish) bool {
	if !w.Whole && len(w.Lost) == 0 {
		return false
	}
	p, o := s.plan.Load(), &s.rtp.out
	if !p.hearsRelay {
		return true
	}
	o.mu.Lock()
	if o.anchor == p {
		for i := range w.Lost {
			w.Lost[i] -= o.seqDiff
		}
	} else {
		w.Lost = nil
	}
	o.mu.Unlock()
	p.peer.ask(w)
	return true
}

// ask wishes something of the party's picture.
func (s *Stream) ask(w rtcp.Wish) {
	p := s.rtp.params.Load()
	if p == nil {
		return
	}
	to, ok := s.rtp.reportTo(p)
	if !ok || s.rtp.received() == nil {
		return
	}
	s.rtp.sendReport(s, p, to, s.engine.shard.now.Load(), func(c *rtcp.Session, now time.Time, sent rtcp.Sent, r *rtcp.Received) []byte {
		return c.Ask(now, sent, r, w, p.Intra)
	})
}
