package sip

import (
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/shield"
)

// addrOf is the address that a request came from.
func addrOf(req *sip.Request) netip.Addr {
	at, _ := netip.ParseAddrPort(req.Source())
	return at.Addr()
}

// addrPort is where a packet or a connection comes from.
func addrPort(a net.Addr) netip.AddrPort {
	var at netip.AddrPort
	switch a := a.(type) {
	case *net.UDPAddr:
		at = a.AddrPort()
	case *net.TCPAddr:
		at = a.AddrPort()
	default:
		at, _ = netip.ParseAddrPort(a.String())
	}
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// acceptsSDP tells whether the sender of an INVITE can read our answer (RFC 3261
// 20.1).
func acceptsSDP(req *sip.Request) bool {
	fields := req.GetHeaders("Accept")
	for _, f := range fields {
		for kind := range strings.SplitSeq(f.Value(), ",") {
			kind, _, _ = strings.Cut(kind, ";")
			switch strings.ToLower(strings.TrimSpace(kind)) {
			case dialog.SDP, "application/*", "*/*":
				return true
			}
		}
	}
	return len(fields) == 0
}

// respondOnce responds and forgets the request, so that floods cost no memory. A
// retransmission is answered anew (RFC 3261 8.2.7, 26.3.2.4).
func (s *Server) respondOnce(tx replier, res *sip.Response) {
	s.respond(tx, res)
	tx.Terminate()
}

// proven is for a request whose sender has proven who it is.
func (s *Server) proven(req *sip.Request) {
	s.rates.Prove(addrOf(req))
	s.doors.Heard(req.Source(), true)
	s.merged.add(req)
}

// wrong counts a wrong password, and shuts its source out if it was one too many.
func (s *Server) wrong(ip netip.Addr, account string) {
	s.turned.wrong.Add(1)
	ban, shut := s.bans.Wrong(ip, account, s.trusted(ip))
	if !shut {
		return
	}
	s.log.Warn("SIP source shut out", "source", ban.Source, "account", ban.Account, "last", ban.Last, "times", ban.Times, "until", ban.Until)
	s.watchBan(ban)
}

// watchBan puts a ban on the board of problems, and takes it off again in time.
func (s *Server) watchBan(b shield.Ban) {
	s.tellBans()
	s.opts.Clock.AfterFunc(b.Until.Sub(s.opts.Clock.Now())+time.Millisecond, s.tellBans)
}

// Lift lets a source in again that is shut out or made to wait: an address, or the
// source of a ban. It reports false when there is none.
func (s *Server) Lift(source, by string) bool {
	if !s.bans.Lift(source) {
		return false
	}
	s.log.Info("SIP source let in again", "source", source, "by", by)
	s.tellBans()
	return true
}

// tellBans puts who is shut out on the board of problems.
func (s *Server) tellBans() {
	s.opts.News.Publish(event.Protection)
	if s.opts.Health == nil {
		return
	}
	list := s.bans.List()
	if len(list) == 0 {
		s.opts.Health.Clear("sip-attack")
		return
	}
	var sources []string
	for _, b := range list {
		sources = append(sources, b.Source)
	}
	s.opts.Health.Raise("sip-attack", strings.Join(sources, ", "))
}
