package wire

import (
	"net/netip"
	"strconv"
	"strings"
)

// phrases are of what Fault may find, and of what is told without a transaction.
var phrases = map[int]string{200: "OK", 401: "Unauthorized", 400: "Bad Request", 416: "Unsupported URI Scheme", 503: "Service Unavailable", 505: "Version Not Supported"}

// defaultPort is where a Via without a port is answered (RFC 3261 18.2.2).
const defaultPort = 5060

// Reply writes a response to a request from an address, made of what the request
// has of the fields that a response repeats and of further ones ("Name: value"). It
// is nil for an ACK and for a
// request without Via: nobody waits for an answer to either.
func (m *Message) Reply(code int, server string, from netip.AddrPort, fields ...string) []byte {
	if m.Method() == "ACK" || m.count("via") == 0 {
		return nil
	}
	b := make([]byte, 0, 1024)
	line := func(parts ...string) {
		for _, p := range parts {
			b = append(b, p...)
		}
		b = append(b, "\r\n"...)
	}
	line("SIP/2.0 ", strconv.Itoa(code), " ", phrases[code])
	first := true
	for _, f := range m.Fields {
		switch f.Name {
		case "via":
			if first {
				f.Value = stamped(f.Value, from)
			}
			first = false
			line("Via: ", f.Value)
		case "from":
			line("From: ", f.Value)
		case "to":
			if m.Tag() == "" {
				f.Value += ";tag=" + m.OwnTag()
			}
			line("To: ", f.Value)
		case "call-id":
			line("Call-ID: ", f.Value)
		case "cseq":
			line("CSeq: ", f.Value)
		}
	}
	for _, f := range fields {
		line(f)
	}
	line("Server: ", server)
	line("Content-Length: 0")
	line()
	return b
}

// OwnTag is the tag of a response that is made without state: the same for every copy
// of a request (RFC 3261 8.2.7), and for its ACK and CANCEL.
func (m *Message) OwnTag() string {
	seq, _, _ := strings.Cut(m.Get("cseq"), " ")
	h := uint64(14695981039346656037) // FNV-1a
	for _, s := range [...]string{m.Get("via"), m.Get("call-id"), m.Get("from"), seq} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	return strconv.FormatUint(h, 36)
}

// stamped is a Via with where the request really came from (RFC 3261 18.2.1, RFC
// 3581 4).
func stamped(via string, from netip.AddrPort) string {
	top, rest, more := strings.Cut(via, ",")
	if more {
		rest = "," + rest
	}
	params := strings.Split(top, ";")
	for i, p := range params {
		if strings.EqualFold(strings.TrimSpace(p), "rport") {
			params[i] = "rport=" + strconv.Itoa(int(from.Port()))
		}
	}
	return strings.Join(params, ";") + ";received=" + from.Addr().Unmap().String() + rest
}

// Return is where the response to a request goes by UDP: to where it came from, at
// the port that its Via names unless it asks for symmetric routing (RFC 3261
// 18.2.2, RFC 3581 4).
func (m *Message) Return(from netip.AddrPort) netip.AddrPort {
	top, _, _ := strings.Cut(m.Get("via"), ",")
	sentBy, params, _ := strings.Cut(top, ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, _, _ := strings.Cut(p, "="); strings.EqualFold(strings.TrimSpace(name), "rport") {
			return from
		}
	}
	sentBy = sentBy[strings.LastIndexAny(sentBy, " \t")+1:]
	port := uint64(defaultPort)
	if i := strings.LastIndexByte(sentBy, ':'); i > strings.LastIndexByte(sentBy, ']') {
		var err error
		if port, err = strconv.ParseUint(sentBy[i+1:], 10, 16); err != nil || port == 0 {
			return from
		}
	}
	return netip.AddrPortFrom(from.Addr(), uint16(port))
}
