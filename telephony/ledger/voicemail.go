package ledger

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// voicemail tells what became of a message, or what a mailbox's owner did.
func (s *story) voicemail(step call.Step) {
	box := s.name(step.Number)
	switch step.Value {
	case "left":
		lasts, _, _ := strings.Cut(step.Reason, ",")
		d, _ := time.ParseDuration(lasts)
		s.say(step.At, "vm-left", box, s.span(d))
	case "none", "refused":
		s.say(step.At, "vm-"+step.Value, box, s.noMessage(step.Reason))
	case "passed":
		s.say(step.At, "vm-passed", box, s.name(step.Reason))
	case "called-back":
		s.say(step.At, "vm-called-back", box, s.digits(step.Reason))
	case "heard", "deleted", "greeting":
		s.say(step.At, "vm-"+step.Value, box)
	}
}

// noMessage are the reasons of package voicemail.
func (t tongue) noMessage(reason string) string {
	word, ok := map[string]string{"the box is full": "vm-because-full", "the disk is full": "rec-disk", "nothing was said": "rec-nothing",
		"shorter than a second": "vm-because-short", "hung up before the tone": "vm-because-early",
		"wrong PIN": "vm-because-pin", "too many wrong PINs": "vm-because-shut"}[reason]
	if !ok {
		return reason
	}
	return t.words[word]
}
