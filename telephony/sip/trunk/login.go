package trunk

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// maxChallenge bounds a challenge, in bytes.
const maxChallenge = 2048

// Login answers the challenges of one exchange with the trunk's provider. It is
// not safe for concurrent use.
type Login struct {
	trunk *Trunk
	realm string // answered last
	again bool   // an answer to a nonce that had aged was given
	why   error  // no answer was given
}

// Login begins an exchange.
func (t *Trunk) Login() *Login { return &Login{trunk: t} }

// Answer answers the challenge of a 401 or 407 to req (RFC 3261 22, RFC 8760), the
// strongest that we know. The result is nil when the response does not come from
// where the request went, when the realm is another than it was, or when the
// request had credentials already: they were made for a fresh nonce, so that the
// password must be wrong. Only of a nonce that the server calls stale it is made
// once more.
func (l *Login) Answer(req *sip.Request, res *sip.Response) sip.Header {
	asks, gives := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		asks, gives = "Proxy-Authenticate", "Proxy-Authorization"
	}
	config := &l.trunk.Config
	if config.User == "" || !answers(req, res) {
		return nil
	}
	var best *digest.Challenge
	for _, h := range res.GetHeaders(asks) {
		if len(h.Value()) > maxChallenge {
			continue
		}
		c, err := digest.ParseChallenge(h.Value())
		if err != nil || !digest.CanDigest(c) {
			continue
		}
		if realm := l.trunk.realmOf(); realm != "" && c.Realm != realm {
			l.why = fmt.Errorf("it asks for the password of realm %q, not of %q as before: the password is not given away", short(c.Realm), realm)
			continue
		}
		if best == nil || strength(c) > strength(best) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	if req.GetHeader(gives) == nil {
		l.again = false
	} else if l.again || !best.Stale {
		return nil
	} else {
		l.again = true
	}
	c, err := digest.Digest(best, digest.Options{Method: string(req.Method), URI: req.Recipient.String(),
		Username: config.User, Password: config.Secret.Reveal(), Count: 1}) // the digest is computed from it
	if err != nil {
		return nil
	}
	l.realm = best.Realm
	return sip.NewHeader(gives, c.String())
}

// taken: the provider has taken what was answered. Another realm is not from now on.
func (l *Login) taken() {
	if l.realm == "" {
		return
	}
	t := l.trunk
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.realm == "" {
		t.realm = l.realm
	}
}

// realmOf is the only realm that gets the password; "": any, until one has
// been accepted.
func (t *Trunk) realmOf() string {
	if t.Config.Realm != "" {
		return t.Config.Realm
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.realm
}

func strength(c *digest.Challenge) int {
	switch strings.ToUpper(c.Algorithm) {
	case "SHA-256":
		return 2
	case "", "MD5":
		return 1
	}
	return 0
}

// answers tells whether a response comes from where its request went. On a
// connection nothing else is possible.
func answers(req *sip.Request, res *sip.Response) bool {
	if req.Transport() != "UDP" {
		return true
	}
	to, _, err := sip.ParseAddr(req.Destination())
	from, _, err2 := sip.ParseAddr(res.Source())
	return err == nil && err2 == nil && to == from
}
