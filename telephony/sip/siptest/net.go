// Package siptest is a network and a peer for tests of SIP: packets travel
// through memory, so that everything runs in a testing/synctest bubble, and the
// peer says exactly what the test tells it to, right or wrong.
package siptest

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// Net carries packets between its sockets. A packet to nobody is lost.
type Net struct {
	mu    sync.Mutex
	socks map[string]*Socket
	lose  func(from, to string, b []byte) bool // nil: none
}

// Lose lets f decide over each packet from now on; it is called with Net locked.
func (n *Net) Lose(f func(from, to string, b []byte) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lose = f
}

// NewNet makes an empty network.
func NewNet() *Net { return &Net{socks: make(map[string]*Socket)} }

// Listen opens the socket of an address, "192.0.2.1:5060".
func (n *Net) Listen(addr string) *Socket {
	s := &Socket{net: n, addr: Addr(addr), in: newQueue[packet](), done: make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.socks[addr] = s
	return s
}

// Addr is an address literal as a net.Addr.
func Addr(addr string) *net.UDPAddr {
	return net.UDPAddrFromAddrPort(netip.MustParseAddrPort(addr))
}

type packet struct {
	b    []byte
	from net.Addr
}

// Socket is a net.PacketConn of a Net.
type Socket struct {
	net  *Net
	addr *net.UDPAddr
	in   *queue[packet]
	done chan struct{}
	once sync.Once
}

// ReadFrom waits for a packet.
func (s *Socket) ReadFrom(b []byte) (int, net.Addr, error) {
	p, ok := s.in.take(nil, s.done)
	if !ok || s.closed() {
		return 0, nil, net.ErrClosed
	}
	return copy(b, p.b), p.from, nil
}

// WriteTo sends a packet.
func (s *Socket) WriteTo(b []byte, to net.Addr) (int, error) {
	n := s.net
	n.mu.Lock()
	defer n.mu.Unlock()
	peer := n.socks[to.String()]
	if peer == nil || peer.closed() || n.lose != nil && n.lose(s.addr.String(), to.String(), b) {
		return len(b), nil
	}
	peer.in.put(packet{append([]byte(nil), b...), s.addr})
	return len(b), nil
}

func (s *Socket) closed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Close ends ReadFrom.
func (s *Socket) Close() error { s.once.Do(func() { close(s.done) }); return nil }

// LocalAddr is the socket's address.
func (s *Socket) LocalAddr() net.Addr { return s.addr }

// SetDeadline is not supported.
func (s *Socket) SetDeadline(time.Time) error { return os.ErrNoDeadline }

// SetReadDeadline is not supported.
func (s *Socket) SetReadDeadline(time.Time) error { return os.ErrNoDeadline }

// SetWriteDeadline is not supported.
func (s *Socket) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }
