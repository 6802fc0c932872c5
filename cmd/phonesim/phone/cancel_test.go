package phone

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestCancelThatFollowsTheFirstWord: a call is given up the moment the phone has said
// anything, which it must notice however early that is.
func TestCancelThatFollowsTheFirstWord(t *testing.T) {
	p, err := Open(Options{Address: netip.MustParseAddr("127.0.0.1"), Server: "127.0.0.1:9", Domain: "box", User: "1001"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	for i := range 100 {
		conn, err := net.Dial("udp", p.contact.HostPort())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		request := func(method string) {
			fmt.Fprintf(conn, "%s sip:1001@box SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\nFrom: <sip:9@box>;tag=a\r\nTo: <sip:1001@box>\r\n"+
				"Call-ID: %d\r\nCSeq: 1 %s\r\nContact: <sip:9@%s>\r\nContent-Length: 0\r\n\r\n", method, conn.LocalAddr(), i, i, method, conn.LocalAddr())
		}
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		request("INVITE")
		said := make([]byte, 2000)
		for cancelled := false; ; {
			n, err := conn.Read(said)
			if err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
			if !cancelled {
				cancelled = true
				request("CANCEL")
			}
			if strings.HasPrefix(string(said[:n]), "SIP/2.0 487") {
				break
			}
		}
	}
	eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return len(p.calls) == 0
	})
}
