package dialog

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/telephony/call"
)

// dialGateway calls the peer as a network that knows one answer to challenges.
func (r *rig) dialGateway() *sip.Request {
	r.t.Helper()
	r.startGateway()
	return r.Request(sip.INVITE)
}

func (r *rig) startGateway() {
	r.d = r.set.Outgoing(Target{
		URI:  sip.Uri{Scheme: "sip", User: "0912", Host: "telco.example"},
		Flow: Flow{"UDP", peerAddr},
		From: sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "02188", Host: "telco.example"}},
		To:   sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: "0912", Host: "telco.example"}},
		Gateway: &Gateway{Patience: 4 * time.Second, Connect: func(context.Context) error { return r.unreached },
			Heard: func(res *sip.Response) {
				if r.heard = append(r.heard, 0); res != nil {
					r.heard[len(r.heard)-1] = res.StatusCode
				}
			}, Credentials: func(req *sip.Request, res *sip.Response) sip.Header {
				if req.GetHeader("Proxy-Authorization") != nil {
					return nil
				}
				return sip.NewHeader("Proxy-Authorization", "Digest for "+string(req.Method))
			}},
	})
	r.d.Call(r.party)
}

func TestAGatewayGetsCredentials(t *testing.T) {
	bubble(t, func(r *rig) {
		first := r.dialGateway()
		r.Reply(first, 407, "a", "")
		r.Request(sip.ACK)
		second := r.Request(sip.INVITE)
		if seq(second) != "2 INVITE" || second.GetHeader("Proxy-Authorization").Value() != "Digest for INVITE" ||
			second.Via().Params.GetOr("branch", "") == first.Via().Params.GetOr("branch", "") ||
			second.CallID().Value() != first.CallID().Value() || string(second.Body()) != string(first.Body()) {
			t.Errorf("the second INVITE is\n%s", second)
		}
		r.Reply(second, 200, "b", ok)
		ack := r.Request(sip.ACK)
		if seq(ack) != "2 ACK" || ack.GetHeader("Proxy-Authorization") == nil {
			t.Errorf("the ACK is\n%s", ack)
		}
		synctest.Wait()
		r.d.Hangup(call.Normal)
		bye := r.Request(sip.BYE)
		r.Reply(bye, 407, "", "")
		again := r.Request(sip.BYE)
		if seq(again) != "4 BYE" || again.GetHeader("Proxy-Authorization").Value() != "Digest for BYE" {
			t.Errorf("the second BYE is\n%s", again)
		}
		r.Reply(again, 200, "", "")
		r.told("answer 4000", "up", "over normal")
		r.gone()
	})
}

func TestAGatewayThatFailsIsTold(t *testing.T) {
	for _, c := range []struct {
		code int
		rest string
		want string
	}{
		{503, "", "over network-failure"}, {500, "", "over network-failure"}, {408, "", "over network-failure"},
		{503, "Reason: Q.850;cause=34\n", "over network-failure"}, {503, "Reason: Q.850;cause=17\n", "over busy"},
		{486, "", "over busy"}, {603, "", "over rejected"}, {404, "", "over unknown-number"}, {480, "", "over unreachable"},
	} {
		bubble(t, func(r *rig) {
			r.Reply(r.dialGateway(), c.code, "a", c.rest)
			r.Request(sip.ACK)
			r.told(c.want)
			r.gone()
			if !slices.Equal(r.heard, []int{c.code}) {
				t.Errorf("heard of %v", r.heard)
			}
		})
	}
}

func TestAGatewayThatIsNotThereIsGivenUpAtOnce(t *testing.T) {
	bubble(t, func(r *rig) { // ICMP says so
		began := time.Now()
		r.dialGateway()
		r.set.Refused(Flow{"TCP", peerAddr})
		r.set.Refused(Flow{"UDP", "192.0.2.9:5070"})
		synctest.Wait()
		r.told()
		r.set.Refused(Flow{"UDP", peerAddr})
		synctest.Wait()
		r.told("over network-failure")
		r.gone()
		if !slices.Equal(r.heard, []int{0}) || time.Since(began) > time.Second {
			t.Errorf("heard of %v after %v", r.heard, time.Since(began))
		}
	})
	bubble(t, func(r *rig) { // what rings is there
		r.Reply(r.dialGateway(), 180, "a", "")
		r.told("ringing")
		r.set.Refused(Flow{"UDP", peerAddr})
		synctest.Wait()
		r.told("ringing")
	})
	bubble(t, func(r *rig) { // there is no connection
		r.unreached = errors.New("connection refused")
		r.startGateway()
		synctest.Wait()
		r.told("over network-failure")
		r.gone()
		r.Quiet(time.Second)
	})
}

func TestAGatewayThatRefusesTheCredentialsIsNotAskedAgain(t *testing.T) {
	bubble(t, func(r *rig) {
		r.Reply(r.dialGateway(), 407, "a", "")
		r.Request(sip.ACK)
		r.Reply(r.Request(sip.INVITE), 407, "b", "")
		r.Request(sip.ACK)
		r.told("over network-failure")
		r.Quiet(time.Minute)
		r.gone()
	})
}

// TestASilentGatewayIsGivenUp also shows that one word of it is enough to wait.
func TestASilentGatewayIsGivenUp(t *testing.T) {
	bubble(t, func(r *rig) {
		began := time.Now()
		invite := r.dialGateway()
		for time.Since(began) < 3900*time.Millisecond {
			time.Sleep(100 * time.Millisecond)
			r.told()
		}
		time.Sleep(200 * time.Millisecond)
		r.told("over network-failure")
		time.Sleep(30 * time.Second)
		for range 6 { // it is asked until the transaction ends
			r.Request(sip.INVITE)
		}
		r.Quiet(time.Minute) // CANCEL may not be sent to one who never said anything
		r.gone()
		r.Reply(invite, 200, "late", ok) // nobody is there
	})
	bubble(t, func(r *rig) {
		r.Reply(r.dialGateway(), 100, "", "")
		time.Sleep(30 * time.Second)
		r.told()
	})
}
