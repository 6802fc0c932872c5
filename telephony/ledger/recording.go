package ledger

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// recording tells what became of a recording of the call.
func (s *story) recording(step call.Step) {
	by := step.Party.Number
	switch step.Value {
	case "began":
		if by == "" {
			s.say(step.At, "rec-began")
			return
		}
		s.say(step.At, "rec-began-by", s.name(by))
	case "stopped", "paused", "resumed":
		s.say(step.At, "rec-"+step.Value, s.name(by))
	case "kept":
		lasts, _, _ := strings.Cut(step.Reason, ",")
		d, _ := time.ParseDuration(lasts)
		s.say(step.At, "rec-kept", s.span(d))
	case "cut", "lost":
		s.say(step.At, "rec-"+step.Value, s.noRecording(step.Reason))
	}
}

// noRecording are the reasons of package record.
func (t tongue) noRecording(reason string) string {
	word, ok := map[string]string{"the disk is full": "rec-disk", "too many recordings go on": "rec-many",
		"the box stopped": "rec-stop", "write error": "rec-write", "longer than a file can be": "rec-long", "": "rec-nothing"}[reason]
	if !ok {
		return reason
	}
	return t.words[word]
}
