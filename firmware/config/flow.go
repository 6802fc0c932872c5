package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Flow is a voice menu of any shape: steps that lead from one to another until
// the call leaves for a number. It begins with its first step.
type Flow struct {
	Number string     `yaml:"number"`
	Name   string     `yaml:"name"`
	Night  Night      `yaml:"night,omitempty"`
	Steps  []FlowStep `yaml:"steps"` // 1 to 200
}

// FlowStep is one step of a flow. Do says what it does and with it which of the
// other fields count.
//
// Where a field leads somewhere it holds the name of another step, or a number of
// the plan at which the call leaves the flow. Texts marked "with names" may hold
// {caller}, {called} or the name of anything that the flow collected, looked up or
// set, also in braces.
type FlowStep struct {
	Name string `yaml:"name"` // a small letter first: never mistaken for a number
	Do   FlowDo `yaml:"do"`
	Next string `yaml:"next,omitempty"` // after all but menu, branch, dial, voicemail and hang-up

	// Prompts are said by play, menu, collect, look-up and hang-up.
	Prompts []string `yaml:"prompts,omitempty"`
	// Whole: keys do not cut what play and say say.
	Whole bool `yaml:"whole,omitempty"`

	// Of menu and collect. A caller who keys nothing, or what does not fit, is asked
	// again; after Tries he goes to Silent or Invalid, and to Otherwise if they are empty.
	Keys      map[string]string `yaml:"keys,omitempty"`    // of menu: key -> where
	Dial      bool              `yaml:"dial,omitempty"`    // of menu: an extension's whole number is a choice too
	Timeout   Duration          `yaml:"timeout,omitempty"` // for a key; of look-up for the answer
	Tries     int               `yaml:"tries,omitempty"`
	Invalid   string            `yaml:"invalid,omitempty"`
	Silent    string            `yaml:"silent,omitempty"`
	Otherwise string            `yaml:"otherwise,omitempty"` // of branch: no case fits; of look-up: nothing found

	// Of collect: Least to Most keys, ended by # or Timeout, become the value Into.
	Least int    `yaml:"least,omitempty"`
	Most  int    `yaml:"most,omitempty"`
	Into  string `yaml:"into,omitempty"` // of look-up: each field found becomes INTO.FIELD
	// Secret: what collect collects, a card number or PIN, is written down nowhere.
	Secret bool `yaml:"secret,omitempty"`

	// Of say: Value, with names, is said As.
	As    SayAs  `yaml:"as,omitempty"`
	Value string `yaml:"value,omitempty"` // of look-up: what is looked up

	Cases []FlowCase `yaml:"cases,omitempty"` // of branch, the first that fits

	// Of look-up: in a table of the configuration, or by a GET of a URL, with names.
	Table string `yaml:"table,omitempty"`
	URL   string `yaml:"url,omitempty"`

	// Of set: values by name, with names. language speaks that language from now on,
	// priority (0 to 100) and skill order the caller in queues.
	Set map[string]string `yaml:"set,omitempty"`

	Number string `yaml:"number,omitempty"` // of dial: outside, by a route; of voicemail: the box
}

// FlowDo is what a step does.
type FlowDo string

// What steps do.
const (
	FlowPlay    FlowDo = "play"
	FlowMenu    FlowDo = "menu"
	FlowCollect FlowDo = "collect"
	FlowSay     FlowDo = "say"
	FlowBranch  FlowDo = "branch"
	FlowLookUp  FlowDo = "look-up"
	FlowSet     FlowDo = "set"
	FlowDial    FlowDo = "dial"
	FlowHangUp  FlowDo = "hang-up"
	// FlowVoicemail takes a message for the box Number.
	FlowVoicemail FlowDo = "voicemail"
)

// SayAs is how a value is said.
type SayAs string

// The ways to say a value.
const (
	SayDigits    SayAs = "digits"
	SayTelephone SayAs = "telephone" // in groups, as people say telephone numbers
	SayNumber    SayAs = "number"
	SayOrdinal   SayAs = "ordinal"
	SayMoney     SayAs = "money"
	SayDuration  SayAs = "duration" // seconds
	SayTime      SayAs = "time"     // HH:MM, or now
	SayDate      SayAs = "date"     // of either calendar, 2026-11-27 or 1405/9/6; or today
	SayPrompt    SayAs = "prompt"   // the name of a prompt
)

// FlowCase is one way out of a branch. It fits when what Of names meets every
// condition that is set.
type FlowCase struct {
	// Of is caller, called, switches (that are on), hours (that are open, or that their
	// switch keeps open, see Config.NightOf), or the name of a value. caller is empty for
	// one who hides the number.
	Of      string   `yaml:"of"`
	Is      []string `yaml:"is,omitempty"`       // is one of these; of switches: one of these is on; of hours: open
	Begins  []string `yaml:"begins,omitempty"`   // begins with one of these
	AtLeast *int     `yaml:"at_least,omitempty"` // is a number, and not below
	AtMost  *int     `yaml:"at_most,omitempty"`  // is a number, and not above
	Empty   bool     `yaml:"empty,omitempty"`    // is empty
	To      string   `yaml:"to"`
}

// Table is values by key, for look-ups of flows: "who is 09121234567".
type Table struct {
	Name string              `yaml:"name"`
	Rows []map[string]string `yaml:"rows"` // each with a key
}

// TableKey is the field of a row by which it is found.
const TableKey = "key"

// Row is the row of a key.
func (t *Table) Row(key string) (map[string]string, bool) {
	r, ok := find(t.Rows, func(r *map[string]string) bool { return (*r)[TableKey] == key })
	if !ok {
		return nil, false
	}
	return *r, true
}

// Flow finds a flow by its number.
func (c *Config) Flow(number string) (*Flow, bool) {
	return find(c.Flows, func(f *Flow) bool { return f.Number == number })
}

// Table finds a table by its name.
func (c *Config) Table(name string) (*Table, bool) {
	return find(c.Tables, func(t *Table) bool { return t.Name == name })
}

// Step finds a step by its name.
func (f *Flow) Step(name string) (*FlowStep, bool) {
	return find(f.Steps, func(s *FlowStep) bool { return s.Name == name })
}

// Flow is the flow that a menu is short for.
func (m *Menu) Flow() *Flow {
	ask := FlowStep{Name: "menu", Do: FlowMenu, Prompts: m.Greeting, Keys: m.Keys, Timeout: m.Timeout, Tries: m.Tries, Otherwise: m.Otherwise}
	if ask.Otherwise != "" {
		return &Flow{Number: m.Number, Name: m.Name, Steps: []FlowStep{ask}}
	}
	ask.Otherwise = "goodbye"
	return &Flow{Number: m.Number, Name: m.Name, Steps: []FlowStep{ask, {Name: "goodbye", Do: FlowHangUp, Prompts: []string{"goodbye"}}}}
}

// ways are all the places that a step leads to, by the field that says so.
func (s *FlowStep) ways() (ways []flowWay) {
	add := func(field, to string) {
		if to != "" {
			ways = append(ways, flowWay{field, to})
		}
	}
	switch s.Do {
	case FlowMenu, FlowCollect:
		for _, key := range slices.Sorted(maps.Keys(s.Keys)) {
			add("keys."+key, s.Keys[key])
		}
		add("invalid", s.Invalid)
		add("silent", s.Silent)
		add("otherwise", s.Otherwise)
	case FlowBranch:
		for i, c := range s.Cases {
			add(fmt.Sprintf("cases[%d].to", i), c.To)
		}
		add("otherwise", s.Otherwise)
	case FlowLookUp:
		add("otherwise", s.Otherwise)
	}
	if s.goesOn() {
		add("next", s.Next)
	}
	return ways
}

type flowWay struct{ field, to string }

// goesOn tells whether Next counts.
func (s *FlowStep) goesOn() bool {
	switch s.Do {
	case FlowMenu, FlowBranch, FlowDial, FlowHangUp, FlowVoicemail:
		return false
	}
	return true
}

// IsStep tells the name of a step from a number.
func IsStep(to string) bool { return to != "" && strings.Trim(to[:1], lowercase) == "" }

const lowercase = "abcdefghijklmnopqrstuvwxyz"
