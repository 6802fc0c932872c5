package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"github.com/insomniacslk/dhcp/dhcpv4/nclient4"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	// Patience is how long the box asks for an address before it takes Fallback.
	Patience = 30 * time.Second
	// askAgain is the time between two rounds of asking.
	askAgain = 10 * time.Second
)

// Fallback is where the box is found in a network without DHCP.
var Fallback = netip.MustParsePrefix("192.168.77.1/24")

// serve brings the interface up and keeps its address until ctx ends.
func (m *Manager) serve(ctx context.Context, s Settings) {
	for ctx.Err() == nil {
		err := m.hold(ctx, s)
		if ctx.Err() != nil {
			return
		}
		m.opts.Log.Warn("network", "error", err)
		m.opts.Clock.Sleep(ctx, m.opts.Clock.Now().Add(2*time.Second))
	}
}

// hold does the work of serve until something goes wrong.
func (m *Manager) hold(ctx context.Context, s Settings) error {
	if lo, err := netlink.LinkByName("lo"); err == nil {
		_ = netlink.LinkSetUp(lo) // it is up already
	}
	link, err := jack(s.VLAN)
	if err != nil {
		return err
	}
	name := link.Attrs().Name
	m.show(func(st *State) { *st = State{Interface: name, How: "none"} })
	if s.Fixed() {
		if err := m.take(link, s.Address, s.Gateway, s.DNS, "fixed"); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}
	return m.ask(ctx, link, s)
}

// jack is the box's network interface, up: the first that is wired hardware, or its VLAN.
func jack(vlan int) (netlink.Link, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(links, func(a, b netlink.Link) int { return cmp.Compare(a.Attrs().Index, b.Attrs().Index) })
	i := slices.IndexFunc(links, func(l netlink.Link) bool {
		a := l.Attrs()
		return l.Type() == "device" && a.Flags&net.FlagLoopback == 0 && len(a.HardwareAddr) == 6
	})
	if i < 0 {
		return nil, errors.New("no network interface")
	}
	link := links[i]
	if err := netlink.LinkSetUp(link); err != nil {
		return nil, fmt.Errorf("%s: %w", link.Attrs().Name, err)
	}
	for _, l := range links { // VLANs of earlier settings
		if l.Type() == "vlan" {
			_ = netlink.LinkDel(l)
		}
	}
	if vlan == 0 {
		return link, nil
	}
	if err := clear(link); err != nil {
		return nil, err
	}
	sub := &netlink.Vlan{LinkAttrs: netlink.LinkAttrs{Name: fmt.Sprintf("vlan%d", vlan), ParentIndex: link.Attrs().Index}, VlanId: vlan}
	if err := netlink.LinkAdd(sub); err != nil {
		return nil, fmt.Errorf("VLAN %d: %w", vlan, err)
	}
	return sub, netlink.LinkSetUp(sub)
}

// clear takes all addresses of version 4 from an interface.
func clear(link netlink.Link) error {
	list, err := netlink.AddrList(link, unix.AF_INET)
	if err != nil {
		return err
	}
	for i := range list {
		if err := netlink.AddrDel(link, &list[i]); err != nil && !errors.Is(err, unix.EADDRNOTAVAIL) {
			return err
		}
	}
	return nil
}

// take gives the interface its address and the way out.
func (m *Manager) take(link netlink.Link, address netip.Prefix, gateway netip.Addr, dns []netip.Addr, how string) error {
	have, err := netlink.AddrList(link, unix.AF_INET)
	if err != nil {
		return err
	}
	if len(have) != 1 || have[0].IPNet.String() != address.String() { // the same one stays: connections go on
		if err := clear(link); err != nil {
			return err
		}
		a, err := netlink.ParseAddr(address.String())
		if err != nil {
			return err
		}
		if err := netlink.AddrReplace(link, a); err != nil {
			return fmt.Errorf("address %s: %w", address, err)
		}
	}
	if gateway.IsValid() {
		route := &netlink.Route{LinkIndex: link.Attrs().Index, Gw: gateway.AsSlice()}
		if err := netlink.RouteReplace(route); err != nil {
			return fmt.Errorf("gateway %s: %w", gateway, err)
		}
	}
	var servers []string
	for _, d := range dns {
		servers = append(servers, d.String())
	}
	if err := m.resolve(servers); err != nil {
		return err
	}
	m.show(func(st *State) { st.Address, st.How = address.String(), how })
	m.opts.Log.Info("network", "interface", link.Attrs().Name, "address", address, "how", how, "gateway", gateway)
	return nil
}

// ask asks for an address and keeps it while it is leased.
func (m *Manager) ask(ctx context.Context, link netlink.Link, s Settings) error {
	since := m.opts.Clock.Now()
	for ctx.Err() == nil {
		lease, err := m.request(ctx, link)
		if err != nil {
			if m.opts.Clock.Now().Sub(since) >= Patience && m.State().How == "none" {
				if err := m.take(link, Fallback, netip.Addr{}, s.DNS, "fallback"); err != nil {
					return err
				}
			}
			m.opts.Clock.Sleep(ctx, m.opts.Clock.Now().Add(askAgain))
			continue
		}
		bits, _ := lease.ACK.SubnetMask().Size()
		address, ok := netip.AddrFromSlice(lease.ACK.YourIPAddr.To4())
		if !ok || bits == 0 {
			return errors.New("a lease without an address")
		}
		var gateway netip.Addr
		if r := lease.ACK.Router(); len(r) > 0 {
			gateway, _ = netip.AddrFromSlice(r[0].To4())
		}
		dns := s.DNS
		if len(dns) == 0 {
			for _, ip := range lease.ACK.DNS() {
				if a, ok := netip.AddrFromSlice(ip.To4()); ok && len(dns) < 3 {
					dns = append(dns, a)
				}
			}
		}
		if err := m.take(link, netip.PrefixFrom(address, bits), gateway, dns, "dhcp"); err != nil {
			return err
		}
		// Renewed at half of its time (RFC 2131 4.4.5) by asking anew, which gives the
		// same address as long as the server has it free.
		half := max(time.Minute, lease.ACK.IPAddressLeaseTime(time.Hour)/2)
		m.opts.Clock.Sleep(ctx, m.opts.Clock.Now().Add(half))
		since = m.opts.Clock.Now()
	}
	return nil
}

// request asks for an address once.
func (m *Manager) request(ctx context.Context, link netlink.Link) (*nclient4.Lease, error) {
	client, err := nclient4.New(link.Attrs().Name, nclient4.WithTimeout(2*time.Second), nclient4.WithRetry(3))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return client.Request(ctx, dhcpv4.WithOption(dhcpv4.OptHostName("pasokh")))
}
