package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/webui/api"
)

const opusOnly = "opus/48000/2"

// TestOpusAlone: phones that speak nothing but Opus talk while they are recorded, and
// a call that cannot be heard ends with the reason.
func TestOpusAlone(t *testing.T) {
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Media.PassThrough = true; recordAll(config.RecordAlways)(c) })
	a, b := startBaresipWith(d, "A", 5200, 48000, opusOnly), startBaresipWith(d, "B", 5000, 48000, opusOnly)
	c := newHandset(d, "1003", toneC).register()

	talk(d, a, b, "1002")
	a.hearsTone("the caller", 5000)
	b.hearsTone("the callee", 5200)
	for _, p := range []*baresip{a, b} { // after the recording has begun, and the phones have refused our codecs
		from := p.recorded()
		eventually(t, 15*time.Second, "three seconds more", func() bool { return p.recorded() > from+3*2*48000 })
	}
	a.hearsTone("the caller, recorded", 5000)
	b.hearsTone("the callee, recorded", 5200)
	b.do("transfer", "sip:1003@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	ends(t, c.answers(), 15*time.Second, 0)
	d.becomes(15*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	d.wantNoCodec("1001", "1002")

	for _, to := range []string{"1003", d.env["EXT_IVR"], d.env["EXT_MUSIC"], d.env["EXT_CONFERENCE"]} {
		a.do("dial", "sip:"+to+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
		if to == "1003" {
			ends(t, c.answers(), 15*time.Second, 0)
		}
		a.wait("CALL_CLOSED", 15*time.Second)
		d.wantNoCodec("1001", to)
	}
}

func (d *demo) wantNoCodec(from, to string) {
	d.t.Helper()
	r := d.record(from, to)
	if story := d.cli("calls", "show", string(r.Call)); r.Cause != call.NoCodec.String() || !strings.Contains(story, call.NoCodec.Text("en")) {
		d.t.Errorf("the call to %s ended with %s:\n%s", to, r.Cause, story)
	}
}
