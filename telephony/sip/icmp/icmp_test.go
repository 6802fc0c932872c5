package icmp

import (
	"net"
	"net/netip"
	"testing"
	"time"
)

// patience is for what the kernel does at once.
const patience = 10 * time.Second

// listen opens a socket on loopback until the test ends.
func listen(t *testing.T, network, host string) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP(network, &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Skipf("no %s: %v", network, err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// hearing is a socket that hears, a port that nobody has and a peer.
type hearing struct {
	net.PacketConn
	told         chan netip.AddrPort
	closed, peer *net.UDPConn
}

func everywhere(t *testing.T, check func(*testing.T, *hearing)) {
	for network, host := range map[string]string{"udp4": "127.0.0.1", "udp6": "::1"} {
		t.Run(network, func(t *testing.T) {
			h := &hearing{told: make(chan netip.AddrPort, maxHeard), closed: listen(t, network, host), peer: listen(t, network, host)}
			h.closed.Close()
			c := listen(t, network, host)
			if h.PacketConn = Hear(c, func(at netip.AddrPort) { h.told <- at }); h.PacketConn == net.PacketConn(c) {
				t.Fatal("the socket does not hear")
			}
			check(t, h)
		})
	}
}

// wantTold waits to be told of the closed port.
func (h *hearing) wantTold(t *testing.T) {
	t.Helper()
	select {
	case at := <-h.told:
		if want := h.closed.LocalAddr().(*net.UDPAddr).AddrPort(); at != want {
			t.Errorf("told of %v, want %v", at, want)
		}
	case <-time.After(patience):
		t.Error("not told of the closed port")
	}
}

// wantPacket checks that a packet comes.
func wantPacket(t *testing.T, c net.PacketConn, want string) {
	t.Helper()
	var b [16]byte
	if n, _, err := c.ReadFrom(b[:]); err != nil || string(b[:n]) != want {
		t.Errorf("got %q, %v, want %q", b[:n], err, want)
	}
}

func (h *hearing) send(t *testing.T, text string, to *net.UDPConn) {
	t.Helper()
	if _, err := h.WriteTo([]byte(text), to.LocalAddr()); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// The error of one packet is met by the next: it goes out all the same.
func TestHeardWhileSending(t *testing.T) {
	everywhere(t, func(t *testing.T, h *hearing) {
		h.send(t, "lost", h.closed)
		h.send(t, "hello", h.peer)
		wantPacket(t, h.peer, "hello")
		h.wantTold(t)
	})
}

// Who waits for a packet is told, and goes on waiting.
func TestHeardWhileWaiting(t *testing.T) {
	everywhere(t, func(t *testing.T, h *hearing) {
		came := make(chan struct{})
		go func() {
			defer close(came)
			wantPacket(t, h, "welcome")
		}()
		h.send(t, "lost", h.closed)
		h.wantTold(t)
		if _, err := h.peer.WriteTo([]byte("welcome"), h.LocalAddr()); err != nil {
			t.Error(err)
		}
		<-came
	})
}

// TestManyDeadPhones: what the network says of many packets to where nobody is keeps back
// none to who is there, also when it is more than is heard at once.
func TestManyDeadPhones(t *testing.T) {
	everywhere(t, func(t *testing.T, h *hearing) {
		raw := h.PacketConn.(*attentive).UDPConn
		for range 4*maxHeard + 1 {
			_, _ = raw.WriteTo([]byte("INVITE"), h.closed.LocalAddr()) // every other one is kept back
		}
		go func() {
			for range h.told { // nobody waits for it here
			}
		}()
		h.send(t, "CANCEL", h.peer)
		wantPacket(t, h.peer, "CANCEL")
	})
}
