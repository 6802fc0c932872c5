package dialog

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestOutgoingCall(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		if invite.From().DisplayName != "Caller" || invite.GetHeader("Subject").Value() != "Sales" || invite.Contact() == nil {
			t.Errorf("INVITE is\n%s", invite)
		}
		r.Reply(invite, 100, "", "")
		r.Reply(invite, 180, "peer", "")
		synctest.Wait()
		r.Reply(invite, 183, "peer", ok)
		synctest.Wait()
		r.told("ringing", "answer 4000", "early media")
		r.Reply(invite, 200, "peer", ok)
		ack := r.Request(sip.ACK)
		if seq(ack) != "1 ACK" || ack.Recipient.String() != "sip:1002@"+peerAddr || ack.Via().Params.GetOr("branch", "") == invite.Via().Params.GetOr("branch", "") {
			t.Errorf("ACK is\n%s", ack)
		}
		r.told("ringing", "answer 4000", "early media", "answer 4000", "up")
		r.Send("BYE sip:1001@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-bye;rport\nMax-Forwards: 70\n" +
			"From: <sip:1002@box.test>;tag=peer\nTo: " + invite.From().Value() + "\nCall-ID: " + r.d.ID() + "\nCSeq: 77 BYE\n" +
			`Reason: Q.850;cause=16;text="x"` + "\n")
		r.Status(200)
		r.told("ringing", "answer 4000", "early media", "answer 4000", "up", "over normal")
		r.gone()
	})
}

func TestRepeatedAnswerIsAcknowledgedAgain(t *testing.T) {
	bubble(t, func(r *rig) {
		invite, first := r.dialled()
		r.d.Reoffer() // a later request must not change the ACK's number
		again := r.Request(sip.INVITE)
		if seq(again) != "2 INVITE" {
			t.Errorf("re-INVITE has %s", seq(again))
		}
		r.Reply(invite, 200, "peer", ok)
		if ack := r.Request(sip.ACK); seq(ack) != "1 ACK" || ack.String() != first.String() {
			t.Errorf("second ACK is\n%s", ack)
		}
		r.told("answer 4000", "up")
	})
}

func TestForks(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 180, "one", "Contact: <sip:one@192.0.2.9:5060>\n")
		synctest.Wait()
		r.Reply(invite, 180, "two", "Contact: <sip:two@192.0.2.9:5060>\n")
		r.Reply(invite, 200, "peer", ok)
		r.Request(sip.ACK)
		synctest.Wait()
		r.Reply(invite, 200, "two", "Contact: <sip:two@192.0.2.9:5060>\n")
		ack := r.Request(sip.ACK)
		if ack.Recipient.User != "two" || seq(ack) != "1 ACK" || ack.To().Params.GetOr("tag", "") != "two" {
			t.Errorf("ACK to the other fork is\n%s", ack)
		}
		bye := r.Request(sip.BYE)
		if bye.Recipient.User != "two" || bye.To().Params.GetOr("tag", "") != "two" {
			t.Errorf("BYE to the other fork is\n%s", bye)
		}
		r.Reply(bye, 200, "", "")
		r.told("ringing", "answer 4000", "up")
		if r.set.Len() != 1 {
			t.Error("the first fork's dialog is gone")
		}
	})
}

func TestCancelWaitsForAProvisional(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.d.Hangup(call.Elsewhere)
		r.told("over answered-elsewhere")
		r.Quiet(100 * time.Millisecond)
		r.Reply(invite, 180, "peer", "")
		cancel := r.Request(sip.CANCEL)
		if seq(cancel) != "1 CANCEL" || cancel.Via().Value() != invite.Via().Value() || cancel.Recipient.String() != invite.Recipient.String() ||
			cancel.To().Params.Has("tag") || reasonOf(cancel) != call.Elsewhere {
			t.Errorf("CANCEL is\n%s", cancel)
		}
		r.Reply(cancel, 200, "", "")
		r.Reply(invite, 487, "peer", "")
		if ack := r.Request(sip.ACK); seq(ack) != "1 ACK" {
			t.Errorf("ACK is\n%s", ack)
		}
		r.told("over answered-elsewhere")
		r.gone()
	})
}

func TestCancelThatCrossesTheAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 180, "peer", "")
		synctest.Wait()
		r.d.Hangup(call.NoAnswer)
		cancel := r.Request(sip.CANCEL)
		r.Reply(invite, 200, "peer", ok) // was on its way
		if ack := r.Request(sip.ACK); seq(ack) != "1 ACK" {
			t.Errorf("ACK is\n%s", ack)
		}
		r.Reply(cancel, 481, "", "")
		bye := r.Request(sip.BYE)
		if seq(bye) != "2 BYE" {
			t.Errorf("BYE is\n%s", bye)
		}
		r.Reply(bye, 200, "", "")
		r.told("ringing", "over no-answer")
		r.gone()
	})
}

func TestPeerThatIgnoresCancel(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 180, "peer", "")
		synctest.Wait()
		r.d.Hangup(call.NoAnswer)
		r.Reply(r.Request(sip.CANCEL), 200, "", "")
		time.Sleep(33 * time.Second)
		r.gone()
	})
}

func TestRefusalsHaveACause(t *testing.T) {
	for _, x := range []struct {
		code int
		rest string
		want string
	}{
		{486, "", "busy"}, {600, "", "busy"}, {603, "", "rejected"}, {404, "", "unknown-number"}, {480, "", "unreachable"},
		{408, "", "no-answer"}, {488, "", "no-codec"}, {500, "", "network-failure"}, {302, "", "rejected"}, {380, "Contact: *\n", "rejected"},
		{480, "Reason: Q.850;cause=19\n", "no-answer"}, {500, "Reason: SIP;cause=486, Q.850 ;cause=17 ;text=\"b\"\n", "busy"},
	} {
		bubble(t, func(r *rig) {
			r.Reply(r.dial(), x.code, "peer", x.rest)
			r.Request(sip.ACK)
			r.told("over " + x.want)
			r.gone()
		})
	}
}

func TestNobodyThere(t *testing.T) {
	bubble(t, func(r *rig) {
		r.start()
		began := time.Now()
		for range 7 {
			r.Request(sip.INVITE)
		}
		time.Sleep(time.Until(began.Add(33 * time.Second)))
		r.told("over unreachable")
		r.gone()
	})
}

func TestAnswerThatWeCannotUse(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.party.refuse = true
		r.Reply(invite, 200, "peer", ok)
		r.Request(sip.ACK)
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.told("over no-codec")
		r.gone()
	})
}

func TestReoffer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.dialled()
		r.d.Reoffer()
		again := r.Request(sip.INVITE)
		r.Reply(again, 200, "peer", ok)
		if ack := r.Request(sip.ACK); seq(ack) != "2 ACK" {
			t.Errorf("ACK is\n%s", ack)
		}
		r.told("answer 4000", "up", "answer 4000")
		r.d.Reoffer()
		r.Reply(r.Request(sip.INVITE), 481, "peer", "") // it has forgotten us
		r.Request(sip.ACK)
		r.Reply(r.Request(sip.BYE), 481, "", "")
		r.told("answer 4000", "up", "answer 4000", "over unreachable")
		r.gone()
	})
}

func TestGlare(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking() // the peer owns the Call-ID
		r.d.Reoffer()
		ours := r.Request(sip.INVITE)
		r.ask("INVITE", 2, withSDP)
		r.Status(491)
		r.ackRefusal(2)
		began := time.Now()
		r.Reply(ours, 491, "", "")
		r.Request(sip.ACK)
		again := r.Request(sip.INVITE)
		if d := time.Since(began); d > 2*time.Second {
			t.Errorf("tried again after %v, want 0 to 2 s", d)
		}
		r.Reply(again, 200, "", "Contact: <sip:1001@192.0.2.9:5060>\nContent-Type: application/sdp\n\n"+someSDP)
		r.Request(sip.ACK)
		r.told("offer 4000", "up", "answer 4000")
	})
}

func TestRequestThatOvertakesTheAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		bye := "BYE sip:1001@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-bye;rport\nMax-Forwards: 70\n" +
			"From: <sip:1002@box.test>;tag=peer\nTo: " + invite.From().Value() + "\nCall-ID: " + r.d.ID() + "\nCSeq: 77 BYE\n"
		r.Send(bye)
		synctest.Wait()
		r.Reply(invite, 200, "peer", ok)
		r.Request(sip.ACK)
		r.Status(200)
		r.told("answer 4000", "up", "over normal")
		r.gone()
	})
}
