package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// givenUp is a call to a gateway whose patience is over, and its repeated INVITEs
// have been taken from the wire.
func (r *rig) givenUp() *sip.Request {
	r.t.Helper()
	invite := r.dialGateway()
	time.Sleep(5 * time.Second)
	r.told("over network-failure")
	for range 3 {
		r.Request(sip.INVITE)
	}
	return invite
}

func TestALateAnswerOfAGatewayIsHungUp(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.givenUp()
		r.Reply(invite, 200, "late", ok)
		if ack := r.Request(sip.ACK); seq(ack) != "1 ACK" || ack.Recipient.User != "1002" {
			t.Errorf("ACK is\n%s", ack)
		}
		bye := r.Request(sip.BYE)
		if seq(bye) != "2 BYE" || bye.To().Params.GetOr("tag", "") != "late" || !strings.Contains(field(bye, "Reason"), "cause=38") {
			t.Errorf("BYE is\n%s", bye)
		}
		r.Reply(bye, 407, "", "") // its credentials are at hand still
		again := r.Request(sip.BYE)
		if again.GetHeader("Proxy-Authorization") == nil {
			t.Errorf("the second BYE is\n%s", again)
		}
		r.Reply(again, 200, "", "")
		r.told("over network-failure")
		r.gone()
	})
}

func TestAGatewayThatWakesLateIsCancelled(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.givenUp()
		r.Reply(invite, 180, "late", "")
		cancel := r.Request(sip.CANCEL)
		r.Reply(cancel, 200, "", "")
		r.Reply(invite, 487, "late", "")
		r.Request(sip.ACK)
		r.told("over network-failure")
		r.gone()
	})
}

// TestAForkingProvider: two phones behind it send early media, both answer, and the
// answer of one comes a second time though it was hung up.
func TestAForkingProvider(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dialGateway()
		fork := func(tag, port string) string {
			return "Contact: <sip:" + tag + "@192.0.2.9:5060>\nContent-Type: application/sdp\n\n" + strings.Replace(someSDP, "4000", port, 1)
		}
		r.Reply(invite, 183, "one", fork("one", "4100"))
		synctest.Wait()
		r.Reply(invite, 183, "two", fork("two", "4200"))
		synctest.Wait()
		r.Reply(invite, 200, "one", fork("one", "4100"))
		if ack := r.Request(sip.ACK); ack.Recipient.User != "one" {
			t.Errorf("ACK is\n%s", ack)
		}
		for range 2 {
			r.Reply(invite, 200, "two", fork("two", "4200"))
			if ack := r.Request(sip.ACK); ack.Recipient.User != "two" || ack.To().Params.GetOr("tag", "") != "two" {
				t.Errorf("ACK to the other fork is\n%s", ack)
			}
			bye := r.Request(sip.BYE)
			if bye.Recipient.User != "two" || reasonOf(bye) != call.Elsewhere {
				t.Errorf("BYE to the other fork is\n%s", bye)
			}
			r.Reply(bye, 407, "", "")
			again := r.Request(sip.BYE)
			if again.GetHeader("Proxy-Authorization") == nil {
				t.Errorf("the second BYE is\n%s", again)
			}
			r.Reply(again, 481, "", "")
		}
		r.told("answer 4100", "early media", "answer 4200", "answer 4100", "up")
	})
}

// TestTheForkThatAnswersIsHeard: its 200 says nothing of the session that it agreed
// to reliably before another fork was heard.
func TestTheForkThatAnswersIsHeard(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 183, "one", "Require: 100rel\nRSeq: 1\n"+ok)
		r.Reply(r.Request(sip.PRACK), 200, "", "")
		r.Reply(invite, 183, "two", "Require: 100rel\nRSeq: 9\n"+strings.Replace(ok, "4000", "4200", 1))
		r.Reply(r.Request(sip.PRACK), 200, "", "")
		r.Reply(invite, 200, "one", "Contact: <sip:1002@192.0.2.9:5060>\n")
		r.Request(sip.ACK)
		r.told("answer 4000", "early media", "answer 4200", "answer 4000", "up")
	})
}
