package sip

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// address is a name-addr or addr-spec with parameters (RFC 3261 20.10), in a header
// field that sipgo leaves as text.
type address struct {
	name   string // without quotes and escapes, fit to show
	number string // fit to show; "" where the URI has none
	uri    string // as it was, with what follows ?
	params string // as they were
}

// maxAddresses bounds what is read of a field.
const maxAddresses = 16

// addresses are those of all header fields of a name, in order. Reading ends at
// the first that makes no sense.
func addresses(m sip.Message, header string) (list []address) {
	for _, h := range m.GetHeaders(header) {
		rest := h.Value()
		for len(rest) <= 8*maxField && len(list) < maxAddresses {
			a, after, ok := cutAddress(rest)
			if !ok {
				break
			}
			list, rest = append(list, a), after
		}
	}
	return list
}

// nameAddr is the first address of a header field that has a number.
func nameAddr(m sip.Message, header string) (call.Party, bool) {
	list := addresses(m, header)
	if len(list) == 0 || list[0].number == "" {
		return call.Party{}, false
	}
	return list[0].party(), true
}

func (a address) party() call.Party { return call.Party{Number: a.number, Name: a.name} }

// param is a parameter of an address, in small letters.
func (a address) param(name string) string {
	for p := range strings.SplitSeq(a.params, ";") {
		if k, v, _ := strings.Cut(p, "="); strings.EqualFold(strings.TrimSpace(k), name) {
			return strings.ToLower(strings.Trim(strings.TrimSpace(v), `"`))
		}
	}
	return ""
}

// cutAddress reads the first address of a list.
func cutAddress(s string) (a address, rest string, ok bool) {
	s = strings.TrimLeft(s, ", \t")
	if strings.HasPrefix(s, `"`) {
		end := closing(s)
		if end < 0 {
			return a, "", false
		}
		a.name, s = clean(unescape(s[1:end]), maxName), s[end+1:]
		if at := strings.IndexByte(s, '<'); at < 0 || strings.TrimSpace(s[:at]) != "" {
			return a, "", false
		}
	}
	switch at := strings.IndexAny(s, "<,;"); {
	case at >= 0 && s[at] == '<':
		if a.name == "" {
			a.name = clean(s[:at], maxName)
		}
		a.uri, s, ok = strings.Cut(s[at+1:], ">")
		if !ok {
			return a, "", false
		}
	case at < 0:
		a.uri, s = s, ""
	default:
		a.uri, s = s[:at], s[at:]
	}
	a.params, rest = cutParams(s)
	a.uri = strings.TrimSpace(a.uri)
	a.number = numberIn(a.uri)
	return a, rest, a.uri != ""
}

// cutParams ends at the first comma that is in no quotes.
func cutParams(s string) (params, rest string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ',':
			return s[:i], s[i+1:]
		case '"':
			end := closing(s[i:])
			if end < 0 {
				return s, ""
			}
			i += end
		}
	}
	return s, ""
}

// closing is where the quoted-string that s begins with ends, -1 if nowhere.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// unescape takes the backslashes out of the inside of a quoted-string (RFC 3261 25.1).
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// numberIn is the number in a sip, sips or tel URI (RFC 3966), "" if there is none.
func numberIn(uri string) string {
	uri, _, _ = strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(uri, ":")
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "tel":
		number, _, _ := strings.Cut(rest, ";")
		return clean(number, maxNumber)
	case "sip", "sips":
		var u sip.Uri
		if len(uri) <= maxField && sip.ParseUri(uri, &u) == nil {
			return userOf(&u)
		}
	}
	return ""
}
