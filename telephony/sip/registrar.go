package sip

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// binding is one contact of an extension (RFC 3261 10.2). Treat it as read-only.
type binding struct {
	extension string
	key       string // what makes it the same phone again
	contact   sip.Uri
	flow      dialog.Flow
	callID    string
	seq       uint32
	agent     string
	path      []sip.Uri        // proxies to it, the nearest to us first
	params    sip.HeaderParams // of its Contact, without expires
	warrant   string           // what it was let in with
	since     time.Time
	refreshed time.Time // last
	expires   time.Time
	end       clock.Timer // set by the registrar
}

// device is the contact for people: "sip:1002@192.0.2.7:5060".
func (b *binding) device() string { return b.contact.Addr() }

// registrar holds the bindings of all extensions, in memory. A binding ends by
// the clock.
type registrar struct {
	clock   clock.Clock
	changed func() // called when a phone came, went or moved

	mu    sync.Mutex
	byExt map[string][]*binding // oldest first
	count int                   // of all bindings
	moved bool                  // a phone came, went or moved since the last take
}

func newRegistrar(c clock.Clock, changed func()) *registrar {
	return &registrar{clock: c, changed: changed, byExt: make(map[string][]*binding)}
}

var (
	errOutOfOrder = errors.New("a later REGISTER was already served")
	errTooMany    = errors.New("too many contacts")
)

// update applies a REGISTER as a whole or not at all (RFC 3261 10.3 step 7): add
// takes the place of bindings with the same key, drop names keys to remove. Beyond
// most bindings, those that were refreshed longest ago make room: a phone that
// restarts with another port must come back, and what it was before is not there any
// more. update returns the bindings that the extension has then, and those that made
// room.
func (r *registrar) update(ext, callID string, seq uint32, add []*binding, drop []string, most int) (next, displaced []*binding, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var gone []*binding
	same := 0
	for _, old := range r.byExt[ext] {
		i := slices.IndexFunc(add, func(b *binding) bool { return b.key == old.key })
		touched := i >= 0 || slices.Contains(drop, old.key)
		switch {
		case touched && old.callID == callID && seq <= old.seq:
			return nil, nil, errOutOfOrder
		case !touched:
			next = append(next, old)
		case i < 0:
			gone = append(gone, old)
		default:
			gone = append(gone, old)
			add[i].since = old.since
			if add[i].refreshes(old) {
				same++
			}
		}
	}
	if n := len(next) + len(add) - most; len(add) > 0 && n > 0 {
		slices.SortStableFunc(next, func(a, b *binding) int { return a.refreshed.Compare(b.refreshed) })
		n = min(n, len(next))
		displaced, next = next[:n:n], next[n:]
		gone = append(gone, displaced...)
	}
	next = append(next, add...)
	if len(add) > 0 && r.count-len(r.byExt[ext])+len(next) > maxBindings {
		return nil, nil, errTooMany
	}
	slices.SortStableFunc(next, func(a, b *binding) int { return a.since.Compare(b.since) })
	news := len(next) != len(r.byExt[ext]) || same < len(add)
	r.moved = r.moved || news
	r.put(ext, next)
	for _, old := range gone {
		old.end.Stop()
	}
	for _, b := range add {
		b.end = r.clock.AfterFunc(b.expires.Sub(r.clock.Now()), func() { r.expire(b) })
	}
	if news {
		r.changed()
	}
	return next, displaced, nil
}

// refreshes tells whether b says of a phone no more than that it is still there.
func (b *binding) refreshes(old *binding) bool {
	return b.flow == old.flow && b.agent == old.agent && b.contact.String() == old.contact.String()
}

// maxBindings bounds the contacts of all extensions.
const maxBindings = 5000

// clear removes every binding of an extension ("Contact: *").
func (r *registrar) clear(ext, callID string, seq uint32) error {
	var keys []string
	for _, b := range r.list(ext) {
		keys = append(keys, b.key)
	}
	_, _, err := r.update(ext, callID, seq, nil, keys, 0)
	return err
}

// drop removes the bindings that gone tells of, and returns them.
func (r *registrar) drop(gone func(*binding) bool) (dropped []*binding) {
	r.mu.Lock()
	for ext, list := range r.byExt {
		var keep []*binding
		for _, b := range list {
			if gone(b) {
				dropped = append(dropped, b)
			} else {
				keep = append(keep, b)
			}
		}
		r.put(ext, keep)
	}
	r.moved = r.moved || len(dropped) > 0
	r.mu.Unlock()
	if len(dropped) > 0 {
		r.changed()
	}
	return dropped
}

// expire removes a binding that was not refreshed: one that was is another value.
func (r *registrar) expire(b *binding) {
	r.mu.Lock()
	list := r.byExt[b.extension]
	i := slices.Index(list, b)
	if i >= 0 {
		r.put(b.extension, slices.Delete(slices.Clone(list), i, i+1))
		r.moved = true
	}
	r.mu.Unlock()
	if i >= 0 {
		r.changed()
	}
}

func (r *registrar) put(ext string, list []*binding) {
	r.count += len(list) - len(r.byExt[ext])
	if len(list) == 0 {
		delete(r.byExt, ext)
		return
	}
	r.byExt[ext] = list
}

// take reports whether a phone came, went or moved since it was asked last.
func (r *registrar) take() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	moved := r.moved
	r.moved = false
	return moved
}

// list is the bindings of an extension, oldest first.
func (r *registrar) list(ext string) []*binding {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.byExt[ext])
}

// all is every binding, by extension and age.
func (r *registrar) all() []*binding {
	r.mu.Lock()
	var all []*binding
	for _, list := range r.byExt {
		all = append(all, list...)
	}
	r.mu.Unlock()
	slices.SortFunc(all, func(a, b *binding) int {
		return cmp.Or(strings.Compare(a.extension, b.extension), a.since.Compare(b.since), strings.Compare(a.key, b.key))
	})
	return all
}
