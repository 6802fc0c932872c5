package speech

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Languages are those the box speaks.
func Languages() []string { return []string{english, persian} }

const (
	english = "en"
	persian = "fa"
)

// spoken is lang, or English for a language that the box does not speak.
func spoken(lang string) string {
	if lang == persian {
		return persian
	}
	return english
}

// Phrase says what has a key: "welcome", "busy", or a unit that only a pack of
// the data directory has. Whoever cannot be served now is asked to call later.
func Phrase(lang, key string) call.Program {
	switch key {
	case "busy", "no-answer", "unreachable", "queue-full", "queue-timeout", "no-agents", "conference-full", "sorry-technical":
		return Sentences(call.Say(name(lang, key)), call.Say(name(lang, "call-later")))
	}
	return call.Say(name(lang, key))
}

// breath is the pause between two sentences. Units themselves begin and end at once.
const breath = 250 * time.Millisecond

// Sentences says one program after the other, with a breath in between.
func Sentences(programs ...call.Program) call.Program {
	var all call.Program
	for _, p := range programs {
		if len(all.Sounds) > 0 && len(p.Sounds) > 0 {
			all = all.Then(call.Sound{Pause: breath})
		}
		all = all.Then(p.Sounds...)
	}
	return all
}

// Signal is a sound without words: "beep", "enter", "exit".
func Signal(key string) call.Program { return call.Say("sound/" + key) }

// Position tells a caller his place in line, 1 and more.
func Position(lang string, n int) call.Program {
	return within(lang, "position", place(lang, n))
}

// Ahead tells a caller that more than n are before him.
func Ahead(lang string, n int) call.Program { return within(lang, "ahead", Number(lang, n)) }

// Wait tells a caller that he will wait less than so many minutes.
func Wait(lang string, minutes int) call.Program {
	return within(lang, "wait", Number(lang, minutes))
}

// within says what stands between the two halves of a sentence.
func within(lang, key string, words []string) call.Program {
	said := append([]string{name(lang, key+"-before")}, words...)
	return call.Say(append(said, name(lang, key+"-after"))...)
}

// People tells how many are in a conference.
func People(lang string, n int) call.Program {
	return within(lang, "conference-people", Number(lang, n))
}

// place is a number in a row: third in Persian, "number three" in English.
func place(lang string, n int) []string {
	if spoken(lang) == persian {
		return ordinal(n)
	}
	return Number(lang, n)
}

// Digits reads a telephone number or code digit by digit, in ASCII, Persian or
// Arabic digits; star and hash have names too, and anything else is left out.
func Digits(lang, s string) call.Program { return call.Say(digits(lang, s)...) }

func digits(lang, s string) []string {
	var said []string
	for _, r := range s {
		switch d, ok := digit(r); {
		case ok:
			said = append(said, name(lang, numeral(d)))
		case r == '*':
			said = append(said, name(lang, "star"))
		case r == '#':
			said = append(said, name(lang, "hash"))
		}
	}
	return said
}

// digit is the value of an ASCII, Persian or Arabic digit.
func digit(r rune) (int, bool) {
	for _, zero := range "0۰٠" {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

// name is a unit's name in the media library.
func name(lang, key string) string { return spoken(lang) + "/" + key }
