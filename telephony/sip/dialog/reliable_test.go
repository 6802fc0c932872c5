package dialog

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

const insists = "Require: 100rel\n"

// prack acknowledges a reliable response.
func (r *rig) prack(res *sip.Response, seq int, body string) {
	r.t.Helper()
	r.ask("PRACK", seq, "RAck: "+field(res, "RSeq")+" 1 INVITE\n"+body)
}

func TestReliableEarlyMedia(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists + withSDP)
		r.d.Alert(true)
		res := r.Status(183)
		r.learn(res)
		if field(res, "Require") != "100rel" || len(res.Body()) == 0 {
			t.Errorf("183 is\n%s", res)
		}
		for _, wait := range []time.Duration{500, 1000, 2000} {
			began := time.Now()
			r.Status(183)
			if d := time.Since(began); d != wait*time.Millisecond {
				t.Errorf("repeated after %v, want %v ms", d, wait)
			}
		}
		r.d.Alert(false)
		r.d.Answer() // has to wait for the PRACK
		r.ask("PRACK", 2, "RAck: 1 1 INVITE\n")
		r.Status(481)
		r.prack(res, 3, "")
		r.Status(200)
		r.Status(200) // to the INVITE; the 180 is out of date
		r.ask("ACK", 1, "")
		r.Quiet(time.Minute)
		r.told("offer 4000", "up")
	})
}

func TestReliableResponsesComeOneByOne(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists + withSDP)
		r.d.Alert(false)
		first := r.Status(180)
		r.learn(first)
		r.d.Alert(true)
		synctest.Wait()
		r.prack(first, 2, "")
		r.Status(200)
		second := r.Status(183)
		var a, b int
		_, _ = fmt.Sscan(field(first, "RSeq"), &a)
		_, _ = fmt.Sscan(field(second, "RSeq"), &b)
		if a == 0 || b != a+1 {
			t.Errorf("RSeq %d, then %d", a, b)
		}
		r.prack(second, 3, moved("4002"))
		if res := r.Status(200); len(res.Body()) == 0 {
			t.Error("the offer in a PRACK was not answered")
		}
		r.told("offer 4000", "offer 4002")
		r.d.Hangup(call.Busy)
		r.Status(486)
		r.ackRefusal(1)
	})
}

func TestReliableOfferToAnInviteWithout(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists)
		r.d.Alert(false)
		res := r.Status(180)
		r.learn(res)
		if string(res.Body()) != "v=0\r\ns=offer 1\r\n" {
			t.Errorf("180 offers %q", res.Body())
		}
		r.prack(res, 2, withSDP)
		r.Status(200)
		r.d.Answer()
		if res := r.Status(200); len(res.Body()) != 0 {
			t.Errorf("200 offers again: %q", res.Body())
		}
		r.ask("ACK", 1, "")
		r.told("answer 4000", "up")
	})
}

func TestReliableResponseWithoutPRACK(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists + withSDP)
		r.d.Alert(true)
		for range 7 {
			r.Status(183)
		}
		r.Status(504)
		r.ackRefusal(1)
		r.told("offer 4000", "over protocol-error")
		r.gone()
	})
}

func TestCancelBeforePRACK(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists + withSDP)
		r.d.Alert(true)
		r.Status(183)
		r.askOn("INVITE-1", "CANCEL", 1, "")
		r.Status(200)
		r.Status(487)
		r.ackRefusal(1)
		r.Quiet(time.Minute)
		r.told("offer 4000", "over cancelled")
		r.gone()
	})
}

func reliably(n int) string {
	return fmt.Sprintf("Require: 100rel\nRSeq: %d\n", n)
}

func TestWeAcknowledgeReliableResponses(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 180, "peer", reliably(7)+"Contact: <sip:early@192.0.2.9:5060>\n")
		prack := r.Request(sip.PRACK)
		if field(prack, "RAck") != "7 1 INVITE" || seq(prack) != "2 PRACK" || prack.Recipient.User != "early" {
			t.Errorf("PRACK is\n%s", prack)
		}
		r.Reply(prack, 200, "", "")
		r.Reply(invite, 180, "peer", reliably(7)) // repeated
		r.Reply(invite, 183, "peer", reliably(9)) // out of turn
		r.Quiet(time.Second)
		r.Reply(invite, 183, "peer", reliably(8)+ok)
		prack = r.Request(sip.PRACK)
		if field(prack, "RAck") != "8 1 INVITE" || seq(prack) != "3 PRACK" {
			t.Errorf("second PRACK is\n%s", prack)
		}
		r.Reply(prack, 200, "", "")
		synctest.Wait()
		r.Reply(invite, 200, "peer", "Contact: <sip:1002@192.0.2.9:5060>\n") // the answer was in the 183
		if ack := r.Request(sip.ACK); seq(ack) != "1 ACK" {
			t.Errorf("ACK is\n%s", ack)
		}
		r.told("ringing", "answer 4000", "early media", "up")
		r.d.Hangup(call.Normal)
		if bye := r.Request(sip.BYE); seq(bye) != "4 BYE" {
			t.Errorf("BYE has %s", seq(bye))
		}
	})
}

func TestForksAreAcknowledgedApart(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		for n, fork := range []string{"one", "two"} {
			r.Reply(invite, 180, fork, reliably(50+n)+"Contact: <sip:"+fork+"@192.0.2.9:5060>\n")
			prack := r.Request(sip.PRACK)
			if tag, _ := prack.To().Params.Get("tag"); tag != fork || prack.Recipient.User != fork {
				t.Errorf("PRACK of fork %s is\n%s", fork, prack)
			}
			r.Reply(prack, 200, "", "")
		}
		r.d.Hangup(call.Cancelled)
		if cancel := r.Request(sip.CANCEL); seq(cancel) != "1 CANCEL" {
			t.Errorf("CANCEL has %s", seq(cancel))
		} else {
			r.Reply(cancel, 200, "", "")
		}
		r.Reply(invite, 487, "one", "")
		r.Request(sip.ACK)
		r.gone()
	})
}
