package locate

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// kept is an entry on the disk. Old disks are read by new programs.
type kept struct {
	Name    string       `json:"name"`
	Kind    recordType   `json:"type"`
	Expires time.Time    `json:"expires"`
	Denied  time.Time    `json:"denied,omitzero"`
	Records []keptRecord `json:"records"`
}

type keptRecord struct {
	Addr     netip.Addr `json:"addr,omitzero"`      // of A and AAAA
	First    uint16     `json:"first,omitempty"`    // priority of SRV, order of NAPTR
	Second   uint16     `json:"second,omitempty"`   // weight, preference
	Port     uint16     `json:"port,omitempty"`     // of SRV
	Target   string     `json:"target,omitempty"`   // replacement of NAPTR
	Flags    string     `json:"flags,omitempty"`    // of NAPTR
	Services string     `json:"services,omitempty"` // of NAPTR
}

// Take reports whether something was found elsewhere since it was asked last.
func (l *Locator) Take() bool {
	c := &l.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	moved := c.moved
	c.moved = false
	return moved
}

// Export is what has been found, to be kept over a restart.
func (l *Locator) Export() ([]byte, error) {
	c := &l.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []kept{}
	for q, e := range c.entries {
		if len(e.records) == 0 {
			continue
		}
		k := kept{Name: q.name, Kind: q.kind, Expires: e.expires, Denied: e.denied}
		for _, r := range e.records {
			one := keptRecord{r.addr, r.srv.priority, r.srv.weight, r.srv.port, r.srv.target, "", ""}
			if n := r.naptr; q.kind == typeNAPTR {
				one = keptRecord{First: n.order, Second: n.preference, Target: n.replacement, Flags: n.flags, Services: n.services}
			}
			k.Records = append(k.Records, one)
		}
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b kept) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind)) })
	return json.Marshal(list)
}

// Restore takes up an element of what Export wrote. The name servers are asked all the
// same, as soon as somebody wants to know.
func (l *Locator) Restore(entryText []byte) error {
	var k kept
	if err := json.Unmarshal(entryText, &k); err != nil {
		return err
	}
	if len(k.Name) > 255 || len(k.Records) == 0 || len(k.Records) > maxRecords {
		return errors.New("a name without records, or with too many")
	}
	now := l.opts.Clock.Now()
	e := &entry{expires: k.Expires, denied: k.Denied, asked: now, used: now}
	if last := now.Add(longest); e.expires.After(last) { // a clock that was set back must not make it true for ever
		e.expires = last
	}
	if e.denied.After(now) {
		e.denied = now
	}
	for _, r := range k.Records {
		switch {
		case len(r.Target) > 256 || len(r.Flags) > 255 || len(r.Services) > 255,
			(k.Kind == typeA || k.Kind == typeAAAA) && !r.Addr.IsValid():
			return errors.New("a record that cannot be")
		case k.Kind == typeNAPTR:
			e.records = append(e.records, record{naptr: naptr{r.First, r.Second, r.Flags, r.Services, r.Target}})
		default:
			e.records = append(e.records, record{addr: r.Addr, srv: srv{r.First, r.Second, r.Port, r.Target}})
		}
	}
	l.cache.mu.Lock()
	defer l.cache.mu.Unlock()
	if e.holds(now) && len(l.cache.entries) < maxEntries {
		l.cache.entries[question{k.Name, k.Kind}] = e
	}
	return nil
}
