package sip

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/media"
)

func TestRequestsOutsideDialogs(t *testing.T) {
	bubble(t, func(m *memory) {
		for i, x := range []struct {
			method, extra string
			want          int
			field         string
		}{
			{"OPTIONS", "", 200, "Allow"},
			{"OPTIONS", "Require: 100rel, x\n", 420, "Unsupported"},
			{"OPTIONS", strings.Repeat("X: y\n", 200), 513, ""},
			{"BYE", "", 481, ""},
			{"UPDATE", "", 481, ""},
			{"CANCEL", "", 481, ""},
			{"SUBSCRIBE", "Event: presence\n", 401, "WWW-Authenticate"},
			{"MESSAGE", "", 405, "Allow"},
			{"DANCE", "", 501, "Allow"},
			{"INVITE", "", 401, "WWW-Authenticate"},
		} {
			m.Send(message{x.method, "1001", "out", i, x.extra}.text(""))
			res := m.Status(x.want)
			if res.GetHeader("Server").Value() != "Pasokh" || x.field != "" && res.GetHeader(x.field) == nil {
				t.Errorf("%s answered with\n%s", x.method, res)
			}
		}
		m.Send(strings.Replace(message{"INVITE", "1001", "loop", 1, ""}.text(""), "Max-Forwards: 70", "Max-Forwards: 0", 1))
		m.Status(483)
		m.Send(strings.Replace(message{"OPTIONS", "1001", "tag", 1, ""}.text(""), ";tag=peer", "", 1))
		m.Status(200) // as before RFC 3261
	})
}

func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	o := Options{Clock: clock.System(), Log: testLog(t), UDP: "127.0.0.1:0", TCP: taken.Addr().String(), Config: testConfig}
	err = New(o).Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) || !strings.Contains(err.Error(), "TCP") {
		t.Errorf("error is %v", err)
	}
}

func TestWrongPassword(t *testing.T) {
	r := newRig(t)
	p, _ := r.phone("1001", nil, func(o *phone.Options) { o.Password = "wrong" })
	if _, err := p.Register(t.Context(), time.Hour); status(err) != 401 {
		t.Errorf("registered with a wrong password: %v", err)
	}
	c := r.call(p, "600")
	within(t, "refusal", c.Done())
	if code, _ := c.Ended(); code != 401 {
		t.Errorf("called with a wrong password: %d", code)
	}
}

func TestPhoneWhoseConnectionIsGoneIsNotRung(t *testing.T) {
	r := newRig(t)
	p, _ := r.registered("1002", nil, func(o *phone.Options) { o.Network = "TCP" })
	if n := len(r.Endpoints("1002")); n != 1 {
		t.Fatalf("%d endpoints", n)
	}
	p.Close()
	eventually(t, "no endpoint left", func() bool { return len(r.Endpoints("1002")) == 0 })
}

func TestTLS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(o *Options, _ *media.Options) {
		o.TLS = "127.0.0.1:0"
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}}
	})
	conn, err := tls.Dial("tcp", r.Addr("TLS").String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(waitTime))
	if _, err := conn.Write([]byte(options("TLS"))); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "SIP/2.0 200") {
		t.Errorf("got %q, %v", line, err)
	}
}

func options(network string) string {
	return "OPTIONS sip:box.test SIP/2.0\r\nVia: SIP/2.0/" + network + " x.invalid;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n" +
		"From: <sip:a@x.invalid>;tag=1\r\nTo: <sip:box.test>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
}

// browser is a WebSocket client that registers, as a page would.
type browser struct {
	t    *testing.T
	conn net.Conn
}

func (b *browser) send(text string) {
	b.t.Helper()
	if err := wsutil.WriteClientText(b.conn, []byte(text)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) next() sip.Message {
	b.t.Helper()
	data, err := wsutil.ReadServerText(b.conn)
	if err != nil {
		b.t.Fatal(err)
	}
	m, err := sip.ParseMessage(data)
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func TestWebSocket(t *testing.T) {
	r := newRig(t)
	web := httptest.NewServer(http.StripPrefix("/ws", r.WebSocketHandler()))
	defer web.Close()
	ctx, cancel := context.WithTimeout(t.Context(), waitTime)
	defer cancel()
	dialer := ws.Dialer{Protocols: []string{"sip"}, Header: ws.HandshakeHeaderHTTP{"Origin": {web.URL}}}
	conn, _, hs, err := dialer.Dial(ctx, "ws"+strings.TrimPrefix(web.URL, "http")+"/ws")
	if err != nil || hs.Protocol != "sip" {
		t.Fatalf("subprotocol %q: %v", hs.Protocol, err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(waitTime))
	if err := wsutil.WriteClientMessage(conn, ws.OpPing, []byte("there?")); err != nil {
		t.Fatal(err)
	}
	if f, err := ws.ReadFrame(conn); err != nil || f.Header.OpCode != ws.OpPong || string(f.Payload) != "there?" {
		t.Fatalf("a ping is answered with %v %q, %v", f.Header.OpCode, f.Payload, err)
	}
	b := &browser{t, conn}
	q := message{"REGISTER", "1002", "page", 1, "Contact: <sip:1002@x.invalid;transport=ws>\nExpires: 300\n"}
	b.send(crlf(strings.Replace(q.text(""), "SIP/2.0/UDP", "SIP/2.0/WS", 1)))
	challenge := b.next().(*sip.Response)
	q.seq++
	b.send(crlf(strings.Replace(q.text(credentials(t, challenge, q, "SHA-256", password, 1)), "SIP/2.0/UDP", "SIP/2.0/WS", 1)))
	if res := b.next().(*sip.Response); res.StatusCode != 200 {
		t.Fatalf("registered: %d", res.StatusCode)
	}
	if p := r.Phones(); len(p) != 1 || p[0].Transport != "WS" {
		t.Fatalf("board shows %+v", p)
	}
	// A call reaches the page down its own connection.
	alice, _ := r.registered("1001", nil)
	a := r.call(alice, "1002")
	invite := b.next().(*sip.Request)
	if invite.Method != sip.INVITE || invite.Recipient.String() != "sip:1002@x.invalid;transport=ws" || invite.Via().Transport != "WS" {
		t.Errorf("the page got\n%s", invite)
	}
	b.send(sip.NewResponseFromRequest(invite, 486, "Busy Here", nil).String())
	within(t, "refusal", a.Done())
	if code, _ := a.Ended(); code != 486 {
		t.Errorf("caller got %d", code)
	}
	_ = conn.Close()
	eventually(t, "no endpoint left", func() bool { return len(r.Endpoints("1002")) == 0 })
}

func TestWebSocketRefusals(t *testing.T) {
	s := New(Options{Clock: clock.System(), Log: testLog(t), Config: func() *config.Config { return testConfig() }})
	for _, x := range []struct {
		header map[string]string
		want   int
	}{
		{map[string]string{}, http.StatusUpgradeRequired},
		{map[string]string{"Upgrade": "websocket"}, http.StatusBadRequest},
		{map[string]string{"Upgrade": "websocket", "Sec-WebSocket-Protocol": "sip", "Origin": "https://evil.test"}, http.StatusForbidden},
	} {
		req := httptest.NewRequest(http.MethodGet, "http://box.test/ws", nil)
		for k, v := range x.header {
			req.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		s.WebSocketHandler().ServeHTTP(w, req)
		if w.Code != x.want {
			t.Errorf("%v: %d, want %s", x.header, w.Code, strconv.Itoa(x.want))
		}
	}
}
