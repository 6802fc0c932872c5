package trunk

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
)

// Trunk is one trunk and what is known of its servers.
type Trunk struct {
	Config   config.Trunk // read-only
	set      *Set
	log      *slog.Logger
	prefixes []netip.Prefix
	callID   string // of all our registrations
	stop     context.CancelFunc
	after    []<-chan struct{} // closed when those that it replaces have gone
	gone     chan struct{}     // closed when it has gone itself
	kick     chan struct{}     // ends the pause between registrations

	mu      sync.Mutex
	seq     uint32
	found   [][]*hop // the addresses of each server of the configuration
	unfound error    // why there are none
	home    *hop     // registered with; nil: not
	expires time.Time
	trouble error  // why it is not registered
	refused bool   // and that trying again at once is of no use
	realm   string // that took the password
	problem string // on the board of health
	state   State
	since   time.Time
}

func (s *Set) newTrunk(c config.Trunk) *Trunk {
	return &Trunk{Config: c, set: s, log: s.opts.Log.With("trunk", c.Name), prefixes: c.Prefixes(), callID: rand.Text(),
		gone: make(chan struct{}), kick: make(chan struct{}, 1), found: make([][]*hop, len(c.Hops())),
		state: Starting, since: s.opts.Clock.Now()}
}

// run keeps the trunk until ctx ends, then takes its registration back.
func (t *Trunk) run(ctx context.Context) {
	defer close(t.gone)
	for _, other := range t.after {
		<-other
	}
	var all, looked sync.WaitGroup
	for i, at := range t.Config.Hops() {
		looked.Add(1)
		all.Go(func() { t.seek(ctx, i, at, &all, sync.OnceFunc(looked.Done)) })
	}
	if t.Config.Register {
		all.Go(func() {
			looked.Wait() // so that the first that is there is the first to be tried
			t.keepRegistered(ctx)
		})
	}
	t.judge()
	all.Wait()
	t.unregister()
	if t.problem != "" {
		t.set.opts.Clear(t.problem)
	}
}

// lets tells whether calls from an address are the trunk's: it is one of its
// sources, or one of its servers while the trunk is registered. A server that
// connects to us may do so from any port.
func (t *Trunk) lets(at netip.AddrPort, network string) bool {
	for _, p := range t.prefixes {
		if p.Contains(at.Addr()) {
			return true
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.home != nil && slices.ContainsFunc(t.hops(), func(h *hop) bool {
		return h.target.Addr == at || network != "UDP" && h.flow().Network == network && h.target.Addr.Addr() == at.Addr()
	})
}

// Has tells whether an address is one of the trunk's servers or sources.
func (t *Trunk) Has(ip netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(t.prefixes, func(p netip.Prefix) bool { return p.Contains(ip) }) ||
		slices.ContainsFunc(t.hops(), func(h *hop) bool { return h.target.Addr.Addr() == ip })
}

// judge draws the trunk's state from what is known and tells when it changed.
func (t *Trunk) judge() {
	t.mu.Lock()
	state, why := t.verdict()
	changed := state != t.state
	if changed {
		t.state, t.since = state, t.set.opts.Clock.Now()
	}
	problem, before := "", t.problem
	if state == Down {
		problem = "trunk-down/" + t.Config.Name
		if _, ok := errors.AsType[*untrusted](why); ok {
			problem = "trunk-certificate/" + t.Config.Name
		}
	} else if state == Starting {
		problem = before
	}
	t.problem = problem
	t.mu.Unlock()
	if before != "" && before != problem {
		t.set.opts.Clear(before)
	}
	if state == Down {
		t.set.opts.Raise(problem, t.Config.Name+": "+why.Error())
	}
	if changed {
		t.log.Info("trunk changed", "state", state, "why", why)
	}
	t.set.opts.News.Publish(event.Trunks)
}

var errSilent = errors.New("no server answers")

// verdict is the state and, when it is Down, why. mu is held.
func (t *Trunk) verdict() (State, error) {
	hops := t.hops()
	asked, alive := len(t.found) == 0, len(t.found) == 0
	why := t.unfound
	for _, h := range hops {
		asked = asked || h.asked
		alive = alive || h.asked && h.alive()
		if why == nil {
			why = h.why
		}
	}
	switch {
	case t.home != nil:
		return Up, nil
	case t.trouble != nil:
		return Down, t.trouble
	case len(hops) == 0 && t.unfound != nil:
		return Down, t.unfound
	case t.Config.Register || !asked:
		return Starting, nil
	case !alive:
		if _, ok := errors.AsType[*untrusted](why); !ok {
			why = errSilent
		}
		return Down, why
	}
	return Up, nil
}

func (t *Trunk) status() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, why := t.verdict()
	st := Status{Name: t.Config.Name, State: t.state, Since: t.since, Most: t.Config.MaxCalls}
	if why != nil {
		st.Detail = why.Error()
	}
	for _, h := range t.hops() {
		if st.Server == "" && h.alive() {
			st.Server = h.name
		}
	}
	if t.home != nil {
		st.Server, st.Expires = t.home.name, t.expires
	}
	return st
}
