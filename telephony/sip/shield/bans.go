package shield

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// How wrong passwords are answered: so many within the window shut the source
// out, for longer each time. A trusted source is made to wait instead, and only
// for the account whose password was wrong.
const (
	wrongLimit   = 5
	wrongWindow  = 10 * time.Minute
	firstBan     = 10 * time.Minute
	longestBan   = 24 * time.Hour
	firstPause   = 10 * time.Second
	longestPause = 10 * time.Minute
)

// Ban is a source that is shut out, or that is made to wait with one account.
type Ban struct {
	Source  string    `json:"source"`            // "192.0.2.9/32"
	Account string    `json:"account,omitempty"` // of a pause; empty: all of the source is shut out
	Last    string    `json:"last"`              // the account tried last
	Times   int       `json:"times"`             // how often by now, from 1
	Wrong   int       `json:"wrong"`             // wrong passwords in all
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
}

// Bans counts wrong passwords. Only answers to our own challenges may be counted:
// the address of anything else may be forged.
type Bans struct {
	clock clock.Clock

	mu    sync.Mutex
	seen  map[suspect]*record
	moved bool // a ban came or was lifted since the last Take
}

// suspect is a source, or a trusted source with an account. Accounts are never
// locked for other sources.
type suspect struct {
	source  netip.Prefix
	account string
}

type record struct {
	wrong []time.Time
	Ban
}

// NewBans makes an empty list.
func NewBans(c clock.Clock) *Bans { return &Bans{clock: c, seen: make(map[suspect]*record)} }

func about(ip netip.Addr, account string, trusted bool) suspect {
	if trusted {
		return suspect{source(ip), account}
	}
	return suspect{source: source(ip)}
}

// Wrong counts a wrong password. It returns the ban that this was the last straw
// for, if it was.
func (b *Bans) Wrong(ip netip.Addr, account string, trusted bool) (Ban, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	who := about(ip, account, trusted)
	r := b.of(who, now)
	if now.Before(r.Until) {
		return Ban{}, false // sent before the ban, or at once with what brought it
	}
	if r.Times > 0 && now.Sub(r.Until) > longestBan {
		r.Times, r.Ban.Wrong = 0, 0
	}
	r.Ban.Wrong++
	r.wrong = slices.DeleteFunc(r.wrong, func(t time.Time) bool { return now.Sub(t) >= wrongWindow })
	r.wrong = append(r.wrong, now)
	r.Last = account
	if len(r.wrong) < wrongLimit {
		return Ban{}, false
	}
	first, longest := firstBan, longestBan
	if trusted {
		first, longest = firstPause, longestPause
	}
	r.wrong, r.Since = nil, now
	r.Until = now.Add(min(first<<min(r.Times, 10), longest))
	r.Times++
	b.moved = true
	return r.Ban, true
}

// of is the record of a suspect.
func (b *Bans) of(who suspect, now time.Time) *record {
	r := b.seen[who]
	if r == nil {
		if len(b.seen) >= maxSources {
			b.forget(now)
		}
		r = &record{Ban: Ban{Source: who.source.String(), Account: who.account}}
		b.seen[who] = r
	}
	return r
}

// forget makes room: first of what no longer matters, then of whoever comes to
// hand. It is rare because it makes much room.
func (b *Bans) forget(now time.Time) {
	for who, r := range b.seen {
		last := r.Until
		if n := len(r.wrong); n > 0 {
			last = r.wrong[n-1]
		}
		if now.Sub(last) > longestBan {
			delete(b.seen, who)
		}
	}
	for who := range b.seen {
		if len(b.seen) <= maxSources*3/4 {
			return
		}
		delete(b.seen, who)
	}
}

// Banned tells whether a source is shut out.
func (b *Bans) Banned(ip netip.Addr) bool { return b.Pause(ip, "", false) > 0 }

// Pause is how long a source must wait before it may try the account again.
func (b *Bans) Pause(ip netip.Addr, account string, trusted bool) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.seen[about(ip, account, trusted)]
	if r == nil {
		return 0
	}
	return max(0, r.Until.Sub(b.clock.Now()))
}

// List is who is shut out or made to wait now, the longest first.
func (b *Bans) List() []Ban {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Ban{}
	for _, r := range b.seen {
		if b.clock.Now().Before(r.Until) {
			list = append(list, r.Ban)
		}
	}
	slices.SortFunc(list, func(x, y Ban) int {
		return cmp.Or(y.Until.Compare(x.Until), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Account, y.Account))
	})
	return list
}

// Lift forgives a source whatever it did: "192.0.2.9", or as a Ban names it. It
// tells whether the source was shut out or made to wait.
func (b *Bans) Lift(from string) bool {
	p, err := netip.ParsePrefix(from)
	if err != nil {
		ip, err := netip.ParseAddr(from)
		if err != nil {
			return false
		}
		p = source(ip)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	lifted := false
	for who, r := range b.seen {
		if who.source == p {
			lifted = lifted || b.clock.Now().Before(r.Until)
			delete(b.seen, who)
		}
	}
	b.moved = b.moved || lifted
	return lifted
}

// maxKept bounds the bans that are kept over a restart.
const maxKept = 500

// Export is the bans that are worth keeping over a restart, the longest first.
// Pauses of trusted sources are too short for that.
func (b *Bans) Export() []Ban {
	list := slices.DeleteFunc(b.List(), func(x Ban) bool { return x.Account != "" })
	return list[:min(len(list), maxKept)]
}

// Restore takes up a ban of before a restart. One whose time is over counts
// towards the length of the next. A clock that was set back does not prolong it.
func (b *Bans) Restore(x Ban) error {
	p, err := netip.ParsePrefix(x.Source)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if most := now.Add(longestBan); x.Until.After(most) {
		x.Until = most
	}
	b.of(suspect{source: p}, now).Ban = x
	return nil
}

// Take reports whether a ban came or was lifted since it was asked last.
func (b *Bans) Take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	moved := b.moved
	b.moved = false
	return moved
}
