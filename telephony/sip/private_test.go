package sip

import (
	"testing"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

func TestPrivateCallerIsNotShown(t *testing.T) {
	r := newRig(t)
	shown := make(chan *phone.Call, 1)
	r.registered("1002", func(c *phone.Call) { shown <- c; c.Reject(486, "Busy Here") })
	alice, _ := r.registered("1001", nil, func(o *phone.Options) { o.Private = true })
	a := r.call(alice, "1002")
	within(t, "refusal", a.Done())
	c := <-shown
	if c.From != "anonymous" || c.Name != "Anonymous" || c.Invite.GetHeader("P-Asserted-Identity") != nil {
		t.Errorf("the phone shows %q <%s>\n%s", c.Name, c.From, c.Invite)
	}
	if s := r.journal.Steps(); len(s) == 0 || s[0].Party.Number != "1001" {
		t.Errorf("the journal does not know the caller: %+v", s)
	}
}
