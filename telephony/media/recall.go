package media

import "sync"

// recall is the last 60 ms that a party said while nobody decoded it. When a talk goes
// over from relay to mixing, the jitter buffer has nothing yet for up to two packets:
// what it makes up for them continues this.
type recall struct {
	mu    sync.Mutex
	codec Codec
	n     int // bytes that are known, at the end
	bytes [3 * narrow]byte
	at    int64 // engine time of the newest
}

// keep takes the sound of a packet.
func (r *recall) keep(c Codec, payload []byte, now int64) {
	payload = payload[max(0, len(payload)-len(r.bytes)):]
	r.mu.Lock()
	defer r.mu.Unlock()
	if c != r.codec {
		r.codec, r.n = c, 0
	}
	rest := copy(r.bytes[:], r.bytes[len(payload):])
	copy(r.bytes[rest:], payload)
	r.n = min(r.n+len(payload), len(r.bytes))
	r.at = now
}

// prime lets a jitter buffer know what was said just before.
func (r *recall) prime(in *inbox, now int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now-r.at > 3*narrow || r.codec.wide() != (in.band == wideBand) {
		return
	}
	decoder := int(r.codec)
	if r.codec.wide() {
		decoder = 0
	}
	in.Prime(decoder, r.bytes[len(r.bytes)-r.n:])
}
