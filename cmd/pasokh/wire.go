package main

import (
	"context"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/webui/api"
)

// wirePackets is what one capture of sound may hold: two legs, both directions, 50
// packets a second, for a minute.
const wirePackets = 2 * 2 * 50 * 60

// tapWire keeps the packets of legs for a while, or until ctx ends. One capture runs at a
// time: its memory is the bound.
func (b *box) tapWire(ctx context.Context, legs []call.LegID, last time.Duration) ([]trace.Message, error) {
	select {
	case b.wiring <- struct{}{}:
		defer func() { <-b.wiring }()
	default:
		return nil, api.ErrBusy
	}
	w := media.NewWire(wirePackets)
	for _, id := range legs {
		if s, ok := b.media.Leg(id); ok {
			s.SetWire(w)
			defer s.SetWire(nil)
		}
	}
	b.clock.Sleep(ctx, b.clock.Now().Add(last))
	for _, id := range legs {
		if s, ok := b.media.Leg(id); ok {
			s.SetWire(nil)
		}
	}
	list, more := w.Packets()
	if more {
		b.log.Warn("a capture of sound was full before its end", "packets", len(list))
	}
	var messages []trace.Message
	for _, p := range list {
		messages = append(messages, trace.Message{At: p.At, In: p.In, Network: "UDP", Local: p.Local, Peer: p.Peer, Text: p.Data})
	}
	return messages, nil
}
