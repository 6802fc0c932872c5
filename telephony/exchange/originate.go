package exchange

import (
	"github.com/pasokh/pasokh/telephony/call"
)

// Step serves a call, as a part of its script, and returns the number at which it goes
// on, or "" and the cause for which it is over.
type Step = func(c *call.Call) (next string, cause call.Cause)

// Originate makes a call that the box begins itself: a.From is to be called, see
// call.Originate. It does not block. The call begins with run, which must be called; it
// is nil when there are too many calls already, or the box stops.
func (x *Exchange) Originate(a call.Arrival) (c *call.Call, run func(first Step)) {
	cfg := x.opts.Config()
	if a.Language == "" {
		a.Language = string(cfg.System.Language)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closing || cfg.System.MaxCalls > 0 && len(x.calls) >= cfg.System.MaxCalls {
		return nil, nil
	}
	c = call.Originate(a, x.house())
	x.admit(c)
	return c, func(first Step) {
		go x.run(c, func(c *call.Call) call.Cause { return x.walk(c, first) })
	}
}

// Reach is how the box itself calls a number: the phones of an extension, which ring
// together, or the ways of a route in the order in which to try them; see
// config.Config.Way.
func (x *Exchange) Reach(number, route string) (ways []call.Endpoint, offer call.Offer, together bool) {
	cfg := x.opts.Config()
	if e, ok := cfg.Extension(number); ok {
		return x.Endpoints(e.Number), call.Offer{Called: e.Number, Language: string(e.Language)}, true
	}
	r, dials, ok := cfg.Way(number, route)
	if !ok {
		return nil, offer, false
	}
	return x.opts.Ways(r.Trunks, dials), call.Offer{Called: dials, CallerID: r.CallerID}, false
}
