package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// mixed is a multipart body with a description and another part.
func mixed(fields, other string) string {
	return "Content-Type: multipart/mixed;boundary=edge\n\n--edge\nContent-Type: application/pidf+xml\n" + fields + "\n" + other +
		"\n--edge\nContent-Type: application/sdp\n\n" + someSDP + "--edge--\n"
}

func TestBodies(t *testing.T) {
	sdp := strings.TrimPrefix(withSDP, "Content-Type: application/sdp\n\n")
	for name, x := range map[string]struct {
		extra string
		want  int
		told  string // "offer 4000", or "" when it counts as none
	}{
		"description":               {withSDP, 200, "offer 4000"},
		"capitals":                  {"Content-Type: Application/SDP; charset=utf-8\n\n" + sdp, 200, "offer 4000"},
		"compact":                   {"c: application/sdp\n\n" + sdp, 200, "offer 4000"},
		"as it is":                  {"Content-Encoding: identity\n" + withSDP, 200, "offer 4000"},
		"packed":                    {"Content-Encoding: gzip\n" + withSDP, 415, ""},
		"packed, compact":           {"e: gzip\n" + withSDP, 415, ""},
		"text":                      {"Content-Type: text/plain\n\nhello", 415, ""},
		"text that may be passed":   {"Content-Type: text/plain\nContent-Disposition: render; handling=optional\n\nhello", 200, ""},
		"among others":              {mixed("", "<presence/>"), 200, "offer 4000"},
		"others that are insisted":  {mixed("Content-Disposition: render;handling=required\n", "<presence/>"), 415, ""},
		"others that may be passed": {mixed("Content-Disposition: render; handling=optional\n", "<presence/>"), 200, "offer 4000"},
		"no boundary":               {"Content-Type: multipart/mixed\n\n--edge\n\n" + someSDP + "--edge--\n", 415, ""},
		"no end":                    {"Content-Type: multipart/mixed;boundary=edge\n\n--edge\nContent-Type: text/plain\n\nx", 415, ""},
		"far down": {"Content-Type: multipart/mixed;boundary=edge\n\n" + strings.Repeat("--edge\nContent-Type: text/plain\n\nx\n", maxParts) +
			"--edge\nContent-Type: application/sdp\n\n" + someSDP + "--edge--\n", 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.talking()
				r.ask("UPDATE", 2, x.extra)
				res := r.Status(x.want)
				if x.want == 415 && (field(res, "Accept") != Accepted || field(res, "Accept-Encoding") != "identity") {
					t.Errorf("415 does not say what is accepted:\n%s", res)
				}
				if x.told == "" {
					r.told("offer 4000", "up")
				} else {
					r.told("offer 4000", "up", x.told)
				}
			})
		})
	}
}

func TestAnswerAmongOtherParts(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 183, "peer", mixed("", "<x/>"))
		synctest.Wait()
		r.Reply(invite, 200, "peer", "Contact: <sip:1002@192.0.2.9:5060>\n"+mixed("", "<x/>"))
		r.Request(sip.ACK)
		r.told("answer 4000", "early media", "answer 4000", "up")
	})
}

func TestRefusedReinviteSaysWhatWouldDo(t *testing.T) {
	bubble(t, func(r *rig) {
		r.talking()
		r.ask("INVITE", 2, "Content-Type: text/plain\n\nhello")
		if res := r.Status(415); field(res, "Accept") != Accepted {
			t.Errorf("415 is\n%s", res)
		}
		r.ackRefusal(2)
		r.told("offer 4000", "up")
	})
}

// The peer updates its description before we answer (RFC 3311 5.1): it may, once
// our 183 has told it reliably what we took of the first.
func TestUpdateBeforeTheAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists + withSDP)
		r.d.Alert(true)
		early := r.Status(183)
		r.learn(early)
		r.ask("UPDATE", 2, moved("4002")) // no PRACK yet
		if res := r.Status(500); field(res, "Retry-After") == "" {
			t.Error("500 does not say when to try again")
		}
		r.ask("UPDATE", 3, "") // without an offer it may come at any time
		r.Status(200)
		r.prack(early, 4, "")
		r.Status(200)
		r.ask("UPDATE", 5, moved("4004"))
		if res := r.Status(200); string(res.Body()) != "v=0\r\ns=answer\r\n" {
			t.Errorf("UPDATE answered with %q", res.Body())
		}
		r.ask("INVITE", 6, withSDP)
		r.Status(500)
		r.ackRefusal(6)
		r.told("offer 4000", "offer 4004")
		r.d.Answer()
		r.Status(200)
		r.ask("ACK", 1, "")
		r.told("offer 4000", "offer 4004", "up")
	})
}

func TestUpdateBeforeOurOfferIsAnswered(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(insists)
		r.d.Alert(true)
		early := r.Status(180)
		r.learn(early)
		r.ask("UPDATE", 2, moved("4002"))
		r.Status(491)
		r.prack(early, 3, withSDP)
		r.Status(200)
		r.ask("UPDATE", 4, moved("4004"))
		r.Status(200)
		r.told("answer 4000", "offer 4004")
	})
}

// theirs is a request of the phone that we called.
func (r *rig) theirs(invite *sip.Request, method string, seq, extra string) {
	r.t.Helper()
	r.Send(method + " sip:1001@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-theirs" + seq + ";rport\nMax-Forwards: 70\n" +
		"From: <sip:1002@box.test>;tag=peer\nTo: " + invite.From().Value() + "\nCall-ID: " + r.d.ID() + "\nCSeq: " + seq + " " + method +
		"\nContact: <sip:1002@192.0.2.9:5060>\n" + extra)
}

func TestCalledPhoneUpdatesBeforeItsAnswer(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.theirs(invite, "UPDATE", "1", moved("4002")) // our offer has no answer yet
		r.Status(491)
		r.Reply(invite, 183, "peer", reliably(1)+ok)
		r.Reply(r.Request(sip.PRACK), 200, "", "")
		synctest.Wait()
		r.theirs(invite, "UPDATE", "2", moved("4004"))
		if res := r.Status(200); len(res.Body()) == 0 {
			t.Error("UPDATE without an answer")
		}
		r.Reply(invite, 200, "peer", ok) // repeats what the UPDATE has changed since
		r.Request(sip.ACK)
		r.told("answer 4000", "early media", "offer 4004", "up")
	})
}

// Glare on a call that we made: ours is the longer wait (RFC 3261 14.1).
func TestGlareOfOurOwnCall(t *testing.T) {
	for range 20 {
		bubble(t, func(r *rig) {
			invite, _ := r.dialled()
			r.d.Reoffer()
			ours := r.Request(sip.INVITE)
			r.theirs(invite, "INVITE", "1", withSDP)
			r.Status(491)
			r.theirs(invite, "ACK", "1", "")
			began := time.Now()
			r.Reply(ours, 491, "", "")
			r.Request(sip.ACK)
			again := r.Request(sip.INVITE)
			if d := time.Since(began); d < 2100*time.Millisecond || d > 4*time.Second {
				t.Errorf("tried again after %v, want 2.1 to 4 s", d)
			}
			r.Reply(again, 200, "", ok)
			r.Request(sip.ACK)
			r.told("answer 4000", "up", "answer 4000")
		})
	}
}

// The ACK was lost and the peer goes on: its re-INVITE says that it has our 200.
func TestReinviteInsteadOfTheACK(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Answer()
		r.learn(r.Status(200))
		r.ask("INVITE", 2, moved("4002"))
		if res := r.Status(200); seq(res) != "2 INVITE" {
			t.Errorf("200 to %s", seq(res))
		}
		r.ask("ACK", 2, "")
		r.Quiet(time.Minute)
		r.told("offer 4000", "up", "offer 4002")
	})
}

// Nothing reaches a party that has had its Over, whatever the peer still sends.
func TestNothingAfterTheEnd(t *testing.T) {
	bubble(t, func(r *rig) {
		r.invite(withSDP)
		r.d.Answer()
		r.learn(r.Status(200))
		r.d.Hangup(call.Normal) // BYE waits for the ACK
		synctest.Wait()
		for i, method := range []string{"INVITE", "UPDATE", "INFO", "REFER"} {
			r.ask(method, 2+i, "Refer-To: <sip:600@box.test>\n"+moved("4002"))
			if method == "INVITE" {
				r.Status(481)
				r.ackRefusal(2)
				continue
			}
			r.Status(481)
		}
		r.ask("ACK", 1, "")
		r.Reply(r.Request(sip.BYE), 200, "", "")
		r.told("offer 4000", "up", "over normal")
		r.ask("INVITE", 9, withSDP)
		r.Status(481)
		r.ackRefusal(9)
		r.gone()
	})
}

func TestReinviteOfOursThatTimesOut(t *testing.T) {
	bubble(t, func(r *rig) {
		r.dialled()
		r.d.Reoffer()
		for range 7 {
			r.Request(sip.INVITE)
		}
		time.Sleep(33 * time.Second)
		r.told("answer 4000", "up", "over unreachable")
	})
}

func TestRefusedReofferLeavesTheSession(t *testing.T) {
	bubble(t, func(r *rig) {
		r.dialled()
		r.d.Reoffer()
		r.Reply(r.Request(sip.INVITE), 488, "", "")
		r.Request(sip.ACK)
		r.Quiet(10 * time.Second)
		r.told("answer 4000", "up")
	})
}

func TestSecond183(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 183, "peer", ok)
		synctest.Wait()
		r.Reply(invite, 183, "peer", strings.Replace(ok, "4000", "4002", 1)) // the announcement comes from elsewhere
		synctest.Wait()
		r.Reply(invite, 486, "peer", "")
		r.Request(sip.ACK)
		r.told("answer 4000", "early media", "answer 4002", "over busy")
		r.gone()
	})
}
