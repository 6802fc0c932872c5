package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// stands checks the stage of the dialog that is named so.
func (r *rig) stands(callID, local, remote string, want Stage) {
	r.t.Helper()
	var p Party
	at := Stage(99)
	r.set.Ask(Replaces{CallID: callID, Local: local, Remote: remote}, func(q Party, s Stage) { p, at = q, s })
	synctest.Wait()
	if at != want || (p == Party(r.party)) != (want != None) {
		r.t.Errorf("%s;%s;%s stands at %d with party %v, want %d", callID, local, remote, at, p, want)
	}
}

func TestADialogIsFoundByItsName(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.learn(r.Status(180))
		r.stands("one", r.tag, "peer", Arriving)
		r.d.Answer()
		r.Status(200)
		r.ask("ACK", 1, "")
		r.stands("one", r.tag, "peer", Talking)
		r.stands("one", r.tag, "somebody", None)
		r.stands("one", "nothing", "peer", None)
		r.stands("two", r.tag, "peer", None)
		r.d.Hangup(call.Normal)
		bye := r.Request(sip.BYE)
		r.stands("one", r.tag, "peer", Gone)
		r.Reply(bye, 200, "", "")
		synctest.Wait()
		r.stands("one", r.tag, "peer", None)
	})
	bubble(t, func(r *rig) {
		invite := r.dial()
		ours := invite.From().Params.GetOr("tag", "")
		r.stands(r.d.ID(), ours, "peer", None)
		r.Reply(invite, 180, "one", "")
		synctest.Wait()
		r.Reply(invite, 180, "two", "")
		synctest.Wait()
		r.stands(r.d.ID(), ours, "one", Alerting)
		r.stands(r.d.ID(), ours, "two", Alerting)
		r.stands(r.d.ID(), ours, "three", None)
		r.Reply(invite, 200, "two", ok)
		r.Request(sip.ACK)
		synctest.Wait()
		r.stands(r.d.ID(), ours, "two", Talking)
		r.stands(r.d.ID(), ours, "one", None)
	})
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 180, "one", "")
		synctest.Wait()
		r.d.Hangup(call.Cancelled)
		r.Request(sip.CANCEL)
		r.stands(r.d.ID(), invite.From().Params.GetOr("tag", ""), "one", Gone)
		time.Sleep(time.Minute)
	})
}

func TestReplacesOfAnInvite(t *testing.T) {
	for _, c := range []struct {
		method sip.RequestMethod
		fields []string
		want   string // Call-ID, or why not
	}{
		{sip.INVITE, nil, "none"},
		{sip.INVITE, []string{"a@b;from-tag=x;to-tag=y"}, "a@b y x false"},
		{sip.INVITE, []string{" a ; To-Tag = y ; FROM-TAG=x; early-only"}, "a y x true"},
		{sip.INVITE, []string{"a;from-tag=x;to-tag=y", "b;from-tag=x;to-tag=y"}, "bad"},
		{sip.INVITE, []string{"a;from-tag=x;to-tag=y, b;from-tag=x;to-tag=y"}, "bad"},
		{sip.INVITE, []string{"a;from-tag=x"}, "bad"},
		{sip.INVITE, []string{";from-tag=x;to-tag=y"}, "bad"},
		{sip.INVITE, []string{strings.Repeat("a", 513) + ";from-tag=x;to-tag=y"}, "bad"},
		{sip.OPTIONS, []string{"a;from-tag=x;to-tag=y"}, "bad"},
	} {
		req := sip.NewRequest(c.method, sip.Uri{})
		for _, f := range c.fields {
			req.AppendHeader(sip.NewHeader("Replaces", f))
		}
		r, ok := ReplacesOf(req)
		got := "bad"
		switch {
		case ok && r == nil:
			got = "none"
		case ok:
			got = strings.Join([]string{r.CallID, r.Local, r.Remote, map[bool]string{true: "true", false: "false"}[r.EarlyOnly]}, " ")
		}
		if got != c.want {
			t.Errorf("%s %q: %s, want %s", c.method, c.fields, got, c.want)
		}
	}
}

func FuzzReplaces(f *testing.F) {
	f.Add("a@b;from-tag=x;to-tag=y;early-only")
	f.Fuzz(func(t *testing.T, s string) {
		if r, ok := parseReplaces(s); ok && (r.CallID == "" || r.Local == "" || r.Remote == "") {
			t.Errorf("%q is taken for %+v", s, r)
		}
	})
}
