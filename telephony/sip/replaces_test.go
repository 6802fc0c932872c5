package sip

import (
	"slices"
	"testing"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// replacing calls with Replaces and more.
func (r *rig) replacing(p *phone.Phone, dialog string, more ...sip.Header) *phone.Call {
	r.t.Helper()
	c, err := p.Call("1002", append(more, sip.NewHeader("Replaces", dialog))...)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func turnedDown(t *testing.T, what string, c *phone.Call, want int) {
	t.Helper()
	within(t, what, c.Done())
	if code, why := c.Ended(); code != want {
		t.Errorf("%s: %d %s, want %d", what, code, why, want)
	}
}

// TestACallMovesToAnotherPhone of the same extension, and to one that it is given to.
func TestACallMovesToAnotherPhone(t *testing.T) {
	for _, c := range []struct {
		user string
		more []sip.Header
	}{{"1002", nil}, {"1003", []sip.Header{sip.NewHeader("Referred-By", "<sip:1002@box.test>")}}} {
		r := newRig(t)
		incoming := make(chan *phone.Call, 1)
		r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c }, toned(1000))
		alice, _ := r.registered("1001", nil, toned(440))
		other, _ := r.phone(c.user, nil, toned(2000))
		a := r.call(alice, "1002")
		within(t, "answer", a.Up())
		b := <-incoming
		hears(t, "caller", a, 1000)
		turnedDown(t, "taking a call that is up, though only a ringing one is wanted", r.replacing(other, b.Replaces()+";early-only", c.more...), 486)
		moved := r.replacing(other, b.Replaces(), c.more...)
		within(t, "answer to who takes the call", moved.Up())
		within(t, "BYE to who had it", b.Done())
		hears(t, "caller", a, 2000)
		hears(t, "who took the call", moved, 440)
		if n := len(slices.DeleteFunc(r.journal.Types(), func(s call.StepType) bool { return s != call.StepArrived })); n != 1 {
			t.Errorf("%d contacts, want 1", n)
		}
		a.Hangup()
		within(t, "end", moved.Done())
		eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
	}
}

// named is what who watches lamps is told of the phone that rings in the last call.
func (r *rig) named() string {
	for _, leg := range r.last.Load().Snapshot().Legs {
		if d := leg.Dialog; d.Theirs != "" {
			return d.CallID + ";to-tag=" + d.Ours + ";from-tag=" + d.Theirs
		}
	}
	return ""
}

func TestPickUp(t *testing.T) {
	r := newRig(t)
	rings := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { rings <- c })
	alice, _ := r.registered("1001", nil, toned(440))
	carl, _ := r.phone("1003", nil, toned(2000))
	a := r.call(alice, "1002")
	within(t, "ringing", a.Rang())
	b := <-rings
	eventually(t, "the box knows that it rings", func() bool { return slices.Contains(r.journal.Types(), call.StepRinging) })
	named := r.named()
	if named == "" || named == b.Replaces() {
		t.Errorf("who watches is told %q: a name that is good for a pick-up, and later for nothing", named)
	}
	c := r.replacing(carl, named+";early-only")
	within(t, "answer to who picked up", c.Up())
	within(t, "CANCEL to the phone that rang", b.Done())
	if _, why := b.Ended(); why != `SIP;cause=200;text="Call completed elsewhere"` {
		t.Errorf("the phone that rang was told %q", why)
	}
	hears(t, "caller", a, 2000)
	hears(t, "who picked up", c, 440)
	turnedDown(t, "one that was picked up already", r.replacing(alice, named), 481)
	c.Hangup()
	within(t, "end", a.Done())
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

func TestReplacesThatIsRefused(t *testing.T) {
	r := newRig(t)
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	r.registered("1003", func(c *phone.Call) { incoming <- c })
	alice, _ := r.registered("1001", nil)
	carl, _ := r.phone("1003", nil)
	a := r.call(alice, "1002")
	within(t, "answer", a.Up())
	b := <-incoming
	turnedDown(t, "a dialog that is not there", r.replacing(carl, "nothing;to-tag=a;from-tag=b"), 481)
	turnedDown(t, "somebody else's call", r.replacing(carl, b.Replaces()), 403)
	turnedDown(t, "one that somebody else gave away", r.replacing(carl, b.Replaces(), sip.NewHeader("Referred-By", "<sip:1001@box.test>")), 403)
	turnedDown(t, "two at once", r.replacing(carl, b.Replaces(), sip.NewHeader("Replaces", a.Replaces())), 400)
	turnedDown(t, "nonsense", r.replacing(carl, "nonsense"), 400)
	wrong, _ := r.phone("1002", nil, func(o *phone.Options) { o.Password = "not the one" })
	turnedDown(t, "one whose password is wrong", r.replacing(wrong, b.Replaces()), 401)
	calling := r.call(alice, "1003")
	<-incoming
	within(t, "ringing", calling.Rang())
	own, _ := r.phone("1001", nil)
	turnedDown(t, "a call that we did not make", r.replacing(own, calling.Replaces()), 481)
	calling.Hangup()
	echo := r.call(alice, "600")
	within(t, "answer", echo.Up())
	turnedDown(t, "a call that nobody else is in", r.replacing(own, echo.Replaces()), 603)
	echo.Hangup()
	a.Hangup()
	within(t, "end of the call that nobody touched", b.Done())
	eventually(t, "no dialog left", func() bool { return r.dialogs.Len() == 0 })
}

// TestATrunkReplacesNothing, nor is what goes over it replaced.
func TestATrunkReplacesNothing(t *testing.T) {
	r := newRig(t)
	r.change(func(c *config.Config) {
		c.Trunks = []config.Trunk{{Name: "gateway", Transport: config.UDP, Sources: []string{"127.0.0.4"}, Destination: "1002"}}
	})
	eventually(t, "the trunk is known", func() bool { return len(r.Trunks()) == 1 })
	incoming := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { answer(c); incoming <- c })
	peer, _ := r.phone("09121234567", nil, at("127.0.0.4"))
	out := r.call(peer, "02188776655")
	within(t, "answer", out.Up())
	b := <-incoming
	turnedDown(t, "a call from the trunk", r.replacing(peer, b.Replaces()), 403)
	bob, _ := r.phone("1002", nil)
	turnedDown(t, "the trunk's own dialog", r.replacing(bob, out.Replaces()), 481)
	out.Hangup()
	within(t, "end", b.Done())
}
