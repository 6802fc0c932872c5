package sip

import (
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// maxDialogs bounds the dialogs of the server, those included that are being
// wound up. The exchange's limit of calls comes long before.
const maxDialogs = 8192

// quietTime is how long nothing must have been shed or dropped before the board of
// problems forgets it.
const quietTime = 30 * time.Second

// overloadPause is how long those wait who are told that there is no room now.
const overloadPause = 5 * time.Second

// overloaded refuses a call beyond the number of new calls per second, and beyond
// the share of who makes it: an extension, whichever phone of it, or a trunk. A call for
// help is never too much.
func (s *Server) overloaded(who string, urgent bool, req *sip.Request, tx *sip.ServerTx) bool {
	most := s.opts.Config().SIP.MaxCallsPerSecond
	if s.dialogs.Len() < maxDialogs && (s.calls.Take(who, most) || urgent) {
		return false
	}
	s.Shed()
	s.respondOnce(tx, dialog.Reply(req, 503, retryAfter(overloadPause), dialog.Reason(call.Overload)))
	return true
}

// urgent tells whether an extension that calls an address calls for help.
func (s *Server) urgent(to *sip.Uri) bool {
	_, _, ok := s.opts.Config().Emergency(userOf(to))
	return ok
}

// Shed counts a call that was refused because there were too many, here or by
// whoever runs the calls.
func (s *Server) Shed() {
	s.turned.shed.Add(1)
	s.overload.ring()
}

func retryAfter(d time.Duration) sip.Header {
	return sip.NewHeader("Retry-After", strconv.Itoa(int((d+time.Second-1)/time.Second)))
}

// How long a goroutine may wait for a processor before the box is behind with its
// work, and how many new calls in a second it takes then: that many it can do.
const (
	mostWait  = 20 * time.Millisecond
	fewCalls  = 20
	freshWait = 100 * time.Millisecond // what was measured before that says nothing any more
)

// queueing measures how long a goroutine waits for a processor: everything that the
// box does for a call begins with one. It is asked at every INVITE.
type queueing struct {
	clock clock.Clock

	mu       sync.Mutex
	begun    time.Time     // of the measurement under way; zero: none
	wait     time.Duration // what the last came to
	measured time.Time
}

func (q *queueing) time() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.clock.Now()
	wait := time.Duration(0)
	if now.Sub(q.measured) < freshWait {
		wait = q.wait
	}
	if !q.begun.IsZero() {
		return max(wait, now.Sub(q.begun))
	}
	q.begun = now
	go q.measure()
	return wait
}

func (q *queueing) measure() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.measured = q.clock.Now()
	q.wait, q.begun = q.measured.Sub(q.begun), time.Time{}
}

// behind tells whether a new call is too much now: running calls come first, and
// those for help.
func (s *Server) behind(m *wire.Message) bool {
	if s.queueing.time() <= mostWait || s.few.Take(fewCalls, fewCalls) {
		return false
	}
	var to sip.Uri
	return sip.ParseUri(m.Target(), &to) != nil || !s.urgent(&to)
}

// spoken tells whether a source whose requests are too many is told so: one that is
// trusted or was let in before. Others hear nothing.
func (s *Server) spoken(ip netip.Addr) bool {
	return (s.trusted(ip) || s.rates.Known(ip)) && !s.bans.Banned(ip)
}
