package sip

import (
	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Who may replace a dialog of the box (RFC 3891):
//
//   - A phone that rings may be picked up by every extension of its group. The call itself has a
//     word too: a queue's offer is for one agent, and only his other phones take it.
//   - A call that is up may be taken by the extension whose call it is, from another of
//     its phones, and by one that it has been given to: the INVITE says so in Referred-By,
//     and its sender knows the two tags, which only the phone that talks can have told.
//   - Nothing that comes from a trunk replaces anything, and a trunk's dialog is not
//     replaced: nobody outside moves our calls about.

// replaced finds the leg that an extension's INVITE wishes to replace, nil when it
// wishes none. It reports false when it has refused the INVITE.
func (s *Server) replaced(ext *config.Extension, req *sip.Request, tx *sip.ServerTx) (*leg, bool) {
	r, _ := dialog.ReplacesOf(req) // a wrong one has been refused
	if r == nil {
		return nil, true
	}
	l, code := s.successor(ext, req, r)
	if code != 0 {
		s.log.Info("call not replaced", "extension", ext.Number, "status", code)
		s.respond(tx, dialog.Reply(req, code))
		return nil, false
	}
	return l, true
}

// successor is the leg that may be replaced, or the status that says why not (RFC 3891 3).
func (s *Server) successor(ext *config.Extension, req *sip.Request, r *dialog.Replaces) (*leg, int) {
	if l := s.pickups.find(r); l != nil {
		if !mayPickUp(s.opts.Config(), ext, l.peer.Number) {
			return nil, 403
		}
		return l, 0
	}
	type answer struct {
		party dialog.Party
		stage dialog.Stage
	}
	found := make(chan answer, 1)
	s.dialogs.Ask(*r, func(p dialog.Party, st dialog.Stage) { found <- answer{p, st} })
	a := <-found
	l, ours := a.party.(*leg)
	switch {
	case !ours, a.stage == dialog.Arriving: // only who rings a phone may let it be picked up
		return nil, 481
	case a.stage == dialog.Gone:
		return nil, 603
	case a.stage == dialog.Alerting && !mayPickUp(s.opts.Config(), ext, l.peer.Number):
		return nil, 403
	case a.stage == dialog.Alerting:
		return l, 0
	case r.EarlyOnly:
		return nil, 486
	case l.peer.Number != ext.Number && referrer(req) != l.peer.Number:
		return nil, 403
	}
	return l, 0
}

// referrer is the number of Referred-By (RFC 3892), "" without one.
func referrer(req *sip.Request) string {
	for _, name := range []string{"Referred-By", "b"} {
		if p, ok := nameAddr(req, name); ok {
			return p.Number
		}
	}
	return ""
}

// replace lets an arrived leg take the place of another in its call.
func (l *leg) replace(old *leg) {
	l.log.Info("call takes the place of another", "replaced", old.id)
	if !old.out.Post(call.Replace{Leg: old.id, By: l}) {
		l.Hangup(call.Rejected)
	}
}
