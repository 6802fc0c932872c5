// Package dialplan decides what a dialled number is.
//
// Decide is a pure function of the configuration and the query, so that a
// decision can be tried, explained and replayed without a call. Numbers are one
// plan: what a caller keys, what a line or a menu points to and what a phone
// sends are the same numbers. Every decision carries its reason in words.
package dialplan

import (
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// Query is a number and who wants to reach it.
type Query struct {
	Number string
	From   call.Party
	Origin call.Origin
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
	Outside    Kind = "outside" // a route leads to it
	Barred     Kind = "barred"  // as Outside, but not for this caller
	Unknown    Kind = "unknown"
)

// Decision is where a call goes and why.
type Decision struct {
	Kind   Kind
	Number string // normalised; of Kind's configuration unless that is Unknown
	Reason string // in English, one line: "700 is queue Sales"
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
	if x, ok := cfg.Extension(number); ok {
		return is(Extension, "extension", x.Name)
	}
	if x, ok := cfg.Menu(number); ok {
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
	if strings.HasPrefix(number, "+") {
		number = cfg.Plan().National(number) // routes are for what is dialled
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
