package exchange

import (
	"slices"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
	"github.com/pasokh/pasokh/telephony/speech"
)

// takeOver lets the caller, a supervisor who dialled a code, talk in the place of an
// extension, whose phone is hung up.
func (x *Exchange) takeOver(c *call.Call, cfg *config.Config, ext string, f config.Feature, d dialplan.Decision) (next string, _ call.Cause) {
	if !cfg.Listening.Supervises(ext) {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: "extension " + ext + " is no supervisor"})
	}
	for _, s := range slices.Backward(x.Calls()) {
		if !talks(s) || slices.Contains(extensions(cfg, s), ext) {
			continue
		}
		for i, l := range s.Legs {
			at := l.Agent
			if i == 0 && at == "" {
				at = s.Origin.Extension
			}
			if at != f.Number || l.State != "up" && l.State != "held" {
				continue
			}
			if to := x.find(s.ID); to != nil {
				x.opts.Journal.Note(call.Step{Call: s.ID, At: x.opts.Clock.Now(), Type: call.StepSupervised, Party: c.From(), Agent: f.Number, Value: "took-over"})
				return "", c.Give(to, call.Replace{Leg: l.ID, By: c.Caller()})
			}
		}
	}
	return x.failed(c, call.NoAnswer, "nobody-there", call.Step{Number: d.Number, Reason: "extension " + f.Number + " talks with nobody"})
}

// take gives the caller, a supervisor who dialled a code, the first caller of a queue.
func (x *Exchange) take(c *call.Call, cfg *config.Config, ext string, f config.Feature, d dialplan.Decision) (next string, _ call.Cause) {
	if !cfg.Listening.Supervises(ext) {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: "extension " + ext + " is no supervisor"})
	}
	to := x.opts.Floor.First(f.Number)
	if to == nil || to == c {
		return x.failed(c, call.NoAnswer, "nobody-there", call.Step{Number: d.Number, Reason: "nobody waits in queue " + f.Number})
	}
	return "", c.Give(to, call.Join{By: c.Caller()})
}

// workUp serves what an agent dials about his last call of a queue.
func (x *Exchange) workUp(c *call.Call, ext string, f config.Feature, d dialplan.Decision) (next string, _ call.Cause) {
	me, err := call.Party{Number: ext}, error(nil)
	if f.Kind == config.Disposition {
		err = x.opts.Floor.Dispose(ext, "", f.Reason, me)
	} else {
		minutes, _ := strconv.Atoi(f.Reason) // digits, or nothing
		err = x.opts.Floor.WrapUp(ext, time.Duration(minutes)*time.Minute, me)
	}
	if err != nil {
		return x.failed(c, call.NotAllowed, "unknown-number", call.Step{Number: d.Number, Reason: err.Error()})
	}
	if c.Answer() != nil {
		return "", call.Normal
	}
	c.Play(speech.Signal("beep")) // done whether or not he hears it
	return "", call.Normal
}
