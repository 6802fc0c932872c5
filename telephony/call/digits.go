package call

import (
	"errors"
	"time"
)

// Hush keeps the caller's keys out of the journal from now on, or lets them in again.
func (c *Call) Hush(on bool) { c.hushed = on }

// Digits plays a program and collects what the caller keys, most digits at most, until #
// or until nothing came for wait. A key cuts the program; keys pressed before count. It
// returns ErrTime if nothing came at all, not even #.
func (c *Call) Digits(p Program, most int, wait time.Duration) (string, error) {
	var digits []byte
	for len(digits) < most {
		key, err := c.Ask(p, wait)
		switch {
		case errors.Is(err, ErrTime) && len(digits) > 0, err == nil && key == '#':
			return string(digits), nil
		case err != nil:
			return "", err
		}
		digits, p = append(digits, key), Program{Sounds: []Sound{{Pause: time.Millisecond}}}
	}
	return string(digits), nil
}

// PlayUntilKey plays a program until its end or a key, which stays for the next step.
func (c *Call) PlayUntilKey(p Program) error {
	if len(c.typed) > 0 {
		return nil
	}
	id := c.caller.leg.Audio().Play(p)
	c.noteSaid(p)
	for {
		e, err := c.Next(time.Time{})
		switch done, ok := e.(Played); {
		case err != nil:
			return err
		case len(c.typed) > 0:
			c.caller.leg.Audio().Silence()
			return nil
		case ok && done.Leg == c.caller.leg.ID() && done.ID == id:
			return nil
		}
	}
}
