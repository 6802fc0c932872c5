package config

import "net/netip"

// NameServers are the name servers to ask, as "address:port"; none: those of the
// system.
func (s *System) NameServers() []string {
	var list []string
	for _, each := range s.DNS {
		if at, ok := nameServer(each); ok {
			list = append(list, at.String())
		}
	}
	return list
}

// nameServer reads an address with a port, or without for port 53.
func nameServer(s string) (netip.AddrPort, bool) {
	hp, ok := hostPort(s)
	a, err := netip.ParseAddr(hp.Host)
	if hp.Port == 0 {
		hp.Port = 53
	}
	return netip.AddrPortFrom(a, hp.Port), ok && err == nil
}
