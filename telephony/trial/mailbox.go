package trial

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/telephony/voicemail"
)

// mailbox stands for every mailbox: with the standard greeting, and a message that
// nobody keeps.
type mailbox struct{}

func (mailbox) Leave(c *call.Call, box string, _ call.Cause) call.Cause {
	c.Enter("voicemail " + box)
	c.Transferred()
	if c.Answer() != nil || c.Play(voicemail.Standard(c.Language(), box)) != nil || c.Play(speech.Signal("beep")) != nil {
		return call.Normal
	}
	for until := c.Clock().Now().Add(talks); ; {
		if _, err := c.Next(until); err != nil {
			c.Note(call.Step{Type: call.StepVoicemail, Number: box, Value: "left", Reason: talks.String()})
			return call.Normal
		}
	}
}

func (mailbox) Listen(c *call.Call, _ string) (string, call.Cause) {
	if c.Answer() == nil {
		c.Play(speech.NewMessages(c.Language(), 0))
	}
	return "", call.Normal
}
