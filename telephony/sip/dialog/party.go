package dialog

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Party is the leg behind a dialog. The dialog calls it from one goroutine at a
// time, in the order in which things happened. Methods do not block.
type Party interface {
	// Offer is our session description, for an INVITE of ours and for a peer's
	// INVITE that came without one.
	Offer() []byte
	// Consider takes the peer's offer and gives our answer. An error refuses the
	// offer with 488 and leaves the session as it was. One that has a method
	// Warning, as those of package sdp, tells the peer why.
	Consider(offer []byte) (answer []byte, err error)
	// Accept takes the peer's answer to our last offer. An error ends the dialog.
	Accept(answer []byte) error
	// Tuned: the next Offer is to be of the codec that Tune named.
	Tuned(codec string)
	// Refused: the peer refused our last offer, and the session goes on as it was.
	Refused()
	// Stale: what our last description said is not what we would say now.
	Stale() bool
	// Ringing: the called phone rings; early tells that it can be heard already,
	// which may follow later.
	Ringing(early bool)
	// Redirected: the called phone sends the call elsewhere. Over follows.
	Redirected(Redirection)
	// Up: both sides have agreed on the session. Once.
	Up()
	// Key: the peer sent a key in an INFO request. d is 0 when it was not said.
	Key(digit byte, d time.Duration)
	// Refer: the peer wishes to be replaced by somebody else in the call.
	Refer(Referral)
	// Over: the dialog has ended for its owner. Once, and nothing follows.
	Over(call.Cause)
}
