package locate

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Bounds of what is taken from the DNS for one query.
const (
	maxHosts   = 8 // of one SRV name
	maxTargets = 16
)

// Options are what a Locator needs.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	// Servers are the name servers to ask, "host:port", in order; when it gives
	// none, those of /etc/resolv.conf.
	Servers func() []string
	// Timeout is how long one name server may take to answer; 0: 2 s.
	Timeout time.Duration
}

// Transports of SIP, as queries and targets name them.
const (
	UDP = "udp"
	TCP = "tcp"
	TLS = "tls"
)

// Query is a server as the configuration names it.
type Query struct {
	Host      string // a name or an address
	Port      uint16 // 0: not said
	Transport string // "": what NAPTR and SRV prefer, else UDP
}

// Target is one address to send to.
type Target struct {
	Host      string // that has the address: Query's, or one that SRV names
	Addr      netip.AddrPort
	Transport string
}

// Result is where a server is.
type Result struct {
	Targets []Target  // in the order in which to try them, at least one
	Until   time.Time // to be looked up again then; the zero Time: never
	Stale   error     // why a part of it is out of date, nil if nothing is
}

// Locator finds servers.
type Locator struct {
	opts  Options
	cache cache
}

// New makes a Locator that knows nothing.
func New(o Options) *Locator {
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	return &Locator{opts: o, cache: cache{entries: make(map[question]*entry)}}
}

// Find finds a server. It takes as long as ctx lets it, and 10 s at most.
func (l *Locator) Find(ctx context.Context, q Query) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if a, err := netip.ParseAddr(q.Host); err == nil {
		t := cmp.Or(q.Transport, UDP)
		return Result{Targets: []Target{{q.Host, netip.AddrPortFrom(a.Unmap(), cmp.Or(q.Port, port(t))), t}}}, nil
	}
	f := &finding{Locator: l, ctx: ctx}
	var err error
	for _, s := range f.services(q) {
		if err = f.service(s); err == nil && len(f.targets) > 0 {
			break
		}
	}
	if len(f.targets) == 0 && err == nil {
		t := cmp.Or(q.Transport, UDP)
		err = f.host(q.Host, cmp.Or(q.Port, port(t)), t)
	}
	if len(f.targets) == 0 {
		return Result{}, cmp.Or(err, error(&missing{q.Host}))
	}
	return Result{f.targets, f.until, f.stale}, nil
}

type missing struct{ name string }

func (e *missing) Error() string { return e.name + " has no address" }

func port(transport string) uint16 {
	if transport == TLS {
		return 5061
	}
	return 5060
}

// finding is one query on its way.
type finding struct {
	*Locator
	ctx     context.Context
	targets []Target
	until   time.Time
	stale   error
}

// service is an SRV name and the transport that it stands for.
type service struct{ name, transport string }

// services are the SRV names to ask for, in order (RFC 3263 4.1, 4.2).
func (f *finding) services(q Query) []service {
	names := map[string]string{UDP: "_sip._udp.", TCP: "_sip._tcp.", TLS: "_sips._tcp."}
	switch {
	case q.Port != 0:
		return nil
	case q.Transport != "":
		return []service{{names[q.Transport] + q.Host, q.Transport}}
	}
	var list []service
	if rr, err := f.ask(q.Host, typeNAPTR); err == nil {
		for _, n := range sortNAPTR(rr) {
			list = append(list, service{n.replacement, n.transport()})
		}
	}
	if list == nil {
		for _, t := range []string{UDP, TCP, TLS} {
			list = append(list, service{names[t] + q.Host, t})
		}
	}
	return list
}

func sortNAPTR(rr []record) []naptr {
	var list []naptr
	for _, r := range rr {
		if n := r.naptr; n.transport() != "" && strings.EqualFold(n.flags, "s") && n.replacement != "" {
			list = append(list, n)
		}
	}
	slices.SortStableFunc(list, func(a, b naptr) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.preference, b.preference))
	})
	return list
}

// service adds the hosts of an SRV name. One that the name servers cannot tell us
// of is as good as none: there are those that know nothing but addresses.
func (f *finding) service(s service) error {
	rr, err := f.ask(s.name, typeSRV)
	if err != nil || len(rr) == 0 {
		return nil
	}
	if len(rr) == 1 && rr[0].srv.target == "." {
		return fmt.Errorf("%s: the service is not offered", s.name) // RFC 2782
	}
	for _, r := range shuffled(rr, rand.IntN)[:min(len(rr), maxHosts)] {
		if hostErr := f.host(strings.TrimSuffix(r.srv.target, "."), r.srv.port, s.transport); hostErr != nil {
			err = hostErr // of the last; the others may do
		}
	}
	if len(f.targets) > 0 {
		return nil
	}
	return err
}

// host adds the addresses of a host: of IPv4, and where there are none of IPv6.
func (f *finding) host(name string, port uint16, transport string) error {
	addrs, failed := hostsFile(name), error(nil)
	if addrs == nil {
		for _, t := range []recordType{typeA, typeAAAA} {
			rr, err := f.ask(name, t)
			failed = cmp.Or(failed, err) // the other may be known from before
			for _, r := range rr {
				addrs = append(addrs, r.addr)
			}
			if addrs != nil {
				break
			}
		}
	}
	if addrs == nil {
		return cmp.Or(failed, error(&missing{name}))
	}
	for _, a := range addrs {
		if t := (Target{name, netip.AddrPortFrom(a, port), transport}); len(f.targets) < maxTargets && !slices.Contains(f.targets, t) {
			f.targets = append(f.targets, t)
		}
	}
	return nil
}

// ask gives the records of a name, fresh or from the cache.
func (f *finding) ask(name string, t recordType) ([]record, error) {
	q := question{strings.ToLower(strings.TrimSuffix(name, ".")) + ".", t}
	e := f.lookup(f.ctx, q)
	if e.failure == nil && (f.until.IsZero() || e.asked.Before(f.until)) {
		f.until = e.asked
	}
	if e.stale != nil {
		f.stale = fmt.Errorf("%s: %w", strings.TrimSuffix(q.name, "."), e.stale)
	}
	return e.records, e.failure
}

// shuffled orders the records of an SRV name: by priority, and within one at
// random, the heavier the likelier first (RFC 2782).
func shuffled(rr []record, intn func(int) int) []record {
	rr = slices.Clone(rr)
	slices.SortStableFunc(rr, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.srv.priority, b.srv.priority), cmp.Compare(a.srv.weight, b.srv.weight))
	})
	for i := range rr {
		sum, end := 0, i
		for end < len(rr) && rr[end].srv.priority == rr[i].srv.priority {
			sum += int(rr[end].srv.weight)
			end++
		}
		pick, at := intn(sum+1), i
		for at < end-1 && pick > int(rr[at].srv.weight) {
			pick -= int(rr[at].srv.weight)
			at++
		}
		chosen := rr[at]
		rr = slices.Insert(slices.Delete(rr, at, at+1), i, chosen)
	}
	return rr
}
