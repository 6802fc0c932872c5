package sip

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"sync/atomic"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// Turned counts what was turned away, since the start.
type Turned struct {
	Banned   uint64 `json:"banned"`   // messages of sources that are shut out
	Scanners uint64 `json:"scanners"` // messages of scanners
	Flooding uint64 `json:"flooding"` // messages beyond what a source may send
	Broken   uint64 `json:"broken"`   // messages that are no SIP
	Doors    uint64 `json:"doors"`    // connections that were not let in
	Wrong    uint64 `json:"wrong"`    // wrong passwords
	Shed     uint64 `json:"shed"`     // calls refused because there were too many at once
	Faults   uint64 `json:"faults"`   // messages and calls lost to a fault of the box
}

// Protection is who is kept out now, and what was turned away.
type Protection struct {
	Bans   []shield.Ban `json:"bans"` // the longest first
	Turned Turned       `json:"turned"`
}

type turned struct{ banned, scanners, flooding, broken, wrong, shed, faults atomic.Uint64 }

// Turned is what was turned away so far.
func (s *Server) Turned() Turned {
	t := &s.turned
	return Turned{t.banned.Load(), t.scanners.Load(), t.flooding.Load(), t.broken.Load(), s.doors.Shut(), t.wrong.Load(), t.shed.Load(), t.faults.Load()}
}

// Bans are the sources that are shut out after wrong passwords.
func (s *Server) Bans() []shield.Ban { return s.bans.List() }

// Protection is the defence for the board.
func (s *Server) Protection() Protection { return Protection{s.bans.List(), s.Turned()} }

// trusted tells whether a source is never shut out: the box itself, its trunks and
// what the configuration says.
func (s *Server) trusted(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() || s.trunks.Has(ip) {
		return true
	}
	for _, text := range s.opts.Config().SIP.Trusted {
		if p, err := netip.ParsePrefix(text); err == nil && p.Contains(ip) {
			return true
		}
	}
	return false
}

// filter screens the messages of packet transports, for sipgo. Streams are
// screened by their own connection, which knows where a message ends.
func (s *Server) filter(info sip.TransportReadProps, data []byte) ([]byte, error) {
	if info.Transport != "UDP" && info.Transport != "WS" {
		return data, nil
	}
	return s.screen(info.Transport, info.RemoteAddr, data, func(m *wire.Message, b []byte) {
		s.answer(info, m, b)
	}), nil
}

// answer sends a response that no transaction has made.
func (s *Server) answer(info sip.TransportReadProps, m *wire.Message, b []byte) {
	if info.Transport == "UDP" {
		to := info.RemoteAddr
		if from := addrPort(to); m.Return(from) != from {
			to = net.UDPAddrFromAddrPort(m.Return(from))
		}
		_, err := s.packets.WriteTo(b, to)
		s.unsent(err)
		return
	}
	c, err := s.transport.GetConnection(info.Transport, info.RemoteAddr.String())
	if err != nil {
		return
	}
	defer c.TryClose()
	if c, ok := c.(io.Writer); ok {
		_, err = c.Write(b)
		s.unsent(err)
	}
}

func (s *Server) unsent(err error) {
	if err != nil {
		s.log.Debug("response not sent", "error", err)
	}
}

// screened is a listener whose connections show the screen what they bring.
type screened struct {
	net.Listener
	server  *Server
	network string
}

func (l screened) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s := l.server
	return wire.NewConn(c, s.opts.Clock, idleTimeout, func(data []byte) []byte {
		return s.screen(l.network, c.RemoteAddr(), data, func(_ *wire.Message, b []byte) {
			_, err := c.Write(b)
			s.unsent(err)
			s.trace.Record(false, l.network, s.bound[l.network], addrPort(c.RemoteAddr()), b)
		})
	}), nil
}

// screen looks at a message before sipgo does, and returns what sipgo is to see of
// it: nothing of strangers that are shut out or send too much, nothing that its
// parser would choke on, and nothing that is served at once. What belongs to a
// dialog passes even then: only its two sides know its tag.
func (s *Server) screen(network string, remote net.Addr, data []byte, answer func(*wire.Message, []byte)) (out []byte) {
	defer func() {
		if p := recover(); p != nil {
			s.faulted("screen", string(wire.Read(data).Get("call-id")), p)
			out = nil
		}
	}()
	from := addrPort(remote)
	if !from.IsValid() {
		return nil
	}
	source := from.String()
	if len(bytes.Trim(data, "\r\n\x00")) == 0 { // a keep-alive, which only streams answer (RFC 5626 3.5.1)
		if network == "UDP" {
			return nil
		}
		return data
	}
	if network != "UDP" {
		s.seen(network, remote, data)
	}
	m := wire.Read(data)
	if m.Method() == "ACK" && m.Tag() == m.OwnTag() {
		return nil // of a refusal that was given without state
	}
	if m.Response() {
		if _, err := s.parse(network, data); err != nil {
			s.turned.broken.Add(1)
			return nil
		}
		s.doors.Heard(source, false)
		return data
	}
	if !s.dialogs.Has(m.Get("call-id"), m.Tag()) {
		welcome := s.welcome(from.Addr(), m)
		if m.Method() == "INVITE" && (welcome && s.behind(m) || !welcome && s.spoken(from.Addr())) {
			s.Shed()
			if b := m.Reply(503, dialog.Agent, from, "Retry-After: "+retryAfter(overloadPause).Value()); b != nil {
				answer(m, b)
			}
			return nil
		}
		if !welcome {
			return nil
		}
	}
	code := m.Fault()
	if code == 0 {
		data = m.Repair(data)
		msg, err := s.parse(network, data)
		if err == nil {
			s.doors.Heard(source, false)
			if req, ok := msg.(*sip.Request); ok && s.quickly(req, m, network, from, answer) {
				return nil
			}
			return data
		}
		code = 400
	}
	s.turned.broken.Add(1)
	s.log.Debug("SIP message refused", "network", network, "source", from, "status", code)
	if b := m.Reply(code, dialog.Agent, from); b != nil {
		answer(m, b)
	}
	return nil
}

// parse parses a message as sipgo will. What comes on a stream it parses in another
// way and in a goroutine where a panic would end the program: what it panics at
// must be seen here first.
func (s *Server) parse(network string, data []byte) (m sip.Message, err error) {
	if network == "UDP" || network == "WS" {
		return s.parser.ParseSIP(data)
	}
	stream := s.parser.NewSIPStream()
	defer stream.Close()
	err = stream.ParseSIPStream(data, func(one sip.Message) { m = one })
	return m, err
}

// welcome tells whether a request outside of dialogs is looked at.
func (s *Server) welcome(ip netip.Addr, m *wire.Message) bool {
	switch {
	case s.bans.Banned(ip):
		s.turned.banned.Add(1)
	case shield.Scanner(m.Get("user-agent")):
		s.turned.scanners.Add(1)
	case !s.rates.Allow(ip, s.trusted(ip)):
		s.turned.flooding.Add(1)
		s.flood.ring()
	default:
		return true
	}
	return false
}
