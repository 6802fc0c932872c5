package sip

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// outward makes the connections to the servers of trunks. sipgo would make them
// too, but each trunk says for itself which certificates it trusts, and what comes
// back is to be screened and traced like all else.
type outward struct {
	server *Server
	made   map[string]*made // by network, where sipgo accepts them

	mu      sync.Mutex
	dialing map[dialog.Flow]chan struct{} // closed when it has come to an end
}

func newOutward(s *Server) *outward {
	return &outward{server: s, dialing: make(map[dialog.Flow]chan struct{}), made: map[string]*made{
		"TCP": newMade(), "TLS": newMade()}}
}

// errClosing is said to who wants a connection of a box that goes down.
var errClosing = errors.New("the box is going down")

// connect sees to it that there is a connection to a trunk's server; fresh tells
// that there was none. It may wait for as long as ctx lets it.
func (o *outward) connect(ctx context.Context, f dialog.Flow, p trunk.Proof) (fresh bool, err error) {
	if f.Network == "UDP" {
		return false, nil
	}
	o.mu.Lock()
	for o.dialing[f] != nil {
		other := o.dialing[f]
		o.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		o.mu.Lock()
	}
	done := make(chan struct{})
	o.dialing[f] = done
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		delete(o.dialing, f)
		o.mu.Unlock()
		close(done)
	}()
	if o.open(f, p) {
		return false, nil
	}
	return true, o.dial(ctx, f, p)
}

// open tells whether there is a connection that proved to be what p wants. One that
// proved something else is closed.
func (o *outward) open(f dialog.Flow, p trunk.Proof) bool {
	c, err := o.server.transport.GetConnection(f.Network, f.Addr)
	if err != nil {
		return false
	}
	defer func() { _, _ = c.TryClose() }()
	if t, ok := c.(*sip.TCPConnection); ok && f.Network == "TLS" {
		if ours, ok := t.Conn.(*vouched); !ok || ours.proof != p {
			_ = c.Close()
			o.server.transport.Pool(sip.NetworkToLower(f.Network)).Delete(f.Addr)
			return false
		}
	}
	return true
}

func (o *outward) dial(ctx context.Context, f dialog.Flow, p trunk.Proof) error {
	s := o.server
	c, err := new(net.Dialer).DialContext(ctx, "tcp", f.Addr)
	if err != nil {
		return err
	}
	if f.Network == "TLS" {
		config, err := p.Config()
		if err != nil {
			_ = c.Close()
			return err
		}
		config.Time = s.opts.Clock.Now
		secure := tls.Client(c, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = c.Close()
			return err
		}
		c = secure
	}
	remote := c.RemoteAddr()
	screened := wire.NewConn(c, s.opts.Clock, idleTimeout, func(data []byte) []byte {
		return s.screen(f.Network, remote, data, func(_ *wire.Message, b []byte) {
			_, err := c.Write(b)
			s.unsent(err)
		})
	})
	return o.made[f.Network].hand(ctx, &vouched{s.trace.Stream(f.Network, screened), p})
}

// vouched is a connection of ours and what its other end has proved.
type vouched struct {
	net.Conn
	proof trunk.Proof
}

// made is a listener whose connections we have made ourselves.
type made struct {
	conns chan entering
	done  chan struct{}
	once  sync.Once
	last  chan struct{} // of the connection accepted last; Accept's own
}

// entering is a connection on its way into sipgo's pool.
type entering struct {
	net.Conn
	in chan struct{} // closed when it is there
}

func newMade() *made { return &made{conns: make(chan entering), done: make(chan struct{})} }

// hand gives a connection to sipgo and waits until it can be used.
func (m *made) hand(ctx context.Context, c net.Conn) error {
	in := make(chan struct{})
	select {
	case m.conns <- entering{c, in}:
	case <-m.done:
		_ = c.Close()
		return errClosing
	case <-ctx.Done():
		_ = c.Close()
		return ctx.Err()
	}
	select {
	case <-in:
		return nil
	case <-m.done:
		return errClosing
	}
}

// Accept is called again when sipgo has entered the last connection.
func (m *made) Accept() (net.Conn, error) {
	if m.last != nil {
		close(m.last)
		m.last = nil
	}
	select {
	case e := <-m.conns:
		m.last = e.in
		return e.Conn, nil
	case <-m.done:
		return nil, net.ErrClosed
	}
}

func (m *made) Close() error { m.once.Do(func() { close(m.done) }); return nil }

func (m *made) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero} }
