package sip

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// authenticate finds the extension that user claims to be. Unless the request
// proves it, the answer is 401 with fresh challenges, the same for a wrong
// password and for a user who does not exist.
func (s *Server) authenticate(req *sip.Request, tx replier, user string) (*config.Extension, bool) {
	cfg, from := s.opts.Config(), addrOf(req)
	ext, known := cfg.Extension(user)
	password := ""
	if known {
		password = ext.Secret.Reveal() // the digest is computed from it
		known = password != "" && ext.From(from)
	}
	if pause := s.bans.Pause(from, user, s.trusted(from)); pause > 0 {
		s.respondOnce(tx, dialog.Reply(req, 503, retryAfter(pause)))
		return nil, false
	}
	v := s.guard.check(req, cfg.SIP.Domain, user, password, known)
	switch v {
	case proven:
		s.proven(req)
		return ext, true
	case wrong:
		s.log.Warn("SIP credentials refused", "method", req.Method, "user", user, "source", req.Source())
		s.wrong(from, user)
	case astray:
		s.log.Warn("SIP credentials are for another request", "method", req.Method, "user", user, "source", req.Source())
	}
	s.reply(tx, req, 401, s.guard.challenges(req, cfg.SIP.Domain, v)...)
	tx.Terminate()
	return nil, false
}

// defaultExpires is the life of a registration that names none (RFC 3261 10.2).
const defaultExpires = 3600

// register serves REGISTER (RFC 3261 10.3).
func (s *Server) register(req *sip.Request, tx replier) {
	ext, ok := s.authenticate(req, tx, userOf(&req.To().Address))
	if !ok {
		return
	}
	cfg := s.opts.Config()
	id, seq := req.CallID().Value(), req.CSeq().SeqNo
	add, drop, wildcard, code := s.contacts(req, ext, &cfg.SIP)
	switch code {
	case 0:
	case 403:
		s.log.Warn("phone not registered: more contacts at once than sip.max_contacts", "extension", ext.Number, "source", req.Source())
		s.respond(tx, dialog.Reply(req, 403, sip.NewHeader("Warning", fmt.Sprintf(`399 pasokh "%d contacts at most"`, cfg.SIP.MaxContacts))))
		return
	case 423:
		s.respond(tx, dialog.Reply(req, 423, sip.NewHeader("Min-Expires", strconv.Itoa(cfg.SIP.MinExpires))))
		return
	default:
		s.respond(tx, dialog.Reply(req, code))
		return
	}
	var list, displaced []*binding
	var err error
	switch {
	case wildcard:
		err = s.registrar.clear(ext.Number, id, seq)
	case len(add)+len(drop) > 0:
		list, displaced, err = s.registrar.update(ext.Number, id, seq, add, drop, cfg.SIP.MaxContacts)
	default: // a query
		list = s.registrar.list(ext.Number)
	}
	switch {
	case errors.Is(err, errTooMany):
		s.log.Warn("phone not registered", "extension", ext.Number, "source", req.Source(), "error", err)
		s.respond(tx, dialog.Reply(req, 503, retryAfter(time.Minute)))
		return
	case err != nil:
		s.respond(tx, dialog.Reply(req, 500))
		return
	}
	for _, b := range displaced {
		s.log.Warn("phone displaced: its extension has more than sip.max_contacts", "extension", ext.Number, "contact", b.device(),
			"refreshed", b.refreshed, "agent", b.agent, "source", req.Source())
	}
	if s.opts.Config() != cfg {
		s.dropRevoked() // the password may have changed while we looked
	}
	s.reply(tx, req, 200, s.registered(req, list)...)
}

// registered are the fields of the 200 that lists the contacts with what is left of
// their time.
func (s *Server) registered(req *sip.Request, list []*binding) []string {
	now := s.opts.Clock.Now()
	fields := []string{"Date: " + now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")}
	for _, b := range list {
		left := max(0, int(b.expires.Sub(now).Round(time.Second)/time.Second))
		params := append(slices.Clip(b.params), sip.HeaderKV{K: "expires", V: strconv.Itoa(left)})
		fields = append(fields, "Contact: <"+b.contact.String()+">;"+params.ToString(';'))
	}
	for _, h := range req.GetHeaders("Path") { // RFC 3327 5.3
		fields = append(fields, "Path: "+h.Value())
	}
	return append(fields, "Supported: "+dialog.Supported)
}

// contacts reads what a REGISTER asks for. code is 0 unless it is to be refused.
func (s *Server) contacts(req *sip.Request, ext *config.Extension, limits *config.SIP) (add []*binding, drop []string, wildcard bool, code int) {
	common, given := expiresOf(req)
	headers := req.GetHeaders("Contact")
	path, ok := pathOf(req)
	if !ok {
		return nil, nil, false, 400
	}
	for _, h := range headers {
		c, ok := h.(*sip.ContactHeader)
		if !ok {
			return nil, nil, false, 400
		}
		if c.Address.Wildcard { // alone and with Expires: 0, or not at all
			if len(headers) > 1 || !given || common != 0 {
				return nil, nil, false, 400
			}
			return nil, nil, true, 0
		}
		if c.Address.Scheme != "sip" && c.Address.Scheme != "sips" || c.Address.Host == "" || len(c.Address.String()) > maxField {
			return nil, nil, false, 400
		}
		life := common
		if v, ok := param(c.Params, "expires"); ok {
			life = seconds(v)
		}
		key := contactKey(c)
		add = slices.DeleteFunc(add, func(b *binding) bool { return b.key == key }) // the last word counts
		switch {
		case life == 0:
			drop = append(drop, key)
			continue
		case life < limits.MinExpires:
			return nil, nil, false, 423
		}
		now := s.opts.Clock.Now()
		add = append(add, &binding{
			extension: ext.Number, key: key, contact: *c.Address.Clone(), flow: dialog.FlowOf(req),
			callID: req.CallID().Value(), seq: req.CSeq().SeqNo, agent: agentOf(req),
			path: path, params: echoed(c), warrant: warrant(ext),
			since: now, refreshed: now, expires: now.Add(time.Duration(min(life, limits.MaxExpires)) * time.Second),
		})
	}
	if len(add) > limits.MaxContacts { // coming back later makes them no fewer: 403, and all stays as it is (RFC 3261 10.3)
		return nil, nil, false, 403
	}
	return add, drop, false, 0
}

// echoed are the parameters of a Contact that its phone gets back.
func echoed(c *sip.ContactHeader) (list sip.HeaderParams) {
	for _, name := range []string{"q", "+sip.instance", "reg-id"} {
		if v, ok := param(c.Params, name); ok && len(v) <= maxField {
			list.Add(name, v)
		}
	}
	return list
}

// contactKey tells phones apart: by the instance that they name (RFC 5626 4.1),
// whose address may change, else by their address.
func contactKey(c *sip.ContactHeader) string {
	if v, ok := param(c.Params, "+sip.instance"); ok && v != "" && len(v) <= maxField {
		id, _ := param(c.Params, "reg-id")
		return v + "/" + id
	}
	transport, _ := param(c.Address.UriParams, "transport")
	return strings.ToLower(c.Address.Scheme+":") + c.Address.User + strings.ToLower("@"+c.Address.HostPort()+";"+transport)
}

// expiresOf is the Expires header field in seconds, or the default.
func expiresOf(req *sip.Request) (s int, given bool) {
	if h := req.GetHeader("Expires"); h != nil {
		return seconds(h.Value()), true
	}
	return defaultExpires, false
}

// seconds reads delta-seconds; nonsense counts as the default (RFC 3261 20.19).
func seconds(v string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(v), 10, 32)
	if err != nil {
		return defaultExpires
	}
	return int(min(n, 1<<30))
}

func agentOf(req *sip.Request) string {
	if h := req.GetHeader("User-Agent"); h != nil {
		return clean(h.Value(), maxName)
	}
	return ""
}

// param is a parameter by name; names do not depend on case.
func param(params sip.HeaderParams, name string) (string, bool) {
	for _, kv := range params {
		if strings.EqualFold(kv.K, name) {
			return kv.V, true
		}
	}
	return "", false
}

// Phones are the registered contacts, for the board.
func (s *Server) Phones() []Phone {
	cfg := s.opts.Config()
	list := []Phone{}
	for _, b := range s.registrar.all() {
		p := Phone{Extension: b.extension, Contact: b.device(), Source: b.flow.Addr, Transport: b.flow.Network,
			Agent: b.agent, Since: b.since, Expires: b.expires}
		if ext, ok := cfg.Extension(b.extension); ok {
			p.Name = ext.Name
		}
		list = append(list, p)
	}
	return list
}
