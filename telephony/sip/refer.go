package sip

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Refer takes the wish of a phone to transfer its call. An attended transfer names
// another call of the same extension; a call that is not up yet, or is of somebody
// else, makes it a blind one.
func (l *leg) Refer(r dialog.Referral) {
	t := call.Transfer{Leg: l.id, To: userOf(&r.To), Report: r.Report}
	if r.Replaces == nil {
		l.post(t)
		return
	}
	found := l.server.dialogs.Ask(*r.Replaces, func(p dialog.Party) {
		if other, ok := p.(*leg); ok && other.peer.Number == l.peer.Number {
			t.With, t.In = other.id, other.out.Sink()
		}
		l.post(t)
	})
	if !found {
		l.post(t)
	}
}

// Refer refuses: nobody outside may send our calls elsewhere at our expense.
func (l *trunkLeg) Refer(r dialog.Referral) { r.Report(call.NotAllowed) }
