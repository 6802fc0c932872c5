package sip

import (
	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/notify"
)

// subscribe serves SUBSCRIBE: an extension may watch any other, and what else
// has a lamp.
func (s *Server) subscribe(req *sip.Request, tx *sip.ServerTx) {
	ext, ok := s.authenticate(req, tx, userOf(&req.From().Address))
	if !ok {
		return
	}
	cfg := s.opts.Config()
	resource := userOf(&req.Recipient)
	if !cfg.Lamp(resource) {
		resource = ""
	}
	s.watchers.Subscribe(req, tx, notify.Ask{Watcher: ext.Number, Warrant: warrant(ext), Resource: resource, Domain: cfg.SIP.Domain,
		Least: cfg.SIP.MinExpires, Most: cfg.SIP.MaxExpires})
	if s.opts.Config() != cfg {
		s.watchers.Drop() // the password may have changed while we looked
	}
}
