package sip

import (
	"testing"
	"unicode/utf8"

	"github.com/icholy/digest"
)

func TestReadAuthorization(t *testing.T) {
	want := authorization{user: `a"b`, realm: "box, test", nonce: "n=1", uri: "sip:x", response: "ff", algorithm: "SHA-256", cnonce: "c", qop: "auth", count: 17}
	const good = ` username="a\"b", realm="box, test",nonce="n=1" , uri="sip:x",RESPONSE=ff, algorithm=sha-256,  cnonce="c", qop="auth", nc=00000011, opaque="", x=y`
	for _, scheme := range []string{"Digest", "DIGEST "} {
		if got, ok := readAuthorization(scheme + good); !ok || got != want {
			t.Errorf("%s: %+v", scheme, got)
		}
	}
	for _, bad := range []string{"", "Basic" + good, "Digest x", `Digest realm="x`, `Digest realm="x" y="z"`, "Digest nc=-1", "Digest nc=zz", "Digest nc=100000000", "Digest" + good + `, "`} {
		if got, ok := readAuthorization(bad); ok {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

// The response must be what others take for it too, and what they write must be read.
func TestDigestOfOthers(t *testing.T) {
	for _, algorithm := range []string{"MD5", "SHA-256"} {
		for count := 1; count < 1<<31; count *= 7 {
			c, err := digest.Digest(&digest.Challenge{Realm: `box "1"`, Nonce: "abc", Algorithm: algorithm, QOP: []string{"auth"}},
				digest.Options{Method: "INVITE", URI: "sip:1002@box.test", Username: "1001", Password: password, Count: count})
			if err != nil {
				t.Fatal(err)
			}
			a, ok := readAuthorization(c.String())
			if got := a.right("INVITE", "1001", password); !ok || got != a.response || a.count != count {
				t.Errorf("%s: %s, want %s", c, got, c.Response)
			}
		}
	}
}

// What the library reads we read alike, but for what it does not allow, such as names in
// capitals.
func FuzzReadAuthorization(f *testing.F) {
	f.Add(`Digest username="1001", realm="box\".test", nonce="x", uri="sip:box.test", response="y", algorithm=MD5, cnonce="z", qop=auth, nc=00000001`)
	f.Add(`digest a=b,realm=x , realm="y"`)
	f.Add(`digest reALm=0`)
	f.Fuzz(func(t *testing.T, value string) {
		a, ok := readAuthorization(value)
		if ok {
			_ = a.right("REGISTER", a.user, password)
		}
		c, err := digest.ParseCredentials(value)
		if !ok || err != nil || !utf8.ValidString(value) {
			return
		}
		for ours, theirs := range map[string]string{a.realm: c.Realm, a.nonce: c.Nonce, a.uri: c.URI} {
			if theirs != "" && theirs != ours {
				t.Errorf("%+v, others read %+v", a, c)
			}
		}
	})
}
