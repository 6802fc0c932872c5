package speech

import (
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/calendar"
	"github.com/pasokh/pasokh/telephony/call"
)

// Kind is what a value is, so that it is said as people say it.
type Kind string

// The kinds. They are those of config.SayAs, and what only the box itself says.
const (
	AsDigits    Kind = "digits"
	AsTelephone Kind = "telephone"
	AsNumber    Kind = "number"
	AsOrdinal   Kind = "ordinal"
	AsMoney     Kind = "money"
	AsDuration  Kind = "duration" // seconds
	AsTime      Kind = "time"     // HH:MM, or now
	AsDate      Kind = "date"     // of either calendar, 2026-11-22 or 1405/9/1; or today
	AsPrompt    Kind = "prompt"   // a unit's key
	AsWait      Kind = "wait"     // minutes
	AsPosition  Kind = "position"
	AsMessages  Kind = "messages" // how many are new
)

// Kinds are all kinds.
func Kinds() []Kind {
	return []Kind{AsDigits, AsTelephone, AsNumber, AsOrdinal, AsMoney, AsDuration, AsTime, AsDate, AsPrompt, AsWait, AsPosition, AsMessages}
}

// Say says a value of a kind. Now is the time where the box is, for "now" and
// "today". It reports false for what is no such value.
func Say(lang string, as Kind, value string, now time.Time) (call.Program, bool) {
	value = strings.TrimSpace(value)
	n, err := strconv.Atoi(ascii(value))
	counts := err == nil && n >= 0
	switch as {
	case AsDigits:
		p := Digits(lang, value)
		return p, len(p.Sounds) > 0
	case AsTelephone:
		p := Telephone(lang, value)
		return p, len(p.Sounds) > 0
	case AsNumber:
		return call.Say(Number(lang, n)...), counts
	case AsOrdinal:
		return call.Say(Ordinal(lang, n)...), counts
	case AsMoney:
		said, ok := Money(lang, value)
		return call.Say(said...), ok
	case AsDuration:
		const most = 10_000 * 86400 // ten thousand days
		return call.Say(Duration(lang, time.Duration(min(n, most))*time.Second)...), counts && n <= most
	case AsTime:
		hour, minute, ok := timeOfDay(value, now)
		if !ok {
			return call.Program{}, false
		}
		return call.Say(Clock(lang, hour, minute)...), true
	case AsDate:
		if value == "today" {
			return Day(lang, now), true
		}
		d, err := calendar.ParseDay(value)
		if err != nil {
			return call.Program{}, false
		}
		return day(lang, d), true
	case AsPrompt:
		return Phrase(lang, value), value != ""
	case AsWait:
		return Wait(lang, n), counts
	case AsPosition:
		return Position(lang, n), counts
	case AsMessages:
		return NewMessages(lang, n), counts
	}
	return call.Program{}, false
}

// ascii is s with its digits in ASCII.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := digit(r); ok {
			return '0' + rune(d)
		}
		return r
	}, s)
}

// timeOfDay reads HH:MM, with seconds or not, and "now".
func timeOfDay(value string, now time.Time) (hour, minute int, ok bool) {
	if value == "now" {
		return now.Hour(), now.Minute(), true
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, ascii(value)); err == nil {
			return t.Hour(), t.Minute(), true
		}
	}
	return 0, 0, false
}
