package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// notified takes a NOTIFY and answers it.
func (r *rig) notified(frag, state string) {
	r.t.Helper()
	req := r.Request(sip.NOTIFY)
	if got := strings.TrimSpace(string(req.Body())); got != "SIP/2.0 "+frag || field(req, "Subscription-State") != state ||
		field(req, "Event") != "refer;id=2" || field(req, "Content-Type") != "message/sipfrag;version=2.0" {
		r.t.Errorf("NOTIFY tells %q\n%s", got, req)
	}
	r.Reply(req, 200, "", "")
}

// report is the party telling what became of a REFER.
func (r *rig) report(c call.Cause) {
	synctest.Wait()
	r.party.mu.Lock()
	defer r.party.mu.Unlock()
	r.party.report(c)
}

func TestReferIsReported(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("REFER", 2, "Refer-To: \"Cyrus\" <sip:1003@box.test;user=phone>\nReferred-By: <sip:1001@box.test>\n")
		if res := r.Status(202); res.Contact() == nil {
			t.Error("202 has no Contact")
		}
		r.notified("100 Trying", "active;expires=180")
		r.told("offer 4000", "up", "refer 1003 <nil>")
		r.report(call.CauseNone)
		r.notified("180 Ringing", "active;expires=180")
		r.report(call.Normal)
		r.notified("200 OK", "terminated;reason=noresource")
		r.report(call.Busy) // nobody is subscribed any more
		synctest.Wait()
		r.d.Hangup(call.Normal)
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.gone()
	})
}

func TestFailedReferIsReported(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("REFER", 2, "r: sip:1003@box.test;x=y\n")
		r.Status(202)
		r.notified("100 Trying", "active;expires=180")
		r.report(call.Busy)
		r.notified("486 Busy Here", "terminated;reason=noresource")
		r.ask("INFO", 3, "") // the call goes on
		r.Status(200)
		r.told("offer 4000", "up", "refer 1003 <nil>")
	})
}

// The BYE must not overtake the NOTIFY that tells of success.
func TestHangupWaitsForTheReport(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("REFER", 2, "Refer-To: <sip:1003@box.test>\n")
		r.Status(202)
		r.notified("100 Trying", "active;expires=180")
		r.report(call.Normal)
		r.d.Hangup(call.Normal)
		req := r.Request(sip.NOTIFY)
		r.Quiet(400 * time.Millisecond)
		r.Reply(req, 200, "", "")
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.gone()
	})
}

func TestReferWithoutSubscription(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("REFER", 2, "Refer-To: <sip:1003@box.test>\nRefer-Sub: false\n")
		r.Status(202)
		synctest.Wait()
		r.report(call.Normal)
		r.d.Hangup(call.Normal)
		r.Reply(r.Request(sip.BYE), 200, "", "")
	})
}

func TestBadRefer(t *testing.T) {
	for _, headers := range []string{"", "Refer-To: <sip:1@x>\nRefer-To: <sip:2@x>\n", "Refer-To: <sip:1@x\n", "Refer-To: <sip:x>\n",
		"Refer-To: <sip:1@x?Replaces=abc>\n", "Refer-To: <sip:1@x?Replaces=a%3Bto-tag=%ZZ>\n",
		"Refer-To: <sip:" + strings.Repeat("1", 600) + "@x>\n"} {
		bubble(t, func(r *rig) {
			r.talking()
			r.ask("REFER", 2, headers)
			r.Status(400)
			r.told("offer 4000", "up")
		})
	}
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.learn(r.Status(180))
		r.ask("REFER", 2, "Refer-To: <sip:1003@box.test>\n")
		r.Status(403)
	})
}

func TestReplaces(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("REFER", 2, "Refer-To: <sip:1003@box.test?Replaces=one%3Bto-tag%3D"+r.tag+"%3Bfrom-tag%3Dpeer>\n")
		r.Status(202)
		r.notified("100 Trying", "active;expires=180")
		r.told("offer 4000", "up", "refer 1003 &{CallID:one Local:"+r.tag+" Remote:peer EarlyOnly:false}")
	})
}

func FuzzReferTo(f *testing.F) {
	f.Add("<sip:1003@box.test?Replaces=one%3Bto-tag%3Da%3Bfrom-tag%3Db&X=y>")
	f.Add("sip:1003@box.test;method=INVITE")
	f.Add("<sips:%31@[::1]:5061>")
	f.Fuzz(func(t *testing.T, value string) {
		req := sip.NewRequest(sip.REFER, sip.Uri{})
		req.AppendHeader(sip.NewHeader("Refer-To", value))
		r, ok := parseReferTo(req)
		if ok && (r.To.User == "" || r.Replaces != nil && (r.Replaces.CallID == "" || r.Replaces.Local == "" || r.Replaces.Remote == "")) {
			t.Errorf("%q is taken for %+v", value, r)
		}
	})
}
