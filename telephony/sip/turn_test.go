package sip

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

// crowd is a socket on which each packet comes from another address.
type crowd struct {
	net.PacketConn
	n, of    uint32
	say      func(n uint32, from string) string
	answered atomic.Int32
	done     chan struct{}
}

func (c *crowd) ReadFrom(b []byte) (int, net.Addr, error) {
	if c.n == c.of {
		<-c.done
		return 0, nil, net.ErrClosed
	}
	c.n++
	if c.n%300 == 0 {
		time.Sleep(time.Second)
	}
	ip := binary.BigEndian.AppendUint32(nil, 10<<24|c.n)
	from := &net.UDPAddr{IP: ip, Port: 5060}
	return copy(b, crlf(c.say(c.n, from.String()))), from, nil
}

func (c *crowd) WriteTo(b []byte, to net.Addr) (int, error) {
	if bytes.HasPrefix(b, []byte("SIP/2.0 200")) {
		c.answered.Add(1)
	}
	return len(b), nil
}

func TestManySendersLeaveNothing(t *testing.T) {
	const many = 50_000
	for name, say := range map[string]func(n uint32, from string) string{
		"responses": func(n uint32, from string) string {
			return fmt.Sprintf("SIP/2.0 200 OK\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: %d\nCSeq: 1 OPTIONS", boxAddr, n, n)
		},
		"requests": func(n uint32, from string) string {
			return fmt.Sprintf("OPTIONS sip:box.test SIP/2.0\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%d;rport\nMax-Forwards: 70\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: %d\nCSeq: 1 OPTIONS", from, n, n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(m *memory) {
				c := &crowd{PacketConn: m.net.Listen("192.0.2.77:5060"), of: many, say: say, done: make(chan struct{})}
				served := make(chan error, 1)
				go func() { served <- m.serveUDP(m.t.Context(), c) }()
				synctest.Wait()
				time.Sleep(time.Hour)
				if size := m.transport.Pool("udp").Size(); size > turnSenders+10 {
					t.Errorf("%d addresses are kept", size)
				}
				if n := c.answered.Load(); name == "requests" && n != many {
					t.Errorf("%d of %d requests were answered", n, many)
				}
				close(c.done)
				<-served
			})
		})
	}
}

func TestKeepAlivesByUDP(t *testing.T) {
	bubble(t, func(m *memory) {
		raw := m.net.Listen("192.0.2.50:5060")
		for _, text := range []string{"", "\x00", "\r\n", "\r\n\r\n", "\r\n\r\n\r\n\r\n"} {
			if _, err := raw.WriteTo([]byte(text), siptest.Addr(boxAddr)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if c, err := m.transport.GetConnection("udp", "192.0.2.50:5060"); err == nil {
			t.Errorf("the sender of a keep-alive is kept: %v", c)
		}
		if n := m.Turned().Broken; n > 0 {
			t.Errorf("%d keep-alives count as broken", n)
		}
	})
}

// What sipgo's parser of streams panics at takes neither the program nor the
// other connections with it.
func TestAPanicInTheParserOfStreams(t *testing.T) {
	parsers := make(map[string]sip.HeaderParser)
	for name, parse := range sip.DefaultHeadersParser() {
		parsers[name] = parse
	}
	parsers["bomb"] = func([]byte, string) (sip.Header, error) { panic("bomb") }
	r := newRig(t)
	sip.WithHeadersParsers(parsers)(r.parser)
	open := func() net.Conn {
		c, err := net.Dial("tcp", r.Addr("TCP").String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(waitTime))
		return c
	}
	asks := func(c net.Conn, text, want string) {
		t.Helper()
		if _, err := c.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4096)
		if n, err := c.Read(b); !strings.HasPrefix(string(b[:n]), want) {
			t.Errorf("got %q, %v, want %q", b[:n], err, want)
		}
	}
	a, b := open(), open()
	asks(b, options("TCP"), "SIP/2.0 200")
	if _, err := a.Write([]byte(strings.Replace(options("TCP"), "Max-", "Bomb: x\r\nMax-", 1))); err != nil {
		t.Fatal(err)
	}
	asks(a, options("TCP"), "SIP/2.0 200")
	asks(b, "\r\n\r\n", "\r\n")
	asks(open(), options("TCP"), "SIP/2.0 200")
}
