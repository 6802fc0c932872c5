package dialog

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// field is the value of a field, "" without it.
func field(m sip.Message, name string) string {
	if h := m.GetHeaders(name); len(h) > 0 {
		return h[0].Value()
	}
	return ""
}

func TestIncomingSessionTimer(t *testing.T) {
	const able = "Supported: timer\n"
	for name, c := range map[string]struct{ ask, expires, require string }{
		"peer refreshes":          {able + "Session-Expires: 600\n", "600;refresher=uac", "timer"},
		"as it says":              {able + "x: 600;refresher=uac\n", "600;refresher=uac", "timer"},
		"we are to":               {able + "Session-Expires: 600;refresher=uas\n", "600;refresher=uas", ""},
		"we ask":                  {"k: replaces, timer\n", "1800;refresher=uac", "timer"},
		"no less than it takes":   {able + "Min-SE: 3600\n", "3600;refresher=uac", "timer"},
		"a proxy wants it":        {"Session-Expires: 600\n", "600;refresher=uas", ""},
		"too short, not to blame": {"Session-Expires: 10\n", "", ""},
		"garbage":                 {able + "Session-Expires: soon\n", "1800;refresher=uac", "timer"},
		"knows nothing":           {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.invite(c.ask + withSDP)
				r.d.Answer()
				res := r.Status(200)
				if got := field(res, "Session-Expires"); got != c.expires {
					t.Errorf("Session-Expires is %q, want %q", got, c.expires)
				}
				if got := field(res, "Require"); got != c.require {
					t.Errorf("Require is %q, want %q", got, c.require)
				}
				r.learn(res)
				r.ask("ACK", 1, "")
			})
		})
	}
}

func TestTooShortSessionIsRefused(t *testing.T) {
	bubble(t, func(r *rig) {
		const short = "Supported: timer\nSession-Expires: 89\n"
		r.invite(short + withSDP)
		res := r.Status(422)
		if field(res, "Min-SE") != "90" {
			t.Errorf("422 wants %q", field(res, "Min-SE"))
		}
		r.ackRefusal(1)
		r.gone()
	})
	bubble(t, func(r *rig) {
		const short = "Supported: timer\nSession-Expires: 89\n"
		r.talking()
		r.ask("UPDATE", 2, short)
		r.Status(422)
		r.ask("INVITE", 3, short+withSDP)
		r.Status(422)
		r.ackRefusal(3)
		r.told("offer 4000", "up")
	})
}

// timed brings the peer's call up with a session of ten minutes.
func (r *rig) timed(refresher, more string) {
	r.t.Helper()
	r.invite("Supported: timer\nSession-Expires: 600;refresher=" + refresher + "\n" + more + withSDP)
	r.d.Answer()
	r.learn(r.Status(200))
	r.ask("ACK", 1, "")
	synctest.Wait()
}

func TestSessionThatNobodyRefreshesEnds(t *testing.T) {
	bubble(t, func(r *rig) {
		r.timed("uac", "")
		r.Peer.Patient(time.Hour)
		began := time.Now()
		bye := r.Request(sip.BYE)
		if d := time.Since(began); d != 568*time.Second {
			t.Errorf("hung up after %v, want 10 minutes less 32 s", d)
		}
		if !strings.HasPrefix(field(bye, "Reason"), "Q.850;cause=41") {
			t.Errorf("BYE tells %q", field(bye, "Reason"))
		}
		r.Reply(bye, 200, "", "")
		r.told("offer 4000", "up", "over media-timeout")
		r.gone()
	})
}

func TestRefreshedSessionLasts(t *testing.T) {
	for _, method := range []string{"UPDATE", "INVITE"} {
		t.Run(method, func(t *testing.T) {
			bubble(t, func(r *rig) {
				r.timed("uac", "")
				for n := 2; n < 6; n++ {
					time.Sleep(5 * time.Minute)
					body := ""
					if method == "INVITE" {
						body = withSDP
					}
					r.ask(method, n, "Supported: timer\nSession-Expires: 600;refresher=uac\n"+body)
					if got := field(r.Status(200), "Session-Expires"); got != "600;refresher=uac" {
						t.Errorf("refresh was answered with %q", got)
					}
					if method == "INVITE" {
						r.ask("ACK", n, "")
					}
				}
				synctest.Wait()
				r.ask("BYE", 9, "")
				r.Status(200)
			})
		})
	}
}

func TestWeRefreshByUpdate(t *testing.T) {
	bubble(t, func(r *rig) {
		r.timed("uas", "Allow: INVITE, ACK, BYE, UPDATE\n")
		r.Peer.Patient(time.Hour)
		for range 3 {
			began := time.Now()
			req := r.Request(sip.UPDATE)
			if d := time.Since(began); d != 5*time.Minute {
				t.Errorf("refreshed after %v, want half of the session", d)
			}
			if field(req, "Session-Expires") != "1800;refresher=uac" || len(req.Body()) != 0 {
				t.Errorf("UPDATE is\n%s", req)
			}
			r.Reply(req, 200, "", "Session-Expires: 600;refresher=uac\n")
		}
		req := r.Request(sip.UPDATE) // and it will not take UPDATE any more
		r.Reply(req, 501, "", "")
		req = r.Request(sip.INVITE)
		if field(req, "Session-Expires") != "1800;refresher=uac" || len(req.Body()) == 0 {
			t.Errorf("re-INVITE is\n%s", req)
		}
		r.Reply(req, 200, "", "Session-Expires: 600;refresher=uac\n"+ok)
		r.Request(sip.ACK)
		req = r.Request(sip.INVITE)
		r.Reply(req, 481, "", "")
		r.Request(sip.ACK)
		r.Reply(r.Request(sip.BYE), 481, "", "")
		r.gone()
	})
}

func TestRefreshThatIsNotAnsweredEndsTheCall(t *testing.T) {
	bubble(t, func(r *rig) {
		r.timed("uas", "Allow: UPDATE\n")
		r.Peer.Patient(time.Hour)
		for range 11 { // and nobody is there
			r.Request(sip.UPDATE)
		}
		r.Request(sip.BYE)
		r.told("offer 4000", "up", "over unreachable")
	})
}

func TestOutgoingSessionTimer(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		if field(invite, "Session-Expires") != "1800" || field(invite, "Supported") != Supported {
			t.Errorf("INVITE is\n%s", invite)
		}
		r.Reply(invite, 422, "peer", "Min-SE: 3600\n")
		r.Request(sip.ACK)
		invite = r.Request(sip.INVITE)
		if seq(invite) != "2 INVITE" || field(invite, "Session-Expires") != "3600" || field(invite, "Min-SE") != "3600" || field(invite, "Subject") != "Sales" {
			t.Errorf("second INVITE is\n%s", invite)
		}
		r.Reply(invite, 200, "peer", "Session-Expires: 3600;refresher=uac\nAllow: UPDATE\n"+ok)
		r.Request(sip.ACK)
		r.Peer.Patient(time.Hour)
		began := time.Now()
		update := r.Request(sip.UPDATE)
		if d := time.Since(began); d != 30*time.Minute || field(update, "Min-SE") != "3600" {
			t.Errorf("after %v\n%s", d, update)
		}
		r.Reply(update, 200, "", "") // no timer any more
		r.Quiet(2 * time.Hour)
		r.told("answer 4000", "up")
	})
}

func TestPeerThatIsNeverContentIsGivenUp(t *testing.T) {
	bubble(t, func(r *rig) {
		invite := r.dial()
		r.Reply(invite, 422, "peer", "Min-SE: 3600\n")
		r.Request(sip.ACK)
		invite = r.Request(sip.INVITE)
		r.Reply(invite, 422, "peer", "Min-SE: 3600\n")
		r.Request(sip.ACK)
		r.told("over rejected")
		r.gone()
	})
}
