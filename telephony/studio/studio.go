// Package studio lets people record the box's prompts at a phone.
//
// Serve is a step in a call's script: it asks which prompt, lets it be heard, records
// it anew after a tone, lets that be heard, and keeps it, records again or leaves the
// prompt as it was. It runs in the call's goroutine; only keeping, which waits for
// the disk, has a goroutine of its own. A Room has no state besides.
package studio

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Options are what a studio needs from the house.
type Options struct {
	Config func() *config.Config
	// Add lets a sound of 8000 samples a second be heard by a name until Remove.
	Add    func(name string, pcm []int16)
	Remove func(name string)
	// Keep puts a recording in the place of a unit. It waits for the disk.
	Keep func(unit, by string, pcm []int16) error
}

// Room is the studio.
type Room struct{ opts Options }

// New makes a studio.
func New(o Options) *Room { return &Room{opts: o} }

const (
	tries   = 3               // for a PIN or a number
	rounds  = 10              // of recording, and of hearing a take
	wait    = 8 * time.Second // for a key
	longest = time.Minute     // of a recording
	most    = 4               // digits of a prompt's number
	mostPIN = 12
)

// errTries: nothing right was keyed.
var errTries = errors.New("no right keys")

// Serve lets the caller, extension ext, record the prompt of a number, or one that he
// is asked for.
func (r *Room) Serve(c *call.Call, ext, number string) call.Cause {
	cfg := r.opts.Config()
	knows, pin := cfg.Listening.Supervises(ext), cfg.Features.PromptsPIN
	if (knows || pin != "") && c.Answer() != nil {
		return call.Normal
	}
	c.Enter("prompts")
	if !knows && (pin == "" || !admit(c, pin)) {
		c.Note(call.Step{Type: call.StepRefused, Cause: call.NotAllowed.String(), Reason: "extension " + ext + " has no right PIN for prompts"})
		return call.NotAllowed
	}
	p, err := choose(c, number)
	if err != nil {
		return call.Normal
	}
	c.Play(call.Say(p.Unit)) // as it was; a caller who leaves is noticed next
	take, err := r.takes(c)
	if err != nil || take == nil {
		return call.Normal
	}
	words := "prompt-kept"
	switch err := r.keep(c, p.Unit, ext, take); {
	case errors.Is(err, call.ErrGone):
		return call.Normal
	case err != nil:
		words = "prompt-failed"
	}
	c.Note(call.Step{Type: call.StepPrompt, Number: p.Unit, Party: c.From(), Value: words})
	c.Play(speech.Phrase(c.Language(), words)) // done whether or not he hears it out
	return call.Normal
}

// admit asks for the PIN.
func admit(c *call.Call, pin config.Secret) bool {
	c.Hush(true)
	defer c.Hush(false)
	want, ask := sha256.Sum256([]byte(pin.Reveal())), speech.Phrase(c.Language(), "pin") // to be compared
	for range tries {
		keyed, err := c.Digits(ask, mostPIN, wait)
		if err != nil && !errors.Is(err, call.ErrTime) {
			return false
		}
		if got := sha256.Sum256([]byte(keyed)); subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
			return true
		}
		ask = speech.Sentences(speech.Phrase(c.Language(), "conference-pin-wrong"), speech.Phrase(c.Language(), "pin"))
	}
	return false
}

// choose finds the prompt of a number, and asks for another one while there is none.
func choose(c *call.Call, number string) (speech.Prompt, error) {
	ask := speech.Phrase(c.Language(), "prompt-which")
	for range tries {
		if number == "" {
			keyed, err := c.Digits(ask, most, wait)
			if err != nil && !errors.Is(err, call.ErrTime) {
				return speech.Prompt{}, err
			}
			number = keyed
		}
		all := speech.Prompts()
		if i := slices.IndexFunc(all, func(p speech.Prompt) bool { return p.Number == number }); i >= 0 {
			return all[i], nil
		}
		number, ask = "", speech.Sentences(speech.Phrase(c.Language(), "prompt-unknown"), speech.Phrase(c.Language(), "prompt-which"))
	}
	return speech.Prompt{}, errTries
}

// takes records until the caller accepts a take. It is nil when he leaves the prompt as
// it was.
func (r *Room) takes(c *call.Call) ([]int16, error) {
	draft := "take/" + string(c.ID())
	defer r.opts.Remove(draft)
	for range rounds {
		take, err := record(c)
		if err != nil {
			return nil, err
		}
		if take == nil {
			continue // he said nothing
		}
		r.opts.Add(draft, take)
		switch key, err := review(c, draft); {
		case err != nil || key == '0':
			return nil, err
		case key == '1':
			return take, nil
		}
	}
	return nil, nil
}

// review plays a take until the caller says what to do with it: keep it (1), record it
// again (3), or leave the prompt as it was (0).
func review(c *call.Call, draft string) (key byte, err error) {
	for range rounds {
		key, err = c.Ask(speech.Sentences(call.Say(draft), speech.Phrase(c.Language(), "prompt-choose")), wait)
		switch {
		case err != nil && !errors.Is(err, call.ErrTime):
			return 0, err
		case err == nil && (key == '0' || key == '1' || key == '3'):
			return key, nil
		}
	}
	return '0', nil
}

// record takes down what is said after the tone, until a key. It is nil if that was
// nothing.
func record(c *call.Call) ([]int16, error) {
	if err := c.Play(speech.Sentences(speech.Phrase(c.Language(), "prompt-speak"), speech.Signal("beep"))); err != nil {
		return nil, err
	}
	c.ForgetTyped()
	t, audio := newTape(), c.Caller().Audio()
	audio.AddTap(t)
	_, err := c.Ask(call.Program{Sounds: []call.Sound{{Pause: longest}}}, time.Second)
	audio.RemoveTap(t)
	if err != nil && !errors.Is(err, call.ErrTime) {
		return nil, err
	}
	return t.words(), nil
}

// kept is how keeping a take ended, posted to the call.
type kept struct {
	of  *int // tells it from another
	err error
}

// keep waits until a take is kept, while the call goes on hearing of its caller. It is
// kept too when he hangs up meanwhile.
func (r *Room) keep(c *call.Call, unit, by string, take []int16) error {
	of := new(int)
	c.Clock().AfterFunc(0, func() { c.Post(call.Message{Body: kept{of, r.opts.Keep(unit, by, take)}}) }) // in a goroutine of its own
	for until := c.Clock().Now().Add(time.Minute); ; {
		e, err := c.Next(until)
		if err != nil {
			return err
		}
		if m, ok := e.(call.Message); ok {
			if k, ok := m.Body.(kept); ok && k.of == of {
				return k.err
			}
		}
	}
}
