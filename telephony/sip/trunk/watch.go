package trunk

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/emiago/sipgo/sip"
)

// How servers are watched.
const (
	askEvery  = 15 * time.Second
	askTime   = 4 * time.Second // for the answer
	deadAfter = 2               // questions without an answer
)

// watch asks a server every askEvery whether it is there. Every answer is a yes,
// even one that refuses (RFC 3261 11.2).
func (t *Trunk) watch(ctx context.Context, h *hop) {
	clock := t.set.opts.Clock
	for at := clock.Now(); ctx.Err() == nil; at = at.Add(askEvery) {
		if !clock.Sleep(ctx, at) {
			return
		}
		err := t.ask(ctx, h)
		if ctx.Err() != nil {
			return
		}
		t.mu.Lock()
		before := h.alive()
		h.asked = true
		if err == nil {
			h.misses = 0
		} else {
			h.misses++
		}
		after := h.alive()
		lost := before && !after && t.home == h
		if lost {
			t.home, t.trouble = nil, h.name+" does not answer"
		}
		again := lost || !before && after && t.home == nil && !t.refused
		t.mu.Unlock()
		if before != after {
			t.log.Info("trunk server changed", "server", h.name, "alive", after, "error", err)
		}
		t.judge()
		if again {
			select {
			case t.kick <- struct{}{}:
			default:
			}
		}
	}
}

func (t *Trunk) ask(ctx context.Context, h *hop) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := t.resolve(ctx, h); err != nil {
		return err
	}
	req := t.request(sip.OPTIONS, h, sip.Uri{Scheme: "sip", Host: t.Config.Host()})
	req.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	_, err := t.send(ctx, req)
	return err
}

// resolve finds a server's address. When that fails the last one is kept: a name
// server that is gone does not take the trunk with it.
func (t *Trunk) resolve(ctx context.Context, h *hop) error {
	host, port, err := sip.ParseAddr(h.name)
	if err != nil {
		return fmt.Errorf("server %s: %w", h.name, err)
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		addr, err = t.set.opts.Resolve(ctx, host)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err == nil:
		h.addr = netip.AddrPortFrom(addr.Unmap(), uint16(port))
	case !h.addr.IsValid():
		return fmt.Errorf("find %s: %w", host, err)
	}
	return nil
}
