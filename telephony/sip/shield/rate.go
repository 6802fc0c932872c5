package shield

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Bucket holds tokens and fills evenly. It is safe for
// concurrent use.
type Bucket struct {
	clock clock.Clock

	mu   sync.Mutex
	used float64
	last time.Time
}

// NewBucket makes a full bucket.
func NewBucket(c clock.Clock) *Bucket { return &Bucket{clock: c, last: c.Now()} }

// Take takes a token if one is left, of a bucket of that size that fills at that
// rate per second. Both may change from call to call.
func (b *Bucket) Take(perSecond, size int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, rate := b.clock.Now(), float64(perSecond)
	b.used = max(0, b.used-now.Sub(b.last).Seconds()*rate)
	b.last = now
	if b.used+1 > float64(size) {
		return false
	}
	b.used++
	return true
}

// How many requests outside of calls are looked at in a second: of one source, of
// one that is trusted or has proven who it is, and of all the others together. A
// known source may bring more at once: all phones of an office after a power cut.
const (
	sourceRate   = 100
	knownRate    = 400
	knownBurst   = 1200
	strangerRate = 500
)

// provenFor is how long a source that has sent a right password is no stranger.
const provenFor = 2 * time.Hour

// Rates limits what each source may send.
type Rates struct {
	clock     clock.Clock
	strangers *Bucket

	mu        sync.Mutex
	now, then map[netip.Prefix]*Bucket // sources of this minute and the one before
	turned    time.Time
	proven    map[netip.Prefix]time.Time
}

// NewRates makes limits that nobody has used yet.
func NewRates(c clock.Clock) *Rates {
	return &Rates{clock: c, strangers: NewBucket(c), now: make(map[netip.Prefix]*Bucket), turned: c.Now(),
		proven: make(map[netip.Prefix]time.Time)}
}

// Allow counts a request of a source and tells whether it is still within limits.
func (r *Rates) Allow(ip netip.Addr, trusted bool) bool {
	from := source(ip)
	b, known := r.bucket(from)
	if trusted || known {
		return b.Take(knownRate, knownBurst)
	}
	return b.Take(sourceRate, sourceRate) && r.strangers.Take(strangerRate, strangerRate)
}

// Known tells whether a source has lately sent a right password.
func (r *Rates) Known(ip netip.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.proven[source(ip)]
	return ok && r.clock.Now().Sub(at) < provenFor
}

func (r *Rates) bucket(from netip.Prefix) (b *Bucket, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock.Now()
	if now.Sub(r.turned) > time.Minute || len(r.now) >= maxSources {
		r.then, r.now, r.turned = r.now, make(map[netip.Prefix]*Bucket), now
	}
	b = r.now[from]
	if b == nil {
		if b = r.then[from]; b == nil {
			b = NewBucket(r.clock)
		}
		r.now[from] = b
	}
	at, ok := r.proven[from]
	return b, ok && now.Sub(at) < provenFor
}

// Prove notes that a source has sent a right password: a flood of strangers no
// longer takes its turn.
func (r *Rates) Prove(ip netip.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.proven[source(ip)] = r.clock.Now()
	if len(r.proven) > maxSources {
		for from := range r.proven {
			delete(r.proven, from)
			break
		}
	}
}
