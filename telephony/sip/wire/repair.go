package wire

import (
	"strconv"
	"strings"
)

// Repair is the message in a form that a simple parser understands, when it is
// good but oddly written; else data, the bytes that it was read from. The parser
// in use wants
//   - a length, which peers leave out when there is no body (RFC 3261 20.14),
//   - no white space around "tag=", which is allowed (25.1),
//   - a tag or a branch, which older peers have not (17.2.3).
func (m *Message) Repair(data []byte) []byte {
	fields, changed := make([]Field, 0, len(m.Fields)+1), false
	for _, f := range m.Fields {
		old := f.Value
		if f.Name == "from" || f.Name == "to" {
			f.Value = tight(f.Value)
		}
		changed = changed || f.Value != old
		fields = append(fields, f)
	}
	if _, given, _ := m.length(); !given {
		fields, changed = append(fields, Field{spelled: "Content-Length", Value: strconv.Itoa(len(m.Body))}), true
	}
	for i, f := range fields {
		if f.Name != "via" {
			continue
		}
		if top, rest, more := strings.Cut(f.Value, ","); !strings.Contains(top, "branch") && !strings.Contains(m.Get("from"), "tag") {
			if more {
				rest = "," + rest
			}
			fields[i].Value, changed = top+";branch=z9hG4bK"+m.OwnTag()+rest, true
		}
		break
	}
	if !changed {
		return data
	}
	var b strings.Builder
	b.WriteString(m.Start + "\r\n")
	for _, f := range fields {
		b.WriteString(f.spelled + ": " + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return append([]byte(b.String()), m.Body...)
}

// tight is an address with no white space in the parameters that follow it.
func tight(address string) string {
	i := strings.LastIndexByte(address, '>') + 1
	if i == 0 {
		i = max(0, strings.IndexByte(address, ';'))
	}
	if !strings.ContainsAny(address[i:], " \t") {
		return address
	}
	return address[:i] + strings.NewReplacer(" ", "", "\t", "").Replace(address[i:])
}
