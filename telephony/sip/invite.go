package sip

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// invited takes the INVITE of a new call: the caller must be one of our trunks or
// extensions.
func (s *Server) invited(req *sip.Request, tx *sip.ServerTx) {
	if s.closing.Load() {
		s.respond(tx, dialog.Reply(req, 503, sip.NewHeader("Retry-After", "10")))
		return
	}
	if t, ok := s.trunks.Sender(req.Transport(), req.Source(), userOf(&req.Recipient)); ok {
		s.invitedBy(t, req, tx)
		return
	}
	ext, ok := s.authenticate(req, tx, userOf(&req.From().Address))
	if !ok {
		return
	}
	if s.overloaded(ext.Number, s.urgent(&req.Recipient), req, tx) {
		return
	}
	if !acceptsSDP(req) {
		s.respond(tx, dialog.Reply(req, 406))
		return
	}
	number := userOf(&req.Recipient)
	old, ok := s.replaced(ext, req, tx)
	switch {
	case !ok:
		return
	case number == "" && old == nil:
		s.respond(tx, dialog.Reply(req, 404))
		return
	}
	flow := dialog.FlowOf(req)
	// Who calls is what the password proves; what the phone asserts of itself is not heard.
	caller := call.Party{Number: ext.Number, Name: ext.Name, Private: private(req)}
	l := s.newLeg(ext, caller, "sip:"+ext.Number+"@"+flow.Addr)
	if err := l.open(flow); err != nil {
		s.log.Error("no RTP port for a call", "extension", ext.Number, "error", err)
		s.respond(tx, dialog.Reply(req, 503, sip.NewHeader("Retry-After", "10"), dialog.Reason(call.NoChannel)))
		return
	}
	l.join(s.dialogs.Incoming(req, tx))
	if !l.dialog.Begin(l) {
		l.close()
		return
	}
	if old != nil {
		l.replace(old)
		return
	}
	l.log.Debug("call from a phone", "to", number)
	s.arrive(l.dialog.ID(), call.Arrival{Leg: l, From: caller, To: number,
		Origin: call.Origin{Extension: ext.Number}, Language: string(ext.Language)})
}

// Endpoints are the registered phones of an extension that can be reached, those
// that want calls most first.
func (s *Server) Endpoints(ext string) []call.Endpoint {
	var list []call.Endpoint
	phones := s.registrar.list(ext)
	slices.SortStableFunc(phones, func(a, b *binding) int { return cmp.Compare(b.preference(), a.preference()) })
	for _, b := range phones {
		if s.reachable(b.flow) {
			list = append(list, &endpoint{s, b})
		}
	}
	return list
}

// reachable tells whether a flow still exists. There is no way to a phone whose
// connection is gone but for it to come back.
func (s *Server) reachable(f dialog.Flow) bool {
	if f.Network == "UDP" {
		return true
	}
	c, err := s.transport.GetConnection(f.Network, f.Addr)
	if err != nil {
		return false
	}
	_, _ = c.TryClose() // gives back the reference that GetConnection took
	return true
}

// endpoint is a registered contact that can be rung.
type endpoint struct {
	server *Server
	*binding
}

// Name is the contact: "sip:1002@192.0.2.7:5060".
func (p *endpoint) Name() string { return p.device() }

// Dial rings the phone.
func (p *endpoint) Dial(o call.Offer, sink call.Sink) call.Leg {
	hidden := o.Caller.Private
	o.Caller = o.Caller.Shown()
	s := p.server
	cfg := s.opts.Config()
	ext, ok := cfg.Extension(p.extension)
	if !ok {
		ext = &config.Extension{Number: p.extension}
	}
	l := s.newLeg(ext, call.Party{Number: ext.Number, Name: ext.Name}, p.device())
	l.Attach(sink)
	if err := l.open(p.flow); err != nil {
		l.log.Error("no RTP port for a call", "error", err)
		l.Over(call.NoChannel)
		return l
	}
	l.suit(o.With)
	if !s.reachable(p.flow) {
		l.Over(call.Unreachable)
		return l
	}
	l.join(s.dialogs.Outgoing(dialog.Target{
		URI: p.contact, Flow: p.flow, Routes: p.path,
		From: callerFrom(o.Caller, cfg.SIP.Domain),
		To:   sip.ToHeader{Address: numberURI(p.extension, cfg.SIP.Domain)},
	}))
	fields := told(o, cfg.SIP.Domain)
	if hidden {
		fields = append(fields, sip.NewHeader("Privacy", "id"))
	}
	l.dialog.Call(l, fields...)
	return l
}

// told are the header fields that tell a phone who calls, which number was
// dialled and through which queue.
func told(o call.Offer, domain string) []sip.Header {
	var list []sip.Header
	if o.Caller.Number != "" {
		from := callerFrom(o.Caller, domain)
		list = append(list, sip.NewHeader("P-Asserted-Identity", from.Value())) // RFC 3325 9.1
	}
	if o.Called != "" {
		uri := numberURI(clean(o.Called, maxNumber), domain)
		list = append(list, sip.NewHeader("P-Called-Party-ID", "<"+uri.String()+">")) // RFC 7315 4.2
	}
	list = append(list, diverted(o.Diversions, numberURI(clean(o.Called, maxNumber), domain), func(p call.Party) (string, sip.Uri) {
		return p.Name, numberURI(clean(p.Number, maxNumber), domain)
	})...)
	if o.ReferredBy.Number != "" {
		uri := numberURI(clean(o.ReferredBy.Number, maxNumber), domain)
		list = append(list, sip.NewHeader("Referred-By", "<"+uri.String()+">")) // RFC 3892
	}
	if via := clean(strings.Join(o.Via, ", "), maxName); via != "" {
		list = append(list, sip.NewHeader("Subject", via))
	}
	return list
}

func newLegID() call.LegID { return call.LegID("sip-" + strings.ToLower(rand.Text()[:12])) }
