package trunk

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/sip/locate"
)

// How soon a server is looked up again.
const (
	seekSoonest = 5 * time.Second
	seekAgain   = 30 * time.Second // after a failure
)

// seek keeps the addresses of the trunk's i-th server up to date. When it is not
// found the last addresses stay: a name server that is gone, or lies, does not take
// the trunk with it. looked is called once it has been looked up, or was not found.
func (t *Trunk) seek(ctx context.Context, i int, at config.HostPort, all *sync.WaitGroup, looked func()) {
	defer looked()
	q := locate.Query{Host: at.Host, Port: at.Port, Transport: string(t.Config.Transport)}
	if t.Config.Transport == config.Auto {
		q.Transport = ""
	}
	clock := t.set.opts.Clock
	problem := "trunk-name/" + t.Config.Name + "/" + at.Host
	defer t.set.opts.Clear(problem)
	for ctx.Err() == nil {
		r, err := t.set.opts.Find(ctx, q)
		if ctx.Err() != nil {
			return
		}
		next := clock.Now().Add(seekAgain)
		if err == nil {
			t.settle(ctx, i, at.Host, r.Targets, all)
			next = r.Until
			if r.Stale != nil {
				t.set.opts.Raise(problem, t.Config.Name+": "+r.Stale.Error())
			} else {
				t.set.opts.Clear(problem)
			}
		} else {
			t.log.Warn("trunk server not found", "server", at.Host, "error", err)
			t.lost(fmt.Errorf("find %s: %w", at.Host, err))
		}
		looked()
		if next.IsZero() {
			return
		}
		if soonest := clock.Now().Add(seekSoonest); next.Before(soonest) {
			next = soonest
		}
		clock.Sleep(ctx, next)
	}
}

// lost: a server was not found.
func (t *Trunk) lost(why error) {
	t.mu.Lock()
	if len(t.hops()) == 0 {
		t.unfound = why
	}
	t.mu.Unlock()
	t.judge()
}

// settle makes targets the addresses of the i-th server. Those that stay keep what
// is known of them, and their order if they are the same.
func (t *Trunk) settle(ctx context.Context, i int, name string, targets []locate.Target, all *sync.WaitGroup) {
	t.mu.Lock()
	old := t.found[i]
	known := func(target locate.Target) int {
		return slices.IndexFunc(old, func(h *hop) bool { return h.target == target })
	}
	if len(targets) == len(old) && !slices.ContainsFunc(targets, func(x locate.Target) bool { return known(x) < 0 }) {
		t.mu.Unlock()
		return
	}
	t.found[i], t.unfound = nil, nil
	var added []*hop
	before := t.home
	for _, target := range targets {
		if j := known(target); j >= 0 {
			t.found[i] = append(t.found[i], old[j])
			old = slices.Delete(old, j, j+1)
			continue
		}
		h := &hop{name: net.JoinHostPort(target.Host, strconv.Itoa(int(target.Addr.Port()))), target: target,
			proof: t.proof(name), refused: make(chan struct{})}
		t.found[i], added = append(t.found[i], h), append(added, h)
	}
	for _, h := range old {
		h.stop()
		if h == t.home {
			t.home = nil
		}
	}
	for _, h := range added {
		life, stop := context.WithCancel(ctx)
		h.stop = stop
		all.Go(func() { t.watch(life, h) })
	}
	news := t.home == nil && before != nil || slices.ContainsFunc(added, t.wants)
	t.mu.Unlock()
	t.log.Info("trunk server found", "server", name, "at", strings.Join(names(targets), " "))
	if news {
		t.wake()
	}
	t.judge()
}

func names(targets []locate.Target) []string {
	var list []string
	for _, x := range targets {
		list = append(list, x.Transport+":"+x.Addr.String())
	}
	return list
}
