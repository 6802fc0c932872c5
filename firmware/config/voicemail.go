package config

import (
	"fmt"
	"time"
)

// Mailbox is where messages are left for an extension or a queue.
type Mailbox struct {
	// Enabled lets callers leave messages; those of an extension that does not answer
	// are led there.
	Enabled bool `yaml:"enabled,omitempty"`
	// PIN is asked of whoever wants to hear them, 4 to 12 digits. Empty: they are heard
	// at the extension's own phones only, and nobody is asked.
	PIN Secret `yaml:"pin,omitempty"`
}

// Voicemail bounds the mailboxes.
type Voicemail struct {
	MaxLength   Duration `yaml:"max_length"`   // of a message, 10s to 10m
	MaxMessages int      `yaml:"max_messages"` // of a box, 1 to 1000
}

// Mailbox is the box with a number, that of its extension or queue; false if there is none.
func (c *Config) Mailbox(number string) (Mailbox, bool) {
	if e, ok := c.Extension(number); ok {
		return e.Voicemail, e.Voicemail.Enabled
	}
	if q, ok := c.Queue(number); ok {
		return q.Voicemail, q.Voicemail.Enabled
	}
	return Mailbox{}, false
}

// voicemail is checked after the plan has all numbers.
func (v *validator) voicemail() {
	box := &v.cfg.Voicemail
	v.duration("voicemail.max_length", box.MaxLength, 10*time.Second, 10*time.Minute)
	v.count("voicemail.max_messages", box.MaxMessages, 1, 1000)
	for i := range v.cfg.Extensions {
		e := &v.cfg.Extensions[i]
		v.mailbox(fmt.Sprintf("extensions[%d].voicemail", i), e.Number, e.Voicemail)
	}
	for i := range v.cfg.Queues {
		q := &v.cfg.Queues[i]
		v.mailbox(fmt.Sprintf("queues[%d].voicemail", i), q.Number, q.Voicemail)
	}
}

// mailbox checks a box, and that the code to leave a message in it means nothing else.
func (v *validator) mailbox(path, number string, b Mailbox) {
	v.pin(path+".pin", b.PIN)
	to := v.cfg.Features.VoicemailTo
	if !b.Enabled || to == "" {
		return
	}
	if at := v.numbers[to+number]; at != "" {
		v.add("features.voicemail_to", msgTaken, to+number, at)
	} else if f, ok := v.cfg.Feature(to + number); ok && f.Kind != LeaveMessage {
		v.add("features.voicemail_to", msgTaken, to+number, "features."+string(f.Kind))
	}
}
