package media

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/hal"
	"github.com/pion/rtp"
)

// asked is what a party was last asked to change over to, so that one that refuses is
// not asked again and again.
type asked struct {
	peer  *Stream // with whom it was to talk in it; the party itself if with nobody
	other string
}

// takes tells whether the party can be changed over to a codec that is not ours.
func (p *Params) takes(other string) bool {
	return p.Other == other || p.Tuner != nil && slices.Contains(strings.Fields(p.Others), other)
}

// suit lets a party whose codec does not suit its plan change over: to that of its
// peer if both have it, and to one of ours where we must hear or say something
// ourselves. Control is held.
func (s *Stream) suit() {
	p := s.plan.Load()
	s.retune(p)
	s.face(p)
	if p.peer != nil && p.peer != s {
		p.peer.retune(p.peer.plan.Load())
		p.peer.face(p.peer.plan.Load())
	}
}

func (s *Stream) retune(p *plan) {
	q := s.sees()
	if q == nil || q.Tuner == nil || p == silent {
		return
	}
	want := asked{peer: s}
	if o := p.peer; o != nil && o != s && p.room == nil {
		want.peer = o
	}
	if o := want.peer; o != s && o.rtp != nil && !overheard(s, o) {
		theirs := o.sees()
		switch {
		case theirs == nil: // not known yet
			return
		case theirs.Other != "" && q.takes(theirs.Other):
			want = asked{o, theirs.Other}
		case q.Other != "" && theirs.takes(q.Other): // the peer changes over
			return
		}
	}
	if want.other != q.Other && want != s.rtp.asked {
		s.rtp.asked = want
		q.Tuner.Tune(want.other)
	}
}

// overheard tells whether somebody listens in on two parties, or speaks to one of them,
// for which they must speak what we do, if they can.
func overheard(a, b *Stream) bool {
	x, y := a.sees(), b.sees()
	return (a.tapped() || b.tapped() || a.over.Load() != nil || b.over.Load() != nil) &&
		(x == nil || !x.Only) && (y == nil || !y.Only)
}

// Stranded tells whether nothing can reach the party for good: it has refused all
// of ours, and whom it is connected with does not speak what it speaks. One that hears
// no music while it is on hold is not; one that has never talked with anybody is.
func (s *Stream) Stranded() bool {
	e := s.engine
	e.control.Lock()
	defer e.control.Unlock()
	p, q := s.plan.Load(), s.sees()
	switch {
	case q == nil || !q.Only || q.Other == "":
		return false
	case p.room != nil:
		return true
	case p.player != nil:
		return s.rtp.facing == nil
	case p.peer == nil || p.hearsRelay:
		return false
	}
	theirs := p.peer.sees()
	return p.peer.rtp == nil || theirs != nil && !theirs.takes(q.Other)
}

// guess is how long a packet of a codec that we do not speak is taken to be, in
// samples of engine time: what follows it is at least so much later.
const guess = narrow

// clock is the rate at which the party's timestamps count, Hz.
func (p *Params) clock() int64 {
	_, rate, _ := strings.Cut(p.Other, "/")
	rate, _, _ = strings.Cut(rate, "/")
	if n, err := strconv.ParseUint(rate, 10, 18); err == nil && n >= 1000 {
		return int64(n)
	}
	return hal.Rate
}

// count lets the party be sent timestamps of a clock rate. Another one than before
// needs another source, and the old one says farewell (RFC 7160 4.1). Control is held.
func (r *session) count(s *Stream, clock int64) {
	o := &r.out
	o.mu.Lock()
	changed, spoken := clock != o.clock, o.sent
	o.mu.Unlock()
	if !changed {
		return
	}
	if spoken {
		r.bye(s)
	}
	o.mu.Lock()
	o.begin(clock)
	r.packetsBefore, r.octetsBefore = r.packetsOut.Load(), r.octetsOut.Load()
	o.mu.Unlock()
}

// relayOther forwards a packet of a codec that we do not speak.
func (s *Stream) relayOther(pk *rtp.Packet, p *Params, now int64) {
	plan := s.plan.Load()
	if !plan.saysRelay || len(pk.Payload) > maxPacket-headerSize {
		return
	}
	q := plan.peer.rtp.params.Load()
	to, ok := plan.peer.rtp.destination(q)
	if !ok || q.Other != p.Other { // it has just changed
		return
	}
	b := s.rtp.scratch[:headerSize+len(pk.Payload)]
	copy(b[headerSize:], pk.Payload)
	plan.peer.forward(s, pk, guess, b, q, q.PayloadType, to, now)
}
