package queue

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// The whisper: an agent who picked up is told who comes while the caller keeps his
// music. For the floor his phone still rings: who hangs up meanwhile has missed the
// offer, and a caller who gives up was not answered.

// whisperFor is how long an agent has to hear a whisper out and to confirm.
const whisperFor = 30 * time.Second

// takeKey takes the caller where the agent is asked, and cuts the whisper short
// where he is not.
const takeKey = '1'

// whisper is one agent being told.
type whisper struct {
	on   bool
	play call.PlayID
}

// waits tells whether an offer ends by itself: the phone rings, or the agent is told.
func (o *offer) waits() bool { return o.leg == nil || o.told.on }

// whisper tells an agent who picked up what his queue wants him to know, or asks the
// floor at once for the caller.
func (v *visit) whisper(o *offer) {
	p := v.about(o.agent)
	if len(p.Sounds) == 0 {
		v.takes(o)
		return
	}
	o.until = v.call.Clock().Now().Add(whisperFor)
	o.told = whisper{on: true, play: o.leg.Audio().Play(p)}
	v.note(call.Step{Type: call.StepWhispered, Agent: o.agent, Leg: o.leg.ID()})
}

// attend looks what an agent who picked up does while he is told, and until the floor
// has answered.
func (v *visit) attend(o *offer, e call.Event) {
	ask := v.queue.Whisper.Confirm
	switch e := e.(type) {
	case call.Ended:
		if e.Leg != o.leg.ID() {
			return
		}
		if o.gone = true; o.told.on {
			v.missed(o, call.Rejected)
		}
	case call.Played:
		if o.told.on && e.Leg == o.leg.ID() && e.ID == o.told.play && !ask {
			v.takes(o)
		}
	case call.Pressed:
		if o.told.on && e.Leg == o.leg.ID() && e.Digit == takeKey {
			v.takes(o)
		}
	}
}

// takes asks the floor for the caller.
func (v *visit) takes(o *offer) {
	if o.told.on {
		o.told.on = false
		o.leg.Audio().Silence()
	}
	v.tell(acd.OfferAnswered{Offer: o.id, Call: v.id, Agent: o.agent})
}

// about is what an agent is told of the caller, in the agent's language.
func (v *visit) about(agent string) call.Program {
	w, lang := &v.queue.Whisper, v.tongue(agent)
	var said []call.Program
	for _, part := range w.Parts {
		switch part {
		case "queue":
			if w.Prompt != "" {
				said = append(said, speech.Phrase(lang, w.Prompt))
			} else {
				said = append(said, speech.Digits(lang, v.queue.Number))
			}
		case "wait":
			said = append(said, speech.Waited(lang, v.call.Clock().Now().Sub(v.joined)))
		case "keyed":
			if keyed := v.call.Value("keyed"); keyed != "" {
				said = append(said, speech.Keyed(lang, keyed))
			}
		case "today":
			if v.today > 1 {
				said = append(said, speech.CallsToday(lang, v.today))
			}
		}
	}
	if w.Confirm {
		said = append(said, speech.Phrase(lang, "whisper-confirm"))
	}
	return speech.Sentences(said...)
}

// tongue is the language in which an agent is told something.
func (v *visit) tongue(agent string) string {
	if e, ok := v.floor.config.Load().Extension(agent); ok && e.Language != "" {
		return string(e.Language)
	}
	return v.call.Language()
}

// maxToday bounds how many numbers are counted in a day.
const maxToday = 10_000

// again counts a number's calls of the day. It belongs to the floor's goroutine.
func (f *Floor) again(number string) int {
	if number == "" || len(f.today) >= maxToday && f.today[number] == 0 {
		return 1
	}
	if f.today == nil {
		f.today = make(map[string]int)
	}
	f.today[number]++
	return f.today[number]
}
