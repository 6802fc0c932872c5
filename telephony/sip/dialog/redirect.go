package dialog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Redirection is a 3xx to an INVITE of ours (RFC 3261 21.3).
type Redirection struct {
	Code     int
	Contacts []sip.Uri // where to go instead, the best first
	Rang     bool      // the phone rang before
	Response *sip.Response
}

// maxContacts bounds the places that a redirection is followed to.
const maxContacts = 8

// redirection reads a final response; it reports false if it names no place.
func (d *Dialog) redirection(res *sip.Response) (r Redirection, ok bool) {
	if res.StatusCode/100 != 3 {
		return r, false
	}
	r = Redirection{Code: res.StatusCode, Rang: d.ringing, Response: res}
	type place struct {
		uri sip.Uri
		q   float64
	}
	var places []place
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if !ok || c.Address.Wildcard || len(places) == maxContacts || len(c.Value()) > MaxField {
			continue
		}
		places = append(places, place{c.Address, quality(c.Params)})
	}
	slices.SortStableFunc(places, func(a, b place) int {
		switch {
		case a.q > b.q:
			return -1
		case a.q < b.q:
			return 1
		}
		return 0
	})
	for _, p := range places {
		r.Contacts = append(r.Contacts, p.uri)
	}
	return r, len(r.Contacts) > 0
}

// quality is a contact's preference, 0 to 1; 1 where it says nothing or nonsense.
func quality(params sip.HeaderParams) float64 {
	for _, kv := range params {
		if strings.EqualFold(kv.K, "q") {
			if q, err := strconv.ParseFloat(kv.V, 64); err == nil && q >= 0 && q <= 1 {
				return q
			}
		}
	}
	return 1
}
