package trunk

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/locate"
)

// How long a server that fails is barred.
const (
	shortestBar = 30 * time.Second
	longestBar  = 5 * time.Minute
)

// hop is one address of a server of the trunk.
type hop struct {
	name   string // host:port, for people
	target locate.Target
	proof  Proof
	stop   context.CancelFunc // ends the asking

	asked    bool  // whether it is there
	misses   int   // questions without an answer, in a row
	why      error // the last of them
	fails    int   // calls and registrations that failed, in a row
	barred   time.Time
	overload bool          // it said itself how long it is barred
	refused  chan struct{} // closed when the network says that nobody is there
}

// alive tells whether a server answers, as far as is known.
func (h *hop) alive() bool { return h.misses < deadAfter }

// flow is the way to a server.
func (h *hop) flow() dialog.Flow {
	return dialog.Flow{Network: strings.ToUpper(h.target.Transport), Addr: h.target.Addr.String()}
}

// bar keeps calls and registrations away from a server for a while: for as long as
// it wishes, within reason, or longer with each failure. mu is held.
func (h *hop) bar(now time.Time, wish time.Duration) {
	d := longestBar
	if h.fails < 4 {
		d = min(shortestBar<<h.fails, longestBar)
	}
	h.fails++
	h.overload = wish > 0
	h.barred = now.Add(max(d, min(wish, longestBar)))
}

// pardon lets a server be used at once. mu is held.
func (h *hop) pardon() { h.fails, h.barred, h.overload = 0, time.Time{}, false }

// Hop is a server to call through.
type Hop struct {
	Name  string // host:port
	Flow  dialog.Flow
	Proof Proof
	hop   *hop
}

// Hops are the trunk's servers in the order in which to try them: where it is
// registered, then those that are there, then the others. One that asked to be left
// in peace is none (RFC 3261 21.5.4).
func (t *Trunk) Hops() []Hop {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []Hop
	for _, h := range t.order(true) {
		if !h.overload || !t.isBarred(h) {
			list = append(list, Hop{h.name, h.flow(), h.proof, h})
		}
	}
	return list
}

// order is the order in which servers are tried. mu is held.
func (t *Trunk) order(homeFirst bool) []*hop {
	rank := func(h *hop) int {
		switch {
		case !h.alive() || t.isBarred(h):
			return 2
		case homeFirst && h == t.home:
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(t.hops()), func(a, b *hop) int { return rank(a) - rank(b) })
}

// hops are all servers in the order of the configuration. mu is held.
func (t *Trunk) hops() []*hop { return slices.Concat(t.found...) }

func (t *Trunk) isBarred(h *hop) bool { return t.set.opts.Clock.Now().Before(h.barred) }

// Heard takes what became of an INVITE to a server: its response, or nil when none
// came or it could not be sent.
func (t *Trunk) Heard(at Hop, l *Login, res *sip.Response) {
	if res != nil && res.StatusCode/100 == 2 {
		l.taken()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch h := at.hop; {
	case res == nil:
		h.bar(t.set.opts.Clock.Now(), 0)
	case res.StatusCode == 503:
		h.bar(t.set.opts.Clock.Now(), seconds(res, "Retry-After"))
	case res.StatusCode != 408:
		h.pardon()
	}
}

// Refused tells that the network found nobody at an address (ICMP). Whoever waits
// for an answer from there waits no more.
func (s *Set) Refused(at netip.AddrPort) {
	for _, t := range s.list() {
		t.mu.Lock()
		for _, h := range t.hops() {
			if h.target.Addr == at && h.target.Transport == locate.UDP {
				close(h.refused)
				h.refused = make(chan struct{})
			}
		}
		t.mu.Unlock()
	}
}
