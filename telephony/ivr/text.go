package ivr

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// value is what a name stands for in this call.
func (w *walk) value(name string) string {
	switch name {
	case "caller":
		return w.c.From().Number
	case "called":
		return w.c.Arrival().To
	}
	return w.c.Value(name)
}

// text puts values in the place of the names in braces.
func (w *walk) text(s string) string { return fill(s, w.value) }

func fill(s string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, after, opened := strings.Cut(s, "{")
		name, rest, closed := strings.Cut(after, "}")
		b.WriteString(before)
		if !opened || !closed {
			return b.String()
		}
		b.WriteString(value(name))
		s = rest
	}
}

// said is how a value is spoken. What cannot be said so is read digit by digit.
func said(lang string, as config.SayAs, value string) call.Program {
	n, err := strconv.Atoi(value)
	switch {
	case as == config.SayPrompt && value != "":
		return speech.Phrase(lang, value)
	case as == config.SayNumber && err == nil:
		return call.Say(speech.Number(lang, n)...)
	}
	return speech.Digits(lang, value)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
