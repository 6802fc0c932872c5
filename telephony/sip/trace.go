package sip

import (
	"net/netip"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/trace"
)

// Trace is what is left of the SIP messages of legs, without secrets.
func (s *Server) Trace(legs []call.LegID) []trace.Message { return s.trace.Messages(legs) }

// seen records a message that came on a stream, put together. Those on UDP were
// recorded as they came.
func (s *Server) seen(m sip.Message) {
	id := m.CallID()
	if m.Transport() == "UDP" || id == nil {
		return
	}
	if req, ok := m.(*sip.Request); !s.trace.Knows(id.Value()) && !(ok && req.IsInvite()) {
		return
	}
	peer, _ := netip.ParseAddrPort(m.Source())
	local := s.bound[m.Transport()]
	if m.Transport() == "WS" {
		local = s.bound["TCP"] // the page's own address is not known here
	}
	s.trace.Record(true, m.Transport(), local, peer, []byte(m.String()))
}

// join gives a leg its dialog.
func (l *leg) join(d *dialog.Dialog) {
	l.dialog = d
	l.server.trace.Belongs(d.ID(), l.id)
}
