package sip

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
)

const (
	boxAddr  = "192.0.2.1:5060"
	peerAddr = "192.0.2.9:5060"
)

// memory is a server without media on a network in memory, and a peer.
type memory struct {
	*siptest.Peer
	*Server
	t    *testing.T
	net  *siptest.Net
	news *event.Sub[event.Topic]
	cfg  *config.Config
}

func bubble(t *testing.T, f func(*memory)) {
	synctest.Test(t, func(t *testing.T) {
		var news event.News
		m := &memory{t: t, net: siptest.NewNet(), cfg: testConfig(), news: news.Subscribe(16)}
		m.Server = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: &news,
			Config: func() *config.Config { return m.cfg }, Arrive: func(call.Arrival) {}})
		ours := m.net.Listen(boxAddr)
		m.bound["UDP"] = netip.MustParseAddrPort(boxAddr)
		m.packets = ours
		dialog.Pool(m.transport, ours)
		served := make(chan struct{})
		go func() { defer close(served); _ = m.transport.ServeUDP(ours) }()
		m.Peer = m.peer(peerAddr)
		t.Cleanup(func() {
			time.Sleep(2 * time.Hour) // longer than any transaction or registration lives
			if n := len(m.Phones()); n > 0 {
				t.Errorf("%d phones registered for ever", n)
			}
			_ = ours.Close()
			<-served
			synctest.Wait()
		})
		f(m)
	})
}

func (m *memory) peer(addr string) *siptest.Peer {
	return siptest.NewPeer(m.t, m.net.Listen(addr), siptest.Addr(boxAddr))
}

// message is a REGISTER or other request of a user from the peer.
type message struct {
	method, user, id string
	seq              int
	extra            string
}

func (q message) text(credentials string) string {
	if credentials != "" {
		credentials = "Authorization: " + credentials + "\n"
	}
	return fmt.Sprintf("%s sip:box.test SIP/2.0\nVia: SIP/2.0/UDP %s;branch=z9hG4bK-%s-%d-%s;rport\nMax-Forwards: 70\n"+
		"From: <sip:%s@box.test>;tag=peer\nTo: <sip:%s@box.test>\nCall-ID: %s\nCSeq: %d %s\n%s%s\n",
		q.method, peerAddr, q.id, q.seq, q.method, q.user, q.user, q.id, q.seq, q.method, credentials, q.extra)
}

// credentials answers the challenge of a 401 with that algorithm.
func credentials(t testing.TB, res *sip.Response, q message, algorithm, password string, nc int) string {
	t.Helper()
	for _, h := range res.GetHeaders("WWW-Authenticate") {
		chal, err := digest.ParseChallenge(h.Value())
		if err != nil {
			t.Fatal(err)
		}
		if chal.Algorithm != algorithm {
			continue
		}
		cred, err := digest.Digest(chal, digest.Options{Method: q.method, URI: "sip:box.test", Username: q.user, Password: password, Count: nc})
		if err != nil {
			t.Fatal(err)
		}
		return cred.String()
	}
	t.Fatalf("no %s challenge", algorithm)
	return ""
}

// proven sends a request with good credentials and returns the answer.
func (m *memory) proven(q message) *sip.Response {
	m.t.Helper()
	m.Send(q.text(""))
	res := m.Status(401)
	q.seq++
	m.Send(q.text(credentials(m.t, res, q, "SHA-256", password, 1)))
	return m.Next().(*sip.Response)
}

// register registers contacts and expects a status.
func (m *memory) register(seq int, extra string, want int) *sip.Response {
	m.t.Helper()
	res := m.proven(message{"REGISTER", "1001", "reg", seq, extra})
	if res.StatusCode != want {
		m.t.Fatalf("registered %q: %d %s, want %d", extra, res.StatusCode, res.Reason, want)
	}
	synctest.Wait()
	return res
}

// crlf is a text with the line ends of the wire and an empty body.
func crlf(text string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\r\n") + "\r\n\r\n"
}
