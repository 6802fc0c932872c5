package sip

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// Bounds of what is shown and dialled, in characters.
const (
	maxName   = 128
	maxNumber = 64
)

// clean makes text of a message fit to show: valid UTF-8, no control characters,
// not too long.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return strings.TrimSpace(s)
}

// userOf is the number in a URI: without escapes and without parameters of the
// user part.
func userOf(u *sip.Uri) string {
	user, _, _ := strings.Cut(u.User, ";")
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	return clean(user, maxNumber)
}

// escapes are for the inside of a quoted-string (RFC 3261 25.1).
var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// quoted is a display name as the inside of a quoted-string.
func quoted(name string) string { return escapes.Replace(clean(name, maxName)) }

// numberURI is the address of a number in our domain.
func numberURI(number, domain string) sip.Uri {
	return sip.Uri{Scheme: "sip", User: escapeUser(number), Host: domain}
}

// escapeUser escapes what a user part may not hold (RFC 3261 25.1).
func escapeUser(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("-_.!~*'()&=+$,?/", c) >= 0:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// callerFrom is the From of a call to a phone: what its display shows.
func callerFrom(p call.Party, domain string) sip.FromHeader {
	if p.Number == "" {
		name := p.Name
		if name == "" {
			name = "Anonymous"
		}
		return sip.FromHeader{DisplayName: quoted(name),
			Address: sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"}} // RFC 3323 4.1.1.3
	}
	return sip.FromHeader{DisplayName: quoted(p.Name), Address: numberURI(clean(p.Number, maxNumber), domain)}
}
