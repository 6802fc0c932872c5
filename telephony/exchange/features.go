package exchange

import (
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Parking keeps parked calls. *park.Lot is one.
type Parking interface {
	Park(c *call.Call, number string) (leg call.Leg, next string, cause call.Cause)
	Fetch(c *call.Call, slot string) bool
}

// self is the extension from whose own phone a call comes, "" for one that comes
// from elsewhere or was passed on: by a code a person changes only what is his.
func self(c *call.Call, rights call.Origin) string {
	if c.Caller() != c.Arrival().Leg || rights != c.Arrival().Origin {
		return ""
	}
	return rights.Extension
}

// key serves what phones have keys for.
func (x *Exchange) key(c *call.Call, cfg *config.Config, d dialplan.Decision, rights call.Origin) (next string, cause call.Cause) {
	ext := self(c, rights)
	switch {
	case d.Kind == dialplan.Parking, d.Kind == dialplan.Slot && c.ReferredBy().Number != "":
		return x.park(c, d.Number)
	case d.Kind == dialplan.Feature && leads(cfg, d.Number):
		f, _ := cfg.Feature(d.Number)
		return "", x.opts.Voicemail.Leave(c, f.Number, call.CauseNone)
	case ext == "" || c.IsUp():
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: d.Reason + ", for our own phones"})
	case d.Kind == dialplan.Slot:
		if x.opts.Parking.Fetch(c, d.Number) {
			return "", call.Normal
		}
		return x.failed(c, call.NoAnswer, "nobody-there", call.Step{Number: d.Number, Reason: "slot " + d.Number + " is empty"})
	case d.Kind == dialplan.Switch:
		return "", x.turn(c, d.Number, ext)
	}
	f, _ := cfg.Feature(d.Number)
	switch f.Kind {
	case config.Pickup:
		return x.pickUp(c, cfg, ext, f.Number)
	case config.OwnMailbox, config.AnyMailbox:
		return x.messages(c, cfg, f, ext)
	case config.Listen, config.Whisper, config.Barge:
		return x.listen(c, cfg, ext, f, d)
	case config.TakeOver:
		return x.takeOver(c, cfg, ext, f, d)
	case config.Take:
		return x.take(c, cfg, ext, f, d)
	case config.WrapUp, config.Disposition:
		return x.workUp(c, ext, f, d)
	case config.Prompts:
		if x.opts.Studio == nil {
			return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: "prompts are not recorded here"})
		}
		return "", x.opts.Studio.Serve(c, ext, f.Number)
	}
	return x.duty(c, d.Number, ext, f)
}

// park keeps a transferred party until somebody is there for it.
func (x *Exchange) park(c *call.Call, number string) (next string, cause call.Cause) {
	leg, next, cause := x.opts.Parking.Park(c, number)
	switch {
	case leg != nil:
		return "", x.talk(c, leg)
	case cause == call.Busy:
		return x.failed(c, cause, "busy", call.Step{Number: number, Reason: "no slot is free at " + number})
	case cause == call.NotAllowed:
		return x.failed(c, cause, "nobody-there", call.Step{Number: number, Reason: "nobody was transferred to " + number})
	}
	return next, cause
}

// turn turns a switch for an extension and tells him how it stands.
func (x *Exchange) turn(c *call.Call, number, ext string) call.Cause {
	if c.Answer() != nil {
		return call.Normal
	}
	value, ok := x.opts.Turn(number, ext)
	if !ok {
		return call.UnknownNumber // the configuration has changed meanwhile
	}
	c.Note(call.Step{Type: call.StepSwitched, Number: number, Party: c.From(), Value: value})
	said := "switch-" + value
	if value == "off" && len(x.opts.Config().HoursOf(number)) > 0 {
		said = "switch-hours" // which decide again
	}
	c.Play(speech.Phrase(c.Language(), said)) // turned whether or not he hears it out
	return call.Normal
}

// duty logs an agent in or out, or lets him rest, and tells him how he stands.
func (x *Exchange) duty(c *call.Call, number, ext string, f config.Feature) (next string, _ call.Cause) {
	is := x.opts.Floor.Duty(c, ext, f)
	if is == "" {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: number, Reason: "extension " + ext + " is no agent there"})
	}
	if c.Answer() != nil {
		return "", call.Normal
	}
	c.Play(speech.Phrase(c.Language(), is)) // so it is whether or not he hears it out
	return "", call.Normal
}

// pickUp gives the caller the call that rings at an extension, or with "" the one
// that has rung longest in his group.
func (x *Exchange) pickUp(c *call.Call, cfg *config.Config, ext, at string) (next string, _ call.Cause) {
	by, ok := cfg.Extension(ext)
	if !ok {
		return "", call.NotAllowed
	}
	barred := false
	for _, s := range x.Calls() { // the oldest first
		for _, leg := range s.Legs[1:] {
			e, known := cfg.Extension(leg.Agent)
			switch {
			case leg.State != "new" && leg.State != "ringing", !known, at != "" && at != leg.Agent, s.ID == c.ID():
				continue
			case !by.PicksUp(e), strings.HasPrefix(s.Stage, "queue ") && leg.Agent != ext:
				barred = true // a queue's caller is for the agent that he was offered to
				continue
			}
			if to := x.find(s.ID); to != nil {
				return "", c.Give(to, call.Replace{Leg: leg.ID, By: c.Caller()})
			}
		}
	}
	if barred {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: at, Reason: "extension " + ext + " may not pick up there"})
	}
	return x.failed(c, call.NoAnswer, "nobody-there", call.Step{Number: at, Reason: "no phone rings there"})
}
