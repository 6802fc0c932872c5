package exchange

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
)

// transfer goes on after a talk that ended in a transfer: with the other party of
// the transferor's second call, or to the number that the party was sent to, which
// is served like a dialled one, with the rights of the transferor. Any other talk
// ends the call with its cause.
func (x *Exchange) transfer(c *call.Call, cause call.Cause) (next string, _ call.Cause) {
	for {
		to, target, ok := c.Transferring()
		switch {
		case !ok:
			return "", cause
		case target == nil:
			return to, call.CauseNone
		}
		c.Enter("transferred")
		cause = x.talk(c, target)
	}
}

// talk lets the caller and a leg that is up talk.
func (x *Exchange) talk(c *call.Call, leg call.Leg) call.Cause {
	defer x.engage(x.extensionOf(leg))()
	cause, _ := c.Talk(leg, x.music(c, x.extensionOf(leg)))
	return cause
}

// giveBack returns the party of a transfer that came to nothing to the transferor:
// to his leg if he is still there, else by ringing him. It reports false if the
// call is not in a transfer or he cannot be rung.
func (x *Exchange) giveBack(c *call.Call, why call.Cause) (next string, cause call.Cause, ok bool) {
	by, number := c.TransferFailed(why)
	if by != nil {
		return "", x.talk(c, by), true
	}
	if e, ok := x.opts.Config().Extension(number); ok {
		next, cause = x.ring(c, e)
		return next, cause, true
	}
	return "", why, false
}

// served tells whether a transfer to such a number has arrived at once: there is
// nobody whose answer is to be waited for.
func served(k dialplan.Kind) bool {
	switch k {
	case dialplan.Menu, dialplan.Queue, dialplan.Conference, dialplan.Service:
		return true
	}
	return false
}

// extensionOf is the extension at a leg, "" for a party outside.
func (x *Exchange) extensionOf(leg call.Leg) string {
	number := leg.Peer().Number
	if _, ok := x.opts.Config().Extension(number); ok && leg.Kind() != call.FXO {
		return number
	}
	return ""
}

// engage tells the floor that an extension is on a call; the function it returns
// tells the end.
func (x *Exchange) engage(ext string) (end func()) {
	if ext == "" {
		return func() {}
	}
	x.opts.Floor.Busy(ext, true)
	return func() { x.opts.Floor.Busy(ext, false) }
}
