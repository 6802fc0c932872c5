package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// kept is a subscription on the disk. Old disks are read by new programs.
type kept struct {
	Watcher   string    `json:"watcher"`
	Resource  string    `json:"resource"`
	Entity    string    `json:"entity"`
	Package   string    `json:"package"`
	Event     string    `json:"event_id,omitempty"`
	CallID    string    `json:"call_id"`
	LocalTag  string    `json:"local_tag"`
	RemoteTag string    `json:"remote_tag"`
	Local     string    `json:"local"`
	Remote    string    `json:"remote"`
	Target    string    `json:"target"`
	Routes    []string  `json:"routes,omitempty"`
	User      string    `json:"user"`
	Addr      string    `json:"addr"`
	LocalSeq  uint32    `json:"local_seq"`
	RemoteSeq uint32    `json:"remote_seq"`
	Version   uint32    `json:"version"`
	Expires   time.Time `json:"expires"`
	Warrant   string    `json:"warrant,omitempty"` // none on old disks
}

// leap is added to what counts up in a restored subscription, which may have
// counted on after it was saved.
const leap = 1 << 16

// Take reports whether a subscription came or went since it was asked last.
func (s *Set) Take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	moved := s.moved
	s.moved = false
	return moved
}

// Export is the subscriptions as they are kept over a restart. Only those on UDP
// are worth it: the connection of any other ends with this program.
func (s *Set) Export() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []kept{}
	for _, u := range s.all {
		if u.flow.Network != "UDP" {
			continue
		}
		k := kept{Watcher: u.watcher, Resource: u.resource, Entity: u.entity, Package: u.pack.name, Event: u.event,
			CallID: u.callID, LocalTag: u.localTag, RemoteTag: u.remoteTag, Local: u.local.String(), Remote: u.remote.String(),
			Target: u.target.String(), User: u.user, Addr: u.flow.Addr,
			LocalSeq: u.localSeq, RemoteSeq: u.remoteSeq, Version: u.version, Expires: u.expires, Warrant: u.warrant}
		for _, r := range u.routes {
			k.Routes = append(k.Routes, r.String())
		}
		list = append(list, k)
	}
	return json.Marshal(list)
}

// Restore takes up a subscription again and tells its phone the state. It is an
// element of what Export wrote; one whose time is over, or that
// would not be let in again, is left out.
func (s *Set) Restore(entry []byte, longest time.Duration) error {
	var k kept
	if err := json.Unmarshal(entry, &k); err != nil {
		return err
	}
	u := &subscription{set: s, watcher: k.Watcher, resource: k.Resource, entity: k.Entity, event: k.Event,
		callID: k.CallID, localTag: k.LocalTag, remoteTag: k.RemoteTag, user: k.User,
		flow: dialog.Flow{Network: "UDP", Addr: k.Addr}, localSeq: k.LocalSeq + leap, remoteSeq: k.RemoteSeq, version: k.Version + leap}
	u.routes = make([]sip.Uri, len(k.Routes))
	bad := errors.Join(sip.ParseUri(k.Local, &u.local), sip.ParseUri(k.Remote, &u.remote), sip.ParseUri(k.Target, &u.target))
	for i, r := range k.Routes {
		bad = errors.Join(bad, sip.ParseUri(r, &u.routes[i]))
	}
	if bad != nil {
		return fmt.Errorf("subscription of %s: %w", k.Watcher, bad)
	}
	if u.pack, _ = packOf(k.Package); u.pack == nil || k.LocalTag == "" {
		return errors.New("subscription to nothing")
	}
	if _, _, err := sip.ParseAddr(k.Addr); err != nil {
		return fmt.Errorf("address of %s: %w", k.Watcher, err)
	}
	left := min(k.Expires.Sub(s.opts.Clock.Now()), longest) // a clock that was set back must not make it live for ever
	if left <= 0 {
		return nil
	}
	var ok bool
	if u.warrant, ok = s.opts.Warrant(u.watcher, u.flow); !ok || k.Warrant != "" && k.Warrant != u.warrant {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) < maxTotal && s.byWatcher[u.watcher] < maxEach {
		s.add(u)
		u.extend(left)
	}
	return nil
}
