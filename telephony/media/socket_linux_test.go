//go:build amd64 || arm64 || arm

package media

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
)

// TestSocketsMakeNoGarbage sends a datagram to a socket and from it, and waits for
// both.
func TestSocketsMakeNoGarbage(t *testing.T) {
	for _, local := range []string{"127.0.0.1:0", "[::]:0"} {
		var p pollers
		came := make(chan struct{}, 1)
		a, err := p.listen(netip.MustParseAddrPort(local), func([]byte, netip.AddrPort) { came <- struct{}{} })
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.listen(netip.MustParseAddrPort(local), nil)
		if err != nil {
			t.Fatal(err)
		}
		to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), boundPort(t, a))
		packet := make([]byte, 172)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := b.WriteToUDPAddrPort(packet, to); err != nil {
				t.Error(err)
			}
			<-came
		}); n != 0 {
			t.Errorf("%s: %.1f allocations per packet, want none", local, n)
		}
		a.Close()
		b.Close()
		p.readers.Wait()
	}
}

// TestManySocketsHaveManyReaders opens more sockets than one poller takes.
func TestManySocketsHaveManyReaders(t *testing.T) {
	var p pollers
	var all []conn
	for range 2*crowd + 10 {
		c, err := p.listen(netip.MustParseAddrPort("127.0.0.1:0"), nil)
		if err != nil {
			break // this many files are not allowed here
		}
		all = append(all, c)
	}
	if n := len(p.all); len(all) > crowd && n < 2 {
		t.Errorf("%d pollers for %d sockets", n, len(all))
	}
	for _, c := range all {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	p.readers.Wait()
	if n := len(p.all); n != 0 {
		t.Errorf("%d pollers are left", n)
	}
}

// TestPacketsAreMarkedAsVoice looks at the traffic class of what is sent.
func TestPacketsAreMarkedAsVoice(t *testing.T) {
	far := outside(t, "127.0.0.1:0")
	raw, err := far.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_RECVTOS, 1)
	}); err != nil {
		t.Fatal(err)
	}
	for _, local := range []string{"127.0.0.1:0", "0.0.0.0:0"} {
		var p pollers
		s, err := p.listen(netip.MustParseAddrPort(local), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.WriteToUDPAddrPort([]byte("sound"), far.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
			t.Fatal(err)
		}
		oob := make([]byte, 100)
		_, n, _, _, err := far.ReadMsgUDPAddrPort(make([]byte, 100), oob)
		if err != nil {
			t.Fatal(err)
		}
		list, err := syscall.ParseSocketControlMessage(oob[:n])
		if err != nil || len(list) != 1 || len(list[0].Data) == 0 || list[0].Data[0]>>2 != 46 {
			t.Errorf("%s: control messages %v, error %v, want DSCP 46", local, list, err)
		}
		s.Close()
		p.readers.Wait()
	}
}
