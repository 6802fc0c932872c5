package exchange

import (
	"errors"

	"github.com/pasokh/pasokh/telephony/call"
)

// ErrFull: there are as many calls as the box may carry, or it stops.
var ErrFull = errors.New("no further call can be made now")

// Greet rings the phones of an extension, says a program to who answers, and hangs up: so
// somebody proves that a phone works. It does not wait; the ledger tells what came of it.
func (x *Exchange) Greet(ext string, p call.Program) (call.ID, error) {
	cfg := x.opts.Config()
	e, ok := cfg.Extension(ext)
	if !ok {
		return "", ErrNoPhone
	}
	phones := x.Endpoints(ext)
	if len(phones) == 0 {
		return "", ErrNoPhone
	}
	c, run := x.Originate(call.Arrival{From: call.Party{Number: e.Number, Name: e.Name}, To: e.Number, Language: string(e.Language)})
	if run == nil {
		return "", ErrFull
	}
	run(func(c *call.Call) (next string, _ call.Cause) {
		c.Enter("test")
		offer := call.Offer{Caller: call.Party{Name: cfg.System.Name}, Called: e.Number, Language: string(e.Language)}
		leg, cause, err := c.Ring(e.Number, phones, offer, e.RingFor.D())
		switch {
		case err != nil:
			return "", call.Cancelled
		case leg == nil:
			return "", cause
		case !c.Seat(leg):
			return "", call.NoAnswer
		}
		_ = c.Play(p) // who hangs up has heard enough
		return "", call.Normal
	})
	return c.ID(), nil
}
