// Package wire looks at SIP messages as bytes, before anything believes them.
//
// It finds where a message ends on a stream, sees faults that a lenient parser
// lets through (RFC 3261 8.1.1, 18.3, RFC 4475) and writes responses without
// state to requests that no transaction can be made of (RFC 3261 8.2.7). A Socket
// makes messages of WebSocket frames. It keeps
// nothing between messages but the unread part of a stream, which its Conn owns,
// and is safe for concurrent use.
package wire

import (
	"bytes"
	"strconv"
	"strings"
)

// MaxMessage bounds a message and maxHead its start line and header, in bytes.
const (
	MaxMessage = 65535
	maxHead    = 32768
)

// Message is a message as it was sent. Its strings and body may share memory with
// the bytes it was read from.
type Message struct {
	Start  string
	Fields []Field
	Body   []byte
	// Whole is false when the header does not end in an empty line.
	Whole bool
}

// Field is a header field: Name in lower case and never in compact form, Value
// without line folds.
type Field struct {
	Name, Value string
	spelled     string // the name as it was sent
}

// compact are the short names of fields that matter here (RFC 3261 7.3.3).
var compact = map[string]string{
	"f": "from", "t": "to", "i": "call-id", "v": "via", "l": "content-length", "c": "content-type", "m": "contact",
}

// usual are the fields that nearly every message has, as nearly everybody spells them.
var usual = spelled("Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Type", "Content-Length",
	"Allow", "Supported", "User-Agent", "Expires", "Authorization", "Route")

func spelled(names ...string) map[string]string {
	m := make(map[string]string, len(names))
	for _, name := range names {
		m[name] = strings.ToLower(name)
	}
	return m
}

// Read takes a message apart. It never fails: what is missing or odd is for Fault
// to say.
func Read(data []byte) *Message {
	head, body, whole := bytes.Cut(data, []byte("\r\n\r\n"))
	m := &Message{Body: body, Whole: whole}
	start, rest, _ := strings.Cut(string(head), "\r\n")
	m.Start = start
	m.Fields = make([]Field, 0, strings.Count(rest, "\r\n")+1)
	for line := range strings.SplitSeq(rest, "\r\n") {
		if n := len(m.Fields); n > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') {
			m.Fields[n-1].Value = strings.TrimSpace(m.Fields[n-1].Value + " " + strings.TrimSpace(line))
			continue
		}
		before, value, _ := strings.Cut(line, ":")
		spelled := strings.TrimSpace(before)
		name, ok := usual[spelled]
		if !ok {
			name = strings.ToLower(spelled)
			if long, ok := compact[name]; ok {
				name = long
			}
		}
		m.Fields = append(m.Fields, Field{name, strings.TrimSpace(value), spelled})
	}
	return m
}

// Get is the value of the first field of a name, "" without one.
func (m *Message) Get(name string) string {
	for _, f := range m.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func (m *Message) count(name string) (n int) {
	for _, f := range m.Fields {
		if f.Name == name {
			n++
		}
	}
	return n
}

// Response tells whether the message is a response.
func (m *Message) Response() bool { return strings.HasPrefix(m.Start, "SIP/") }

// Method is the method of a request.
func (m *Message) Method() string {
	method, _, _ := strings.Cut(m.Start, " ")
	return method
}

// Target is the address that a request is for.
func (m *Message) Target() string {
	_, rest, _ := strings.Cut(m.Start, " ")
	target, _, _ := strings.Cut(rest, " ")
	return target
}

// Tag is the tag of To, "" for a request outside of dialogs.
func (m *Message) Tag() string {
	to := m.Get("to")
	to = to[strings.LastIndexByte(to, '>')+1:]
	_, params, _ := strings.Cut(to, ";")
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "tag") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// length is Content-Length; given is false without the field and ok for one that
// makes no sense.
func (m *Message) length() (n int, given, ok bool) {
	switch m.count("content-length") {
	case 0:
		return 0, false, true
	case 1:
		v, err := strconv.ParseUint(m.Get("content-length"), 10, 32)
		return int(v), true, err == nil && v <= MaxMessage
	}
	return 0, true, false
}
