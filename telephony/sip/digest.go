package sip

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// authorization is an Authorization field of the Digest scheme (RFC 7616 3.4).
type authorization struct {
	user, realm, nonce, uri, response, algorithm, cnonce, qop string
	count                                                     int // of the nonce's uses, 0 without one
}

// readAuthorization reads the value of a field. Parameters that mean nothing here are
// passed over; of one that comes twice the last counts.
func readAuthorization(value string) (a authorization, ok bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Digest") {
		return a, false
	}
	for rest = strings.TrimLeft(rest, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return a, false
		}
		after = strings.TrimLeft(after, " \t")
		quoted := ""
		if strings.HasPrefix(after, `"`) {
			end := closing(after)
			if end < 0 {
				return a, false
			}
			quoted, after = unescape(after[1:end]), after[end+1:]
		}
		plain, next, _ := strings.Cut(after, ",")
		plain, rest = strings.TrimSpace(plain), next
		if plain != "" && quoted != "" {
			return a, false
		}
		if !a.set(strings.ToLower(strings.TrimSpace(name)), quoted+plain) {
			return a, false
		}
	}
	return a, true
}

func (a *authorization) set(name, value string) (ok bool) {
	switch name {
	case "username":
		a.user = value
	case "realm":
		a.realm = value
	case "nonce":
		a.nonce = value
	case "uri":
		a.uri = value
	case "response":
		a.response = value
	case "algorithm":
		a.algorithm = strings.ToUpper(value)
	case "cnonce":
		a.cnonce = value
	case "qop":
		a.qop = value
	case "nc":
		n, err := strconv.ParseUint(value, 16, 31)
		a.count = int(n)
		return err == nil
	}
	return true
}

// right is the response that proves the password (RFC 7616 3.4.1), of quality "auth".
func (a *authorization) right(method, user, password string) string {
	return a.hash(a.hash(user, a.realm, password), a.nonce, fmt.Sprintf("%08x", a.count), a.cnonce, a.qop, a.hash(method, a.uri))
}

func (a *authorization) hash(parts ...string) string {
	var room [512]byte
	b := append(room[:0], parts[0]...)
	for _, p := range parts[1:] {
		b = append(append(b, ':'), p...)
	}
	if a.algorithm == "SHA-256" {
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}
