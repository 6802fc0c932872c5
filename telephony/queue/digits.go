package queue

import (
	"cmp"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

const (
	thinks    = 10 * time.Second // a caller who was asked for digits
	between   = 4 * time.Second  // two digits
	questions = 2                // how often he is asked
	// keyedValue is the call's value that becomes of the digits.
	keyedValue = "keyed"
)

// digits is what a caller in line is asked to key in.
type digits struct {
	on    bool // being asked
	tries int
	keyed string
	until time.Time // the next key is awaited; zero: while the question is said
}

// questionAt is when the caller is asked: as soon as nothing else is said, once.
func (v *visit) questionAt() time.Time {
	if v.queue.Collect.Prompt == "" || v.digits.tries > 0 || v.call.Value(keyedValue) != "" {
		return time.Time{}
	}
	return v.joined
}

// ask asks for the digits.
func (v *visit) ask() {
	p := speech.Phrase(v.call.Language(), v.queue.Collect.Prompt)
	if v.digits.tries > 0 {
		p = speech.Sentences(speech.Phrase(v.call.Language(), "menu-invalid"), p)
	}
	v.digits = digits{on: true, tries: v.digits.tries + 1}
	v.voice.began = v.call.Clock().Now()
	v.noteSaid(p)
	v.say(theQuestion, p)
}

// keyed takes a digit. * begins again, # ends.
func (v *visit) keyed(key byte) (to string) {
	if v.voice.saying == theQuestion {
		v.say(nothing, call.Program{}) // he need not hear it out
	}
	d := &v.digits
	switch {
	case key == '#':
		return v.collected()
	case key == '*':
		d.keyed = ""
	case key >= '0' && key <= '9':
		d.keyed += string(key)
	}
	if len(d.keyed) == cmp.Or(v.queue.Collect.Most, 20) {
		return v.collected()
	}
	d.until = v.call.Clock().Now().Add(between)
	return ""
}

// collected looks at what was keyed. Just 0 reaches a person.
func (v *visit) collected() (to string) {
	d := &v.digits
	d.on = false
	switch {
	case d.keyed == "0":
		return v.pressed('0')
	case len(d.keyed) >= cmp.Or(v.queue.Collect.Least, 2):
		v.call.Learn(keyedValue, d.keyed)
	case d.keyed != "" && d.tries < questions:
		v.ask()
	}
	return ""
}
