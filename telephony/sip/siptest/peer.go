package siptest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Peer is a SIP element without any behaviour of its own: no transactions, no
// retransmissions.
type Peer struct {
	t    *testing.T
	conn net.PacketConn
	to   net.Addr
	in   *queue[sip.Message]
	wait time.Duration
}

// NewPeer opens a peer on conn that talks to an address. It ends with the test.
func NewPeer(t *testing.T, conn net.PacketConn, to net.Addr) *Peer {
	p := &Peer{t: t, conn: conn, to: to, in: newQueue[sip.Message](), wait: waitTime}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 65536)
		for {
			n, _, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			m, err := sip.ParseMessage(b[:n])
			if err != nil {
				t.Logf("peer got garbage: %v\n%s", err, b[:n])
				continue
			}
			p.in.put(m)
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return p
}

// Send sends a text; lines end with \n here and with CRLF on the wire.
func (p *Peer) Send(text string) {
	p.t.Helper()
	head, body, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n\n")
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	body = strings.ReplaceAll(body, "\n", "\r\n")
	head = strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")
	p.Raw(fmt.Appendf(nil, "%s\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body))
}

// Raw sends bytes as they are.
func (p *Peer) Raw(b []byte) {
	p.t.Helper()
	if _, err := p.conn.WriteTo(b, p.to); err != nil {
		p.t.Fatal(err)
	}
}

// waitTime is how long a peer waits for a message unless it is told to be patient:
// longer than 64*T1.
const waitTime = 40 * time.Second

// Patient makes the peer wait longer for each message.
func (p *Peer) Patient(d time.Duration) { p.wait = d }

// Next is the next message, whatever it is.
func (p *Peer) Next() sip.Message {
	p.t.Helper()
	m, ok := p.in.take(time.After(p.wait), nil)
	if !ok {
		p.t.Fatal("peer waits in vain")
	}
	return m
}

// Status expects the next message to be a response with a status.
func (p *Peer) Status(code int) *sip.Response {
	p.t.Helper()
	m := p.Next()
	res, ok := m.(*sip.Response)
	if !ok || res.StatusCode != code {
		p.t.Fatalf("peer got %s, want %d", short(m), code)
	}
	return res
}

// Request expects the next message to be a request of a method.
func (p *Peer) Request(method sip.RequestMethod) *sip.Request {
	p.t.Helper()
	m := p.Next()
	req, ok := m.(*sip.Request)
	if !ok || req.Method != method {
		p.t.Fatalf("peer got %v, want %s", short(m), method)
	}
	return req
}

func short(m sip.Message) string {
	line, _, _ := strings.Cut(m.String(), "\r\n")
	return line
}

// Quiet expects nothing for so long.
func (p *Peer) Quiet(d time.Duration) {
	p.t.Helper()
	if m, ok := p.in.take(time.After(d), nil); ok {
		p.t.Fatalf("peer got %s, want nothing for %v", short(m), d)
	}
}

// Reply answers a request, with further header lines and a body: "A: b\n\nbody".
func (p *Peer) Reply(req *sip.Request, code int, tag, rest string) {
	p.t.Helper()
	res := sip.NewResponseFromRequest(req, code, "Whatever", nil)
	res.RemoveHeader("Content-Length")
	if tag != "" {
		res.To().Params.Add("tag", tag)
	}
	p.Send(strings.ReplaceAll(strings.TrimSpace(res.String()), "\r\n", "\n") + "\n" + rest)
}
