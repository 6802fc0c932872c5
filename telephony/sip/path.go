package sip

import (
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// maxPath bounds the proxies between a phone and us.
const maxPath = 8

// pathOf are the proxies that a REGISTER asks to be reached through, the nearest to
// us first (RFC 3327). Packets still go where the REGISTER came from, which is
// the first of them; no name is looked up. ok is false for nonsense.
func pathOf(req *sip.Request) (path []sip.Uri, ok bool) {
	for _, h := range req.GetHeaders("Path") {
		for rest := h.Value(); strings.TrimLeft(rest, ", \t") != ""; {
			_, after, found := strings.Cut(rest, "<")
			text, next, closed := strings.Cut(after, ">")
			var u sip.Uri
			if !found || !closed || len(path) == maxPath || len(text) > maxField || sip.ParseUri(text, &u) != nil || u.Host == "" {
				return nil, false
			}
			path = append(path, u)
			_, rest, _ = strings.Cut(next, ",") // parameters of the value are not for us
		}
	}
	return path, true
}

// preference is how much a phone wants to be rung, 0 to 1: the q parameter of its
// Contact (RFC 3261 20.10), 1 without it or for nonsense.
func (b *binding) preference() float64 {
	v, _ := param(b.params, "q")
	if q, err := strconv.ParseFloat(v, 64); err == nil && q >= 0 && q <= 1 {
		return q
	}
	return 1
}
