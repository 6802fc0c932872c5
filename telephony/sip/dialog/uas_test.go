package dialog

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestIncomingCall(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.learn(r.Status(180))
		r.d.Alert(true)
		if early := r.Status(183); string(early.Body()) != "v=0\r\ns=answer\r\n" {
			t.Errorf("183 without our description: %q", early.Body())
		}
		r.d.Answer()
		res := r.Status(200)
		if tag, _ := res.To().Params.Get("tag"); tag != r.tag {
			t.Errorf("200 has tag %q, 180 had %q", tag, r.tag)
		}
		if c := res.Contact(); c == nil || c.Address.Host != "192.0.2.1" {
			t.Errorf("Contact is %v", c)
		}
		r.told("offer 4000", "up")
		r.ask("ACK", 1, "")
		r.Quiet(time.Minute)
		r.ask("BYE", 2, "")
		r.Status(200)
		r.told("offer 4000", "up", "over normal")
		r.gone()
		r.ask("BYE", 3, "")
		r.Status(481)
	})
}

func TestProvisionalIsRepeatedEveryMinute(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.Status(180)
		time.Sleep(time.Minute)
		r.Status(180)
		r.d.Hangup(call.Busy)
		if res := r.Status(486); reasonOf(res) != call.Busy {
			t.Errorf("refusal tells %v", res.GetHeader("Reason"))
		}
		r.ackRefusal(1)
		r.told("offer 4000", "over busy")
		r.gone()
	})
}

func TestAnswerIsRepeatedUntilItsACK(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Answer()
		r.learn(r.Status(200))
		for _, wait := range []time.Duration{500, 1000, 2000, 4000, 4000} {
			began := time.Now()
			r.Status(200)
			if d := time.Since(began); d != wait*time.Millisecond {
				t.Errorf("repeated after %v, want %v ms", d, wait)
			}
		}
		r.ask("ACK", 1, "")
		r.Quiet(time.Minute)
		r.told("offer 4000", "up")
	})
}

func TestAnswerWithoutACKEndsWithBYE(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Answer()
		began := time.Now()
		for {
			m := r.Next()
			if req, ok := m.(*sip.Request); ok {
				if req.Method != sip.BYE || time.Since(began) < 32*time.Second || time.Since(began) > 36*time.Second {
					t.Errorf("%s after %v", req.Method, time.Since(began))
				}
				r.Reply(req, 200, "", "")
				break
			}
		}
		r.told("offer 4000", "up", "over protocol-error")
		r.gone()
	})
}

func TestCallerCancels(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Alert(false)
		r.learn(r.Status(180))
		tag := r.tag
		r.tag = ""
		r.askOn("INVITE-1", "CANCEL", 1, "")
		if res := r.Status(200); seq(res) != "1 CANCEL" {
			t.Errorf("answered %s", seq(res))
		}
		res := r.Status(487)
		if got, _ := res.To().Params.Get("tag"); got != tag {
			t.Errorf("487 has tag %q, 180 had %q", got, tag)
		}
		r.told("offer 4000", "over cancelled")
		r.gone()
		r.d.Answer() // crosses: must not be heard of
		r.d.Hangup(call.Normal)
		r.Status(487) // repeated: no ACK yet
	})
}

func TestCancelAfterAnswerIsTooLate(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.askOn("INVITE-1", "CANCEL", 1, "")
		r.Status(200)
		r.Quiet(time.Minute)
		r.told("offer 4000", "up")
	})
}

func TestInviteWithoutOffer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite("")
		r.d.Answer()
		res := r.Status(200)
		r.learn(res)
		if string(res.Body()) != "v=0\r\ns=offer 1\r\n" {
			t.Errorf("200 offers %q", res.Body())
		}
		r.told()
		r.ask("ACK", 1, withSDP)
		r.told("answer 4000", "up")
	})
}

func TestACKWithoutTheAnswerEndsTheCall(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite("")
		r.d.Answer()
		r.learn(r.Status(200))
		r.ask("ACK", 1, "")
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.told("over no-codec")
		r.gone()
	})
}

func TestOfferWithoutCommonCodec(t *testing.T) {
	bubble(t, func(r *rig) {
		r.party.refuse = true
		r.invite(withSDP)
		r.Status(488)
		r.ackRefusal(1)
		r.told()
		r.gone()
	})
}

func TestBodyThatIsNoSDP(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite("Content-Type: text/html\n\n<p>hello</p>")
		if res := r.Status(415); res.GetHeader("Accept").Value() != Accepted {
			t.Error("415 does not say what is accepted")
		}
		r.gone()
	})
}

func TestHangupWaitsForTheACK(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Answer()
		r.learn(r.Status(200))
		r.d.Hangup(call.Normal)
		r.told("offer 4000", "up", "over normal")
		r.Status(200) // still repeated, no BYE before the ACK
		r.ask("ACK", 1, "")
		bye := r.Request(sip.BYE)
		if bye.Recipient.String() != "sip:1001@"+peerAddr || bye.To().Params.GetOr("tag", "") != "peer" {
			t.Errorf("BYE to %v, %v", bye.Recipient, bye.To())
		}
		r.Reply(bye, 200, "", "")
		r.gone()
	})
}

func TestACKWithTheBranchOfItsInvite(t *testing.T) {
	bubble(t, func(r *rig) { // old phones
		r.invite(withSDP)
		r.d.Answer()
		r.learn(r.Status(200))
		r.ackRefusal(1)
		r.Quiet(time.Minute)
	})
}

func TestByesCross(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.d.Hangup(call.Normal)
		bye := r.Request(sip.BYE)
		r.ask("BYE", 2, "")
		r.Status(200)
		r.Reply(bye, 481, "", "")
		r.told("offer 4000", "up", "over normal")
		r.gone()
	})
}

func TestPanicEndsTheDialogOnly(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.party.panics = true
		r.ask("INVITE", 2, withSDP)
		r.Status(500)
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.told("offer 4000", "up", "over internal-error")
		r.gone()
	})
}

func TestShutdown(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		done := make(chan struct{})
		go func() { defer close(done); r.set.Shutdown(context.Background(), call.Shutdown) }()
		bye := r.Request(sip.BYE)
		synctest.Wait()
		select {
		case <-done:
			t.Error("did not wait for the phone")
		default:
		}
		r.Reply(bye, 200, "", "")
		<-done
		r.told("offer 4000", "up", "over shutdown")
	})
}
