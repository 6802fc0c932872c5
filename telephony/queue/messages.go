package queue

import (
	"cmp"
	"math/rand/v2"
	"time"

	"github.com/pasokh/pasokh/telephony/speech"
)

// messageEvery is how often messages are said where the queue does not say.
const messageEvery = time.Minute

// messages is which messages a caller has heard.
type messages struct {
	said  int       // how many
	last  int       // the index of the last
	ended time.Time // when
}

// messageAt is when the next message is to be said; zero for never.
func (v *visit) messageAt() time.Time {
	m := v.queue.Messages
	every := cmp.Or(m.Every.D(), messageEvery)
	switch {
	case len(m.Prompts) == 0:
		return time.Time{}
	case v.messages.said == 0:
		return v.after(v.joined.Add(cmp.Or(m.After.D(), every)))
	}
	return v.after(v.messages.ended.Add(every))
}

// message says the next message.
func (v *visit) message(now time.Time) {
	m, n := v.queue.Messages, len(v.queue.Messages.Prompts)
	at := v.messages.said % n
	if m.Random {
		if at = rand.N(n); v.messages.said > 0 && n > 1 { // another one than the last
			at = (v.messages.last + 1 + rand.N(n-1)) % n
		}
	}
	p := speech.Phrase(v.call.Language(), m.Prompts[at])
	v.messages = messages{said: v.messages.said + 1, last: at, ended: now}
	v.voice.began = now
	v.noteSaid(p)
	v.say(aMessage, p)
}
