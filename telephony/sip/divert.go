package sip

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// diversionCauses are the words of RFC 5806 with their cause in History-Info (RFC 4458).
var diversionCauses = map[string]int{
	"unconditional": 302, "user-busy": 486, "no-answer": 408, "unavailable": 503, "deflection": 480,
	"time-of-day": 302, "do-not-disturb": 302, "follow-me": 302, "away": 302, "out-of-service": 503, "unknown": 404,
}

// causeWords are the words for the causes, and for those of RFC 4458 that have no own.
var causeWords = map[int]string{302: "unconditional", 486: "user-busy", 408: "no-answer", 503: "unavailable", 480: "deflection",
	487: "deflection", 404: "unknown"}

// Redirected takes the wish of a phone that is rung to have the call go elsewhere.
func (l *leg) Redirected(r dialog.Redirection) {
	var to []string
	for _, uri := range r.Contacts {
		if number := numberIn(uri.String()); number != "" {
			to = append(to, number)
		}
	}
	l.post(call.Redirected{Leg: l.id, To: to, Reason: redirectReason(r)})
}

// redirectReason is why: what the phone says, or what it looks like.
func redirectReason(r dialog.Redirection) string {
	for _, a := range addresses(r.Response, "Diversion") {
		if why := a.param("reason"); diversionCauses[why] != 0 {
			return why
		}
	}
	if r.Rang {
		return "deflection"
	}
	return "unconditional"
}

// diverted are the header fields that tell where a call was before it came to a number:
// Diversion (RFC 5806), the last first, and History-Info (RFC 7044). uri gives the
// address of who diverted it.
func diverted(list []call.Diversion, to sip.Uri, uri func(call.Party) (name string, _ sip.Uri)) (fields []sip.Header) {
	if len(list) == 0 {
		return nil
	}
	var history []string
	index := "1"
	for _, d := range list {
		name, by := uri(d.By)
		if name != "" {
			name = `"` + quoted(name) + `" `
		}
		cause := diversionCauses[d.Reason]
		if cause == 0 {
			cause = diversionCauses["unknown"]
		}
		fields = append(fields, sip.NewHeader("Diversion", fmt.Sprintf("%s<%s>;reason=%s;counter=1", name, by.String(), reasonWord(d.Reason))))
		history = append(history, fmt.Sprintf("<%s?Reason=SIP%%3Bcause%%3D%d>;index=%s", by.String(), cause, index))
		index += ".1"
	}
	slices.Reverse(fields)
	history = append(history, fmt.Sprintf("<%s>;index=%s;mp=%s", to.String(), index, strings.TrimSuffix(index, ".1")))
	return append(fields, sip.NewHeader("History-Info", strings.Join(history, ", ")))
}

func reasonWord(s string) string {
	if diversionCauses[s] == 0 {
		return "unknown"
	}
	return s
}

// diversionsOf are those that a trunk tells of, the first one first. Who wishes not to
// be shown is left out.
func diversionsOf(req *sip.Request) (list []call.Diversion) {
	add := func(a address, reason string) {
		if p := a.param("privacy"); a.number != "" && (p == "" || p == "off") && !strings.Contains(strings.ToLower(a.uri), "privacy=") {
			list = append(list, call.Diversion{By: a.party(), Reason: reason})
		}
	}
	if told := addresses(req, "Diversion"); len(told) > 0 {
		for _, a := range slices.Backward(told) {
			add(a, reasonWord(a.param("reason")))
		}
		return list
	}
	var before *address
	for _, a := range addresses(req, "History-Info") {
		uri, headers, _ := strings.Cut(a.uri, "?")
		if cause, ok := historyCause(headers); ok { // it answered so (RFC 7044)
			add(a, causeWords[cause])
			before = nil
			continue
		}
		if cause, ok := historyCause(uri); ok && before != nil { // it is where the one before sent it (RFC 4458)
			add(*before, causeWords[cause])
		}
		before = &a
	}
	return list
}

// historyCause is the SIP cause in a part of an entry of History-Info.
func historyCause(part string) (cause int, ok bool) {
	part = strings.NewReplacer("%3b", ";", "%3d", "=").Replace(strings.ToLower(part))
	_, after, found := strings.Cut(part, "cause=")
	if !found {
		return 0, false
	}
	_, err := fmt.Sscanf(after, "%d", &cause)
	return cause, err == nil && causeWords[cause] != ""
}
