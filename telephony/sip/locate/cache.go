package locate

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// How long answers are used.
const (
	shortest   = 5 * time.Second // whatever the answer says
	longest    = 24 * time.Hour
	longestNo  = 5 * time.Minute    // that there is nothing
	stale      = 7 * 24 * time.Hour // after its time, while there is no newer one
	denied     = 24 * time.Hour     // the same, while name servers say that there is nothing any more
	retry      = 30 * time.Second   // after a question without an answer (RFC 8767 5)
	maxEntries = 256
)

type question struct {
	name string // lower case, with its last dot
	kind recordType
}

// entry is what is known of a question.
type entry struct {
	records []record
	expires time.Time // of the records
	asked   time.Time // not to be asked again before this time
	used    time.Time
	failure error     // of the last try, until asked
	stale   error     // why records are in use although their time is over; nil: it is not
	begun   bool      // and that has just begun
	denied  time.Time // when the name servers first said that they are gone; zero: they do not
}

// holds tells whether records may stay in use when there are no newer ones (RFC 8767).
// Name servers that deny a name may be the mistake of an hour, or the end of it.
func (e *entry) holds(now time.Time) bool {
	return len(e.records) > 0 && now.Before(e.expires.Add(stale)) && (e.denied.IsZero() || now.Before(e.denied.Add(denied)))
}

// errDenied: what was there is not there any more.
var errDenied = errors.New("the name servers say that it does not exist any more")

// cache keeps entries. It drops the one that was not used for the longest time.
type cache struct {
	mu      sync.Mutex
	entries map[question]*entry
	moved   bool // records are others than at the last Take
}

// lookup answers from the cache, or asks. A failure leaves an old answer in force.
func (l *Locator) lookup(ctx context.Context, q question) entry {
	if e, ok := l.cache.get(q, l.opts.Clock.Now()); ok {
		return e
	}
	rr, life, err := l.query(ctx, q)
	if ctx.Err() != nil && err != nil {
		err = errors.Join(err, ctx.Err())
	}
	e := l.cache.put(q, l.opts.Clock.Now(), rr, life, err)
	if e.begun {
		l.opts.Log.Warn("no newer address, the last one stays in use", "name", q.name, "error", e.stale)
	}
	return e
}

// get is what is known, unless the name servers are to be asked. Nobody changes the
// records of an entry.
func (c *cache) get(q question, now time.Time) (known entry, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[q]
	if e == nil || !now.Before(e.asked) {
		return entry{}, false
	}
	e.used = now
	return *e, true
}

// put enters what asking gave, and returns what is then in force.
func (c *cache) put(q question, now time.Time, rr []record, life time.Duration, err error) entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[q]
	if e == nil {
		c.room()
		e = &entry{}
		c.entries[q] = e
	}
	e.used = now
	if err == nil && len(rr) == 0 && len(e.records) > 0 {
		if err = errDenied; e.denied.IsZero() {
			e.denied = now
		}
	}
	holds := e.holds(now)
	if errors.Is(err, errDenied) && !holds {
		err = nil // there is nothing
	}
	switch {
	case err == nil:
		c.moved = c.moved || !slices.Equal(rr, e.records)
		most := longest
		if len(rr) == 0 {
			most = longestNo
		}
		life = min(max(life, shortest), most)
		*e = entry{records: rr, expires: now.Add(life), asked: now.Add(life), used: now}
	case holds:
		e.asked, e.begun, e.stale = now.Add(retry), e.stale == nil, err
	default:
		c.moved = c.moved || len(e.records) > 0
		*e = entry{asked: now.Add(shortest), used: now, failure: err}
	}
	return *e
}

func (c *cache) room() {
	if len(c.entries) < maxEntries {
		return
	}
	var oldest question
	var at time.Time
	for q, e := range c.entries {
		if at.IsZero() || e.used.Before(at) {
			oldest, at = q, e.used
		}
	}
	delete(c.entries, oldest)
}
