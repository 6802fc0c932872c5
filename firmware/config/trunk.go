package config

import (
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/numbering"
)

// Trunk is a way to and from the public network: an account with a SIP provider,
// or a peer that is known by its address.
type Trunk struct {
	Name string `yaml:"name"` // unique; routes and the ledger use it
	// Servers are tried in order, "host" or "host:port"; empty: calls only come in.
	// A host without a port is looked up as RFC 3263 has it: SRV, then addresses.
	Servers   []string  `yaml:"servers,omitempty"`
	Transport Transport `yaml:"transport"`
	User      string    `yaml:"user,omitempty"`
	Secret    Secret    `yaml:"secret,omitempty"`
	// Realm is the only one that the password is given to; empty: the first that
	// took it.
	Realm string `yaml:"realm,omitempty"`
	// Register tells the provider where we are; calls come in on the same path.
	Register bool `yaml:"register,omitempty"`
	// Sources are addresses or prefixes whose calls are let in without a password.
	Sources []string `yaml:"sources,omitempty"`
	Domain  string   `yaml:"domain,omitempty"` // host part of the provider's addresses; empty: the server's
	// OutboundProxy, "host" or "host:port", is sent everything instead of Servers.
	OutboundProxy string `yaml:"outbound_proxy,omitempty"`
	// TLSVerify says how much a certificate must prove.
	TLSVerify TLSVerify `yaml:"tls_verify,omitempty"`
	// TLSCA are certificates in PEM of whoever signs the provider's; empty: those
	// that the system trusts.
	TLSCA    string `yaml:"tls_ca,omitempty"`
	CallerID string `yaml:"caller_id,omitempty"` // number shown to those we call; empty: User
	// OutsideNumbers lets extensions show their own OutsideNumber instead.
	OutsideNumbers bool `yaml:"outside_numbers,omitempty"`
	// Numbers is how the provider wants numbers written.
	Numbers  Numbers  `yaml:"numbers,omitempty"`
	MaxCalls int      `yaml:"max_calls,omitempty"` // both directions; 0: no limit
	Codecs   []string `yaml:"codecs,omitempty"`    // empty: as media.codecs
	SRTP     SRTP     `yaml:"srtp,omitempty"`      // encryption of the sound; empty: off
	DTMF     DTMF     `yaml:"dtmf,omitempty"`      // how keys are told; empty: auto
	Language Language `yaml:"language,omitempty"`  // of callers
	Music    string   `yaml:"music,omitempty"`     // that its callers hear while they are held; empty: default
	// Destination is the number that callers reach; DIDs name others for some of
	// the provider's numbers. Without both nobody is let in.
	Destination string            `yaml:"destination,omitempty"`
	DIDs        map[string]string `yaml:"dids,omitempty"`
	Night       Night             `yaml:"night,omitempty"`  // in the place of Destination
	Record      Record            `yaml:"record,omitempty"` // whether its talks are recorded, both directions
}

// Transport carries SIP.
type Transport string

// The transports.
const (
	UDP  Transport = "udp"
	TCP  Transport = "tcp"
	TLS  Transport = "tls"
	Auto Transport = "auto" // what the provider's DNS prefers (NAPTR), else UDP
)

// TLSVerify is how much a server's certificate must prove.
type TLSVerify string

// The kinds of proof.
const (
	VerifyName    TLSVerify = ""    // valid, trusted, and for the server's name
	VerifyNothing TLSVerify = "off" // anybody who answers is taken for the provider
)

// Numbers is how numbers are written to a provider.
type Numbers string

// The ways to write numbers.
const (
	AsDialled Numbers = ""
	National  Numbers = "national" // 02188776655
	E164      Numbers = "e164"     // +982188776655
)

func (t *Trunk) setDefaults() { t.Transport = UDP }

// HostPort is a server as it is configured.
type HostPort struct {
	Host string // a name or an address
	Port uint16 // 0: not said
}

// Hops are the servers that the trunk is reached at, in order.
func (t *Trunk) Hops() []HostPort {
	hops := t.Servers
	if t.OutboundProxy != "" {
		hops = []string{t.OutboundProxy}
	}
	list := make([]HostPort, len(hops))
	for i, h := range hops {
		list[i], _ = hostPort(h) // has been checked
	}
	return list
}

// Host is the host part of the provider's addresses.
func (t *Trunk) Host() string {
	if t.Domain != "" || len(t.Servers) == 0 {
		return t.Domain
	}
	first, _ := hostPort(t.Servers[0])
	return first.Host
}

// DID finds the number of the provider's that was dialled among DIDs, in whatever
// form the provider writes it, and the number of this box that it leads to.
func (t *Trunk) DID(dialled string, p numbering.Plan) (did, number string, ok bool) {
	if number, ok = t.DIDs[dialled]; ok {
		return dialled, number, true
	}
	for did, number := range t.DIDs {
		if p.Same(did, dialled) {
			return did, number, true
		}
	}
	return "", "", false
}

// Writes is a number as the provider wants it.
func (t *Trunk) Writes(number string, p numbering.Plan) string {
	switch t.Numbers {
	case National:
		return p.National(number)
	case E164:
		if full, ok := p.E164(number); ok {
			return full
		}
	}
	return number
}

// Plan is how the box's country dials.
func (c *Config) Plan() numbering.Plan { return numbering.For(c.System.Country) }

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

// hostPort reads "host", "host:port", an IPv6 address with brackets or without.
func hostPort(s string) (hp HostPort, ok bool) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"), "0"
	}
	n, bad := strconv.ParseUint(port, 10, 16)
	_, notAddress := netip.ParseAddr(host)
	hp = HostPort{host, uint16(n)}
	return hp, bad == nil && (n > 0 || err != nil) && (notAddress == nil || isHost(host))
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
	CallerID   string   `yaml:"caller_id,omitempty"`  // number shown to those called by it; empty: the trunk's
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
	if t.Transport != UDP && t.Transport != TCP && t.Transport != TLS && t.Transport != Auto {
		v.add(path+".transport", msgTransport, t.Transport)
	}
	if t.TLSVerify != VerifyName && t.TLSVerify != VerifyNothing {
		v.add(path+".tls_verify", msgVerify, t.TLSVerify)
	}
	if t.TLSCA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(t.TLSCA)) {
		v.add(path+".tls_ca", msgPEM)
	}
	if t.Numbers != AsDialled && t.Numbers != National && t.Numbers != E164 {
		v.add(path+".numbers", msgNumbers, t.Numbers)
	}
	v.name(path+".realm", t.Realm)
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
	v.dtmf(path+".dtmf", t.DTMF)
	v.language(path+".language", t.Language)
	if t.Destination != "" {
		v.reaches(path+".destination", t.Destination)
	}
	v.night(path+".night", t.Night, t.Destination)
	v.record(path, t.Record)
	plan, dids := v.cfg.Plan(), slices.Sorted(maps.Keys(t.DIDs))
	for i, did := range dids {
		at := path + ".dids." + did
		if !isOutside(did) {
			v.add(at, msgOutside, did)
		}
		if j := slices.IndexFunc(dids[:i], func(d string) bool { return plan.Same(d, did) }); j >= 0 {
			v.add(at, msgSameNumber, did, dids[j])
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
			if number, ok := v.shadowed(r.Prefix); ok {
				v.add(path+".prefix", msgShadows, r.Prefix, number, v.numbers[number])
			}
		}
		prefixes[r.Prefix] = path
		v.count(path+".strip", r.Strip, 0, 20)
		if r.Prepend != "" && !isOutside(r.Prepend) && r.Prepend != "+" {
			v.add(path+".prepend", msgOutside, r.Prepend)
		}
		if r.CallerID != "" && !isOutside(r.CallerID) {
			v.add(path+".caller_id", msgOutside, r.CallerID)
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

// shadowed is an internal number that a prefix begins. One equal to the whole prefix is
// no longer dialled when more digits follow, and the plan always goes first.
func (v *validator) shadowed(prefix string) (number string, is bool) {
	for _, number := range slices.Sorted(maps.Keys(v.numbers)) {
		if strings.HasPrefix(number, prefix) && number != prefix {
			return number, true
		}
	}
	return "", false
}

// server checks "host" or "host:port".
func (v *validator) server(path, s string) {
	if _, ok := hostPort(s); !ok {
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
		if !slices.Contains([]string{"PCMA", "PCMU", "G722"}, codec) {
			v.add(at, msgCodec, codec)
		} else if seen[codec] {
			v.add(at, msgDuplicate)
		}
		seen[codec] = true
	}
}

// isOutside tells a number of the public network: a + may begin it.
func isOutside(s string) bool { return isNumber(strings.TrimPrefix(s, "+")) }
