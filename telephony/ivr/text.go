package ivr

import (
	"maps"
	"slices"
	"strings"
	"time"

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
func (w *walk) said(as config.SayAs, value string) call.Program {
	now := w.c.Clock().Now()
	if zone, err := time.LoadLocation(w.opts.Config().System.TimeZone); err == nil {
		now = now.In(zone)
	}
	if p, ok := speech.Say(w.c.Language(), speech.Kind(as), value, now); ok {
		return p
	}
	return speech.Digits(w.c.Language(), value)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
