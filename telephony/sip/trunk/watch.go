package trunk

import (
	"context"
	"slices"
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
// even one that refuses (RFC 3261 11.2); only 503 is not to be sent calls.
func (t *Trunk) watch(ctx context.Context, h *hop) {
	clock := t.set.opts.Clock
	for at := clock.Now(); ctx.Err() == nil; at = at.Add(askEvery) {
		if !clock.Sleep(ctx, at) {
			return
		}
		res, err := t.ask(ctx, h)
		if ctx.Err() != nil {
			return
		}
		t.mu.Lock()
		before := h.alive()
		h.asked, h.why = true, err
		switch {
		case err != nil:
			h.misses++
		case res.StatusCode == 503:
			h.misses = 0
			h.bar(clock.Now(), seconds(res, "Retry-After"))
		default:
			if h.misses >= deadAfter {
				h.pardon() // it was away and is back
			}
			h.misses = 0
		}
		after := h.alive()
		if !after && t.home == h {
			t.home, t.trouble = nil, err
		}
		again := before != after && t.wants(h)
		t.mu.Unlock()
		if before != after {
			t.log.Info("trunk server changed", "server", h.name, "alive", after, "error", err)
		}
		t.judge()
		if again {
			t.wake()
		}
	}
}

// wants tells whether news of a server is a reason to register anew: there is no
// registration, or one with a server that comes after it. mu is held.
func (t *Trunk) wants(h *hop) bool {
	if t.home == nil {
		return !t.refused
	}
	all := t.hops()
	return slices.Index(all, h) < slices.Index(all, t.home)
}

// wake ends the pause between registrations.
func (t *Trunk) wake() {
	select {
	case t.kick <- struct{}{}:
	default:
	}
}

func (t *Trunk) ask(ctx context.Context, h *hop) (*sip.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := t.connect(ctx, h); err != nil {
		return nil, err
	}
	req := t.request(sip.OPTIONS, h, sip.Uri{Scheme: "sip", Host: t.Config.Host()})
	req.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	return t.send(ctx, h, req)
}

// connect sees to it that there is a connection to a server. A provider that we are
// registered with knows us by the connection that was: it is told of the new one
// (RFC 5626 4.2).
func (t *Trunk) connect(ctx context.Context, h *hop) error {
	fresh, err := t.set.opts.Connect(ctx, h.flow(), h.proof)
	if err != nil {
		return plainly(h.proof.Name, err)
	}
	if fresh {
		t.mu.Lock()
		known := t.home == h
		t.mu.Unlock()
		if known {
			t.wake()
		}
	}
	return nil
}
