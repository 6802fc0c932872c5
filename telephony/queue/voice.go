package queue

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

const (
	// announceGap is the least time between the beginnings of two announcements.
	announceGap = 15 * time.Second
	// beepEvery tells a caller who wants silence that he is still there.
	beepEvery = time.Minute
)

// voice is what a caller in line hears: music, a ring tone or silence, and what is said
// over it. Whatever is said lowers the music, which goes on from where it was.
type voice struct {
	quiet  bool        // no music and nothing said: the caller wants it so
	playID call.PlayID // of what was said last
	saying saying      // while it goes on
	began  time.Time   // what was said last by itself
	beeped time.Time
}

// saying is what kind of thing is being said.
type saying uint8

const (
	nothing saying = iota
	thePlace
	aMessage
	theQuestion
	theWish
)

// say lets the caller hear something over what he hears else.
func (v *visit) say(what saying, p call.Program) {
	if !v.voice.quiet && !v.queue.RingTone {
		p.Under = v.queue.Music
	}
	if v.voice.saying = what; len(p.Sounds) == 0 {
		v.voice.saying = nothing
	}
	if v.voice.saying == nothing && p.Under == "" {
		v.rest()
		return
	}
	v.voice.playID = v.call.Caller().Audio().Play(p)
}

// rest is what is heard where no music is, and nothing said.
func (v *visit) rest() {
	a := v.call.Caller().Audio()
	if v.queue.RingTone && !v.voice.quiet {
		a.Play(call.Program{Sounds: []call.Sound{{Tone: "ringback"}}})
		return
	}
	a.Silence()
}

// spoken takes in that something was said to its end.
func (v *visit) spoken(e call.Played) {
	if e.Leg != v.call.Caller().ID() || e.ID != v.voice.playID || v.voice.saying == nothing {
		return
	}
	switch v.voice.saying {
	case aMessage:
		v.messages.ended = v.call.Clock().Now()
	case theQuestion:
		v.digits.until = v.call.Clock().Now().Add(thinks)
	case theWish:
		v.wish.until = v.call.Clock().Now().Add(thinks)
	}
	v.voice.saying = nothing
	if v.queue.RingTone && !v.voice.quiet {
		v.rest()
	}
}

// hush is silence with a beep each minute, or music again.
func (v *visit) hush(on bool) {
	v.voice.quiet, v.voice.beeped = on, v.call.Clock().Now()
	v.say(nothing, call.Program{})
}

// next is when something is to be said; zero for never.
func (v *visit) next() time.Time {
	switch {
	case v.position == 0 || v.told.asking:
		return time.Time{}
	case v.digits.on:
		return v.digits.until
	case v.wish.stage != noWish:
		return v.wish.until
	case v.voice.saying != nothing:
		return time.Time{} // its end is heard of
	case v.voice.quiet:
		return v.voice.beeped.Add(beepEvery)
	}
	return sooner(sooner(v.questionAt(), v.offerAt()), sooner(v.placeAt(), v.messageAt()))
}

// sooner is the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// speak says what the time has come for. It returns where the call goes on, or "".
func (v *visit) speak(now time.Time) (to string) {
	due := func(at time.Time) bool { return !at.IsZero() && !now.Before(at) }
	switch {
	case !due(v.next()):
	case v.digits.on:
		return v.collected()
	case v.wish.stage != noWish:
		v.wishLate()
	case v.voice.quiet:
		v.voice.beeped = now
		v.call.Caller().Audio().Play(speech.Signal("beep"))
	case due(v.questionAt()):
		v.ask()
	case due(v.offerAt()):
		v.offerCallback()
	case due(v.placeAt()):
		v.askPlace()
	default:
		v.message(now)
	}
	return ""
}

// after is a time, or when the gap to what was said last is over.
func (v *visit) after(at time.Time) time.Time {
	if gap := v.voice.began.Add(announceGap); gap.After(at) {
		return gap
	}
	return at
}

// phrase is what this queue says in the place of a sentence.
func (v *visit) phrase(key string) call.Program {
	own := v.queue.Prompt(key)
	if own == "" {
		return call.Program{}
	}
	return speech.Phrase(v.call.Language(), own)
}

// tellAll says a sentence to its end.
func (v *visit) tellAll(key string) error {
	p := v.phrase(key)
	if len(p.Sounds) == 0 {
		return nil
	}
	return v.call.Play(p)
}

// noteSaid writes down what was said beside the position.
func (v *visit) noteSaid(p call.Program) {
	var said []string
	for _, s := range p.Sounds {
		if s.Prompt != "" {
			said = append(said, s.Prompt)
		}
	}
	if len(said) > 0 {
		v.note(call.Step{Type: call.StepSaid, Value: strings.Join(said, " ")})
	}
}
