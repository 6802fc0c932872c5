package sip

import (
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// meant tells whether credentials that are right were made for this request: who
// overhears one call must not lead it to another number. RFC 7616 3.4.6 asks for
// the same resource, not for the same text, and peers differ:
//
//   - The user part, where the digest names one, must be the Request-URI's.
//     SIPp names the server alone, of IPv6 without brackets, and so may anybody.
//   - The host must be the Request-URI's, our realm or our address: phones behind
//     an outbound proxy name the one and send the other.
//   - Port and parameters do not matter.
func (g *guard) meant(req *sip.Request, c *authorization) bool {
	var u sip.Uri
	if len(c.uri) > maxField {
		return false
	}
	if host, ok := bare(c.uri); ok {
		u.Host = host
	} else if sip.ParseUri(c.uri, &u) != nil {
		return false
	}
	asked := &req.Recipient
	return (u.User == "" || userOf(&u) == userOf(asked)) &&
		(strings.EqualFold(u.Host, asked.Host) || strings.EqualFold(u.Host, c.realm) || g.ours != nil && g.ours(req, u.Host))
}

// bare is the host of "sip:::1:5060", which is how SIPp writes an IPv6 address.
func bare(uri string) (host string, ok bool) {
	_, rest, _ := strings.Cut(uri, ":")
	at, err := netip.ParseAddr(rest[:max(0, strings.LastIndexByte(rest, ':'))])
	return at.String(), err == nil && at.Is6()
}

// ourHost tells whether a host of a URI is our address towards the sender.
func (s *Server) ourHost(req *sip.Request, host string) bool {
	return strings.EqualFold(strings.Trim(host, "[]"), s.local(dialog.FlowOf(req)).Host)
}
