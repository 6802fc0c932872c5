package media

import (
	"sync/atomic"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/call"
)

// Room mixes parties: each hears all others. What is in it besides its member
// count and announcement is the tick's.
type Room struct {
	engine   *Engine
	members  atomic.Int32
	announce atomic.Pointer[player]

	tick int64 // engine time of the mix
	mix  [hal.FrameSamples]int32
}

// NewRoom makes an empty room.
func (e *Engine) NewRoom() call.Room { return &Room{engine: e} }

// Members is how many parties are in the room.
func (r *Room) Members() int { return int(r.members.Load()) }

// Announce plays a program to everybody in the room, over what they say. It
// replaces the one before it.
func (r *Room) Announce(p call.Program) {
	r.announce.Store(newPlayer(0, p, r.engine.library, r.engine.opts.Log))
}

// add mixes a member in, nil for one that is silent. The first of a tick begins
// the mix with the announcement.
func (r *Room) add(now int64, f *frame) {
	if r.tick != now {
		r.tick = now
		r.mix = [hal.FrameSamples]int32{}
		r.begin(now)
	}
	if f != nil {
		for i, x := range f {
			r.mix[i] += int32(x)
		}
	}
}

func (r *Room) begin(now int64) {
	p := r.announce.Load()
	if p == nil {
		return
	}
	var (
		bytes [hal.FrameSamples]byte
		pcm   frame
	)
	n := p.fill(bytes[:], linearCodec, now)
	if p.ended() {
		r.announce.CompareAndSwap(p, nil)
	}
	linearCodec.decode(pcm[:], bytes[:n])
	for i, x := range pcm[:n] {
		r.mix[i] = int32(x)
	}
}

// without is the mix for a member: all but what it said itself, nil for nothing.
func (r *Room) without(own *frame, out *frame) {
	for i, x := range r.mix {
		if own != nil {
			x -= int32(own[i])
		}
		out[i] = int16(min(max(x, -32768), 32767))
	}
}
