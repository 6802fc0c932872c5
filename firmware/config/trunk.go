package config

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Trunk is a way to and from the public network: an account with a SIP provider,
// or a peer that is known by its address.
type Trunk struct {
	Name string `yaml:"name"` // unique; routes and the ledger use it
	// Servers are tried in order, "host" or "host:port"; empty: calls only come in.
	Servers   []string  `yaml:"servers,omitempty"`
	Transport Transport `yaml:"transport"`
	User      string    `yaml:"user,omitempty"`
	Secret    Secret    `yaml:"secret,omitempty"`
	// Register tells the provider where we are; calls come in on the same path.
	Register bool `yaml:"register,omitempty"`
	// Sources are addresses or prefixes whose calls are let in without a password.
	Sources []string `yaml:"sources,omitempty"`
	Domain  string   `yaml:"domain,omitempty"` // host part of the provider's addresses; empty: the server's
	// OutboundProxy, "host" or "host:port", is sent everything instead of Servers.
	OutboundProxy string   `yaml:"outbound_proxy,omitempty"`
	CallerID      string   `yaml:"caller_id,omitempty"` // number shown to those we call; empty: User
	MaxCalls      int      `yaml:"max_calls,omitempty"` // both directions; 0: no limit
	Codecs        []string `yaml:"codecs,omitempty"`    // empty: as media.codecs
	SRTP          SRTP     `yaml:"srtp,omitempty"`      // encryption of the sound; empty: off
	Language      Language `yaml:"language,omitempty"`  // of callers
	// Destination is the number that callers reach; DIDs name others for some of
	// the provider's numbers. Without both nobody is let in.
	Destination string            `yaml:"destination,omitempty"`
	DIDs        map[string]string `yaml:"dids,omitempty"`
}

// Transport carries SIP.
type Transport string

// The transports.
const (
	UDP Transport = "udp"
	TCP Transport = "tcp"
	TLS Transport = "tls"
)

func (t *Trunk) setDefaults() { t.Transport = UDP }

// Hops are the addresses that the trunk is reached at, in order, as host:port.
func (t *Trunk) Hops() []string {
	hops := t.Servers
	if t.OutboundProxy != "" {
		hops = []string{t.OutboundProxy}
	}
	port := "5060"
	if t.Transport == TLS {
		port = "5061"
	}
	list := make([]string, len(hops))
	for i, h := range hops {
		list[i] = withPort(h, port)
	}
	return list
}

// Host is the host part of the provider's addresses.
func (t *Trunk) Host() string {
	if t.Domain != "" || len(t.Servers) == 0 {
		return t.Domain
	}
	host, _, _ := net.SplitHostPort(withPort(t.Servers[0], "5060"))
	return host
}

// Prefixes are the sources whose calls are let in.
func (t *Trunk) Prefixes() []netip.Prefix { return prefixes(t.Sources) }

func prefixes(sources []string) []netip.Prefix {
	var list []netip.Prefix
	for _, s := range sources {
		if p, ok := prefix(s); ok {
			list = append(list, p)
		}
	}
	return list
}

func withPort(s, port string) string {
	if _, _, err := net.SplitHostPort(s); err == nil {
		return s
	}
	return net.JoinHostPort(strings.Trim(s, "[]"), port)
}

// prefix reads an address or a prefix.
func prefix(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

// Route is a way out for numbers that are not of this box.
type Route struct {
	Name string `yaml:"name"` // unique
	// Prefix is how the dialled numbers begin; the longest that fits is taken.
	Prefix string `yaml:"prefix"`
	Strip  int    `yaml:"strip,omitempty"` // digits taken off the front
	// Prepend is put in front of what is left; a + may begin it.
	Prepend    string   `yaml:"prepend,omitempty"`
	Trunks     []string `yaml:"trunks"`               // tried in order
	Extensions []string `yaml:"extensions,omitempty"` // who may use it; empty: every extension
}

// Dials is the number that a route sends to the trunk for a dialled one.
func (r *Route) Dials(number string) string {
	return r.Prepend + number[min(r.Strip, len(number)):]
}

// Lets tells whether an extension may use the route.
func (r *Route) Lets(ext string) bool {
	return ext != "" && (len(r.Extensions) == 0 || slices.Contains(r.Extensions, ext))
}

// Trunk finds a trunk by its name.
func (c *Config) Trunk(name string) (*Trunk, bool) {
	return find(c.Trunks, func(t *Trunk) bool { return t.Name == name })
}

// RouteFor finds the route of a dialled number: the one with the longest prefix.
func (c *Config) RouteFor(number string) (route *Route, ok bool) {
	for i := range c.Routes {
		r := &c.Routes[i]
		if strings.HasPrefix(number, r.Prefix) && len(number) > r.Strip && (route == nil || len(r.Prefix) > len(route.Prefix)) {
			route = r
		}
	}
	return route, route != nil
}

func (v *validator) trunks() {
	taken := make(map[string]string)
	for i := range v.cfg.Trunks {
		path, t := fmt.Sprintf("trunks[%d]", i), &v.cfg.Trunks[i]
		v.unique(taken, path, t.Name)
		v.trunk(path, t)
	}
}

// unique checks a name that others refer to.
func (v *validator) unique(taken map[string]string, path, name string) {
	v.ident(path+".name", name)
	if at, ok := taken[name]; ok {
		v.add(path+".name", msgTaken, name, at)
	}
	taken[name] = path
}

func (v *validator) trunk(path string, t *Trunk) {
	for i, s := range t.Servers {
		v.server(fmt.Sprintf("%s.servers[%d]", path, i), s)
	}
	if len(t.Servers) == 0 && (t.Register || len(t.Sources) == 0) {
		v.add(path+".servers", msgMissing)
	}
	if t.OutboundProxy != "" {
		v.server(path+".outbound_proxy", t.OutboundProxy)
	}
	if t.Transport != UDP && t.Transport != TCP && t.Transport != TLS {
		v.add(path+".transport", msgTransport, t.Transport)
	}
	if v.name(path+".user", t.User); t.Register && t.User == "" {
		v.add(path+".user", msgMissing)
	}
	// The provider chose it: its length is not ours to judge.
	if s := t.Secret; s == masked || len(s) > 128 {
		v.secret(path+".secret", s)
	}
	v.sources(path+".sources", t.Sources)
	if t.Domain != "" && !isHost(t.Domain) {
		v.add(path+".domain", msgDomain, t.Domain)
	}
	if t.CallerID != "" && !isOutside(t.CallerID) {
		v.add(path+".caller_id", msgOutside, t.CallerID)
	}
	v.count(path+".max_calls", t.MaxCalls, 0, 1000)
	v.codecs(path+".codecs", t.Codecs)
	v.srtp(path+".srtp", t.SRTP)
	v.language(path+".language", t.Language)
	if t.Destination != "" {
		v.reaches(path+".destination", t.Destination)
	}
	for _, did := range slices.Sorted(maps.Keys(t.DIDs)) {
		at := path + ".dids." + did
		if !isOutside(did) {
			v.add(at, msgOutside, did)
		}
		v.reaches(at, t.DIDs[did])
	}
}

// routes are checked against the plan: a route that begins like an internal
// number would make what is dialled ambiguous while it is being dialled.
func (v *validator) routes() {
	taken, prefixes := make(map[string]string), make(map[string]string)
	for i := range v.cfg.Routes {
		path, r := fmt.Sprintf("routes[%d]", i), &v.cfg.Routes[i]
		v.unique(taken, path, r.Name)
		switch at, ok := prefixes[r.Prefix]; {
		case !isNumber(r.Prefix):
			v.add(path+".prefix", msgNumber, r.Prefix)
		case ok:
			v.add(path+".prefix", msgTaken, r.Prefix, at)
		default:
			v.shadows(path+".prefix", r.Prefix)
		}
		prefixes[r.Prefix] = path
		v.count(path+".strip", r.Strip, 0, 20)
		if r.Prepend != "" && !isOutside(r.Prepend) && r.Prepend != "+" {
			v.add(path+".prepend", msgOutside, r.Prepend)
		}
		if len(r.Trunks) == 0 {
			v.add(path+".trunks", msgMissing)
		}
		for j, name := range r.Trunks {
			at := fmt.Sprintf("%s.trunks[%d]", path, j)
			if t, ok := v.cfg.Trunk(name); !ok {
				v.add(at, msgNoTrunk, name)
			} else if len(t.Servers) == 0 {
				v.add(at, msgNoServer, name)
			}
		}
		for j, ext := range r.Extensions {
			if _, ok := v.cfg.Extension(ext); !ok {
				v.add(fmt.Sprintf("%s.extensions[%d]", path, j), msgNoExtension, ext)
			}
		}
	}
}

func (v *validator) shadows(path, prefix string) {
	for _, number := range slices.Sorted(maps.Keys(v.numbers)) {
		// An internal number equal to the whole prefix is no longer dialled when
		// more digits follow, and the plan always goes first.
		if strings.HasPrefix(number, prefix) && number != prefix {
			v.add(path, msgShadows, prefix, number, v.numbers[number])
			return
		}
	}
}

// server checks "host" or "host:port".
func (v *validator) server(path, s string) {
	host, port, err := net.SplitHostPort(withPort(s, "5060"))
	n, bad := strconv.Atoi(port)
	_, notAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || n < 1 || n > 65535 || notAddress != nil && !isHost(host) {
		v.add(path, msgServer, s)
	}
}

// sources checks a list of addresses and prefixes.
func (v *validator) sources(path string, sources []string) {
	for i, s := range sources {
		if _, ok := prefix(s); !ok {
			v.add(fmt.Sprintf("%s[%d]", path, i), msgSource, s)
		}
	}
}

// codecs checks a list of codecs.
func (v *validator) codecs(path string, codecs []string) {
	seen := make(map[string]bool)
	for i, codec := range codecs {
		at := fmt.Sprintf("%s[%d]", path, i)
		if codec != "PCMA" && codec != "PCMU" {
			v.add(at, msgCodec, codec)
		} else if seen[codec] {
			v.add(at, msgDuplicate)
		}
		seen[codec] = true
	}
}

// isOutside tells a number of the public network: a + may begin it.
func isOutside(s string) bool { return isNumber(strings.TrimPrefix(s, "+")) }
