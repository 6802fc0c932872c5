package notify

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// State is what an extension is doing.
type State struct {
	Reachable bool // it has a phone that can be rung
	Calls     []Call
}

// Call is one call of an extension.
type Call struct {
	ID     call.ID
	Up     bool // it talks; else it rings
	Made   bool // by the extension
	Remote call.Party
	Dialog call.Dialog // with one of its phones that ring
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
				list = append(list, Call{ID: c.ID, Up: true, Made: true, Remote: call.Party{Number: c.To}})
			case i > 0 && leg.Agent == extension:
				list = rung(list, Call{ID: c.ID, Up: leg.State != "new" && leg.State != "ringing", Remote: c.From, Dialog: leg.Dialog})
			}
		}
	}
	return list
}

// rung adds a call that came to an extension, all of whose phones ring for it.
func rung(list []Call, c Call) []Call {
	for i := range list {
		if list[i].ID == c.ID && !list[i].Made {
			list[i].Up = list[i].Up || c.Up
			if list[i].Dialog.Theirs == "" {
				list[i].Dialog = c.Dialog
			}
			return list
		}
	}
	return append(list, c)
}
