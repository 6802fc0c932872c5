package trunk

import (
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// maxChallenge bounds a challenge, in bytes.
const maxChallenge = 2048

// Credentials answer the challenge of a 401 or 407 to req (RFC 3261 22, RFC
// 8760), the strongest that we know. The result is nil when the response does not
// come from where the request went, or when the request had credentials already:
// they were made for a fresh nonce, so that the password must be wrong.
func Credentials(req *sip.Request, res *sip.Response, user, password string) sip.Header {
	asks, gives := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		asks, gives = "Proxy-Authenticate", "Proxy-Authorization"
	}
	if user == "" || !answers(req, res) || req.GetHeader(gives) != nil {
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
		if best == nil || strength(c) > strength(best) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	c, err := digest.Digest(best, digest.Options{Method: string(req.Method), URI: req.Recipient.String(),
		Username: user, Password: password, Count: 1})
	if err != nil {
		return nil
	}
	return sip.NewHeader(gives, c.String())
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
