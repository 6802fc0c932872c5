package exchange

import (
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// ringOutside is how long a number outside is rung. Networks give up before.
const ringOutside = 3 * time.Minute

// outside makes an offer over the trunks of a route, one way after another until one
// carries the call. A number that is busy or declines is not tried again: the next
// trunk would reach the same one. A call for help is tried everywhere.
func (x *Exchange) outside(c *call.Call, r *config.Route, number string, offer call.Offer, rights call.Origin) (next string, _ call.Cause) {
	c.Enter("outside " + number)
	dials := offer.Called
	offer.Caller, offer.Language, offer.Diversions, offer.CallerID = c.From(), c.Language(), c.Diversions(), r.CallerID
	if e, ok := x.opts.Config().Extension(c.Origin().Extension); ok {
		offer.Own = e.OutsideNumber
	}
	cause := call.NetworkFailure // when there is no way at all
	for _, way := range x.opts.Ways(r.Trunks, dials) {
		leg, why, err := c.Ring(dials, []call.Endpoint{way}, offer, ringOutside)
		switch {
		case err != nil:
			return "", call.Cancelled
		case leg == nil:
			cause = why
		default:
			if c.Answer() != nil {
				return "", call.Normal
			}
			cause, _ = c.Talk(leg, x.music(c, ""))
			return "", cause
		}
		if !offer.Urgent && cause != call.NetworkFailure && cause != call.NoChannel {
			break
		}
	}
	words := ""
	switch cause {
	case call.NetworkFailure, call.NoChannel:
		words = "sorry-technical"
	case call.Moved:
		movedOutside(c, r, number, rights)
	}
	return x.failed(c, cause, words, call.Step{Number: dials, Reason: "route " + r.Name + ": " + cause.Text("en")})
}
