package main

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestAProviderCallsTheMenuAndIsCalled runs a call from a peer to one of the box's
// numbers, and one from a desk out over the same trunk.
func TestAProviderCallsTheMenuAndIsCalled(t *testing.T) {
	d := startDemo(t)
	rings := make(chan *phone.Call, 1)
	peer, err := phone.Open(phone.Options{Server: d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"], User: "09121234567", Tone: 1000,
		Address: netip.MustParseAddr("127.0.0.4"), Incoming: func(c *phone.Call) { _ = c.Answer(); rings <- c }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	_, server, _ := strings.Cut(peer.Contact(), "@")
	d.configure(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{server}, Transport: config.UDP, Sources: []string{"127.0.0.4"},
			CallerID: "02188776655", DIDs: map[string]string{"02188776600": "500"}}}
		c.Routes = []config.Route{{Name: "out", Prefix: "09", Trunks: []string{"telco"}}}
	})
	eventually(t, 10*time.Second, "trunk", func() bool { s := d.state(); return len(s.Trunks) == 1 && s.Trunks[0].State == "up" })
	if out := d.cli("status"); !strings.Contains(out, "telco") {
		t.Errorf("status does not show the trunk:\n%s", out)
	}

	in, err := peer.Call("02188776600")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, 10*time.Second, "the greeting", func() bool { return in.Audio().Measure(0, time.Second).Level > 300 })
	in.Hangup()
	if r := d.record("09121234567", "500"); r.Origin.Trunk != "telco" {
		t.Errorf("the record has no trunk: %+v", r)
	}

	desk := newHandset(d, demoUserA, 440).register()
	out, err := desk.Call("09121234567")
	if err != nil {
		t.Fatal(err)
	}
	var there *phone.Call
	select {
	case there = <-rings:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody outside is rung")
	}
	if there.From != "02188776655" {
		t.Errorf("outside, %q calls", there.From)
	}
	eventually(t, 10*time.Second, "sound both ways", func() bool {
		a, b := out.Audio().Measure(1000, time.Second/2), there.Audio().Measure(440, time.Second/2)
		return a.Share > 0.9 && b.Share > 0.9
	})
	out.Hangup()
	d.wantRecord(demoUserA, "09121234567", ledger.Answered, call.Normal)
}
