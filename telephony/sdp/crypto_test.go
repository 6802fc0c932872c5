package sdp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// ownKeys are keys for every suite, each of its own bytes.
func ownKeys(seed byte) (list []Crypto) {
	for i, s := range Suites() {
		list = append(list, Crypto{Tag: i + 1, Suite: s.Name, Master: bytes.Repeat([]byte{seed + byte(i)}, s.Size)})
	}
	return list
}

func inline(fill byte, size int) string {
	return "inline:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{fill}, size))
}

var goodCrypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + inline('k', 30)

func TestParseCrypto(t *testing.T) {
	key := inline('k', 30)
	for _, tt := range []struct {
		value string
		ok    bool
		mki   string
	}{
		{"1 AES_CM_128_HMAC_SHA1_80 " + key, true, ""},
		{"999999999 AES_CM_128_HMAC_SHA1_32 " + key, true, ""},
		{"2 AES_256_CM_HMAC_SHA1_80 " + inline('k', 46), true, ""},
		{"2 AES_256_CM_HMAC_SHA1_80 " + strings.TrimRight(inline('k', 46), "="), true, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|2^48", true, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|1048576|258:4", true, "\x00\x00\x01\x02"},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|1:1", true, "\x01"},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + " WSH=128 -FEC_ORDER=SRTP_FEC KDR=0", true, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|2^49", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|1:1|2^20", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|256:1", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|1:129", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + "|1:0", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + ";" + key, false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + " UNENCRYPTED_SRTP", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + " UNAUTHENTICATED_SRTP", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + key + " KDR=4", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 " + inline('k', 29), false, ""},
		{"1 AES_256_CM_HMAC_SHA1_80 " + key, false, ""},
		{"1 F8_128_HMAC_SHA1_80 " + key, false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 inline:not*base64", false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80 uri:x", false, ""},
		{"0000000001 AES_CM_128_HMAC_SHA1_80 " + key, false, ""},
		{"x AES_CM_128_HMAC_SHA1_80 " + key, false, ""},
		{"1 AES_CM_128_HMAC_SHA1_80", false, ""},
		{"", false, ""},
	} {
		c, ok := parseCrypto(tt.value)
		if ok != tt.ok || ok && string(c.MKI) != tt.mki {
			t.Errorf("%q: %v with MKI %x", tt.value, ok, c.MKI)
		}
	}
}

func TestWhatIsEncrypted(t *testing.T) {
	const c = "c=IN IP4 192.0.2.9\r\n"
	avp, savp := c+"m=audio 4000 RTP/AVP 8\r\n", c+"m=audio 4000 RTP/SAVP 8\r\n"
	weak := "a=crypto:7 AES_CM_128_HMAC_SHA1_32 " + inline('w', 30) + "\r\n"
	odd := "a=crypto:3 F8_128_HMAC_SHA1_80 " + inline('f', 30) + "\r\n"
	good := goodCrypto + "\r\n"
	for _, tt := range []struct {
		name, offer, policy string
		want                string // the suite, "plain" or a refusal
		has                 string // in the answer
	}{
		{"plain, off", avp, "off", "plain", "m=audio 10000 RTP/AVP 8"},
		{"plain, optional", avp, "optional", "plain", "m=audio 10000 RTP/AVP 8"},
		{"plain, required", avp, "required", ErrPlain.text, ""},
		{"keys beside plain, off", avp + good, "off", "plain", "m=audio 10000 RTP/AVP 8"},
		{"keys beside plain, optional", avp + good, "optional", "AES_CM_128_HMAC_SHA1_80", "m=audio 10000 RTP/AVP 8"},
		{"keys beside plain, required", avp + good, "required", "AES_CM_128_HMAC_SHA1_80", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"},
		{"encrypted, off", savp + good, "off", ErrEncrypted.text, ""},
		{"encrypted, optional", savp + good, "optional", "AES_CM_128_HMAC_SHA1_80", "m=audio 10000 RTP/SAVP 8"},
		{"their order", savp + odd + weak + good, "required", "AES_CM_128_HMAC_SHA1_32", "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:"},
		{"nothing known", savp + odd, "optional", ErrEncrypted.text, ""},
		{"both kinds, optional", avp + "m=audio 4002 RTP/SAVP 8\r\n" + good, "optional", "AES_CM_128_HMAC_SHA1_80", "m=audio 10000 RTP/SAVP 8"},
		{"both kinds, off", savp + good + "m=audio 4002 RTP/AVP 8\r\n", "off", "plain", "m=audio 0 RTP/SAVP 8"},
		{"keys for the whole session", good + savp, "required", ErrEncrypted.text, ""},
	} {
		l := us
		if tt.policy != "off" {
			l.Crypto = ownKeys('A')
		}
		l.Secure = tt.policy == "required"
		offer, err := Parse([]byte(tt.offer))
		if err != nil {
			t.Fatal(err)
		}
		text, a, err := Answer(l, offer)
		got := "plain"
		switch {
		case err != nil:
			_, got, _ = strings.Cut(err.Error(), ": ")
		case a.Send != nil:
			got = a.Send.Suite
			if a.Receive.Suite != got || bytes.Equal(a.Send.Master, a.Receive.Master) {
				t.Errorf("%s: we send with %v and they with %v", tt.name, a.Send, a.Receive)
			}
		}
		if got != tt.want || !strings.Contains(string(text), tt.has) {
			t.Errorf("%s: %s, want %s with %q in\n%s", tt.name, got, tt.want, tt.has, text)
		}
		if n := strings.Count(string(text), "a=crypto"); n > 1 || (n == 1) != (a.Send != nil) {
			t.Errorf("%s: %d keys in the answer", tt.name, n)
		}
	}
}

func TestAcceptWantsOneOfOurKeys(t *testing.T) {
	l := us
	l.Crypto = ownKeys('A')
	const head = "c=IN IP4 192.0.2.9\nm=audio 4000 RTP/SAVP 8\n"
	crypto := func(tag int, suite string) string {
		return fmt.Sprintf("a=crypto:%d %s %s\n", tag, suite, inline('z', 30))
	}
	for name, tt := range map[string]struct {
		answer string
		ok     bool
	}{
		"ours":                       {head + crypto(3, "AES_CM_128_HMAC_SHA1_32"), true},
		"beside plain":               {strings.Replace(head, "SAVP", "AVP", 1) + crypto(1, "AES_CM_128_HMAC_SHA1_80"), true},
		"another tag beside plain":   {strings.Replace(head, "SAVP", "AVP", 1) + crypto(2, "AES_CM_128_HMAC_SHA1_32"), false},
		"another suite beside plain": {strings.Replace(head, "SAVP", "AVP", 1) + crypto(1, "F8_128_HMAC_SHA1_80"), false},
		"plain":                      {strings.Replace(head, "SAVP", "AVP", 1), true},
		"another tag":                {head + crypto(2, "AES_CM_128_HMAC_SHA1_32"), false},
		"a tag too high":             {head + crypto(9, "AES_CM_128_HMAC_SHA1_80"), false},
		"two":                        {head + crypto(1, "AES_CM_128_HMAC_SHA1_80") + crypto(3, "AES_CM_128_HMAC_SHA1_32"), false},
		"none":                       {head, false},
	} {
		s, err := Parse([]byte(tt.answer))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Accept(l, s)
		if (err == nil) != tt.ok || tt.ok && name != "plain" && (a.Send == nil || a.Receive.Master[0] != 'z') {
			t.Errorf("%s: %v, %v", name, a.Send, err)
		}
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	l := us
	l.Crypto = []Crypto{{Tag: 1, Suite: "X", Master: []byte("SECRETSECRET")}}
	a := Agreed{Send: &l.Crypto[0]}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "local", l, "agreed", a, "crypto", l.Crypto[0], "send", a.Send)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, l, a, l.Crypto[0], a.Send)
	}
	for _, form := range []string{"SECRET", fmt.Sprintf("%x", "SECRET"), "83 69 67 82"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("%s is printed in\n%s", form, out.String())
		}
	}
}
