package media

import (
	"math/rand/v2"
	"sync"

	"github.com/pasokh/pasokh/hal"
)

// relayJump is how far a relayed timestamp may be from what our own clock
// expects before the offset is made anew: one second of samples.
const relayJump = 8000

// sender numbers what one party is sent. Prompts, music, the other party's
// packets and silence follow each other in it with one SSRC, sequence numbers
// that rise by one and timestamps that never go back, so that a phone hears one
// continuous source whatever happens behind (RFC 3550 5.1). Only another clock rate
// makes another source (RFC 7160 4.1).
type sender struct {
	mu    sync.Mutex
	ssrc  uint32
	first uint16 // sequence number of the source's first packet
	clock int64  // of the timestamps, Hz
	seq   uint16 // of the next packet
	ts    uint32 // of the next packet
	last  uint32 // of the newest packet of sound
	due   int64  // engine time at which it should go out
	sent  bool

	// While packets of another party are relayed:
	anchor  *plan  // the plan under which the offsets hold
	from    uint32 // SSRC of the relayed packets
	span    int    // numbers used since the anchor
	seqDiff uint16
	tsDiff  uint32
}

// stamp is a packet's place in what is sent.
type stamp struct {
	ssrc   uint32
	seq    uint16
	ts     uint32
	marker bool // first after a pause (RFC 3551 4.1)
}

// begin makes o a new source whose timestamps count at clock Hz. Its first number is
// of the lower half: a party that misses the first packets of SRTP must not miss a
// roll-over too (RFC 4568 6.4).
func (o *sender) begin(clock int64) {
	o.ssrc, o.ts, o.clock = rand.Uint32(), rand.Uint32(), clock
	o.first = uint16(rand.Uint32() >> 17)
	o.seq, o.sent, o.anchor = o.first, false, nil
}

// units is how much the timestamps rise in n samples of engine time.
func (o *sender) units(n int64) uint32 { return uint32(n * o.clock / hal.Rate) }

// next is the place of a packet of n samples made by ourselves at engine time now.
func (o *sender) next(now int64, n int) stamp {
	late := now - o.due
	st := stamp{marker: !o.sent}
	if !o.sent {
		o.due = now
	} else if late > int64(n)+2*int64(len(frame{})) { // nothing was sent for a while: time went on
		o.ts += o.units(late)
		o.due = now
		st.marker = true
	}
	st.ssrc, st.seq, st.ts = o.ssrc, o.seq, o.ts
	o.last = o.ts
	o.seq++
	o.ts += o.units(int64(n))
	o.due += int64(n)
	o.sent = true
	return st
}

// skip lets n samples of time pass in which no sound is sent.
func (o *sender) skip(n int) {
	o.ts += o.units(int64(n))
	o.due += int64(n)
}

// restart lets what is relayed from now on have its numbers anew.
func (o *sender) restart() {
	o.mu.Lock()
	o.anchor = nil
	o.mu.Unlock()
}

// omit leaves out the next packet that is relayed: its number goes to the one after
// it, so that nobody takes it for lost.
func (o *sender) omit() { o.seqDiff-- }

// relay is the place of another party's packet of n samples of engine time, 0 for a key. Gaps
// and order of its numbers are kept: loss must look like loss. It reports false
// for a packet from before the relay began.
func (o *sender) relay(p *plan, ssrc uint32, seq uint16, ts uint32, n int, now int64) (stamp, bool) {
	ahead := int(int16(seq + o.seqDiff - o.seq))
	jump, limit := int32(ts+o.tsDiff-o.ts-o.units(now-o.due)), int32(o.units(relayJump))
	back := ahead >= 0 && int32(ts+o.tsDiff-o.last) < 0
	switch {
	case o.anchor != p || o.from != ssrc || ahead > maxDropout || ahead < -maxMisorder,
		n > 0 && (jump > limit || jump < -limit || back):
		st := o.next(now, n)
		st.marker = true
		o.anchor, o.from, o.span = p, ssrc, 1
		o.seqDiff, o.tsDiff = st.seq-seq, st.ts-ts
		return st, true
	case -ahead > o.span:
		return stamp{}, false
	}
	st := stamp{ssrc: o.ssrc, seq: seq + o.seqDiff, ts: ts + o.tsDiff}
	if ahead >= 0 {
		o.seq = st.seq + 1
		o.span = min(o.span+ahead+1, maxMisorder)
		if end := st.ts + o.units(int64(n)); n > 0 {
			o.last = st.ts
			if int32(end-o.ts) >= 0 {
				o.ts, o.due = end, now+int64(n)
			}
		}
	}
	return st, true
}
