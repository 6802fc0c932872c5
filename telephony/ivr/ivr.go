// Package ivr takes callers through voice menus.
//
// A flow is data: steps that play, ask, look up and branch, each naming the step
// or the number that comes next. A menu is a flow of one step. Whoever presses
// nothing, or something that is no choice, is asked again; after the last try he
// is led on. Key 0 leads on at once unless the menu gives it another meaning: 0
// reaches a person from anywhere.
//
// Run is a step in a call's script: it has no state of its own and runs in the
// call's goroutine. Only a look-up over the network has a goroutine of its own,
// with a deadline, so that a caller who hangs up is noticed at once.
package ivr

import (
	"context"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Options are what flows need from the house.
type Options struct {
	Config func() *config.Config
	// On tells whether a switch is on.
	On func(number string) bool
	// Closed tells whether a switch or its hours close something now; nil: nothing is.
	Closed func(config.Night) bool
	// Fetch gets a document of at most maxDocument bytes; it keeps to ctx.
	Fetch func(ctx context.Context, url string) ([]byte, error)
}

// Menus are the box's flows. They are safe for concurrent use.
type Menus struct{ opts Options }

// New makes the menus of a house.
func New(o Options) *Menus { return &Menus{opts: o} }

// Exit is how a call leaves a flow.
type Exit struct {
	Number string // of the plan, where it goes on
	// Dials is a number outside in its place. The flow's owner chose it and pays,
	// whoever the caller is.
	Dials string
	// Mailbox takes a message of the caller.
	Mailbox string
	Cause   call.Cause // with which it ends when there is none of them
}

// Steps that a call may take in one flow: since its caller last pressed a key, and
// in all. Only mistakes that validation cannot see take more.
const (
	patience = 100
	enough   = 1000
)

// walk is one call's way through one flow.
type walk struct {
	*Menus
	c    *call.Call
	flow *config.Flow
	idle int // steps since a key
}

// Run takes a call through a flow.
func (m *Menus) Run(c *call.Call, f *config.Flow) Exit {
	c.Enter("menu " + f.Number)
	if c.Answer() != nil || len(f.Steps) == 0 {
		return Exit{Cause: call.Normal}
	}
	w := &walk{Menus: m, c: c, flow: f}
	step := &f.Steps[0]
	for range enough {
		if w.idle++; w.idle > patience {
			break
		}
		to, exit, err := w.take(step)
		if err != nil {
			return Exit{Cause: call.Normal}
		}
		next, ok := f.Step(to)
		switch {
		case to == "":
			return exit
		case !ok:
			return Exit{Number: to}
		}
		step = next
	}
	c.Note(call.Step{Type: call.StepRefused, Number: f.Number, Cause: call.InternalError.String(), Reason: "flow " + f.Number + " goes round in a circle at " + step.Name})
	c.Play(speech.Phrase(c.Language(), "sorry-technical")) // the call ends whether or not he hears it out
	return Exit{Cause: call.InternalError}
}

// take does one step. It returns where the flow goes on, or the exit with "". An error
// means that the caller is gone.
func (w *walk) take(s *config.FlowStep) (to string, exit Exit, err error) {
	switch s.Do {
	case config.FlowPlay:
		return s.Next, Exit{}, w.say(s, w.prompts(s))
	case config.FlowSay:
		return s.Next, Exit{}, w.say(s, w.said(s.As, w.text(s.Value)))
	case config.FlowMenu:
		to, err = w.menu(s)
	case config.FlowCollect:
		to, err = w.collect(s)
	case config.FlowBranch:
		return w.branch(s), Exit{}, nil
	case config.FlowLookUp:
		to, err = w.lookUp(s)
	case config.FlowSet:
		w.set(s)
		return s.Next, Exit{}, nil
	case config.FlowDial:
		w.goes(s.Number, "step "+s.Name+" calls it")
		return "", Exit{Dials: s.Number}, nil
	case config.FlowVoicemail:
		w.goes(s.Number, "step "+s.Name+" takes a message")
		return "", Exit{Mailbox: s.Number}, nil
	case config.FlowHangUp:
		w.c.Play(w.prompts(s)) // whether or not he hears it out
		return "", Exit{Cause: call.Normal}, nil
	}
	return to, Exit{}, err
}

// goes writes down where a call goes, and why: to another step, or away.
func (w *walk) goes(to, reason string) {
	if config.IsStep(to) {
		w.c.Note(call.Step{Type: call.StepMenu, Number: w.flow.Number, Value: to, Reason: reason})
	} else {
		w.c.Note(call.Step{Type: call.StepRouted, Number: to, Reason: reason})
	}
}

func (w *walk) prompts(s *config.FlowStep) call.Program {
	return prompts(w.c.Language(), s.Prompts)
}

func prompts(lang string, names []string) call.Program {
	var all []call.Program
	for _, name := range names {
		all = append(all, speech.Phrase(lang, name))
	}
	return speech.Sentences(all...)
}

func (w *walk) say(s *config.FlowStep, p call.Program) error {
	if len(p.Sounds) == 0 {
		return nil
	}
	if s.Whole {
		return w.c.Play(p)
	}
	return w.c.PlayUntilKey(p)
}

// set keeps values; two of them do something at once.
func (w *walk) set(s *config.FlowStep) {
	for _, name := range sorted(s.Set) {
		value := w.text(s.Set[name])
		if name == "language" {
			w.c.SetLanguage(value)
		}
		w.c.Learn(name, value)
	}
}

func times(n int) string {
	if n <= 1 {
		return "one greeting"
	}
	return fmt.Sprintf("%d greetings", n)
}

// between is how long a menu with direct dialling waits for the next digit.
const between = 2 * time.Second
