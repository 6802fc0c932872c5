// Package dialplan decides what a dialled number is.
//
// Decide is a pure function of the configuration and the query, so that a
// decision can be tried, explained and replayed without a call. Numbers are one
// plan: what a caller keys, what a line or a menu points to and what a phone
// sends are the same numbers. Every decision carries its reason in words.
package dialplan

import (
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Query is a number and who wants to reach it.
type Query struct {
	Number string
	From   call.Party
	Origin call.Origin
	// On tells whether a switch is on; nil: none is.
	On func(number string) bool
	// Day tells whether a switch keeps what has hours open; nil: none does.
	Day func(number string) bool
	// Open tells whether hours are open, and why they are not; nil: all are.
	Open func(hours string) (open bool, why string)
}

// Kind is what a number turned out to be.
type Kind string

// The kinds.
const (
	Extension  Kind = "extension"
	Menu       Kind = "menu"
	Queue      Kind = "queue"
	Conference Kind = "conference"
	Service    Kind = "service"
	Switch     Kind = "switch"
	Parking    Kind = "parking"   // where calls are parked, in any slot
	Slot       Kind = "slot"      // where one call is parked
	Feature    Kind = "feature"   // a code, see config.Feature
	Night      Kind = "night"     // a switch is on or hours are closed, the call goes to Next
	Emergency  Kind = "emergency" // for help, see config.Config.Emergency
	Outside    Kind = "outside"   // a route leads to it
	Barred     Kind = "barred"    // as Outside, but not for this caller
	Unknown    Kind = "unknown"
)

// Decision is where a call goes and why.
type Decision struct {
	Kind   Kind
	Number string // normalised; of Kind's configuration unless that is Unknown
	Reason string // in English, one line: "700 is queue Sales"
	Next   string // of Night
}

// MaxNumber is the most digits a number may have: an international number with
// prefixes (ITU-T E.164 has 15), and room for feature codes.
const MaxNumber = 32

// Decide finds what a number is.
func Decide(cfg *config.Config, q Query) Decision {
	number, ok := Normalise(q.Number)
	switch {
	case !ok:
		return Decision{Kind: Unknown, Number: number, Reason: "what was dialled is not a number"}
	case number == "":
		return Decision{Kind: Unknown, Reason: "no number was dialled"}
	}
	is := func(kind Kind, what, name string) Decision {
		reason := number + " is " + what
		if name != "" {
			reason += " " + name
		}
		return Decision{Kind: kind, Number: number, Reason: reason}
	}
	if n, why, of := night(cfg, q, number); of != "" {
		return Decision{Kind: Night, Number: number, Next: n.Destination, Reason: why + ": " + of + " goes to " + n.Destination}
	}
	if x, ok := cfg.Extension(number); ok {
		return is(Extension, "extension", x.Name)
	}
	if x, ok := cfg.Menu(number); ok {
		return is(Menu, "menu", x.Name)
	}
	if x, ok := cfg.Flow(number); ok {
		return is(Menu, "menu", x.Name)
	}
	if x, ok := cfg.Queue(number); ok {
		return is(Queue, "queue", x.Name)
	}
	if x, ok := cfg.Conference(number); ok {
		return is(Conference, "conference", x.Name)
	}
	if x, ok := cfg.Service(number); ok {
		return is(Service, "service", string(x.Kind))
	}
	if x, ok := cfg.Switch(number); ok {
		return is(Switch, "switch", x.Name)
	}
	if slots := cfg.Parking.Numbers(); len(slots) > 0 {
		switch {
		case number == cfg.Parking.Number:
			return is(Parking, "parking", "")
		case slices.Contains(slots, number):
			return is(Slot, "slot", "")
		}
	}
	if f, ok := cfg.Feature(number); ok {
		return is(Feature, "feature", string(f.Kind))
	}
	if strings.HasPrefix(number, "+") {
		number = cfg.Plan().National(number) // routes are for what is dialled
	}
	if r, _, ok := cfg.Emergency(number); ok && q.Origin.Extension != "" {
		return is(Emergency, "emergency by route", r.Name) // whoever may use the route
	}
	if r, ok := cfg.RouteFor(number); ok {
		// Only those at our own phones may cost money: a caller from outside never
		// gets out again by what he keys.
		if r.Lets(q.Origin.Extension) {
			return is(Outside, "outside by route", r.Name)
		}
		return is(Barred, "not for this caller to dial by route", r.Name)
	}
	return is(Unknown, "no number of this box", "")
}

// night is the other destination of a number while its switch is on or its hours are
// closed, why, and what has it: the line or trunk that a call came in by, a menu or a
// queue; "" if nothing has.
func night(cfg *config.Config, q Query, number string) (n config.Night, why, of string) {
	shut := func(other config.Night) (is bool) { n = other; why, is = Closed(cfg, q, n); return is }
	if l, ok := cfg.Line(q.Origin.Line); ok && number == l.Destination && shut(l.Night) {
		return n, why, "line " + l.Port
	}
	if t, ok := cfg.Trunk(q.Origin.Trunk); ok && number == t.Destination && shut(t.Night) {
		return n, why, "trunk " + t.Name
	}
	if m, ok := cfg.Menu(number); ok && shut(m.Night) {
		return n, why, "menu " + number
	}
	if f, ok := cfg.Flow(number); ok && shut(f.Night) {
		return n, why, "menu " + number
	}
	if x, ok := cfg.Queue(number); ok && shut(x.Night) {
		return n, why, "queue " + number
	}
	return config.Night{}, "", ""
}

// Closed tells whether a night is now, and why. What a person has turned goes before
// the hours.
func Closed(cfg *config.Config, q Query, n config.Night) (why string, is bool) {
	if n.Switch != "" && q.On != nil && q.On(n.Switch) {
		name := n.Switch
		if s, ok := cfg.Switch(n.Switch); ok && s.Name != "" {
			name = s.Name
		}
		return "switch " + name + " is on", true
	}
	if n.Hours == "" || q.Open == nil || n.Switch != "" && q.Day != nil && q.Day(n.Switch) {
		return "", false
	}
	open, why := q.Open(n.Hours)
	return why, !open
}

// Normalise is number as the box writes it: digits in ASCII whether they were
// Persian, Arabic or ASCII, without the marks people group digits with (space
// - . ( ), RFC 3966 5.1.1). It reports false if there is anything else in it
// than digits, * and #, and a + in front, or if it is too long; the result is
// then what can be shown of it.
func Normalise(number string) (string, bool) {
	var b strings.Builder
	for _, r := range number {
		switch {
		case r >= '۰' && r <= '۹':
			r += '0' - '۰'
		case r >= '٠' && r <= '٩':
			r += '0' - '٠'
		case strings.ContainsRune(separators, r):
			continue
		}
		dialled := r >= '0' && r <= '9' || r == '*' || r == '#' || r == '+' && b.Len() == 0
		if !dialled || b.Len() == MaxNumber {
			return b.String(), false
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// separators are the marks inside a written number. People who write Persian
// also leave direction marks and unbreakable spaces in what they paste.
const separators = " -.()\u00a0\u200c\u200e\u200f\u202a\u202c\u2066\u2069"
