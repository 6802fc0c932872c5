package sip

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/shield"
)

// Vault keeps values over a restart. *store.Store is one.
type Vault interface {
	Get(bucket, key string) ([]byte, error)
	Put(bucket, key string, value []byte) error
}

// Registrations, subscriptions, bans and found names on the disk are one value each: a list,
// written as a whole. It is written soon after a phone came, went or moved, and now and
// then for the sake of refreshed lifetimes, so that a busy registrar does not wear
// the flash out. A restart in good order always writes it.
const (
	registrations = "registrations" // the bucket
	everyPhone    = "phones"        // its keys
	everyWatcher  = "subscriptions"
	everyBan      = "bans"
	everyName     = "names" // of servers, and where they were found
	movedEvery    = time.Minute
	refreshEvery  = 15 * time.Minute
)

// kept is a binding on the disk. Old disks are read by new programs.
type kept struct {
	Extension string    `json:"extension"`
	Key       string    `json:"key"`
	Contact   string    `json:"contact"`
	Addr      string    `json:"addr"`
	CallID    string    `json:"call_id"`
	Seq       uint32    `json:"seq"`
	Agent     string    `json:"agent"`
	Since     time.Time `json:"since"`
	Expires   time.Time `json:"expires"`

	Refreshed time.Time        `json:"refreshed,omitzero"` // none on old disks
	Path      []string         `json:"path,omitempty"`
	Params    sip.HeaderParams `json:"params,omitempty"`
	Warrant   string           `json:"warrant,omitempty"` // none on old disks
}

// remember saves what export gives under a key until ctx ends, and then once
// more. moved tells whether that has become urgent.
func (s *Server) remember(ctx context.Context, key string, moved func() bool, export func() ([]byte, error)) {
	var disk []byte // what is there
	saved := s.opts.Clock.Now()
	for on := true; on; {
		on = s.opts.Clock.Sleep(ctx, s.opts.Clock.Now().Add(movedEvery))
		now := s.opts.Clock.Now()
		if urgent := moved(); on && !urgent && now.Sub(saved) < refreshEvery {
			continue
		}
		saved = now
		text, err := export()
		if err == nil && !bytes.Equal(text, disk) {
			err = s.opts.Vault.Put(registrations, key, text)
		}
		if err != nil {
			s.log.Error("registrations not saved", "list", key, "error", err)
			continue
		}
		disk = text
	}
}

// export is the registrations as they are kept. Only phones on UDP are worth it:
// the connection of any other ends with this program.
func (r *registrar) export() ([]byte, error) {
	list := []kept{}
	for _, b := range r.all() {
		if b.flow.Network == "UDP" {
			var path []string
			for _, u := range b.path {
				path = append(path, u.String())
			}
			list = append(list, kept{b.extension, b.key, b.contact.String(), b.flow.Addr, b.callID, b.seq, b.agent, b.since, b.expires,
				b.refreshed, path, b.params, b.warrant})
		}
	}
	return json.Marshal(list)
}

// restore takes up the registrations, subscriptions, bans and addresses of before the
// restart.
func (s *Server) restore() {
	s.recall(everyPhone, s.revive)
	s.registrar.take() // it is on the disk already
	longest := time.Duration(s.opts.Config().SIP.MaxExpires) * time.Second
	s.recall(everyWatcher, func(entry []byte) error { return s.watchers.Restore(entry, longest) })
	s.watchers.Take()
	s.recall(everyBan, func(entry []byte) error {
		var b shield.Ban
		if err := json.Unmarshal(entry, &b); err != nil {
			return err
		}
		return s.bans.Restore(b)
	})
	for _, b := range s.bans.List() {
		s.watchBan(b)
	}
	s.recall(everyName, s.finder.Restore)
}

func (s *Server) exportBans() ([]byte, error) { return json.Marshal(s.bans.Export()) }

// recall reads a list from the disk. What is damaged is left out.
func (s *Server) recall(key string, each func(entry []byte) error) {
	text, err := s.opts.Vault.Get(registrations, key)
	var list []json.RawMessage
	if err == nil && text != nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		s.log.Error("registrations not restored", "list", key, "error", err)
		return
	}
	for _, entry := range list {
		if err := each(entry); err != nil {
			s.log.Warn("registration not restored", "list", key, "error", err)
		}
	}
}

// revive registers a phone again, unless its time is over, its extension gone or the
// password another.
func (s *Server) revive(entry []byte) error {
	var k kept
	if err := json.Unmarshal(entry, &k); err != nil {
		return err
	}
	cfg, now := s.opts.Config(), s.opts.Clock.Now()
	// A clock that was set back must not make it live for ever.
	if last := now.Add(time.Duration(cfg.SIP.MaxExpires) * time.Second); k.Expires.After(last) {
		k.Expires = last
	}
	ext, known := cfg.Extension(k.Extension)
	if !known || !k.Expires.After(now) || k.Warrant != "" && k.Warrant != warrant(ext) {
		return nil
	}
	b := &binding{extension: k.Extension, key: k.Key, flow: dialog.Flow{Network: "UDP", Addr: k.Addr},
		callID: k.CallID, seq: k.Seq, agent: k.Agent, since: k.Since, refreshed: k.Refreshed, expires: k.Expires,
		params: k.Params, warrant: warrant(ext)}
	if err := sip.ParseUri(k.Contact, &b.contact); err != nil {
		return fmt.Errorf("contact of %s: %w", k.Extension, err)
	}
	for _, text := range k.Path {
		var u sip.Uri
		if err := sip.ParseUri(text, &u); err != nil {
			return fmt.Errorf("path of %s: %w", k.Extension, err)
		}
		b.path = append(b.path, u)
	}
	if _, _, err := sip.ParseAddr(k.Addr); err != nil {
		return fmt.Errorf("address of %s: %w", k.Extension, err)
	}
	_, _, err := s.registrar.update(k.Extension, k.CallID, k.Seq, []*binding{b}, nil, cfg.SIP.MaxContacts)
	return err
}
