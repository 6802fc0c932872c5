package sip

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/pasokh/pasokh/firmware/clock"
)

// signed is a request with good credentials for a URI that its sender names.
func (m *memory) signed(q message, target, uri string) *sip.Response {
	m.t.Helper()
	text := func(c string) string { return strings.Replace(q.text(c), "sip:box.test", target, 1) }
	m.Send(text(""))
	chal, err := digest.ParseChallenge(m.Status(401).GetHeader("WWW-Authenticate").Value())
	if err != nil {
		m.t.Fatal(err)
	}
	cred, err := digest.Digest(chal, digest.Options{Method: q.method, URI: uri, Username: q.user, Password: password, Count: 1})
	if err != nil {
		m.t.Fatal(err)
	}
	q.seq++
	m.Send(text(cred.String()))
	return m.Next().(*sip.Response)
}

func TestCredentialsAreForOneRequest(t *testing.T) {
	for _, x := range []struct {
		target, uri string
		let         bool
	}{
		{"sip:1002@box.test", "sip:1002@box.test", true},
		{"sip:1002@192.0.2.1:5060;user=phone", "sip:1002@box.test", true}, // through an outbound proxy
		{"sip:1002@box.test", "sip:1002@192.0.2.1:5060", true},
		{"sip:%31002@box.test", "sip:1002@box.test", true},
		{"sip:1002@box.test", "sip:192.0.2.1:5060", true}, // SIPp
		{"sip:1002@box.test", "SIP:1002@BOX.TEST;transport=udp", true},
		{"sip:0019001234@box.test", "sip:1002@box.test", false},
		{"sip:1002@box.test", "sip:1002@elsewhere.test", false},
		{"sip:1002@box.test", "1002", false},
		{"sip:1002@box.test", "tel:1002", false},
	} {
		bubble(t, func(m *memory) {
			res := m.signed(message{"INVITE", "1001", "meant", 1, "Accept: text/plain\n"}, x.target, x.uri)
			if want := map[bool]int{true: 406, false: 401}[x.let]; res.StatusCode != want { // 406: let in
				t.Errorf("%s with credentials for %s: %d", x.target, x.uri, res.StatusCode)
			}
			if n := len(m.Bans()); n > 0 {
				t.Errorf("%d bans", n)
			}
		})
	}
}

func TestAnExtensionsSources(t *testing.T) {
	bubble(t, func(m *memory) {
		q := message{"REGISTER", "1001", "from", 1, contactA + "\n"}
		for i := range m.cfg.Extensions {
			m.cfg.Extensions[i].Sources = []string{"198.51.100.0/24", "192.0.2.9"}
		}
		if res := m.proven(q); res.StatusCode != 200 {
			t.Fatalf("from its own network: %d", res.StatusCode)
		}
		m.Peer = m.peer("192.0.2.10:5060")
		q.id = "elsewhere"
		m.Send(q.text(""))
		challenge := m.Status(401)
		q.seq++
		m.Send(q.text(credentials(t, challenge, q, "MD5", password, 1)))
		if res := m.Status(401); shape(res) != shape(challenge) {
			t.Errorf("from elsewhere:\n%s", res)
		}
		if !m.cfg.Extensions[0].From(netip.MustParseAddr("::ffff:198.51.100.7")) {
			t.Error("an IPv4 address on a socket of IPv6 is not known")
		}
	})
}

// Whoever asks learns nothing about which extensions there are: neither from what
// is said nor from who is shut out for it.
func TestStrangersLearnNoNumbers(t *testing.T) {
	for _, method := range []string{"REGISTER", "INVITE", "SUBSCRIBE", "OPTIONS"} {
		var all []string
		for _, user := range []string{"1001", "4711", "1009"} { // wrong password, nobody, no password
			bubble(t, func(m *memory) {
				var told strings.Builder
				q := message{method, user, "enum", 1, "Event: dialog\nUser-Agent: Phone/1\n"}
				for range 8 { // the last are of a source that is shut out
					m.Send(q.text(""))
					synctest.Wait()
					if len(m.Bans()) > 0 {
						m.Quiet(time.Minute)
						break
					}
					res := m.Next().(*sip.Response)
					told.WriteString(shape(res))
					if res.StatusCode != 401 {
						break
					}
					q.seq++
					m.Send(q.text(credentials(t, res, q, "MD5", "guess", 1)))
					told.WriteString(shape(m.Next().(*sip.Response)))
					q.seq++
				}
				all = append(all, told.String()+strconv.Itoa(len(m.Bans())))
			})
		}
		if method != "OPTIONS" && !strings.HasSuffix(all[0], "1") {
			t.Errorf("%s: eight wrong passwords and nobody is shut out", method)
		}
		if all[1] != all[0] || all[2] != all[0] {
			t.Errorf("%s answers differ:\n%s", method, strings.Join(all, "\n--\n"))
		}
	}
}

// The same work is done for all: the medians of many checks are close.
func TestRefusalsTakeTheSameTime(t *testing.T) {
	g := newGuard(clock.System(), nil)
	req := sip.NewRequest(sip.REGISTER, sip.Uri{Host: "box.test"})
	req.SetSource("192.0.2.9:5060")
	req.AppendHeader(sip.NewHeader("Authorization", `Digest username="1001", realm="box.test", nonce="`+g.seal("192.0.2.9")+
		`", uri="sip:box.test", response="00112233445566778899aabbccddeeff", algorithm=MD5, cnonce="z", qop=auth, nc=00000001`))
	var took [2][]time.Duration
	for i := range 4000 {
		begun := time.Now()
		if g.check(req, "box.test", "1001", password, i%2 == 0) != wrong {
			t.Fatal("not refused")
		}
		took[i%2] = append(took[i%2], time.Since(begun))
	}
	slices.Sort(took[0])
	slices.Sort(took[1])
	known, unknown := took[0][len(took[0])/2], took[1][len(took[1])/2]
	if known > unknown*3/2 || unknown > known*3/2 {
		t.Errorf("a wrong password takes %v, a user who does not exist %v", known, unknown)
	}
}
