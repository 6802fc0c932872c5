package voicemail

import (
	"errors"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// patience is how long the disk has to give a sound to somebody who waits for it.
const patience = 5 * time.Second

// Family is that of the names of messages and greetings among prompts.
const Family = "voicemail"

// loaded tells a call that a sound is in the library, or why not.
type loaded struct {
	name string
	err  error
}

// fetch has a sound file put into the library and waits for it. The program is empty if
// it cannot be read; over takes it out of the library again.
func (r *Room) fetch(c *call.Call, path string) (p call.Program, done func(), err error) {
	r.mu.Lock()
	r.sounds++
	name := fmt.Sprintf("%s/%d", Family, r.sounds)
	r.mu.Unlock()
	done = func() { r.later(func() { r.opts.Library.Remove(name) }) }
	r.later(func() { c.Post(call.Message{Body: loaded{name, r.load(path, name)}}) })
	for until := c.Clock().Now().Add(patience); ; {
		e, err := c.Next(until)
		if errors.Is(err, call.ErrTime) {
			r.opts.Log.Error("voice message not loaded in time", "file", path)
			return p, done, nil
		}
		if err != nil {
			return p, done, err
		}
		m, _ := e.(call.Message)
		got, ok := m.Body.(loaded)
		switch {
		case !ok || got.name != name:
		case got.err != nil:
			r.opts.Log.Error("voice message cannot be heard", "err", got.err)
			return p, done, nil
		default:
			return call.Say(name), done, nil
		}
	}
}

// record plays a program and a beep and takes what the caller says then. An error means
// that he has gone; what he said counts all the same.
func (r *Room) record(c *call.Call, before call.Program, path string, note *Message, most time.Duration) (t *take, why ending, err error) {
	if err := c.Play(before); err != nil {
		return nil, "", err
	}
	if err := c.Play(speech.Signal("beep")); err != nil {
		return nil, "", err
	}
	c.ForgetTyped()
	if t = r.begin(c, path, note, most); t == nil {
		return nil, overDisk, nil
	}
	ear := c.Caller().Audio()
	ear.AddTap(t)
	defer ear.RemoveTap(t)
	for {
		e, err := c.Next(time.Time{})
		if err != nil {
			return t, "", err
		}
		switch e := e.(type) {
		case call.Pressed:
			c.ForgetTyped()
			if e.Digit == '#' && e.Leg == c.Caller().ID() {
				return t, overKey, nil
			}
		case call.Message:
			if o, ok := e.Body.(over); ok && o.take == t {
				return t, o.why, nil
			}
		}
	}
}

// Keys after something was recorded.
const (
	keyHear  = '1'
	keyAgain = '2'
	keyKeep  = '3'
)

// between is how long somebody has to choose a key.
const between = 5 * time.Second

// review lets a caller hear what he said. It reports whether he wants to say it again;
// otherwise it is to be kept, which hanging up or pressing nothing does too.
func (r *Room) review(c *call.Call, path string) (again bool, err error) {
	ask := speech.Phrase(c.Language(), "vm-review")
	for range 10 {
		key, err := c.Ask(ask, between)
		switch {
		case errors.Is(err, call.ErrTime), key == keyKeep:
			return false, nil
		case err != nil:
			return false, err
		case key == keyAgain:
			return true, nil
		case key == keyHear:
			sound, done, err := r.fetch(c, path)
			if err == nil {
				err = c.PlayUntilKey(sound)
			}
			done()
			if err != nil {
				return false, err
			}
		}
	}
	return false, nil
}
