package sdp

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Crypto is an a=crypto attribute: how one side encrypts what it sends (RFC 4568).
type Crypto struct {
	Tag    int    // 1..999999999; an answer repeats that of the offer
	Suite  string // "AES_CM_128_HMAC_SHA1_80"
	Master []byte // master key and salt, one after the other
	MKI    []byte // sent with every packet to name the key; nil is none
}

// String is the suite: keys are not for logs.
func (c Crypto) String() string { return c.Suite }

// GoString masks the key under %#v.
func (c Crypto) GoString() string { return c.Suite }

// Suite is a way of SRTP to encrypt.
type Suite struct {
	Name string
	Size int // of master key and salt, bytes
}

// Suites are those that we know, as we offer them: first the one that every phone
// has, which is also the fastest of them on small processors (RFC 4568 6.2, RFC
// 6188 3).
func Suites() []Suite {
	return []Suite{
		{"AES_CM_128_HMAC_SHA1_80", 16 + 14},
		{"AES_256_CM_HMAC_SHA1_80", 32 + 14},
		{"AES_CM_128_HMAC_SHA1_32", 16 + 14},
	}
}

// Bounds of a=crypto.
const (
	maxCrypto = 16  // lines of a section that are read
	maxMKI    = 128 // bytes (RFC 4568 9.2)
)

// parseCrypto reads "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4 WSH=128". It
// reports false for an attribute that must not be chosen: an unknown suite, a key
// of the wrong length, more than one key, a parameter that would change the packets
// (RFC 4568 5.1.2, 6.3).
func parseCrypto(value string) (Crypto, bool) {
	f := strings.Fields(value)
	if len(f) < 3 {
		return Crypto{}, false
	}
	tag, err := strconv.ParseUint(f[0], 10, 32)
	if err != nil || len(f[0]) > 9 {
		return Crypto{}, false
	}
	c := Crypto{Tag: int(tag), Suite: strings.ToUpper(f[1])}
	size := 0
	for _, s := range Suites() {
		if s.Name == c.Suite {
			size = s.Size
		}
	}
	if size == 0 || !c.inline(f[2], size) {
		return Crypto{}, false
	}
	for _, p := range f[3:] {
		if !harmless(p) {
			return Crypto{}, false
		}
	}
	return c, true
}

// inline reads "inline:KEY[|LIFETIME][|MKI:LENGTH]". How long a key lasts is its
// owner's business: it offers a new one in time.
func (c *Crypto) inline(s string, size int) bool {
	method, info, _ := strings.Cut(s, ":")
	parts := strings.Split(info, "|")
	if !strings.EqualFold(method, "inline") || len(parts) > 3 {
		return false
	}
	key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(parts[0], "="))
	if err != nil || len(key) != size {
		return false
	}
	c.Master = key
	parts = parts[1:]
	if len(parts) > 0 && !strings.Contains(parts[0], ":") {
		if !lifetime(parts[0]) {
			return false
		}
		parts = parts[1:]
	}
	switch len(parts) {
	case 0:
		return true
	case 1:
		return c.mki(parts[0])
	}
	return false
}

// lifetime tells a number of packets: "2^20", "1048576".
func lifetime(s string) bool {
	digits, power := strings.CutPrefix(s, "2^")
	n, err := strconv.ParseUint(digits, 10, 64)
	return err == nil && n > 0 && (!power || n <= 48)
}

// mki reads "1:4": a number and how many bytes it takes.
func (c *Crypto) mki(s string) bool {
	number, length, _ := strings.Cut(s, ":")
	value, err := strconv.ParseUint(number, 10, 64)
	n, wrong := strconv.ParseUint(length, 10, 8)
	if err != nil || wrong != nil || n < 1 || n > maxMKI || n < 8 && value>>(8*n) != 0 {
		return false
	}
	c.MKI = make([]byte, n)
	for i := int(n) - 1; i >= 0; i-- {
		c.MKI[i] = byte(value)
		value >>= 8
	}
	return true
}

// harmless tells a session parameter that leaves the packets as they are: a hint
// for the replay window, the default key derivation, and whatever the peer says may
// be passed over (RFC 4568 6.3).
func harmless(p string) bool {
	return strings.HasPrefix(p, "WSH=") || p == "KDR=0" || strings.HasPrefix(p, "-")
}

// text is the attribute's value.
func (c Crypto) text() string {
	return strconv.Itoa(c.Tag) + " " + c.Suite + " inline:" + base64.StdEncoding.EncodeToString(c.Master)
}

// ours is our own attribute for a suite.
func (l *Local) ours(suite string) (Crypto, bool) {
	for _, c := range l.Crypto {
		if c.Suite == suite {
			return c, true
		}
	}
	return Crypto{}, false
}

// keys chooses what both sides encrypt with. To an offer that is the first suite of
// it that we have too, to be answered under its tag (RFC 4568 5.1.2); an answer
// must name one that we offered, and only one.
func (l *Local) keys(m *Media, answer bool) (send, receive *Crypto) {
	for _, theirs := range m.Crypto {
		ours, ok := l.ours(theirs.Suite)
		if !ok || answer && (ours.Tag != theirs.Tag || len(m.Crypto) > 1) {
			continue
		}
		ours.Tag = theirs.Tag
		return &ours, &theirs
	}
	return nil, nil
}
