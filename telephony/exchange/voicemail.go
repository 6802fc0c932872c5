package exchange

import (
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Voicemail takes messages and lets them be heard. *voicemail.Room is one.
type Voicemail interface {
	// Leave takes a message for a box; why: nobody could be reached.
	Leave(c *call.Call, box string, why call.Cause) call.Cause
	// Listen lets the messages of a box be heard, of one that the caller names with "".
	// next is a number to go on to.
	Listen(c *call.Call, box string) (next string, cause call.Cause)
}

// leads tells whether a code leads to a mailbox, to which everybody may be sent.
func leads(cfg *config.Config, code string) bool {
	f, ok := cfg.Feature(code)
	return ok && f.Kind == config.LeaveMessage
}

// toMailbox takes a message for an extension that could not be reached, unless the call
// still has somewhere else to go.
func (x *Exchange) toMailbox(c *call.Call, box string, why call.Cause) (next string, _ call.Cause) {
	if next := x.diverted(c); next != "" {
		return next, call.CauseNone
	}
	c.Note(call.Step{Type: call.StepRefused, Number: box, Cause: why.String(), Reason: "extension " + box + ": " + why.Text("en")})
	return "", x.opts.Voicemail.Leave(c, box, why)
}

// messages lets an extension hear its own messages, or somebody at its phone those of
// any box.
func (x *Exchange) messages(c *call.Call, cfg *config.Config, f config.Feature, ext string) (next string, _ call.Cause) {
	if f.Kind == config.AnyMailbox {
		return x.opts.Voicemail.Listen(c, "")
	}
	if _, ok := cfg.Mailbox(ext); !ok {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: ext, Reason: "extension " + ext + " has no mailbox"})
	}
	return x.opts.Voicemail.Listen(c, ext)
}
