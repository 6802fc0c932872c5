package sip

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// change changes the configuration of a running rig.
func (r *rig) change(f func(*config.Config)) {
	cfg := testConfig()
	f(cfg)
	r.mu.Lock()
	r.config = cfg
	r.mu.Unlock()
	r.news.Publish(event.Config)
}

// joined is a box and its provider: a second server, of which the box is
// extension 1003. Subscriber 1002 of the provider is anybody outside.
func joined(t *testing.T, network config.Transport, tweak func(*config.Trunk)) (box, provider *rig) {
	provider = newRig(t, func(_ *Options, m *media.Options) { m.PortMin, m.PortMax = 32000, 32999 })
	box = newRig(t)
	server := provider.Addr("UDP")
	if network == config.TCP {
		server = provider.Addr("TCP")
	}
	box.change(func(c *config.Config) {
		k := config.Trunk{Name: "telco", Servers: []string{server.String()}, Transport: network, User: "1003", Secret: password,
			Register: true, Domain: "box.test", DIDs: map[string]string{"1003": "1001"}}
		if tweak != nil {
			tweak(&k)
		}
		c.Trunks = []config.Trunk{k}
	})
	eventually(t, "the trunk is known", func() bool {
		list := box.Trunks()
		return len(list) == 1 && list[0].State != trunk.Starting
	})
	return box, provider
}

func TestATrunkCarriesCallsBothWays(t *testing.T) {
	for _, network := range []config.Transport{config.UDP, config.TCP} {
		t.Run(string(network), func(t *testing.T) {
			box, provider := joined(t, network, func(k *config.Trunk) { k.Codecs = []string{"PCMU"} })
			rings := make(chan *phone.Call, 2)
			take := func(c *phone.Call) { answer(c); rings <- c }
			inside, _ := box.registered("1001", take, toned(440))
			outside, _ := provider.registered("1002", take, toned(1000))

			out := box.call(inside, "91002")
			within(t, "answer from outside", out.Up())
			there := <-rings
			if there.From != "1003" || there.Name != "Cyrus" { // as the provider knows the account
				t.Errorf("outside, %q <%s> calls", there.Name, there.From)
			}
			hears(t, "who called out", out, 1000)
			hears(t, "who was called outside", there, 440)
			if n := box.Trunks()[0].Calls; n != 1 {
				t.Errorf("%d calls on the trunk", n)
			}
			out.Hangup()
			within(t, "BYE outside", there.Done())

			in := provider.call(outside, "1003")
			within(t, "answer from inside", in.Up())
			here := <-rings
			if here.From != "1002" {
				t.Errorf("inside, %q <%s> calls", here.Name, here.From)
			}
			hears(t, "who called in", in, 440)
			hears(t, "who was called inside", here, 1000)
			here.Hangup()
			within(t, "BYE to who called in", in.Done())
			for _, r := range []*rig{box, provider} {
				eventually(t, "nothing left", func() bool { return r.dialogs.Len() == 0 })
			}
			eventually(t, "no call on the trunk", func() bool { return box.Trunks()[0].Calls == 0 })
		})
	}
}

func TestATrunkHasItsLimits(t *testing.T) {
	box, provider := joined(t, config.UDP, func(k *config.Trunk) { k.MaxCalls = 1 })
	inside, _ := box.registered("1001", func(*phone.Call) {})
	outside, _ := provider.registered("1002", answer)
	one := box.call(inside, "91002")
	within(t, "answer", one.Up())
	two := box.call(inside, "91002")
	within(t, "refusal", two.Done())
	if code, _ := two.Ended(); code != 503 {
		t.Errorf("a call beyond the trunk's channels: %d, want 503", code)
	}
	in := provider.call(outside, "1003")
	within(t, "refusal", in.Done())
	if code, _ := in.Ended(); code != 486 {
		t.Errorf("a call into a full trunk: %d, want 486", code)
	}
	one.Hangup()
}

// A call for help goes out although the phone calls too much and the trunk is full.
func TestACallForHelpIsNotShed(t *testing.T) {
	box, provider := joined(t, config.UDP, func(k *config.Trunk) { k.MaxCalls = 1 })
	trunks := box.cfg().Trunks
	box.change(func(c *config.Config) {
		c.Trunks, c.SIP.MaxCallsPerSecond = trunks, 1
		c.Routes = []config.Route{{Name: "out", Prefix: "9", Strip: 1, Trunks: []string{"telco"}}}
		c.System.Emergency = []string{"600"} // what the provider answers
	})
	provider.registered("1002", answer)
	inside, _ := box.registered("1001", nil)
	one := box.call(inside, "91002")
	within(t, "answer", one.Up())
	eventually(t, "the phone is told that it calls too much", func() bool {
		other := box.call(inside, "91002")
		within(t, "refusal", other.Done())
		return box.Turned().Shed > 0
	})
	for range 3 {
		help := box.call(inside, "9600")
		within(t, "help", help.Up())
		defer help.Hangup()
	}
	if n := box.Trunks()[0].Calls; n != 4 {
		t.Errorf("%d calls on the trunk, want 4", n)
	}
	one.Hangup()
}

// A flood of calls on a trunk is told to come back, and counted.
func TestCallsOnATrunkAreShed(t *testing.T) {
	box, provider := joined(t, config.UDP, nil)
	trunks := box.cfg().Trunks
	box.change(func(c *config.Config) { c.Trunks, c.SIP.MaxCallsPerSecond = trunks, 1 })
	box.registered("1001", func(*phone.Call) {})
	outside, _ := provider.registered("1002", nil)
	var list []*phone.Call
	for range 5 {
		list = append(list, provider.call(outside, "1003"))
	}
	refused := func() (n int) {
		for _, c := range list {
			select {
			case <-c.Done():
				if status, _ := c.Ended(); status == 503 {
					n++
				}
			default:
			}
		}
		return n
	}
	eventually(t, "refusals", func() bool { return refused() >= 3 })
	if box.Turned().Shed < 3 {
		t.Errorf("counted: %+v", box.Turned())
	}
	for _, c := range list {
		c.Hangup()
	}
}

func TestAWrongTrunkPasswordCarriesNothing(t *testing.T) {
	box, provider := joined(t, config.UDP, func(k *config.Trunk) { k.Secret = "wrongly" })
	provider.registered("1002", answer)
	if st := box.Trunks()[0]; st.State != trunk.Down {
		t.Errorf("trunk is %+v", st)
	}
	inside, _ := box.registered("1001", nil)
	c := box.call(inside, "91002")
	within(t, "refusal", c.Done())
	if code, _ := c.Ended(); code != 503 {
		t.Errorf("called over a trunk that refuses us: %d, want 503", code)
	}
}

// TestStrangersAreNoTrunk: the provider's phones have its address, but not the
// port of the flow on which the box is registered.
func TestStrangersAreNoTrunk(t *testing.T) {
	box, _ := joined(t, config.UDP, nil)
	stranger, _ := box.phone("1003", nil, func(o *phone.Options) { o.Password = "nothing of the sort" })
	c := box.call(stranger, "1001")
	within(t, "refusal", c.Done())
	if code, _ := c.Ended(); code != 401 {
		t.Errorf("a stranger was told %d, want 401", code)
	}
}

func TestAPeerIsLetInByItsAddress(t *testing.T) {
	box := newRig(t)
	box.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "gateway", Transport: config.UDP, Sources: []string{"127.0.0.4"}, Destination: "1002"}}
	})
	eventually(t, "the trunk is known", func() bool { return len(box.Trunks()) == 1 })
	rings := make(chan *phone.Call, 1)
	box.registered("1002", func(c *phone.Call) { answer(c); rings <- c })
	peer, _ := box.phone("09121234567", nil, at("127.0.0.4"))
	c := box.call(peer, "02188776655")
	within(t, "answer", c.Up())
	if here := <-rings; here.From != "09121234567" {
		t.Errorf("%q calls", here.From)
	}
	c.Hangup()
}

func TestWhoCallsAndWhomOnATrunk(t *testing.T) {
	k := config.Trunk{User: "account", Destination: "500", DIDs: map[string]string{"021": "1001", "02688776600": "1002", "+982188776655": "1003"}}
	for _, c := range []struct {
		uri, to, from, extra string
		did, number          string
		caller               call.Party
	}{
		{"021", "x", "0912", "", "021", "1001", call.Party{Number: "0912"}},
		{"account", "02688776600", "0912", "", "02688776600", "1002", call.Party{Number: "0912"}},
		{"+982688776600", "x", "0912", "", "02688776600", "1002", call.Party{Number: "0912"}},
		{"00982688776600", "x", "0912", "", "02688776600", "1002", call.Party{Number: "0912"}},
		{"982688776600", "x", "0912", "", "02688776600", "1002", call.Party{Number: "0912"}},
		{"02188776655", "x", "0912", "", "02188776655", "1003", call.Party{Number: "0912"}},
		{"account", "account", "0912", "P-Called-Party-ID: <sip:021@telco>\n", "021", "1001", call.Party{Number: "0912"}},
		{"account", "account", "0912", "P-Called-Party-ID: <tel:+982688776600;phone-context=x>\n", "02688776600", "1002", call.Party{Number: "0912"}},
		{"other", "x", "0912", "P-Asserted-Identity: \"Sara\" <sip:+98912@telco>, <tel:1>\n", "other", "500", call.Party{Number: "+98912", Name: "Sara"}},
		{"account", "02188776600", "0912", "P-Asserted-Identity: tel:+98912\n", "02188776600", "500", call.Party{Number: "+98912"}},
		{"account", "account", "0912", "P-Asserted-Identity: <sip:+982188776655@telco>\n", "02188776655", "1003", call.Party{Number: "0912"}},
		{"other", "x", "0912", "P-Asserted-Identity: <garbage>\n", "other", "500", call.Party{Number: "0912"}},
		{"other", "x", "anonymous", "P-Asserted-Identity: <tel:+98912>\n", "other", "500", call.Party{}},
	} {
		m, err := sip.ParseMessage([]byte(crlf("INVITE sip:" + c.uri + "@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\n" +
			"From: <sip:" + c.from + "@telco>;tag=1\nTo: <sip:" + c.to + "@telco>\nCall-ID: 1\nCSeq: 1 INVITE\nContent-Length: 0\n" + c.extra)))
		if err != nil {
			t.Fatal(err)
		}
		req := m.(*sip.Request)
		if did, number, ok := inbound(&k, numbering.For("IR"), req); !ok || did != c.did || number != c.number || callerOf(req) != c.caller {
			t.Errorf("%+v: %s to %s from %+v", c, did, number, callerOf(req))
		}
	}
}

func TestWhichNumberIsShownOutside(t *testing.T) {
	own, route := "02188776601", "02188776602"
	all := config.Trunk{User: "account", CallerID: "+982188776600", OutsideNumbers: true, Numbers: config.E164}
	strict, plain, open := all, all, config.Trunk{}
	strict.OutsideNumbers, strict.Numbers = false, config.National
	plain.CallerID = ""
	for _, c := range []struct {
		trunk config.Trunk
		offer call.Offer
		want  string
	}{
		{all, call.Offer{Own: own, CallerID: route}, "+982188776601"},
		{all, call.Offer{CallerID: route}, "+982188776602"},
		{all, call.Offer{}, "+982188776600"},
		{strict, call.Offer{Own: own, CallerID: route}, "02188776602"},
		{strict, call.Offer{Own: own}, "02188776600"},
		{plain, call.Offer{Caller: call.Party{Number: "1001", Name: "Sara"}}, "account"},
		{open, call.Offer{Caller: call.Party{Number: "1001", Name: "Sara"}}, "1001"},
	} {
		if got := shown(&c.trunk, numbering.For("IR"), c.offer); got != c.want {
			t.Errorf("%+v over %+v shows %s, want %s", c.offer, c.trunk, got, c.want)
		}
	}
}

func at(addr string) func(*phone.Options) {
	return func(o *phone.Options) { o.Address = netip.MustParseAddr(addr) }
}

// TestACallPassesDeadServers: a server that is not there is passed at once where the
// network says so, and after its patience where nobody says anything. The call then
// goes straight to the one that is there.
func TestACallPassesDeadServers(t *testing.T) {
	t.Parallel()
	silent, err := net.ListenPacket("udp", "127.0.0.7:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	full, err := net.Listen("tcp", "127.0.0.7:0") // accepts, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, c := range []struct {
		name    string
		network config.Transport
		dead    string
		most    time.Duration
	}{
		{"ICMP", config.UDP, "127.0.0.7:9", time.Second},
		{"silence", config.UDP, silent.LocalAddr().String(), 5 * time.Second},
		{"connection refused", config.TCP, "127.0.0.7:9", time.Second},
		{"silent connection", config.TCP, full.Addr().String(), 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			box, provider := joined(t, c.network, func(k *config.Trunk) {
				k.Servers, k.Register, k.Sources = append([]string{c.dead}, k.Servers...), false, []string{"127.0.0.9"}
			})
			provider.registered("1002", answer)
			inside, _ := box.registered("1001", nil)
			for i, most := range []time.Duration{c.most, time.Second} { // the second call knows
				begun := time.Now()
				out := box.call(inside, "91002")
				within(t, "answer", out.Up())
				if took := time.Since(begun); took > most {
					t.Errorf("call %d was answered after %v, want %v", i, took, most)
				}
				out.Hangup()
				within(t, "end", out.Done())
			}
		})
	}
}
