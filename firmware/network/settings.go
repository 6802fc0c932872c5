// Package network gives the box its place in the network.
//
// The box has one network jack. By default it asks for an address (DHCP, RFC 2131); where
// nobody answers within Patience it takes Fallback, where an installer with a laptop finds
// it, and goes on asking. An owner may give it a fixed address, and a VLAN.
//
// A wrong address is the mistake that locks everybody out. So a change is provisional:
// it is tried, and taken back by itself unless somebody confirms it within the time given,
// which only somebody can who still reaches the box. A restart takes it back too.
//
// A Manager's Run owns the interface. The other methods are safe for concurrent use.
package network

import (
	"errors"
	"fmt"
	"net/netip"
)

// Settings are how the box is in the network. The zero Settings ask for an address.
type Settings struct {
	// Address is the box's own with the length of its network's prefix, such as
	// 192.168.1.10/24; the zero one is asked for by DHCP.
	Address netip.Prefix `json:"address"`
	// Gateway leads out of the network; it may be missing.
	Gateway netip.Addr `json:"gateway"`
	// DNS are name servers, 0 to 3.
	DNS []netip.Addr `json:"dns"`
	// VLAN is the number of the virtual network whose frames are the box's, 1 to 4094;
	// 0 for untagged frames.
	VLAN int `json:"vlan"`
}

// Fixed tells that the address is not asked for.
func (s Settings) Fixed() bool { return s.Address.IsValid() }

// Refusals of Check.
var (
	ErrAddress = errors.New("the address must be one of a host, with the length of its network, such as 192.168.1.10/24")
	ErrGateway = errors.New("the gateway must be another address of the same network")
	ErrDNS     = errors.New("up to three name servers, each an address")
	ErrVLAN    = errors.New("a VLAN is 1 to 4094, or 0 for none")
)

// Check tells what is wrong with settings, or nil.
func (s Settings) Check() error {
	if s.VLAN < 0 || s.VLAN > 4094 {
		return ErrVLAN
	}
	if len(s.DNS) > 3 {
		return ErrDNS
	}
	for _, a := range s.DNS {
		if !a.IsValid() || a.IsUnspecified() || a.IsMulticast() {
			return ErrDNS
		}
	}
	if !s.Fixed() {
		if s.Gateway.IsValid() {
			return fmt.Errorf("%w; it is told by DHCP", ErrGateway)
		}
		return nil
	}
	a := s.Address.Addr()
	switch {
	case !a.Is4() || s.Address.Bits() < 8 || s.Address.Bits() > 30,
		a == s.Address.Masked().Addr(), a == last(s.Address),
		a.IsLoopback(), a.IsMulticast(), a.IsUnspecified():
		return ErrAddress
	case s.Gateway.IsValid() && (s.Gateway == a || !s.Address.Contains(s.Gateway)):
		return ErrGateway
	}
	return nil
}

// last is the broadcast address of a network.
func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}
