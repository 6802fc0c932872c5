// Package shield is the box's patience with strangers: who is shut out after
// wrong passwords, how many requests a source may send, how many connections it
// may hold, and which programs are not answered at all.
//
// Each type owns its tables behind a mutex; all are bounded, whatever is thrown
// at the box: 4096 suspects, two times 4096 rates, 4096 proven sources, 512
// connections, 32 of one source. Nothing here knows SIP, sends anything or runs a
// goroutine. An IPv6 source is a /64: one subscriber line.
//
// A ban survives a restart, so that a restart is no way out of one: whoever runs
// the house keeps what Export gives and hands it back to Restore.
package shield

import (
	"net/netip"
	"strings"
)

// source is what counts as one sender.
func source(ip netip.Addr) netip.Prefix {
	ip = ip.Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits)
	return p
}

// maxSources bounds the tables.
const maxSources = 4096

// scanners are programs that look for exchanges to break into.
var scanners = []string{"friendly-scanner", "sipvicious", "sipcli", "pplsip", "vaxsipuseragent", "sundayddr"}

// Scanner tells whether a User-Agent is one of the known scanners, which are best
// not answered.
func Scanner(agent string) bool {
	agent = strings.ToLower(strings.TrimSpace(agent))
	for _, name := range scanners {
		rest, ok := strings.CutPrefix(agent, name)
		if ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}
