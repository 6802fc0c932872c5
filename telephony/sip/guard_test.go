package sip

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"github.com/pasokh/pasokh/firmware/clock"
)

func TestDigest(t *testing.T) {
	for _, x := range []struct {
		name, user, algorithm, password string
		edit                            func(string) string
		want                            int
	}{
		{name: "SHA-256", user: "1001", algorithm: "SHA-256", password: password, want: 200},
		{name: "MD5", user: "1001", algorithm: "MD5", password: password, want: 200},
		{name: "wrong password", user: "1001", algorithm: "SHA-256", password: "x", want: 401},
		{name: "unknown user", user: "4711", algorithm: "SHA-256", password: password, want: 401},
		{name: "user without a password", user: "1009", algorithm: "MD5", password: "", want: 401},
		{name: "another user's credentials", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return strings.Replace(c, "1001", "1002", 1) }},
		{name: "other realm", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return strings.Replace(c, `realm="box.test"`, `realm="other"`, 1) }},
		{name: "other target, not signed", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return strings.Replace(c, "sip:box.test", "sip:1002@box.test", 1) }},
		{name: "unknown algorithm", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return strings.Replace(c, "algorithm=MD5", "algorithm=MD5-sess", 1) }},
		{name: "without protection", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return strings.Replace(c, "qop=auth, ", "", 1) }},
		{name: "garbage", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(string) string { return `Digest username="1001` }},
		{name: "too long", user: "1001", algorithm: "MD5", password: password, want: 401,
			edit: func(c string) string { return c + `, x="` + strings.Repeat("y", maxCredentials) + `"` }},
	} {
		t.Run(x.name, func(t *testing.T) {
			bubble(t, func(m *memory) {
				q := message{"REGISTER", x.user, "reg", 1, ""}
				m.Send(q.text(""))
				challenge := m.Status(401)
				q.seq++
				c := credentials(t, challenge, q, x.algorithm, x.password, 1)
				if x.edit != nil {
					c = x.edit(c)
				}
				m.Send(q.text(c))
				res := m.Status(x.want)
				if x.want == 401 && shape(res) != shape(challenge) {
					t.Errorf("refusal differs from the challenge:\n%s\n%s", res, challenge)
				}
			})
		})
	}
}

// shape is a response without what is different in each.
func shape(res *sip.Response) string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(res.StatusCode) + res.Reason)
	for _, h := range res.Headers() {
		value := h.Value()
		switch h.Name() {
		case "WWW-Authenticate":
			before, after, _ := strings.Cut(value, "nonce=")
			_, after, _ = strings.Cut(after, ",")
			value = before + after
		case "Via", "CSeq", "From", "To":
			value = ""
		}
		b.WriteString(h.Name() + value + "\n")
	}
	return b.String()
}

func TestOrderOfChallenges(t *testing.T) {
	for agent, want := range map[string]string{"User-Agent: Phone/1\n": "SHA-256 MD5", "": "MD5 SHA-256", "User-Agent: SIPp/3\n": "MD5 SHA-256",
		"User-Agent: baresip v1.0.0 (x86_64/linux)\n": "MD5", "User-Agent: baresip v3.10.1\n": "MD5", "User-Agent: baresip v3.11.0\n": "SHA-256 MD5"} {
		bubble(t, func(m *memory) {
			m.Send(message{"REGISTER", "1001", "reg", 1, agent}.text(""))
			var got []string
			for _, h := range m.Status(401).GetHeaders("WWW-Authenticate") {
				c, err := digest.ParseChallenge(h.Value())
				if err != nil || !c.SupportsQOP("auth") || c.Realm != "box.test" || c.Stale {
					t.Errorf("challenge %s: %v", h.Value(), err)
				}
				got = append(got, c.Algorithm)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%q is offered %v, want %s", agent, got, want)
			}
		})
	}
}

func TestNonces(t *testing.T) {
	bubble(t, func(m *memory) {
		q := message{"REGISTER", "1001", "reg", 1, ""}
		m.Send(q.text(""))
		challenge := m.Status(401)
		send := func(nc, want int, stale bool) *sip.Response {
			t.Helper()
			q.seq++
			m.Send(q.text(credentials(t, challenge, q, "SHA-256", password, nc)))
			res := m.Status(want)
			if want == 401 && strings.Contains(res.GetHeader("WWW-Authenticate").Value(), "stale=true") != stale {
				t.Errorf("nc %d: %v", nc, res.GetHeader("WWW-Authenticate"))
			}
			return res
		}
		send(1, 200, false)
		send(2, 200, false)
		send(1, 401, true) // replayed
		send(4, 200, false)
		send(3, 200, false) // overtaken on the way
		send(3, 401, true)
		send(200, 200, false)
		send(100, 401, true) // too far behind to know
		time.Sleep(nonceLife + time.Second)
		challenge = send(201, 401, true)
		send(1, 200, false)
	})
}

func TestNonceOfAnotherAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuard(clock.System(), nil)
		nonce := g.seal("192.0.2.9")
		if _, _, ours := g.open(nonce, "192.0.2.9"); !ours {
			t.Error("own nonce not known")
		}
		if _, _, ours := g.open(nonce, "192.0.2.10"); ours {
			t.Error("nonce works from another address")
		}
		if _, _, ours := newGuard(clock.System(), nil).open(nonce, "192.0.2.9"); ours {
			t.Error("nonce works with another key")
		}
	})
}

func FuzzCredentials(f *testing.F) {
	g := newGuard(clock.System(), nil)
	f.Add(`Digest username="1001", realm="box.test", nonce="x", uri="sip:box.test", response="y", algorithm=MD5, cnonce="z", qop=auth, nc=00000001`)
	f.Add(`Digest realm="box.test",nc=-1`)
	f.Fuzz(func(t *testing.T, value string) {
		req := sip.NewRequest(sip.REGISTER, sip.Uri{Host: "box.test"})
		req.SetSource("192.0.2.9:5060")
		req.AppendHeader(sip.NewHeader("Authorization", value))
		if g.check(req, "box.test", "1001", password, true) == proven {
			t.Fatal("let in")
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	g := newGuard(clock.System(), nil)
	req := sip.NewRequest(sip.REGISTER, sip.Uri{Host: "box.test"})
	req.SetSource("192.0.2.9:5060")
	req.AppendHeader(sip.NewHeader("Authorization", `Digest username="1001", realm="box.test", nonce="`+g.seal("192.0.2.9")+
		`", uri="sip:box.test", response="y", algorithm=SHA-256, cnonce="z", qop=auth, nc=00000001`))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			g.check(req, "box.test", "1001", password, true)
		}
	})
}
