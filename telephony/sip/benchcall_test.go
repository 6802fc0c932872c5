package sip

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/siptest"
	"github.com/pasokh/pasokh/telephony/sip/wire"
)

// wirePhone is a phone on a network in memory that reads and writes bytes.
type wirePhone struct {
	*siptest.Socket
	b  *testing.B
	in [65536]byte
}

// await is the next message whose first line has a word in it.
func (p *wirePhone) await(word string) *wire.Message {
	for {
		n, _, err := p.ReadFrom(p.in[:])
		if err != nil {
			p.b.Fatal(err)
		}
		m := p.in[:n]
		first, _, _ := bytes.Cut(m, []byte("\r\n"))
		switch {
		case bytes.Contains(first, []byte(word)):
			return wire.Read(bytes.Clone(m))
		case bytes.HasPrefix(first, []byte("SIP/2.0 ")) && first[8] > '2':
			p.b.Fatalf("got %s, want %s", first, word)
		}
	}
}

func (p *wirePhone) send(text string, body string) {
	kind := ""
	if body != "" {
		kind = "Content-Type: application/sdp\n"
	}
	text = fmt.Sprintf("%s%sContent-Length: %d\n\n", text, kind, len(body))
	if _, err := p.WriteTo([]byte(strings.ReplaceAll(text, "\n", "\r\n")+body), siptest.Addr(boxAddr)); err != nil {
		p.b.Fatal(err)
	}
}

// ok answers a request with 200.
func (p *wirePhone) ok(m *wire.Message, extra, body string) {
	p.send(fmt.Sprintf("SIP/2.0 200 OK\nVia: %s\nFrom: %s\nTo: %s;tag=callee\nCall-ID: %s\nCSeq: %s\n%s",
		m.Get("via"), m.Get("from"), strings.TrimSuffix(m.Get("to"), ";tag=callee"), m.Get("call-id"), m.Get("cseq"), extra), body)
}

const benchSDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" +
	"a=rtpmap:101 telephone-event/8000\r\n"

// BenchmarkBridgedCall is a call from one phone to another with its challenge, from
// the first INVITE to the end of both dialogs, on a network in memory. Its two RTP
// sockets are real, and what the phones do is counted too.
func BenchmarkBridgedCall(b *testing.B) {
	cfg := testConfig()
	cfg.SIP.Trusted = []string{"192.0.2.0/24"}
	cfg.SIP.MaxCallsPerSecond = 1 << 30
	news := &event.News{}
	engine := media.New(media.Options{Clock: clock.System(), Address: netip.MustParseAddr("127.0.0.1"), PortMin: 33000, PortMax: 33999, Country: "IR"})
	ended := make(chan struct{}, 1)
	var s *Server
	arrive := func(a call.Arrival) {
		c := call.New(a, call.Options{Clock: clock.System(), Journal: new(calltest.Journal), Log: slog.New(slog.DiscardHandler)})
		go func() {
			c.Run(func(c *call.Call) call.Cause {
				other, cause, err := c.Ring("1002", s.Endpoints("1002"), call.Offer{Caller: a.From, Called: a.To}, time.Minute)
				if other != nil && err == nil && c.Answer() == nil {
					cause, _ = c.Talk(other, "default")
				}
				return cause
			})
			ended <- struct{}{}
		}()
	}
	s = New(Options{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), News: news, Media: engine,
		Config: func() *config.Config { return cfg }, Arrive: arrive})
	net := siptest.NewNet()
	ours := net.Listen(boxAddr)
	s.bound["UDP"] = netip.MustParseAddrPort(boxAddr)
	s.packets = ours
	dialog.Pool(s.transport, ours)
	go func() { _ = s.transport.ServeUDP(ours) }()
	defer ours.Close()
	caller, callee := &wirePhone{Socket: net.Listen(peerAddr), b: b}, &wirePhone{Socket: net.Listen("192.0.2.8:5060"), b: b}
	proof := func(m *wire.Message, q message) string {
		res := sip.NewResponse(401, "")
		res.AppendHeader(sip.NewHeader("WWW-Authenticate", m.Get("www-authenticate")))
		algorithm := "MD5"
		if strings.Contains(m.Get("www-authenticate"), "SHA-256") {
			algorithm = "SHA-256"
		}
		return credentials(b, res, q, algorithm, password, 1)
	}
	q := message{"REGISTER", "1002", "reg", 1, "Contact: <sip:1002@192.0.2.8:5060>\n"}
	caller.send(strings.TrimSuffix(q.text(""), "\n"), "")
	first := caller.await("401")
	q.seq++
	caller.send(strings.TrimSuffix(q.text(proof(first, q)), "\n"), "")
	caller.await("200")
	s.registrar.list("1002")[0].flow.Addr = "192.0.2.8:5060" // it has moved

	b.ReportAllocs()
	for i := range b.N {
		b.StopTimer()
		s.rates = shield.NewRates(clock.System()) // they would end it soon
		q := message{"INVITE", "1001", fmt.Sprint("call", i), 1, "Contact: <sip:1001@" + peerAddr + ">\n"}
		b.StartTimer()
		head := func(method, to, credentials string) string {
			q.method = method
			text := strings.Replace(q.text(credentials), method+" sip:box.test", method+" sip:1002@box.test", 1)
			return strings.TrimSuffix(strings.Replace(text, "To: <sip:1001@box.test>", "To: "+to, 1), "\n")
		}
		const to = "<sip:1002@box.test>"
		caller.send(head("INVITE", to, ""), benchSDP)
		m := caller.await("401")
		b.StopTimer()
		q.seq++
		credentials := proof(m, q)
		b.StartTimer()
		caller.send(head("INVITE", to, credentials), benchSDP)
		callee.ok(callee.await("INVITE"), "Contact: <sip:1002@192.0.2.8:5060>\n", benchSDP)
		callee.await("ACK")
		answer := caller.await("200")
		caller.send(head("ACK", answer.Get("to"), ""), "")
		q.seq++
		caller.send(head("BYE", answer.Get("to"), ""), "")
		callee.ok(callee.await("BYE"), "", "")
		caller.await("200")
		<-ended
	}
}
