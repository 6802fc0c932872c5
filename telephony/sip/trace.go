package sip

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/trace"
)

// Trace is what is left of the SIP messages of legs, without secrets.
func (s *Server) Trace(legs []call.LegID) []trace.Message { return s.trace.Messages(legs) }

// seen records a message that came on a stream or WebSocket, whole and before it
// is screened. Those on UDP are recorded by their socket.
func (s *Server) seen(network string, remote net.Addr, text []byte) {
	local := s.bound[network]
	if network == "WS" {
		local = s.bound["TCP"] // the page's own address is not known here
	}
	s.trace.Record(true, network, local, addrPort(remote), text)
}

// ErrTraced refuses a trace of a trunk that there is not.
var ErrTraced = errors.New("sip: no such trunk")

// Watch begins a live trace of what passes between the box and one peer: a phone
// by its extension, a trunk by its name, or every sender of a network. Those that
// are not given do not matter.
func (s *Server) Watch(extension, trunk string, from netip.Prefix, last time.Duration) (*trace.Capture, error) {
	f := trace.Filter{User: extension}
	if trunk != "" {
		if _, ok := s.trunks.Named(trunk); !ok {
			return nil, ErrTraced
		}
	}
	if trunk != "" || from.IsValid() {
		f.Peer = func(ip netip.Addr) bool {
			if from.IsValid() && !from.Contains(ip) {
				return false
			}
			t, ok := s.trunks.Named(trunk) // its addresses may change
			return trunk == "" || ok && t.Has(ip)
		}
	}
	return s.trace.Capture(f, last)
}

// Watched finds a live trace that runs or is over.
func (s *Server) Watched(id string) (*trace.Capture, bool) { return s.trace.Captured(id) }

// join gives a leg its dialog.
func (l *leg) join(d *dialog.Dialog) {
	l.dialog = d
	l.server.trace.Belongs(d.ID(), l.id)
}
