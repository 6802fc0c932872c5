// Package ivr plays voice menus.
//
// A menu is said, one key is awaited, and the key names the number that the
// call goes to next. Whoever presses nothing, or a key that the menu does not
// have, hears it again; after the last try he is led to the menu's Otherwise.
// Key 0 leads there at once unless the menu gives it another meaning: 0 reaches
// a person from anywhere.
//
// Run is a step in a call's script: it has no state of its own and runs in the
// call's goroutine.
package ivr

import (
	"errors"
	"fmt"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Run takes a call through menu m. It returns the number that the call goes to
// next, or "" and the cause with which it ends.
func Run(c *call.Call, m *config.Menu) (next string, cause call.Cause) {
	c.Enter("menu " + m.Number)
	if c.Answer() != nil {
		return "", call.Normal
	}
	said := greeting(c.Language(), m)
	for range max(m.Tries, 1) {
		key, err := c.Ask(said, m.Timeout.D())
		again := "menu-timeout"
		if err == nil {
			number, reason := choose(m, key)
			if number != "" {
				c.Note(call.Step{Type: call.StepRouted, Number: number, Reason: reason})
				return number, call.CauseNone
			}
			again = "menu-invalid"
		} else if !errors.Is(err, call.ErrTime) {
			return "", call.Normal
		}
		c.ForgetTyped()
		said = speech.Sentences(speech.Phrase(c.Language(), again), greeting(c.Language(), m))
	}
	return giveUp(c, m)
}

// greeting is what the menu says.
func greeting(lang string, m *config.Menu) call.Program {
	var said []call.Program
	for _, key := range m.Greeting {
		said = append(said, speech.Phrase(lang, key))
	}
	return speech.Sentences(said...)
}

// choose is the number that a key leads to, with the reason, or "".
func choose(m *config.Menu, key byte) (number, reason string) {
	if number := m.Keys[string(rune(key))]; number != "" {
		return number, fmt.Sprintf("key %c", key)
	}
	if key == '0' && m.Otherwise != "" {
		return m.Otherwise, "key 0, which always reaches a person"
	}
	return "", ""
}

// giveUp is what comes after the last try.
func giveUp(c *call.Call, m *config.Menu) (next string, cause call.Cause) {
	if m.Otherwise != "" {
		c.Note(call.Step{Type: call.StepRouted, Number: m.Otherwise,
			Reason: fmt.Sprintf("no choice after %s", times(m.Tries))})
		return m.Otherwise, call.CauseNone
	}
	c.Play(speech.Phrase(c.Language(), "goodbye")) // the call ends normally whether or not he hears it out
	return "", call.Normal
}

func times(n int) string {
	if n <= 1 {
		return "one greeting"
	}
	return fmt.Sprintf("%d greetings", n)
}
