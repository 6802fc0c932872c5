package exchange

import (
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/dialplan"
	"github.com/pasokh/pasokh/telephony/speech"
)

// maxDiversions bounds how often a call is sent elsewhere on its way to one answer.
const maxDiversions = 5

// failed ends a step that led to nobody: the call goes on to where a phone sent it, or
// back to who transferred it, or its caller is told why and it ends for the step's
// cause. A caller who is not up and whom no words are for is told by signalling.
func (x *Exchange) failed(c *call.Call, cause call.Cause, words string, step call.Step) (next string, _ call.Cause) {
	if next := x.diverted(c); next != "" {
		return next, call.CauseNone
	}
	step.Type, step.Cause = call.StepRefused, cause.String()
	c.Note(step)
	if next, cause, ok := x.giveBack(c, cause); ok {
		return next, cause
	}
	if words == "" && !c.IsUp() {
		return "", cause // a phone shows and sounds the refusal by itself
	}
	if words == "" {
		words = phrase(cause)
	}
	if !c.IsUp() {
		c.Caller().Alert(true)
	}
	c.Play(speech.Phrase(c.Language(), words)) // a caller who leaves meanwhile ends with his own cause
	return "", cause
}

// moved keeps where the phones of an extension sent the call. It is followed as if the
// extension had dialled there, with its rights and no others.
func moved(c *call.Call, e *config.Extension) {
	to := c.MovedTo()
	c.Divert(call.Party{Number: e.Number, Name: e.Name}, call.Origin{Extension: e.Number}, to.To, to.Reason)
}

// movedOutside does so for a number outside. The network names numbers as it knows them;
// the call goes there as if its caller had dialled them by the same route.
func movedOutside(c *call.Call, r *config.Route, number string, rights call.Origin) {
	to := c.MovedTo()
	var list []string
	for _, n := range to.To {
		dialled := r.Prefix[:min(r.Strip, len(r.Prefix))] + strings.TrimPrefix(n, r.Prepend)
		if r.Dials(dialled) == n {
			list = append(list, dialled)
		}
	}
	c.Divert(call.Party{Number: number}, rights, list, to.Reason)
}

// diverted is the next number that a call was sent to, "" if there is none. One that
// would lead in a circle is passed over.
func (x *Exchange) diverted(c *call.Call) string {
	for {
		d, ok := c.Diverted()
		if !ok {
			return ""
		}
		to, _ := dialplan.Normalise(d.To)
		why := ""
		switch list := c.Diversions(); {
		case slices.ContainsFunc(list, func(d call.Diversion) bool { return d.By.Number == to }):
			why = "the call was there before"
		case len(list) > maxDiversions:
			why = "the call was diverted too often"
		default:
			return d.To
		}
		c.Note(call.Step{Type: call.StepRefused, Number: to, Cause: call.InternalError.String(), Reason: why})
	}
}
