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
	failure error // of the last try, until asked
	stale   bool  // records are in use although their time is over
	begun   bool  // and that has just begun
}

// cache keeps entries. It drops the one that was not used for the longest time.
type cache struct {
	mu      sync.Mutex
	entries map[question]*entry
}

// lookup answers from the cache, or asks. A failure leaves an old answer in force.
func (l *Locator) lookup(ctx context.Context, q question) ([]record, time.Time, error) {
	now := l.opts.Clock.Now()
	if rr, until, err, ok := l.cache.get(q, now); ok {
		return rr, until, err
	}
	rr, life, err := l.query(ctx, q)
	if ctx.Err() != nil && err != nil {
		err = errors.Join(err, ctx.Err())
	}
	e := l.cache.put(q, l.opts.Clock.Now(), rr, life, err)
	if e.begun {
		l.opts.Log.Warn("name servers do not answer, the last address stays in use", "name", q.name, "error", err)
	}
	return slices.Clone(e.records), e.asked, e.failure
}

// get is what is known, unless the name servers are to be asked.
func (c *cache) get(q question, now time.Time) (rr []record, until time.Time, err error, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[q]
	if e == nil || !now.Before(e.asked) {
		return nil, time.Time{}, nil, false
	}
	e.used = now
	return slices.Clone(e.records), e.asked, e.failure, true
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
	switch {
	case err == nil:
		most := longest
		if len(rr) == 0 {
			most = longestNo
		}
		life = min(max(life, shortest), most)
		*e = entry{records: rr, expires: now.Add(life), asked: now.Add(life), used: now}
	case len(e.records) > 0 && now.Before(e.expires.Add(stale)):
		e.asked, e.begun, e.stale = now.Add(retry), !e.stale, true
	default:
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
