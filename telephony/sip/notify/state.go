package notify

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// State is what a number is doing.
type State struct {
	Own       bool // it is another one for each watcher
	Reachable bool // it has a phone that can be rung
	Calls     []Call
	Mailbox   Mailbox
}

// Mailbox is how many messages were not heard yet, and were.
type Mailbox struct {
	Has      bool // there is one
	New, Old int
}

// Call is one call of an extension.
type Call struct {
	ID     call.ID
	Up     bool // it talks; else it rings
	Held   bool // the extension has put it on hold
	Made   bool // by the extension
	Remote call.Party
	Dialog call.Dialog // with one of its phones that ring
}

// Lit is the state of a lamp that is no extension's: on or off.
func Lit(on bool, number string) State {
	s := State{Reachable: true}
	if on {
		s.Calls = []Call{{ID: call.ID(number), Up: true, Remote: call.Party{Number: number}}}
	}
	return s
}

// Busy tells whether the extension is on the phone.
func (s State) Busy() bool { return slices.ContainsFunc(s.Calls, func(c Call) bool { return c.Up }) }

// CallsOf are an extension's calls among all that run. Whoever makes a call is
// busy from its first digit on: phones blink for one that is not answered yet,
// and offer to pick it up.
func CallsOf(extension string, running []call.Snapshot) []Call {
	var list []Call
	for _, c := range running {
		for i, leg := range c.Legs {
			switch {
			case leg.State == "ended":
			case i == 0 && c.Origin.Extension == extension:
				list = append(list, Call{ID: c.ID, Up: true, Held: leg.State == "held", Made: true, Remote: call.Party{Number: c.To}})
			case i > 0 && leg.Agent == extension:
				list = rung(list, Call{ID: c.ID, Up: leg.State != "new" && leg.State != "ringing", Held: leg.State == "held", Remote: c.From.Shown(), Dialog: leg.Dialog})
			}
		}
	}
	return list
}

// rung adds a call that came to an extension, all of whose phones ring for it.
func rung(list []Call, c Call) []Call {
	for i := range list {
		if list[i].ID == c.ID && !list[i].Made {
			list[i].Up, list[i].Held = list[i].Up || c.Up, list[i].Held || c.Held
			if list[i].Dialog.Theirs == "" {
				list[i].Dialog = c.Dialog
			}
			return list
		}
	}
	return append(list, c)
}
