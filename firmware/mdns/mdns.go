// Package mdns has people find the box on its link without knowing its address: it is
// called NAME.local there (multicast DNS, RFC 6762), and its page is among the services
// that they can browse (RFC 6763).
//
// A Beacon owns one goroutine (Run). It asks whether the name is taken, takes the next one
// if so (pasokh-2.local), announces it, answers for it and takes its leave. When the
// addresses of the box change it begins again, because the sockets are of the interfaces
// that there were.
package mdns

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/brutella/dnssd"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Options are what is announced.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger
	Name  string // of the host, without .local
	Title string // of the page, for who browses
	Port  int    // of the page
	TLS   bool   // it is asked for by https
}

const (
	look  = 5 * time.Second  // between two looks at the addresses
	retry = 30 * time.Second // on a network that refuses
)

// Beacon is the box on its link.
type Beacon struct {
	opts Options
	host atomic.Pointer[string]
}

// New makes a beacon, which is dark before Run.
func New(o Options) *Beacon { return &Beacon{opts: o} }

// Host is what the box is called on its link, as "pasokh-2.local"; empty while it has no
// name there.
func (b *Beacon) Host() string {
	if h := b.host.Load(); h != nil {
		return *h
	}
	return ""
}

// Run announces the box until ctx ends.
func (b *Beacon) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		were := links()
		same, other := context.WithCancel(ctx)
		go b.watch(same, other, were)
		if len(were) > 0 {
			if err := b.shine(same); same.Err() == nil {
				b.opts.Log.Warn("the box has no name on its network", "error", err)
			}
			b.host.Store(nil)
		}
		b.opts.Clock.Sleep(same, b.opts.Clock.Now().Add(retry))
		other()
	}
	return nil
}

// watch tells when the addresses are others than they were.
func (b *Beacon) watch(ctx context.Context, other func(), were []string) {
	for b.opts.Clock.Sleep(ctx, b.opts.Clock.Now().Add(look)) {
		if !slices.Equal(links(), were) {
			other()
		}
	}
}

// shine announces the box and answers for it until ctx ends.
func (b *Beacon) shine(ctx context.Context) error {
	kind := "_http._tcp"
	if b.opts.TLS {
		kind = "_https._tcp"
	}
	service, err := dnssd.NewService(dnssd.Config{Name: b.opts.Title, Type: kind, Host: b.opts.Name, Port: b.opts.Port})
	if err != nil {
		return fmt.Errorf("announce %s: %w", b.opts.Name, err)
	}
	if service, err = dnssd.ProbeService(ctx, service); err != nil {
		return fmt.Errorf("ask for %s.local: %w", b.opts.Name, err)
	}
	answers, err := dnssd.NewResponder()
	if err != nil {
		return fmt.Errorf("listen for questions: %w", err)
	}
	if _, err := answers.Add(service); err != nil {
		return fmt.Errorf("announce %s: %w", service.Host, err)
	}
	host := service.Host + ".local"
	b.host.Store(&host)
	b.opts.Log.Info("named on the network", "host", host)
	return answers.Respond(ctx)
}

// links are the interfaces that carry multicast, with their addresses.
func links() (list []string) {
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	const needs = net.FlagUp | net.FlagMulticast
	for _, i := range all {
		addrs, err := i.Addrs()
		if err != nil || i.Flags&needs != needs || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		var has []string
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && !p.Addr().IsLinkLocalMulticast() {
				has = append(has, p.Addr().String())
			}
		}
		if len(has) > 0 {
			slices.Sort(has)
			list = append(list, i.Name+" "+strings.Join(has, " "))
		}
	}
	slices.Sort(list)
	return list
}
