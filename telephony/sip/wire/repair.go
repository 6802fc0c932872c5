package wire

import (
	"slices"
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
	_, measured, _ := m.length()
	top, rest, more := strings.Cut(m.Get("via"), ",")
	branched := m.count("via") == 0 || strings.Contains(top, "branch") || strings.Contains(m.Get("from"), "tag")
	tidy := true
	for _, f := range m.Fields {
		tidy = tidy && (f.Name != "from" && f.Name != "to" || tight(f.Value) == f.Value)
	}
	if measured && branched && tidy {
		return data
	}
	fields := slices.Clone(m.Fields)
	for i, f := range fields {
		if f.Name == "from" || f.Name == "to" {
			fields[i].Value = tight(f.Value)
		}
	}
	if !measured {
		fields = append(fields, Field{spelled: "Content-Length", Value: strconv.Itoa(len(m.Body))})
	}
	if !branched {
		if more {
			rest = "," + rest
		}
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == "via" })
		fields[i].Value = top + ";branch=z9hG4bK" + m.OwnTag() + rest
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
