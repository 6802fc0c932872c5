package sip

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// patience is how long a trunk may say nothing to an INVITE before the next is
// tried.
const patience = 4 * time.Second

func (s *Server) newTrunks() *trunk.Set {
	o := trunk.Options{Clock: s.opts.Clock, Log: s.log, News: s.opts.News, Config: s.opts.Config,
		Transactions: s.requests, Local: s.local, Find: s.finder.Find, Connect: s.outward.connect,
		Raise: func(string, string) {}, Clear: func(string) {}}
	if h := s.opts.Health; h != nil {
		o.Raise, o.Clear = h.Raise, h.Clear
	}
	return trunk.NewSet(o)
}

// Trunks are the trunks for the board.
func (s *Server) Trunks() []trunk.Status { return s.trunks.Status() }

// trunkLeg is a call on a trunk.
type trunkLeg struct {
	*leg
	done func() // gives the trunk's channel back; nil: it had none
}

// Over ends the leg and gives its channel back.
func (l *trunkLeg) Over(c call.Cause) {
	l.leg.Over(c)
	l.release()
}

func (l *trunkLeg) release() {
	if l.done != nil {
		l.done()
	}
}

func (s *Server) newTrunkLeg(t *trunk.Trunk, peer call.Party, at string) *trunkLeg {
	l := &leg{server: s, id: newLegID(), device: "trunk:" + t.Config.Name + "@" + at, peer: peer, srtp: t.Config.SRTP, dtmf: t.Config.DTMF}
	l.log = s.log.With("leg", l.id, "trunk", t.Config.Name)
	return &trunkLeg{leg: l}
}

// open gets the media stream, with the trunk's own codecs.
func (l *trunkLeg) open(f dialog.Flow, t *trunk.Trunk) error {
	err := l.leg.open(f)
	if len(t.Config.Codecs) > 0 {
		l.local.Codecs = t.Config.Codecs
	}
	return err
}

// invitedBy takes the INVITE of a call that comes in on a trunk. The trunk vouches
// for it with its address: there is no digest.
func (s *Server) invitedBy(t *trunk.Trunk, req *sip.Request, tx *sip.ServerTx) {
	if s.overloaded("trunk "+t.Config.Name, false, req, tx) {
		return
	}
	if req.GetHeader("Replaces") != nil {
		s.log.Warn("call on a trunk that would replace another refused", "trunk", t.Config.Name)
		s.respond(tx, dialog.Reply(req, 403))
		return
	}
	plan := s.opts.Config().Plan()
	did, to, ok := inbound(&t.Config, plan, req)
	if !ok {
		s.log.Warn("call on a trunk without a destination", "trunk", t.Config.Name, "to", userOf(&req.Recipient))
		s.respond(tx, dialog.Reply(req, 404, dialog.Reason(call.UnknownNumber)))
		return
	}
	flow, caller := dialog.FlowOf(req), callerOf(req)
	caller.Number = plan.National(caller.Number) // so that phones can call back
	l := s.newTrunkLeg(t, caller, flow.Addr)
	if l.done, ok = s.trunks.Take(t, false); !ok {
		s.log.Warn("call on a full trunk refused", "trunk", t.Config.Name)
		s.respond(tx, dialog.Reply(req, 486, dialog.Reason(call.Busy)))
		return
	}
	if err := l.open(flow, t); err != nil {
		l.release()
		l.log.Error("no RTP port for a call", "error", err)
		s.respond(tx, dialog.Reply(req, 503, sip.NewHeader("Retry-After", "10"), dialog.Reason(call.NoChannel)))
		return
	}
	l.join(s.dialogs.Incoming(req, tx))
	if !l.dialog.Begin(l) {
		l.close()
		l.release()
		return
	}
	l.log.Debug("call from a trunk", "dialled", did, "to", to)
	s.arrive(l.dialog.ID(), call.Arrival{Leg: l, From: caller, To: to,
		Origin: call.Origin{Trunk: t.Config.Name, DID: did}, Diversions: diversionsOf(req), Language: string(t.Config.Language)})
}

// Ways are what can be dialled to reach number over the trunks of those names: each
// server of each trunk, in order.
func (s *Server) Ways(names []string, number string) []call.Endpoint {
	var list []call.Endpoint
	for _, name := range names {
		t, ok := s.trunks.Named(name)
		if !ok {
			continue
		}
		for _, hop := range t.Hops() {
			list = append(list, &way{s, t, hop, number})
		}
	}
	return list
}

// way is a number behind a server of a trunk.
type way struct {
	server *Server
	trunk  *trunk.Trunk
	hop    trunk.Hop
	number string
}

// Name is the trunk and its server: "trunk:telco@192.0.2.7:5060".
func (w *way) Name() string { return fmt.Sprintf("trunk:%s@%s", w.trunk.Config.Name, w.hop.Name) }

// Dial calls the number.
func (w *way) Dial(o call.Offer, sink call.Sink) call.Leg {
	s, cfg := w.server, &w.trunk.Config
	l := s.newTrunkLeg(w.trunk, call.Party{Number: w.number}, w.hop.Name)
	l.Attach(sink)
	var ok bool
	if l.done, ok = s.trunks.Take(w.trunk, o.Urgent); !ok {
		l.Over(call.NoChannel)
		return l
	}
	if err := l.open(w.hop.Flow, w.trunk); err != nil {
		l.log.Error("no RTP port for a call", "error", err)
		l.Over(call.NoChannel)
		return l
	}
	l.suit(o.With)
	plan := s.opts.Config().Plan()
	us := numberURI(shown(cfg, plan, o), cfg.Host())
	from := sip.FromHeader{Address: us}
	fields := []sip.Header{sip.NewHeader("P-Asserted-Identity", "<"+us.String()+">")}
	if o.Caller.Private { // the network knows, those whom it calls do not (RFC 3325 7)
		from = callerFrom(call.Party{}, "")
		fields = append(fields, sip.NewHeader("Privacy", "id"))
	}
	login := w.trunk.Login()
	uri := numberURI(cfg.Writes(w.number, plan), cfg.Host())
	l.join(s.dialogs.Outgoing(dialog.Target{
		URI: uri, Flow: w.hop.Flow, To: sip.ToHeader{Address: uri},
		From: from,
		Gateway: &dialog.Gateway{Patience: patience, Credentials: login.Answer,
			Connect: func(ctx context.Context) error {
				_, err := s.outward.connect(ctx, w.hop.Flow, w.hop.Proof)
				return err
			},
			Heard: func(res *sip.Response) { w.trunk.Heard(w.hop, login, res) }},
	}))
	l.dialog.Call(l, append(fields, diverted(o.Diversions, uri, func(p call.Party) (string, sip.Uri) {
		if _, ours := s.opts.Config().Extension(p.Number); ours { // a number that means nothing outside
			return "", us
		}
		return "", numberURI(clean(p.Number, maxNumber), cfg.Host())
	})...)...)
	return l
}

// nobodyAt tells those who wait for a trunk's server that it is not there.
func (s *Server) nobodyAt(at netip.AddrPort) {
	s.trunks.Refused(at)
	s.dialogs.Refused(dialog.Flow{Network: "UDP", Addr: at.String()})
}
