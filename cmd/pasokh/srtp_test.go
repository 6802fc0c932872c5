package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zaf/g711"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// flow is the RTP from one port to another, as an eavesdropper has it.
type flow struct {
	from, to int
	size     int // of the last packet
	pcm      []int16
}

// tap listens on the wire for two seconds and gives the RTP of the calls that run.
func (d *demo) tap() []*flow {
	t := d.t
	t.Helper()
	needTool(t, "tshark")
	ports := make(map[int]bool) // other programs send on this machine too
	for _, c := range d.state().Calls {
		for line := range strings.Lines(d.cli("calls", "show", string(c.ID), "--sip")) {
			var port int
			if _, err := fmt.Sscanf(line, "m=audio %d", &port); err == nil {
				ports[port] = true
			}
		}
	}
	out, err := exec.Command("tshark", "-i", "lo", "-n", "-f", "udp", "-a", "duration:2",
		"-T", "fields", "-e", "udp.srcport", "-e", "udp.dstport", "-e", "udp.payload").Output()
	if err != nil {
		missingTool(t, "the right to capture: "+err.Error())
	}
	var list []*flow
	for s := bufio.NewScanner(strings.NewReader(string(out))); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) != 3 {
			continue
		}
		from, _ := strconv.Atoi(f[0])
		to, _ := strconv.Atoi(f[1])
		b, err := hex.DecodeString(f[2])
		if err != nil || !ports[from] || !ports[to] || len(b) < 12+160 || b[0]>>6 != 2 {
			continue
		}
		i := slices.IndexFunc(list, func(f *flow) bool { return f.from == from && f.to == to })
		if i < 0 {
			i = len(list)
			list = append(list, &flow{from: from, to: to})
		}
		list[i].size = len(b)
		for _, x := range b[12 : 12+160] {
			list[i].pcm = append(list[i].pcm, g711.DecodeAlawFrame(x))
		}
	}
	return list
}

func (f *flow) String() string {
	return fmt.Sprintf("%d to %d, %d bytes, %d samples, tones %.2f %.2f %.2f", f.from, f.to, f.size, len(f.pcm),
		toneShare(f.pcm, toneA), toneShare(f.pcm, toneB), toneShare(f.pcm, toneC))
}

// inTheClear is what the log says of keys that can be read along.
const inTheClear = "keys of encrypted sound travel in the clear"

const plainSize, sealedSize = 12 + 160, 12 + 160 + 10

// wantOnWire checks how many flows are sealed, in which nothing is to be heard, and
// how many are plain with one of the tones in them.
func wantOnWire(t *testing.T, flows []*flow, sealed, plain int) {
	t.Helper()
	for _, f := range flows {
		heard := max(toneShare(f.pcm, toneA), toneShare(f.pcm, toneB), toneShare(f.pcm, toneC))
		switch {
		case f.size == sealedSize && heard < 0.1 && len(f.pcm) > 8000:
			sealed--
		case f.size == plainSize && heard > 0.9:
			plain--
		}
	}
	if sealed != 0 || plain != 0 {
		t.Errorf("on the wire %d sealed and %d plain flows are missing among %v", sealed, plain, flows)
	}
}

// secureLegs is how many legs of the running calls are encrypted.
func (d *demo) secureLegs() (n int) {
	for _, c := range d.state().Calls {
		for _, l := range c.Legs {
			if l.Secure {
				n++
			}
		}
	}
	return n
}

func encrypt(c *config.Config, policies map[string]config.SRTP) {
	for i := range c.Extensions {
		if p, ok := policies[c.Extensions[i].Number]; ok {
			c.Extensions[i].SRTP = p
		}
	}
}

// TestPhonesTalkEncrypted: one phone demands encryption, another offers it, the third
// knows none. Everybody hears everybody, and who listens on the wire hears what is
// plain only.
func TestPhonesTalkEncrypted(t *testing.T) {
	d := startDemo(t)
	numberA, numberB, numberC := d.env["USER_A"], d.env["USER_B"], d.env["USER_C"]
	d.configure(func(c *config.Config) {
		encrypt(c, map[string]config.SRTP{numberA: config.SRTPRequired, numberB: config.SRTPOptional, numberC: config.SRTPOptional})
	})
	a, b := startBaresip(d, "A", toneA, ";mediaenc=srtp-mand"), startBaresip(d, "B", toneB, ";mediaenc=srtp")
	plain := newHandset(d, numberC, toneC).register()

	a.do("dial", "sip:"+numberB+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	b.wait("CALL_INCOMING", 10*time.Second)
	b.do("accept", "")
	a.wait("CALL_ESTABLISHED", 5*time.Second)
	b.wait("CALL_ESTABLISHED", 5*time.Second)
	eventually(t, 8*time.Second, "B's tone at A", func() bool { return toneShare(a.heard(), toneB) > 0.5 })
	eventually(t, 8*time.Second, "A's tone at B", func() bool { return toneShare(b.heard(), toneA) > 0.5 })
	wantOnWire(t, d.tap(), 4, 0)
	if n := d.secureLegs(); n != 2 {
		t.Errorf("%d legs are shown as encrypted, want 2", n)
	}
	id := string(d.state().Calls[0].ID)
	b.do("hold", "")
	eventually(t, 10*time.Second, "hold", func() bool {
		return slices.ContainsFunc(d.state().Calls[0].Legs, func(l call.LegView) bool { return l.State == "held" })
	})
	b.do("resume", "")
	eventually(t, 10*time.Second, "resume", func() bool {
		return !slices.ContainsFunc(d.state().Calls[0].Legs, func(l call.LegView) bool { return l.State == "held" })
	})
	wantOnWire(t, d.tap(), 4, 0)
	a.do("hangup", "")
	d.wantRecord(numberA, numberB, ledger.Answered, call.Normal)
	if n := strings.Count(d.cli("calls", "show", id), "is encrypted"); n != 2 {
		t.Errorf("the story tells of %d encrypted legs:\n%s", n, d.cli("calls", "show", id))
	}
	messages := d.cli("calls", "show", id, "--sip")
	wantText(t, "messages", messages, "RTP/SAVP", "RTP/AVP", "AES_CM_128_HMAC_SHA1_80 inline:********")
	for _, part := range strings.Split(messages, "inline:")[1:] {
		if !strings.HasPrefix(part, "****") {
			t.Errorf("a key is shown: %.20s", part)
		}
	}
	wantText(t, "log", d.logged(), inTheClear)
	if strings.Contains(d.logged(), "inline:") {
		t.Error("a key is in the log")
	}

	b.do("dial", "sip:"+numberC+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	c := plain.answers()
	hears(t, "the plain phone", c, toneB)
	wantOnWire(t, d.tap(), 2, 2)
	c.Hangup()
	b.wait("CALL_CLOSED", 5*time.Second)

	// A phone that must encrypt and does not is refused, as a caller and as a called one.
	d.configure(func(c *config.Config) { encrypt(c, map[string]config.SRTP{numberC: config.SRTPRequired}) })
	ends(t, plain.call("600"), 5*time.Second, 488)
	d.wantRecord(numberB, numberC, ledger.Answered, call.Normal)
	b.do("dial", "sip:"+numberC+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	happens(t, "refusal of a plain answer", 10*time.Second, plain.answers().Done())
	eventually(t, 10*time.Second, "record of the refusal", func() bool {
		r := d.record(numberB, numberC)
		return r.Cause == call.NoCodec.String() && r.Result != ledger.Answered
	})
}

// TestTrunkIsEncrypted joins two boxes over TLS: one has an account with the other,
// and both demand encryption of it.
func TestTrunkIsEncrypted(t *testing.T) {
	provider, box := startDemo(t), startDemo(t)
	account, outside := provider.env["USER_C"], provider.env["USER_B"]
	provider.configure(func(c *config.Config) { encrypt(c, map[string]config.SRTP{account: config.SRTPRequired}) })
	box.configure(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{provider.env["SIP_HOST"] + ":" + provider.env["SIP_TLS_PORT"]},
			Transport: config.TLS, TLSVerify: config.VerifyNothing, Domain: provider.env["SIP_DOMAIN"], User: account, Secret: config.Secret(provider.env["PASS_C"]),
			Register: true, DIDs: map[string]string{account: box.env["USER_A"]}, SRTP: config.SRTPRequired}}
		c.Routes = []config.Route{{Name: "out", Prefix: "9", Strip: 1, Trunks: []string{"telco"}}}
	})
	eventually(t, 15*time.Second, "trunk", func() bool { s := box.state(); return len(s.Trunks) == 1 && s.Trunks[0].State == "up" })
	inside, there := newHandset(box, box.env["USER_A"], toneA).register(), newHandset(provider, outside, toneB).register()

	out := inside.call("9" + outside)
	in := there.answers()
	up(t, out)
	hears(t, "who called out", out, toneB)
	hears(t, "who was called", in, toneA)
	wantOnWire(t, box.tap(), 2, 2)
	for name, d := range map[string]*demo{"box": box, "provider": provider} {
		if n := d.secureLegs(); n != 1 {
			t.Errorf("the %s shows %d legs as encrypted, want 1", name, n)
		}
		if strings.Contains(d.logged(), inTheClear) {
			t.Errorf("the %s takes TLS for readable", name)
		}
	}
	out.Hangup()

	back := there.call(account)
	in = inside.answers()
	up(t, back)
	hears(t, "who called in", back, toneA)
	hears(t, "who was called inside", in, toneB)
	wantOnWire(t, provider.tap(), 2, 2)
	back.Hangup()

	// The provider no longer encrypts: the box does not talk in the clear.
	provider.configure(func(c *config.Config) { encrypt(c, map[string]config.SRTP{account: config.SRTPOff}) })
	ends(t, inside.call("9"+outside), 10*time.Second, 488)
	if n := len(there.rings); n != 0 {
		t.Errorf("outside was rung %d times", n)
	}
}
