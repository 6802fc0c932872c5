package sip

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// wish is what a caller says of being shown (RFC 3323 4.2, RFC 3325 9.3).
type wish uint8

const (
	unsaid wish = iota
	show        // "none": and nobody on the way may hide him
	hide
)

func privacy(req *sip.Request) (w wish) {
	for _, h := range req.GetHeaders("Privacy") {
		for v := range strings.SplitSeq(h.Value(), ";") {
			switch strings.ToLower(strings.TrimSpace(v)) {
			case "id", "user", "header":
				return hide
			case "none":
				w = show
			}
		}
	}
	return w
}

// private tells whether a caller asks for his identity to be kept back.
func private(req *sip.Request) bool { return privacy(req) == hide }

// callerOf is who calls on a trunk: what the network asserts (RFC 3325 9.1, or the
// older Remote-Party-ID), else From. What a network tells us of somebody who wishes
// not to be shown is not for us to keep.
func callerOf(req *sip.Request) call.Party {
	from := call.Party{Number: userOf(&req.From().Address), Name: clean(unescape(req.From().DisplayName), maxName)}
	anonymous := strings.EqualFold(from.Number, "anonymous") // RFC 3323 4.1.1.3
	if anonymous {
		from = call.Party{}
	}
	p, asserted := nameAddr(req, "P-Asserted-Identity")
	hidden := false
	if !asserted {
		p, hidden, asserted = remoteParty(req)
	}
	switch w := privacy(req); {
	case w == hide, w == unsaid && (anonymous || hidden):
		return call.Party{}
	case !asserted:
		return from
	}
	if p.Name == "" {
		p.Name = from.Name
	}
	return p
}

// remoteParty reads Remote-Party-ID, the predecessor of P-Asserted-Identity that
// many gateways still send.
func remoteParty(req *sip.Request) (p call.Party, hidden, ok bool) {
	for _, a := range addresses(req, "Remote-Party-ID") {
		if party := a.param("party"); a.number != "" && (party == "" || party == "calling") {
			privacy := a.param("privacy")
			return a.party(), privacy != "" && privacy != "off" && privacy != "name", true
		}
	}
	return p, false, false
}
