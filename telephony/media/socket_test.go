package media

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"
)

// outside is a socket of the standard library that talks with those under test.
func outside(t testing.TB, at string) *net.UDPConn {
	t.Helper()
	addr := netip.MustParseAddrPort(at)
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(addr))
	switch {
	case addr.Addr().Is6() && (errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)):
		t.Skip("no IPv6 here:", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// boundPort is where a socket that was opened at port 0 sends from.
func boundPort(t testing.TB, c conn) uint16 {
	t.Helper()
	far := outside(t, "127.0.0.1:0")
	if _, err := c.WriteToUDPAddrPort([]byte("where am I"), far.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
		t.Fatal(err)
	}
	_, from, err := far.ReadFromUDPAddrPort(make([]byte, 100))
	if err != nil {
		t.Fatal(err)
	}
	return from.Port()
}

func TestSocketOfBothFamilies(t *testing.T) {
	for _, c := range []struct{ at, far, named string }{
		{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1"},
		{"[::1]:0", "[::1]:0", "::1"},
		{"0.0.0.0:0", "127.0.0.1:0", "127.0.0.1"},
		{"0.0.0.0:0", "[::1]:0", "::1"},
		{"[::]:0", "127.0.0.1:0", "127.0.0.1"},
	} {
		t.Run(c.at+" with "+c.far, func(t *testing.T) { bothWays(t, c.at, c.far, c.named) })
	}
}

func bothWays(t *testing.T, at, farAt, named string) {
	if netip.MustParseAddrPort(at).Addr().Is6() {
		outside(t, "[::1]:0") // or there is nothing to try here
	}
	var p pollers
	far := outside(t, farAt)
	came := make(chan netip.AddrPort, 1)
	s, err := p.listen(netip.MustParseAddrPort(at), func(b []byte, from netip.AddrPort) {
		if string(b) != "there" {
			t.Errorf("%q came, want %q", b, "there")
		}
		came <- from
	})
	if err != nil {
		t.Fatal(err)
	}
	there := netip.AddrPortFrom(netip.MustParseAddr(named), far.LocalAddr().(*net.UDPAddr).AddrPort().Port())
	if _, err := s.WriteToUDPAddrPort([]byte("here"), there); err != nil {
		t.Fatalf("%s to %s: %v", at, there, err)
	}
	b := make([]byte, 100)
	n, from, err := far.ReadFromUDPAddrPort(b)
	if err != nil || string(b[:n]) != "here" || from.Addr().Unmap() != there.Addr() {
		t.Errorf("%s to %s: %q from %s came, error %v", at, there, b[:n], from, err)
	}
	if _, err := far.WriteToUDPAddrPort([]byte("there"), from); err != nil {
		t.Fatal(err)
	}
	if from := <-came; from != there {
		t.Errorf("%s: heard from %s, want %s", at, from, there)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.WriteToUDPAddrPort([]byte("late"), there); !errors.Is(err, net.ErrClosed) {
		t.Errorf("sending when closed: %v, want %v", err, net.ErrClosed)
	}
	p.readers.Wait()
}

func TestSocketsThatAreTakenAreRefused(t *testing.T) {
	taken := outside(t, "127.0.0.1:0").LocalAddr().(*net.UDPAddr).AddrPort()
	var p pollers
	if c, err := p.listen(taken, nil); err == nil {
		c.Close()
		t.Errorf("%s was opened twice", taken)
	}
}

// TestClosedSocketsAreNobodyElses opens and closes sockets while others send on them
// and hear them. What is sent must come from the port of the socket it was sent on,
// and what comes must come to it, although all have few descriptors in turn.
func TestClosedSocketsAreNobodyElses(t *testing.T) {
	var p pollers
	sink := outside(t, "127.0.0.1:0")
	to := sink.LocalAddr().(*net.UDPAddr).AddrPort()
	const rounds, workers = 300, 4
	var all, senders sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range rounds {
				var port uint16
				ready := make(chan struct{})
				c, err := p.listen(netip.MustParseAddrPort("127.0.0.1:0"), func(b []byte, _ netip.AddrPort) {
					<-ready
					if got := binary.BigEndian.Uint16(b); got != port && got != 0 {
						t.Errorf("port %d hears what was for %d", port, got)
					}
				})
				if err != nil {
					t.Error(err)
					return
				}
				port = boundPort(t, c)
				close(ready)
				b := binary.BigEndian.AppendUint16(nil, port)
				for range 2 {
					senders.Go(func() {
						for {
							if _, err := c.WriteToUDPAddrPort(b, to); errors.Is(err, net.ErrClosed) {
								return
							}
							_, _ = sink.WriteToUDPAddrPort(b, netip.AddrPortFrom(to.Addr(), port))
						}
					})
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 10)
		for {
			n, from, err := sink.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			if n == 2 && binary.BigEndian.Uint16(b) != from.Port() {
				t.Errorf("port %d sends what is of %d", from.Port(), binary.BigEndian.Uint16(b))
			}
		}
	}()
	all.Wait()
	senders.Wait()
	p.readers.Wait()
	sink.Close()
	<-done
}
