package sip

import (
	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
)

// inbound is which number of ours the caller of a trunk has dialled, as it is
// dialled inside the country, and the number of this box that it leads to. It is in
// the Request-URI, or where networks put it when the Request-URI names the account:
// To, P-Called-Party-ID (RFC 7315 4.2). A few networks assert the number that was
// called, and not the caller: that counts when it is one of ours.
func inbound(t *config.Trunk, p numbering.Plan, req *sip.Request) (did, number string, ok bool) {
	dialled := []string{userOf(&req.Recipient), userOf(&req.To().Address)}
	if party, ok := nameAddr(req, "P-Called-Party-ID"); ok {
		dialled = append(dialled, party.Number)
	}
	for _, each := range dialled {
		if known, number, ok := t.DID(each, p); ok {
			return p.National(known), number, true
		}
		if did == "" && each != t.User {
			did = p.National(each)
		}
	}
	if party, ok := nameAddr(req, "P-Asserted-Identity"); ok {
		if known, number, ok := t.DID(party.Number, p); ok {
			req.RemoveHeader("P-Asserted-Identity") // who calls is in From then
			return p.National(known), number, true
		}
	}
	return did, t.Destination, t.Destination != ""
}

// shown is the number that those we call see, as the trunk's provider wants it
// written: the caller's own if the trunk lets him, else the route's, else the
// trunk's. Names of our people are not for strangers.
func shown(t *config.Trunk, p numbering.Plan, o call.Offer) string {
	switch {
	case t.OutsideNumbers && o.Own != "":
		return t.Writes(o.Own, p)
	case o.CallerID != "":
		return t.Writes(o.CallerID, p)
	case t.CallerID != "":
		return t.Writes(t.CallerID, p)
	case t.User != "":
		return t.User // the account's name is no number, whatever it looks like
	}
	return t.Writes(clean(o.Caller.Number, maxNumber), p)
}
