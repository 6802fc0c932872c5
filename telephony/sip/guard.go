package sip

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/clock"
)

// guard checks digest credentials (RFC 3261 22, RFC 8760). It keeps no list of
// the nonces it gives out: a nonce is a time and a random number signed for one
// source address. Only nonces that were used with a right password are
// remembered, to refuse a repeated use.
type guard struct {
	clock clock.Clock
	macs  sync.Pool // of HMACs with the guard's own key
	decoy string    // stands in for the password of users who do not exist
	// ours tells whether a host is our address towards the sender of a request.
	ours func(req *sip.Request, host string) bool

	mu        sync.Mutex
	now, then map[nonceID]*uses // used nonces of this lifetime and the one before
	turned    time.Time
	floor     time.Time // older nonces may have been used and forgotten
}

// maxNonces is how many used nonces of one lifetime are remembered. More make it
// end early, and the oldest nonces stale.
const maxNonces = 16384

// nonceLife is how long a nonce is good for.
const nonceLife = 5 * time.Minute

type nonceID [16]byte

// made is when the nonce was made.
func (id nonceID) made() time.Time { return time.UnixMilli(int64(binary.BigEndian.Uint64(id[:]))) }

func newGuard(c clock.Clock, ours func(*sip.Request, string) bool) *guard {
	g := &guard{clock: c, ours: ours, decoy: rand.Text(), now: make(map[nonceID]*uses), turned: c.Now()}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // crypto/rand never fails
	g.macs.New = func() any { return hmac.New(sha256.New, key) }
	return g
}

// verdict is what a request's credentials are worth.
type verdict uint8

const (
	refused verdict = iota // none, or none that could be right
	wrong                  // a wrong answer to a challenge of ours: the source's address is its own
	stale                  // to a nonce that is not ours, too old or used before
	astray                 // right, but made for another request
	proven
)

// maxCredentials bounds an Authorization header field, in bytes.
const maxCredentials = 2048

// check verifies that a request comes from who knows the user's password. known
// is false for a user who does not exist: it costs the same time and is refused.
func (g *guard) check(req *sip.Request, realm, user, password string, known bool) verdict {
	if !known {
		password = g.decoy
	}
	for _, h := range req.GetHeaders("Authorization") {
		if len(h.Value()) > maxCredentials {
			continue
		}
		if c, ok := readAuthorization(h.Value()); ok && c.realm == realm {
			return g.verify(req, &c, user, password, known)
		}
	}
	return refused
}

func (g *guard) verify(req *sip.Request, c *authorization, user, password string, known bool) verdict {
	if c.algorithm == "" {
		c.algorithm = "MD5"
	}
	if c.algorithm != "MD5" && c.algorithm != "SHA-256" || c.qop != "auth" || c.cnonce == "" {
		return refused
	}
	id, age, ours := g.open(c.nonce, sourceIP(req))
	right := subtle.ConstantTimeCompare([]byte(c.right(string(req.Method), user, password)), []byte(strings.ToLower(c.response))) == 1
	switch {
	case !ours: // right or wrong: who may guess without being counted learns nothing
		return stale
	case !right || !known || c.user != user:
		return wrong
	case age > nonceLife || age < 0 || !g.first(id, c.count):
		return stale
	case !g.meant(req, c):
		return astray
	}
	return proven
}

// challenges are the WWW-Authenticate fields of a 401.
func (g *guard) challenges(req *sip.Request, realm string, v verdict) (fields []string) {
	nonce, old := g.seal(sourceIP(req)), ""
	if v == stale {
		old = "stale=true, "
	}
	for _, algorithm := range algorithmsFor(agentOf(req)) {
		fields = append(fields, `WWW-Authenticate: Digest realm=`+strconv.Quote(realm)+`, nonce="`+nonce+`", `+old+`algorithm=`+algorithm+`, qop="auth"`)
	}
	return fields
}

func sourceIP(req *sip.Request) string {
	host, _, err := net.SplitHostPort(req.Source())
	if err != nil {
		return req.Source()
	}
	return host
}

// seal makes a nonce for an address: time, random number, signature.
func (g *guard) seal(ip string) string {
	b := make([]byte, 0, 32)
	b = binary.BigEndian.AppendUint64(b, uint64(g.clock.Now().UnixMilli()))
	b = b[:16]
	_, _ = rand.Read(b[8:])
	return base64.RawURLEncoding.EncodeToString(append(b, g.sign(b, ip)...))
}

// open reads a nonce; ours is false for one we did not make for this address.
func (g *guard) open(nonce, ip string) (id nonceID, age time.Duration, ours bool) {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != 32 || !hmac.Equal(b[16:], g.sign(b[:16], ip)) {
		return id, 0, false
	}
	copy(id[:], b)
	return id, g.clock.Now().Sub(id.made()), true
}

func (g *guard) sign(b []byte, ip string) []byte {
	mac := g.macs.Get().(hash.Hash)
	defer g.macs.Put(mac)
	mac.Reset()
	mac.Write(b)
	mac.Write([]byte(ip))
	return mac.Sum(nil)[:16]
}

// first reports whether this count of a nonce is used for the first time.
func (g *guard) first(id nonceID, nc int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := g.clock.Now(); now.Sub(g.turned) > nonceLife || len(g.now) >= maxNonces {
		g.floor = g.turned // whatever is forgotten now was made before that
		g.then, g.now, g.turned = g.now, make(map[nonceID]*uses), now
	}
	if !id.made().After(g.floor) {
		return false
	}
	u := g.now[id]
	if u == nil {
		if u = g.then[id]; u == nil {
			u = new(uses)
		}
		g.now[id] = u
	}
	return u.first(nc)
}

// uses are the counts seen of one nonce: the highest, and which of the 64 up to
// it. Requests may overtake one another on UDP.
type uses struct {
	top  int
	seen uint64
}

func (u *uses) first(nc int) bool {
	switch {
	case nc <= 0 || nc <= u.top-64:
		return false
	case nc > u.top:
		u.seen = u.seen<<min(nc-u.top, 64) | 1
		u.top = nc
		return true
	}
	bit := uint64(1) << (u.top - nc)
	if u.seen&bit != 0 {
		return false
	}
	u.seen |= bit
	return true
}
