package sip

import (
	"fmt"
	"strings"
)

// algorithmsFor are the digest algorithms to offer a peer, by its User-Agent: the
// strong one first, MD5 for phones that know no other (RFC 8760 2.6). A peer must
// pass over a challenge that it does not understand, but some do not, and nothing
// is lost by sparing them it: everybody is offered MD5, and an answer with either is
// good. A User-Agent that is forged by somebody in between gains him what he could
// have by striking SHA-256 out of the challenge.
//
//   - baresip before 3.11 gives up at any challenge with another algorithm.
//   - SIPp before 3.7 looks at the first only; so do simple peers that name no
//     product.
func algorithmsFor(agent string) []string {
	agent = strings.ToLower(agent)
	if version, ok := strings.CutPrefix(agent, "baresip v"); ok {
		var major, minor int
		if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n == 2 && (major < 3 || major == 3 && minor < 11) {
			return []string{"MD5"}
		}
	}
	if agent == "" || strings.Contains(agent, "sipp") {
		return []string{"MD5", "SHA-256"}
	}
	return []string{"SHA-256", "MD5"}
}
