package conference

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

const (
	pinTries = 3
	pinWait  = 8 * time.Second // between two keys
	pinMost  = 16              // keys
)

// errPIN: the caller has no right PIN.
var errPIN = errors.New("no right PIN")

// admit asks the caller for the PIN, if there is one. Where there is only one for
// moderators, who keys nothing or just # comes in as one of the others.
func admit(c *call.Call, cfg *config.Conference) (moderator bool, err error) {
	if cfg.PIN == "" && cfg.ModeratorPIN == "" {
		return false, nil
	}
	ask := speech.Phrase(c.Language(), "conference-pin")
	for range pinTries {
		keyed, err := c.Digits(ask, pinMost, pinWait)
		if err != nil && !errors.Is(err, call.ErrTime) {
			return false, err
		}
		everybody, mod := same(keyed, cfg.PIN), same(keyed, cfg.ModeratorPIN)
		switch {
		case mod:
			return true, nil
		case everybody, keyed == "" && cfg.PIN == "":
			return false, nil
		}
		ask = speech.Sentences(speech.Phrase(c.Language(), "conference-pin-wrong"), speech.Phrase(c.Language(), "conference-pin"))
	}
	return false, errPIN
}

// same compares what was keyed with a PIN, in a time that tells nothing of it.
func same(keyed string, pin config.Secret) bool {
	a, b := sha256.Sum256([]byte(keyed)), sha256.Sum256([]byte(pin.Reveal())) // to be compared
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && pin != ""
}
