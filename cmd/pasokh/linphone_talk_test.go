package main

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// TestLinphoneTalks calls with linphone and lets it be called, over UDP and TCP: it
// holds and is held, presses a key and hangs up.
func TestLinphoneTalks(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) { linphoneTalks(startDemo(t), transport) })
	}
}

func linphoneTalks(d *demo, transport string) {
	t := d.t
	l := startLinphone(d, "B", toneB, transport, "")
	a, c := newHandset(d, "1001", toneA).register(), newHandset(d, "1003", toneC).register()

	ours := a.call("1002")
	up(t, ours)
	hearsTone(t, "1001", ours, toneB)
	l.do("pause")
	eventually(t, 15*time.Second, "hold music", func() bool { return isMusic(ours.Audio().Heard()) })
	l.do("resume")
	hearsTone(t, "1001 again", ours, toneB)
	hold(t, ours, true)
	hold(t, ours, false)
	hearsTone(t, "1001 after its own hold", ours, toneB)
	l.do("terminate")
	ends(t, ours, 5*time.Second, 0)
	d.wantRecord("1001", "1002", ledger.Answered, call.Normal)

	l.do("call sip:" + d.env["EXT_IVR"] + "@" + d.env["SIP_HOST"] + ":" + d.env["SIP_PORT"])
	eventually(t, 10*time.Second, "the menu", func() bool { return stage(d.state()) == "menu "+d.env["EXT_IVR"] })
	l.do("2") // a key, as RFC 4733 says it
	theirs := c.answers()
	hearsTone(t, "1003", theirs, toneB)
	theirs.Hangup()
	d.wantRecord("1002", d.env["EXT_IVR"], ledger.Answered, call.Normal)
}
