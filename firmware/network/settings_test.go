package network

import (
	"errors"
	"net/netip"
	"testing"
)

func TestCheck(t *testing.T) {
	fixed := func(address, gateway string) Settings {
		s := Settings{Address: netip.MustParsePrefix(address)}
		if gateway != "" {
			s.Gateway = netip.MustParseAddr(gateway)
		}
		return s
	}
	for name, c := range map[string]struct {
		s    Settings
		want error
	}{
		"asked for":           {Settings{}, nil},
		"fixed":               {fixed("192.168.1.10/24", "192.168.1.1"), nil},
		"fixed, alone":        {fixed("10.0.0.1/8", ""), nil},
		"the network itself":  {fixed("192.168.1.0/24", ""), ErrAddress},
		"everybody":           {fixed("192.168.1.255/24", ""), ErrAddress},
		"nobody else":         {fixed("192.168.1.1/32", ""), ErrAddress},
		"itself":              {fixed("127.0.0.1/8", ""), ErrAddress},
		"gateway elsewhere":   {fixed("192.168.1.10/24", "192.168.2.1"), ErrGateway},
		"its own gateway":     {fixed("192.168.1.10/24", "192.168.1.10"), ErrGateway},
		"gateway of DHCP":     {Settings{Gateway: netip.MustParseAddr("192.168.1.1")}, ErrGateway},
		"VLAN":                {Settings{VLAN: 4094}, nil},
		"no VLAN":             {Settings{VLAN: 4095}, ErrVLAN},
		"name server nowhere": {Settings{DNS: []netip.Addr{netip.IPv4Unspecified()}}, ErrDNS},
	} {
		if err := c.s.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
