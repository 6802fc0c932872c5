package exchange

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
)

// maxHops bounds a call's way from number to number, so that menus and queues
// that point at each other end in a cause and not in a circle.
const maxHops = 20

// script is the life of every call that arrives.
func (x *Exchange) script(c *call.Call) call.Cause { return x.walk(c, nil) }

// walk takes a call from number to number, after its first step, if that is not nil.
func (x *Exchange) walk(c *call.Call, first Step) call.Cause {
	caller, busy := c.Caller(), x.engage(c.Arrival().Origin.Extension)
	defer func() { busy() }()
	number := c.Arrival().To
	for range maxHops {
		var next string
		var cause call.Cause
		if first != nil {
			next, cause = first(c)
			first = nil
		} else {
			cfg, rights := x.opts.Config(), c.Rights()
			q := x.query()
			q.Number, q.From, q.Origin = number, c.From(), rights
			d := dialplan.Decide(cfg, q)
			c.Note(call.Step{Type: call.StepRouted, Number: d.Number, Reason: d.Reason})
			if served(d.Kind) {
				c.Transferred()
			}
			next, cause = x.serve(c, cfg, d, rights)
		}
		if next == "" {
			next, cause = x.transfer(c, cause)
		}
		if next == "" {
			return cause
		}
		if c.Caller() != caller { // who called has passed the call on
			busy()
			caller = c.Caller()
			busy = x.engage(x.extensionOf(caller))
		}
		number = next
	}
	_, cause := x.failed(c, call.InternalError, "sorry-technical", call.Step{Reason: "the numbers point at each other in a circle"})
	return cause
}

// query is how switches and hours stand, for a question to the dial plan.
func (x *Exchange) query() dialplan.Query {
	return dialplan.Query{On: x.opts.On, Day: x.opts.Day, Open: x.opts.Open}
}

func (x *Exchange) serve(c *call.Call, cfg *config.Config, d dialplan.Decision, rights call.Origin) (next string, cause call.Cause) {
	switch d.Kind {
	case dialplan.Extension:
		if e, ok := cfg.Extension(d.Number); ok {
			return x.ring(c, e)
		}
	case dialplan.Menu:
		if m, ok := cfg.Menu(d.Number); ok {
			return x.menu(c, cfg, m.Flow(), rights)
		}
		if f, ok := cfg.Flow(d.Number); ok {
			return x.menu(c, cfg, f, rights)
		}
	case dialplan.Queue:
		return x.opts.Floor.Serve(c, d.Number)
	case dialplan.Conference:
		if r, ok := cfg.Conference(d.Number); ok {
			return "", x.opts.Conferences.Serve(c, r)
		}
	case dialplan.Service:
		if s, ok := cfg.Service(d.Number); ok {
			return "", x.service(c, s)
		}
	case dialplan.Night:
		return d.Next, call.CauseNone
	case dialplan.Switch, dialplan.Parking, dialplan.Slot, dialplan.Feature:
		return x.key(c, cfg, d, rights)
	case dialplan.Outside:
		if r, ok := cfg.RouteFor(d.Number); ok {
			return x.outside(c, r, d.Number, call.Offer{Called: r.Dials(d.Number)}, rights)
		}
	case dialplan.Emergency:
		if r, number, ok := cfg.Emergency(d.Number); ok {
			return x.outside(c, r, d.Number, call.Offer{Called: number, Urgent: true}, rights)
		}
	case dialplan.Barred:
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: d.Reason})
	}
	return x.failed(c, call.UnknownNumber, "unknown-number", call.Step{Number: d.Number, Reason: d.Reason})
}

// menu takes a call through a flow and, if it says so, outside.
func (x *Exchange) menu(c *call.Call, cfg *config.Config, f *config.Flow, rights call.Origin) (next string, cause call.Cause) {
	exit := x.menus.Run(c, f)
	if exit.Mailbox != "" {
		return "", x.opts.Voicemail.Leave(c, exit.Mailbox, call.CauseNone)
	}
	if r, ok := cfg.RouteFor(exit.Dials); ok {
		return x.outside(c, r, exit.Dials, call.Offer{Called: r.Dials(exit.Dials)}, rights)
	}
	return exit.Number, exit.Cause
}

// ring rings an extension's phones and lets the parties talk.
func (x *Exchange) ring(c *call.Call, e *config.Extension) (next string, _ call.Cause) {
	c.Enter("extension " + e.Number)
	offer := call.Offer{Caller: c.From(), Called: e.Number, Language: string(e.Language),
		ReferredBy: c.ReferredBy(), Diversions: c.Diversions()}
	leg, cause, err := c.Ring(e.Number, x.Endpoints(e.Number), offer, e.RingFor.D())
	switch {
	case err != nil:
		return "", call.Cancelled
	case leg == nil:
		if cause == call.Moved {
			moved(c, e)
		}
		if cause != call.Moved && e.Voicemail.Enabled {
			return x.toMailbox(c, e.Number, cause)
		}
		return x.failed(c, cause, "", call.Step{Number: e.Number, Reason: "extension " + e.Number + ": " + cause.Text("en")})
	}
	if err := c.Answer(); err != nil {
		return "", call.Normal
	}
	return "", x.talk(c, leg)
}

// phrase is what a caller is told when an extension could not be reached.
func phrase(cause call.Cause) string {
	switch cause {
	case call.Busy, call.Rejected:
		return "busy"
	case call.NoAnswer:
		return "no-answer"
	}
	return "unreachable"
}

// service runs one of the box's own numbers until the caller has had enough.
func (x *Exchange) service(c *call.Call, s *config.Service) call.Cause {
	c.Enter(string(s.Kind))
	if c.Answer() != nil {
		return call.Normal
	}
	switch s.Kind {
	case config.Echo:
		c.Caller().Audio().Echo()
	case config.Music:
		c.Caller().Audio().Play(call.Program{Sounds: []call.Sound{{Music: "default"}}, Loop: true})
	}
	c.Stay()
	return call.Normal
}
