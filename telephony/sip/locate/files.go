package locate

import (
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
)

// Files of the system, and how much of them is read.
const (
	resolvConf = "/etc/resolv.conf"
	hosts      = "/etc/hosts"
	maxFile    = 1 << 18
)

// nameServers are the name servers of the system, three at most (resolv.conf(5)).
func nameServers() []string { return parseResolvConf(text(resolvConf)) }

func parseResolvConf(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "nameserver" || len(list) == 3 {
			continue
		}
		if a, err := netip.ParseAddr(f[1]); err == nil {
			list = append(list, netip.AddrPortFrom(a, 53).String())
		}
	}
	if list == nil {
		list = []string{net.JoinHostPort("127.0.0.1", "53")}
	}
	return list
}

// hostsFile are the addresses that the system's file gives a host.
func hostsFile(name string) []netip.Addr { return parseHosts(text(hosts), name) }

func parseHosts(s, name string) (list []netip.Addr) {
	name = strings.TrimSuffix(name, ".")
	for line := range strings.Lines(s) {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		a, err := netip.ParseAddr(f[0])
		for _, each := range f[1:] {
			if err == nil && strings.EqualFold(each, name) {
				list = append(list, a.Unmap())
				break
			}
		}
	}
	return list
}

func text(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return ""
	}
	return string(b)
}
