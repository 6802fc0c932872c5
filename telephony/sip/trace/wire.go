package trace

import (
	"net"
	"net/netip"
)

// Packets lets r see every message that is received and sent on a socket.
func (r *Recorder) Packets(c net.PacketConn) net.PacketConn {
	return &packets{PacketConn: c, recorder: r, local: addrPort(c.LocalAddr())}
}

type packets struct {
	net.PacketConn
	recorder *Recorder
	local    netip.AddrPort
}

func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := p.PacketConn.ReadFrom(b)
	if err == nil {
		p.recorder.Record(true, "UDP", p.local, addrPort(from), b[:n])
	}
	return n, from, err
}

func (p *packets) WriteTo(b []byte, to net.Addr) (int, error) {
	n, err := p.PacketConn.WriteTo(b, to)
	if err == nil {
		p.recorder.Record(false, "UDP", p.local, addrPort(to), b)
	}
	return n, err
}

// Streams lets r see every message that is sent on the connections of a
// listener. What they receive comes in any pieces and is seen elsewhere, once it
// has been put together.
func (r *Recorder) Streams(network string, l net.Listener) net.Listener {
	return streams{l, r, network}
}

type streams struct {
	net.Listener
	recorder *Recorder
	network  string
}

func (s streams) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return s.recorder.Stream(s.network, c), nil
}

// Stream is Streams for one connection.
func (r *Recorder) Stream(network string, c net.Conn) net.Conn { return &stream{c, r, network} }

type stream struct {
	net.Conn
	recorder *Recorder
	network  string
}

// Write is called with a whole message, or on a WebSocket with a whole header or
// payload.
func (c *stream) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err == nil {
		c.recorder.Record(false, c.network, addrPort(c.LocalAddr()), addrPort(c.RemoteAddr()), b)
	}
	return n, err
}

func addrPort(a net.Addr) netip.AddrPort {
	var ap netip.AddrPort
	switch a := a.(type) {
	case *net.UDPAddr:
		ap = a.AddrPort()
	case *net.TCPAddr:
		ap = a.AddrPort()
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
