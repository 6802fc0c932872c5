package ivr

import (
	"errors"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// ask plays a step's prompts until the caller keys something that answer takes, as
// often as the step has tries. answer says where to go, and why. After the last try
// it is the step's way out for silence or for the wrong keys.
func (w *walk) ask(s *config.FlowStep, key func(call.Program) (string, error), answer func(keyed string) (to, reason string)) (string, error) {
	said, again := w.prompts(s), ""
	for range max(s.Tries, 1) {
		keyed, err := key(said)
		switch {
		case errors.Is(err, call.ErrTime):
			again = "menu-timeout"
		case err != nil:
			return "", err
		default:
			w.idle = 0
			if to, reason := answer(keyed); to != "" {
				if reason != "" {
					w.goes(to, reason)
				}
				return to, nil
			}
			again = "menu-invalid"
		}
		w.c.ForgetTyped()
		said = speech.Sentences(speech.Phrase(w.c.Language(), again), w.prompts(s))
	}
	to := s.Otherwise
	switch {
	case again == "menu-invalid" && s.Invalid != "":
		to = s.Invalid
	case again == "menu-timeout" && s.Silent != "":
		to = s.Silent
	}
	w.goes(to, "no choice after "+times(s.Tries))
	return to, nil
}

// menu awaits a key of the menu, or an extension's number.
func (w *walk) menu(s *config.FlowStep) (string, error) {
	dials := func(keyed string) (whole, more bool) { return false, false }
	if s.Dial {
		dials = w.extension
	}
	key := func(p call.Program) (string, error) {
		keyed, wait := "", s.Timeout.D()
		for {
			next, err := w.c.Ask(p, wait)
			if errors.Is(err, call.ErrTime) && keyed != "" {
				return keyed, nil
			}
			if err != nil {
				return "", err
			}
			keyed += string(rune(next))
			if _, more := dials(keyed); !more {
				return keyed, nil
			}
			p, wait = call.Program{Sounds: []call.Sound{{Pause: time.Millisecond}}}, between
		}
	}
	return w.ask(s, key, func(keyed string) (to, reason string) {
		if to := s.Keys[keyed]; to != "" {
			return to, "key " + keyed
		}
		if whole, _ := dials(keyed); whole {
			return keyed, "the caller dialled it"
		}
		if end, ok := w.flow.Step(s.Otherwise); keyed == "0" && !(ok && end.Do == config.FlowHangUp) {
			return s.Otherwise, "key 0, which always reaches a person"
		}
		return "", ""
	})
}

// extension tells whether what was keyed is an extension's whole number, and whether
// it can become a longer one.
func (w *walk) extension(keyed string) (whole, more bool) {
	cfg := w.opts.Config()
	for i := range cfg.Extensions {
		n := cfg.Extensions[i].Number
		whole = whole || n == keyed
		more = more || len(n) > len(keyed) && strings.HasPrefix(n, keyed)
	}
	return whole, more
}

// collect awaits several keys and keeps them.
func (w *walk) collect(s *config.FlowStep) (string, error) {
	w.c.Hush(s.Secret)
	defer w.c.Hush(false)
	key := func(p call.Program) (string, error) { return w.c.Digits(p, s.Most, s.Timeout.D()) }
	return w.ask(s, key, func(keyed string) (to, reason string) {
		if len(keyed) < s.Least {
			return "", ""
		}
		if s.Secret {
			w.c.LearnSecret(s.Into, keyed)
		} else {
			w.c.Learn(s.Into, keyed)
		}
		return s.Next, "" // what was learnt tells it
	})
}
