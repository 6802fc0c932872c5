package trunk

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Trunk is one trunk and what is known of its servers.
type Trunk struct {
	Config   config.Trunk // read-only
	set      *Set
	log      *slog.Logger
	prefixes []netip.Prefix
	callID   string // of all our registrations
	stop     context.CancelFunc
	kick     chan struct{} // ends the pause between registrations

	mu      sync.Mutex
	seq     uint32
	hops    []*hop
	home    *hop // registered with; nil: not
	expires time.Time
	trouble string // why it is not registered
	refused bool   // and that trying again at once is of no use
	state   State
	since   time.Time
}

// hop is one server of a trunk.
type hop struct {
	name   string         // host:port, as configured
	addr   netip.AddrPort // found last; stale is better than none
	asked  bool           // whether it is there
	misses int            // questions without an answer, in a row
}

func (s *Set) newTrunk(c config.Trunk) *Trunk {
	t := &Trunk{Config: c, set: s, log: s.opts.Log.With("trunk", c.Name), prefixes: c.Prefixes(), callID: rand.Text(),
		kick: make(chan struct{}, 1), state: Starting, since: s.opts.Clock.Now()}
	for _, name := range c.Hops() {
		t.hops = append(t.hops, &hop{name: name})
	}
	return t
}

func (t *Trunk) run(ctx context.Context) {
	var all sync.WaitGroup
	for _, h := range t.hops {
		all.Go(func() { t.watch(ctx, h) })
	}
	if t.Config.Register {
		all.Go(func() { t.keepRegistered(ctx) })
	}
	t.judge()
	all.Wait()
}

// alive tells whether a server can be used, as far as is known.
func (h *hop) alive() bool { return h.addr.IsValid() && h.misses < deadAfter }

// Hop is a server to call through.
type Hop struct {
	Name string // host:port
	Flow dialog.Flow
}

// Hops are the trunk's servers in the order in which to try them: where it is
// registered, then those that are there, then the others.
func (t *Trunk) Hops() []Hop {
	t.mu.Lock()
	defer t.mu.Unlock()
	rank := func(h *hop) int {
		switch {
		case h == t.home:
			return 0
		case h.alive():
			return 1
		}
		return 2
	}
	sorted := slices.SortedStableFunc(slices.Values(t.hops), func(a, b *hop) int { return rank(a) - rank(b) })
	var list []Hop
	for _, h := range sorted {
		if h.addr.IsValid() {
			list = append(list, Hop{h.name, t.flow(h)})
		}
	}
	return list
}

// flow is the way to a server. With TLS its name must stay: the certificate is
// checked against it.
func (t *Trunk) flow(h *hop) dialog.Flow {
	f := dialog.Flow{Network: strings.ToUpper(string(t.Config.Transport)), Addr: h.addr.String()}
	if t.Config.Transport == config.TLS {
		f.Addr = h.name
	}
	return f
}

// lets tells whether calls from an address are the trunk's: it is where the trunk
// is registered, or one of its sources.
func (t *Trunk) lets(at netip.AddrPort) bool {
	for _, p := range t.prefixes {
		if p.Contains(at.Addr()) {
			return true
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.home != nil && t.home.addr == at
}

// Has tells whether an address is one of the trunk's servers or sources.
func (t *Trunk) Has(ip netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.prefixes, func(p netip.Prefix) bool { return p.Contains(ip) }) ||
		slices.ContainsFunc(t.hops, func(h *hop) bool { return h.addr.Addr() == ip })
}

func (t *Trunk) problem() string { return "trunk-down/" + t.Config.Name }

// judge draws the trunk's state from what is known and tells when it changed.
func (t *Trunk) judge() {
	t.mu.Lock()
	state, detail := t.verdict()
	changed := state != t.state
	if changed {
		t.state, t.since = state, t.set.opts.Clock.Now()
	}
	t.mu.Unlock()
	switch state {
	case Down:
		t.set.opts.Raise(t.problem(), t.Config.Name+": "+detail)
	case Up:
		t.set.opts.Clear(t.problem())
	}
	if changed {
		t.log.Info("trunk changed", "state", state, "detail", detail)
	}
	t.set.opts.News.Publish(event.Trunks)
}

// verdict is the state and, when it is Down, why. mu is held.
func (t *Trunk) verdict() (State, string) {
	asked, alive := len(t.hops) == 0, len(t.hops) == 0
	for _, h := range t.hops {
		asked = asked || h.asked
		alive = alive || h.asked && h.alive()
	}
	switch {
	case t.home != nil:
		return Up, ""
	case t.trouble != "":
		return Down, t.trouble
	case t.Config.Register || !asked:
		return Starting, ""
	case !alive:
		return Down, "no server answers"
	}
	return Up, ""
}

func (t *Trunk) status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, detail := t.verdict()
	st := Status{Name: t.Config.Name, State: t.state, Detail: detail, Since: t.since, Most: t.Config.MaxCalls}
	for _, h := range t.hops {
		if st.Server == "" && h.alive() {
			st.Server = h.name
		}
	}
	if t.home != nil {
		st.Server, st.Expires = t.home.name, t.expires
	}
	return st
}
