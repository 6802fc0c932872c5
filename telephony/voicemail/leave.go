package voicemail

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Leave lets a caller leave a message in a box. why is for what cause nobody could be
// reached; it chooses the greeting. The call is over then.
func (r *Room) Leave(c *call.Call, box string, why call.Cause) call.Cause {
	c.Enter("voicemail " + box)
	c.Transferred()
	if c.Answer() != nil {
		return call.Normal
	}
	if word, reason := r.refuses(box); word != "" {
		c.Note(call.Step{Type: call.StepVoicemail, Number: box, Value: "refused", Reason: reason})
		c.Play(speech.Phrase(c.Language(), word)) // the call ends whether or not he hears it out
		return call.Normal
	}
	greeting, done, err := r.greet(c, box, kindFor(why))
	defer done()
	for again := err == nil; again; {
		now := c.Clock().Now()
		m := &Message{ID: newID(now), Box: box, Call: c.ID(), From: c.From(), Left: now.UTC().Round(0)}
		again = r.take(c, m, greeting)
		greeting = call.Program{}
	}
	return call.Normal
}

// refuses tells why a box takes no message now, in a phrase and in words.
func (r *Room) refuses(box string) (phrase, reason string) {
	most := r.opts.Config().Voicemail.MaxMessages
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(r.boxes[box]) >= most:
		return "vm-full", "the box is full"
	case r.full || len(r.takes) >= maxTakes:
		return "vm-unable", string(overDisk)
	}
	return "", ""
}

// take records one message and keeps it or not. It reports whether the caller wants to
// say it again.
func (r *Room) take(c *call.Call, m *Message, greeting call.Program) (again bool) {
	t, why, err := r.record(c, greeting, r.wav(m), m, r.opts.Config().Voicemail.MaxLength.D())
	if t == nil {
		if err == nil {
			c.Note(call.Step{Type: call.StepVoicemail, Number: m.Box, Value: "refused", Reason: string(overDisk)})
			c.Play(speech.Phrase(c.Language(), "vm-unable"))
		} else {
			c.Note(call.Step{Type: call.StepVoicemail, Number: m.Box, Value: "none", Reason: "hung up before the tone"})
		}
		return false
	}
	length, speech := t.end()
	if length < least || !speech {
		return r.nothing(c, m, length, err)
	}
	if err == nil && why != overStopped {
		if again, err = r.review(c, r.wav(m)); again {
			r.later(func() { r.remove(m) })
			return true
		}
	}
	m.Length = length.Milliseconds()
	r.add(*m)
	c.Note(call.Step{Type: call.StepVoicemail, Number: m.Box, Value: "left", Reason: length.Round(time.Millisecond).String() + ", " + m.ID})
	if err == nil {
		c.Play(kept(c.Language())) // kept whether or not he hears it
	}
	return false
}

func kept(lang string) call.Program {
	return speech.Sentences(speech.Phrase(lang, "vm-kept"), speech.Phrase(lang, "goodbye"))
}

// nothing drops a message in which there is nothing. A caller who is still there may
// try again.
func (r *Room) nothing(c *call.Call, m *Message, length time.Duration, gone error) (again bool) {
	r.later(func() { r.remove(m) })
	reason := "nothing was said"
	if length < least {
		reason = "shorter than a second"
	}
	c.Note(call.Step{Type: call.StepVoicemail, Number: m.Box, Value: "none", Reason: reason})
	if gone != nil {
		return false
	}
	_, err := c.Ask(speech.Phrase(c.Language(), "vm-short"), between)
	return err == nil
}

// greet is what a box says before the beep, in its owner's voice or the box's.
func (r *Room) greet(c *call.Call, box string, kind Kind) (p call.Program, done func(), err error) {
	done = func() {}
	if g, ok := r.greeting(box, kind); ok {
		if p, done, err = r.fetch(c, r.greetingFile(g)); err != nil || len(p.Sounds) > 0 {
			return p, done, err
		}
	}
	return Standard(c.Language(), box), done, nil
}

// Standard is the greeting of a box that has none of its own.
func Standard(lang, box string) call.Program {
	return speech.Sentences(
		speech.Phrase(lang, "vm-extension").Then(speech.Digits(lang, box).Sounds...).Then(speech.Phrase(lang, "vm-away").Sounds...),
		speech.Phrase(lang, "vm-leave"))
}
