package sip

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/sip/dialog"
)

// Refer takes the wish of a phone to transfer its call. An attended transfer names
// another call of the same extension, which may still be ringing; one that is of
// somebody else makes it a blind transfer.
func (l *leg) Refer(r dialog.Referral) {
	t := call.Transfer{Leg: l.id, To: userOf(&r.To), Report: r.Report}
	if r.Replaces == nil {
		l.post(t)
		return
	}
	l.server.dialogs.Ask(*r.Replaces, func(p dialog.Party, at dialog.Stage) {
		other, ok := p.(*leg)
		if ok && other.peer.Number == l.peer.Number && (at == dialog.Talking || at == dialog.Arriving) {
			if in := other.out.Sink(); in != nil {
				t.With, t.In = other.id, in
			}
		}
		l.post(t)
	})
}

// Refer refuses: nobody outside may send our calls elsewhere at our expense.
func (l *trunkLeg) Refer(r dialog.Referral) { r.Report(call.NotAllowed) }
