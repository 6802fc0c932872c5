package wire

import (
	"strconv"
	"strings"
)

// single are the fields that may stand in a message once (RFC 3261 7.3.1), and
// whether a request must have them (8.1.1).
var single = []struct {
	name   string
	needed bool
}{
	{"from", true}, {"to", true}, {"call-id", true}, {"cseq", true},
	{"max-forwards", false}, {"content-length", false}, {"content-type", false}, {"expires", false}, {"date", false},
}

// maxSequence is the bound of a CSeq number (RFC 3261 8.1.1.5).
const maxSequence = 1 << 31

// Fault is the status that a request is to be refused with, 0 for one in which
// nothing wrong was found. Addresses and Via are left to the parser.
func (m *Message) Fault() int {
	parts := strings.Split(m.Start, " ")
	version := parts[len(parts)-1]
	switch {
	case strings.HasPrefix(strings.ToUpper(version), "SIP/") && !strings.EqualFold(version, "SIP/2.0"):
		return 505
	case len(parts) != 3, !m.Whole:
		return 400
	case strings.ContainsAny(parts[1], "<>\""):
		return 400
	}
	scheme, _, ok := strings.Cut(parts[1], ":")
	switch {
	case !ok || strings.ContainsAny(scheme, "@;[/"):
		return 400
	case !strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips"):
		return 416 // RFC 3261 8.2.2.1
	}
	for _, f := range single {
		if n := m.count(f.name); n > 1 || n == 0 && f.needed {
			return 400
		}
	}
	if n, given, ok := m.length(); !ok || given && n > len(m.Body) {
		return 400
	}
	if v := m.Get("max-forwards"); v != "" {
		if _, err := strconv.ParseUint(v, 10, 8); err != nil {
			return 400
		}
	}
	seq := strings.Fields(m.Get("cseq"))
	if len(seq) != 2 || seq[1] != m.Method() {
		return 400
	}
	if n, err := strconv.ParseUint(seq[0], 10, 32); err != nil || n >= maxSequence {
		return 400
	}
	return 0
}
