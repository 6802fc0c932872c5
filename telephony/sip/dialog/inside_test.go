package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

func moved(port string) string { return strings.Replace(withSDP, "4000", port, 1) }

func TestReinviteChangesTheSession(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("INVITE", 2, moved("4002"))
		r.Status(200)
		r.Status(200) // repeated, as the first is
		r.ask("ACK", 2, "")
		r.Quiet(time.Minute)
		r.told("offer 4000", "up", "offer 4002")
	})
}

func TestRefusedReinviteLeavesTheSession(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.party.refuse = true
		r.ask("INVITE", 2, moved("4002"))
		r.Status(488)
		r.ackRefusal(2)
		r.told("offer 4000", "up")
		r.ask("OPTIONS", 3, "")
		if res := r.Status(200); res.GetHeader("Allow") == nil || res.GetHeader("Accept") == nil || res.GetHeader("Supported") == nil {
			t.Errorf("OPTIONS answered with\n%s", res)
		}
	})
}

func TestReinviteWithoutOffer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("INVITE", 2, "")
		if res := r.Status(200); string(res.Body()) != "v=0\r\ns=offer 1\r\n" {
			t.Errorf("200 offers %q", res.Body())
		}
		r.ask("INVITE", 3, withSDP) // our offer has no answer yet
		r.Status(491)
		r.ackRefusal(3)
		r.ask("ACK", 2, moved("4002"))
		r.told("offer 4000", "up", "answer 4002")
	})
}

func TestReinviteBeforeTheAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.learn(r.Status(180))
		r.ask("INVITE", 2, withSDP)
		if res := r.Status(500); res.GetHeader("Retry-After") == nil {
			t.Error("500 does not say when to try again")
		}
		r.told("offer 4000")
	})
}

func TestPeerThatMovesIsFollowed(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.Send("INVITE sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-moved;rport\nMax-Forwards: 70\n" +
			"From: <sip:1001@box.test>;tag=peer\nTo: <sip:600@box.test>;tag=" + r.tag + "\nCall-ID: one\nCSeq: 2 INVITE\n" +
			"Contact: <sip:elsewhere@192.0.2.9:5099>\n" + withSDP)
		r.Status(200)
		r.ask("ACK", 2, "")
		synctest.Wait()
		r.d.Hangup(call.Normal)
		bye := r.Request(sip.BYE)
		if bye.Recipient.String() != "sip:elsewhere@192.0.2.9:5099" {
			t.Errorf("BYE goes to %v", bye.Recipient.String())
		}
		r.Reply(bye, 200, "", "")
	})
}

func TestRequestsAreServedInOrder(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		key := func(d string) string {
			return "Content-Type: application/dtmf-relay\n\nSignal=" + d + "\nDuration=160\n"
		}
		r.ask("INFO", 4, key("3")) // overtook 2 and 3
		synctest.Wait()
		r.ask("INFO", 3, key("2"))
		synctest.Wait()
		r.ask("INFO", 2, key("1"))
		for range 3 {
			r.Status(200)
		}
		r.told("offer 4000", "up", "key 1 160ms", "key 2 160ms", "key 3 160ms")
		r.ask("INFO", 9, key("4")) // numbers may be left out
		r.Status(200)
		r.told("offer 4000", "up", "key 1 160ms", "key 2 160ms", "key 3 160ms", "key 4 160ms")
		r.Send("INFO sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-late;rport\nMax-Forwards: 70\n" +
			"From: <sip:1001@box.test>;tag=peer\nTo: <sip:600@box.test>;tag=" + r.tag + "\nCall-ID: one\nCSeq: 5 INFO\n")
		r.Status(500)
	})
}

func TestRepeatedRequestIsServedOnce(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		for range 3 {
			r.ask("INFO", 2, "Content-Type: application/dtmf\n\n5")
			r.Status(200)
		}
		r.told("offer 4000", "up", "key 5 0s")
	})
}

func TestOtherMethods(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		for i, x := range []struct {
			method, extra string
			want          int
		}{
			{"UPDATE", "", 200},
			{"UPDATE", moved("4004"), 200},
			{"UPDATE", "Content-Type: text/plain\n\nx", 415},
			{"INFO", "", 200},
			{"INFO", "Content-Type: application/dtmf-relay\n\nSignal=flash", 400},
			{"INFO", "Content-Type: application/media_control+xml\n\n<x/>", 415},
			{"MESSAGE", "Content-Type: text/plain\n\nhello", 405},
			{"DANCE", "", 501},
		} {
			r.ask(x.method, 2+i, x.extra)
			res := r.Status(x.want)
			if x.want == 405 && res.GetHeader("Allow") == nil {
				t.Errorf("405 to %s does not say what is allowed", x.method)
			}
			if i == 1 && string(res.Body()) != "v=0\r\ns=answer\r\n" {
				t.Errorf("UPDATE answered with %q", res.Body())
			}
		}
		r.told("offer 4000", "up", "offer 4004")
	})
}

func TestStrangersAreNotLetIn(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		for _, tags := range [][2]string{{"peer", "wrong"}, {"wrong", r.tag}} {
			r.Send("BYE sip:600@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-" + tags[0] + ";rport\nMax-Forwards: 70\n" +
				"From: <sip:1001@box.test>;tag=" + tags[0] + "\nTo: <sip:600@box.test>;tag=" + tags[1] + "\nCall-ID: one\nCSeq: 2 BYE\n")
			r.Status(481)
		}
		r.told("offer 4000", "up")
	})
}

func TestRouteSet(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite("Record-Route: <sip:a.test;lr>, <sip:b.test;lr>\n" + withSDP)
		r.d.Answer()
		res := r.Status(200)
		r.learn(res)
		if n := len(res.GetHeaders("Record-Route")); n != 2 {
			t.Errorf("200 has %d Record-Route", n)
		}
		r.ask("ACK", 1, "")
		synctest.Wait()
		r.d.Hangup(call.Normal)
		bye := r.Request(sip.BYE)
		var routes []string
		for _, h := range bye.GetHeaders("Route") {
			routes = append(routes, h.Value())
		}
		if got := strings.Join(routes, " "); got != "<sip:a.test;lr> <sip:b.test;lr>" {
			t.Errorf("Route is %s", got)
		}
		r.Reply(bye, 200, "", "")
	})
}
