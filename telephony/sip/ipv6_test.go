package sip

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/telephony/media"
)

// on makes a server listen on an address, for signalling and sound.
func on(addr string) tweak {
	return func(o *Options, mo *media.Options) {
		mo.Address = netip.MustParseAddr(addr)
		o.UDP = netip.AddrPortFrom(mo.Address, 0).String()
		o.TCP = o.UDP
	}
}

// at makes a phone of an address reach the server at that address too.
func (r *rig) at(addr, network string) func(*phone.Options) {
	return func(o *phone.Options) {
		o.Network, o.Address = network, netip.MustParseAddr(addr)
		o.Server = netip.AddrPortFrom(o.Address, r.Addr(network).Port()).String()
	}
}

// talk calls 1002 from 1001 and expects each to hear the other.
func (r *rig) talk(alice, bob func(*phone.Options)) {
	t := r.t
	t.Helper()
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c }, toned(1000), bob)
	p, _ := r.registered("1001", nil, toned(440), alice)
	a := r.call(p, "1002")
	within(t, "answer", a.Up())
	b := <-incoming
	hears(t, "caller", a, 1000)
	hears(t, "called", b, 440)
	b.Hangup()
	within(t, "end", a.Done())
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

func TestIPv6(t *testing.T) {
	for _, network := range []string{"UDP", "TCP"} {
		t.Run(network, func(t *testing.T) {
			r := newRig(t, on("::1"))
			r.talk(r.at("::1", network), r.at("::1", network))
			for _, p := range r.Phones() {
				if !strings.Contains(p.Contact, "@[::1]:") || !strings.HasPrefix(p.Source, "[::1]:") {
					t.Errorf("board shows %+v", p)
				}
			}
		})
	}
}

// One socket serves both families, and a phone of one speaks with one of the other.
func TestBothFamilies(t *testing.T) {
	for _, any := range []string{"::", "0.0.0.0"} {
		for _, network := range []string{"UDP", "TCP"} {
			t.Run(any+" "+network, func(t *testing.T) {
				r := newRig(t, on(any))
				r.talk(r.at("::1", network), r.at("127.0.0.1", network))
			})
		}
	}
}

func TestSIPpByIPv6(t *testing.T) {
	for _, transport := range []string{"u1", "t1"} {
		r := newRig(t, on("::1")).withSIPpSecret()
		r.sipp("call.xml", "5", "-i", "::1", "-mi", "::1", "-t", transport)
		eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
		if n := len(r.Phones()); n != 1 {
			t.Errorf("%d phones registered by %s", n, transport)
		}
	}
}
