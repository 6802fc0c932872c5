package sip

import (
	"context"
	"net"
	"sync"
	"time"
)

// sipgo keeps the address of every sender for as long as it serves a socket, also
// those that are forged. It is therefore given the socket in turns: each takes so
// many changes of sender and then makes room for the next, lingering until the
// transactions of what it read last have found their way back.
const (
	turnSenders = 4096
	turnLinger  = time.Second
)

// serveUDP serves a socket until it is closed or ctx ends.
func (s *Server) serveUDP(ctx context.Context, c net.PacketConn) error {
	s.packets = c
	var turns sync.WaitGroup
	defer turns.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		t := &turn{PacketConn: c, over: make(chan struct{}), left: turnSenders}
		t.linger = func() { s.opts.Clock.Sleep(ctx, s.opts.Clock.Now().Add(turnLinger)) }
		ended := make(chan error, 1)
		turns.Go(func() { ended <- guarded(func() error { return s.transport.ServeUDP(t) }) })
		select {
		case <-t.over:
		case err := <-ended:
			return err
		}
	}
}

// turn is a socket for a while.
type turn struct {
	net.PacketConn
	over   chan struct{} // closed when the next may begin
	linger func()

	// Touched by the reader only.
	left int
	last net.UDPAddr
}

func (t *turn) ReadFrom(b []byte) (int, net.Addr, error) {
	if t.left == 0 {
		close(t.over)
		t.linger()
		return 0, nil, net.ErrClosed
	}
	n, from, err := t.PacketConn.ReadFrom(b)
	if at, ok := from.(*net.UDPAddr); ok && (at.Port != t.last.Port || !at.IP.Equal(t.last.IP)) {
		t.last = *at
		t.left--
	}
	return n, from, err
}
