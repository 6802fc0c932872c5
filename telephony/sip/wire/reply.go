package wire

import (
	"fmt"
	"hash/fnv"
	"net/netip"
	"strconv"
	"strings"
)

// phrases are what Fault may find, and what an overload is told with.
var phrases = map[int]string{400: "Bad Request", 416: "Unsupported URI Scheme", 503: "Service Unavailable", 505: "Version Not Supported"}

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
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", code, phrases[code])
	first := true
	for _, f := range m.Fields {
		switch f.Name {
		case "via":
			if first {
				f.Value = stamped(f.Value, from)
			}
			first = false
			b.WriteString("Via: " + f.Value + "\r\n")
		case "from":
			b.WriteString("From: " + f.Value + "\r\n")
		case "to":
			b.WriteString("To: " + f.Value)
			if m.Tag() == "" {
				b.WriteString(";tag=" + m.OwnTag())
			}
			b.WriteString("\r\n")
		case "call-id":
			b.WriteString("Call-ID: " + f.Value + "\r\n")
		case "cseq":
			b.WriteString("CSeq: " + f.Value + "\r\n")
		}
	}
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	b.WriteString("Server: " + server + "\r\nContent-Length: 0\r\n\r\n")
	return []byte(b.String())
}

// OwnTag is the tag of a response that is made without state: the same for every copy
// of a request (RFC 3261 8.2.7), and for its ACK and CANCEL.
func (m *Message) OwnTag() string {
	h := fnv.New64a()
	seq, _, _ := strings.Cut(m.Get("cseq"), " ")
	for _, s := range []string{m.Get("via"), m.Get("call-id"), m.Get("from"), seq} {
		h.Write([]byte(s))
	}
	return strconv.FormatUint(h.Sum64(), 36)
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
