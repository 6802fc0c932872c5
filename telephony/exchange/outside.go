package exchange

import (
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// ringOutside is how long a number outside is rung. Networks give up before.
const ringOutside = 3 * time.Minute

// outside dials a number over the trunks of a route, one way after another until
// one carries the call. A number that is busy or declines is not tried again: the
// next trunk would reach the same one.
func (x *Exchange) outside(c *call.Call, r *config.Route, number string) call.Cause {
	c.Enter("outside " + number)
	dials := r.Dials(number)
	offer := call.Offer{Caller: c.From(), Called: dials, Language: c.Language()}
	cause := call.NetworkFailure // when there is no way at all
	for _, way := range x.opts.Ways(r.Trunks, dials) {
		leg, why, err := c.Ring(dials, []call.Endpoint{way}, offer, ringOutside)
		switch {
		case err != nil:
			return call.Cancelled
		case leg == nil:
			cause = why
		default:
			if c.Answer() != nil {
				return call.Normal
			}
			cause, _ = c.Talk(leg, "default")
			return cause
		}
		if cause != call.NetworkFailure && cause != call.NoChannel {
			break
		}
	}
	c.Note(call.Step{Type: call.StepRefused, Number: dials, Cause: cause.String(), Reason: "route " + r.Name + ": " + cause.Text("en")})
	switch {
	case cause == call.NetworkFailure || cause == call.NoChannel:
		return x.apologise(c, cause, "sorry-technical")
	case !c.IsUp():
		return cause
	}
	return x.apologise(c, cause, phrase(cause))
}
