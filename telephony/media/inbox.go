package media

import (
	"math"
	"sync/atomic"

	"github.com/pasokh/pasokh/telephony/media/g722"
	"github.com/pasokh/pasokh/telephony/media/jitter"
)

// inbox is the jitter buffer of a party's codec, or of both laws.
type inbox struct {
	*jitter.Buffer
	band band
}

func newInbox(c Codec) *inbox {
	if c.wide() {
		return &inbox{jitter.New(g722.Rate, g722.NewDecoder()), wideBand}
	}
	return &inbox{jitter.New(8000, &laws[PCMU], &laws[PCMA]), narrowBand}
}

// put takes the sound of a packet; one of the other band is nothing for this box.
func (in *inbox) put(ts uint32, c Codec, payload []byte) {
	switch {
	case c.band() != in.band:
	case c.wide():
		in.Put(ts, 0, payload)
	default:
		in.Put(ts, int(c), payload)
	}
}

// inbox is the buffer for the codec that was agreed, nil before that. It is made when
// the tick first wants it: most calls are only ever relayed.
func (r *session) inbox() *inbox {
	p, in := r.params.Load(), r.in.Load()
	if p != nil && (in == nil || in.band != p.Codec.band()) {
		in = newInbox(p.Codec)
		r.wanted.Store(false)
		r.in.Store(in)
	}
	return in
}

// heardStats are those of the jitter buffer in use.
func (r *session) heardStats() jitter.Stats {
	if in := r.in.Load(); in != nil {
		return in.Stats()
	}
	return jitter.Stats{}
}

// noise is the comfort noise that a party asks for while it is silent (RFC 3389): of
// one level, without its spectrum, which that RFC leaves open.
type noise struct {
	level atomic.Int32 // amplitude, 0: none
	seed  uint32       // the tick's
}

// set takes the payload of a packet: the level in -dBov, 0 to 127.
func (n *noise) set(payload []byte) {
	if len(payload) > 0 {
		n.level.Store(int32(32768 * math.Sqrt(3) * math.Pow(10, -float64(payload[0]&0x7f)/20)))
	}
}

// fill writes noise; it is false when there is none to write.
func (n *noise) fill(pcm []int16) bool {
	level := min(n.level.Load(), 3000) // whoever asks for more does not mean comfort
	if level == 0 {
		return false
	}
	for i := range pcm {
		n.seed = n.seed*1664525 + 1013904223
		pcm[i] = int16(int32(n.seed) >> 16 * level >> 15)
	}
	return true
}
