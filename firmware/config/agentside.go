package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The agent's side of a queue's call: what he is told before it, what he and the caller
// are asked after it.

// AgentWhisper is what an agent who picks up hears before the caller, who keeps the
// music, is put through to him.
type AgentWhisper struct {
	// Parts are said in this order; see WhisperParts. At most 8.
	Parts []string `yaml:"parts,omitempty"`
	// Prompt says the queue's name; empty: its number is read.
	Prompt string `yaml:"prompt,omitempty"`
	// Confirm lets only an agent have the caller who presses 1 within 30 s of picking
	// up: a mailbox that answers for him cannot.
	Confirm bool `yaml:"confirm,omitempty"`
}

// WhisperParts are what a whisper can tell: the queue, how long the caller has waited,
// what he keyed in (the call's value "keyed"), and how many calls of his number came to
// queues today, if it is not the first.
func WhisperParts() []string { return []string{"queue", "wait", "keyed", "today"} }

// Survey asks a caller what he thinks when his agent has hung up. The zero Survey asks
// nothing.
type Survey struct {
	// Prompt is said before the questions; empty: nothing.
	Prompt string `yaml:"prompt,omitempty"`
	// Questions are prompts, each answered by a key from 1 to 5. At most 5.
	Questions []string `yaml:"questions,omitempty"`
	Tries     int      `yaml:"tries,omitempty"`   // of each question, 1 to 5; 0 is 2
	Timeout   Duration `yaml:"timeout,omitempty"` // for an answer, 2s to 30s; 0 is 5s
}

// agentSide checks what a queue's agents and callers are told and asked around a talk.
func (v *validator) agentSide(path string, q *Queue) {
	w := &q.Whisper
	if len(w.Parts) > 8 {
		v.add(path+".whisper.parts", msgTooMany, 8)
	}
	for i, part := range w.Parts {
		if !slices.Contains(WhisperParts(), part) {
			v.add(fmt.Sprintf("%s.whisper.parts[%d]", path, i), msgWhisper, part, strings.Join(WhisperParts(), ", "))
		}
	}
	if w.Prompt != "" {
		v.ident(path+".whisper.prompt", w.Prompt)
	}
	s := &q.Survey
	if s.Prompt != "" {
		v.ident(path+".survey.prompt", s.Prompt)
	}
	if len(s.Questions) > 5 {
		v.add(path+".survey.questions", msgTooMany, 5)
	}
	for i, p := range s.Questions {
		v.ident(fmt.Sprintf("%s.survey.questions[%d]", path, i), p)
	}
	v.count(path+".survey.tries", s.Tries, 0, 5)
	v.durationOrZero(path+".survey.timeout", s.Timeout, 2*time.Second, 30*time.Second)
	if len(q.Dispositions) > 200 {
		v.add(path+".dispositions", msgTooMany, 200)
	}
	for _, code := range slices.Sorted(maps.Keys(q.Dispositions)) {
		at := path + ".dispositions." + code
		if !isCode(code) {
			v.add(at, msgReason, code)
		}
		v.name(at, q.Dispositions[code])
	}
	v.durationOrZero(path+".hold_reminder", q.HoldReminder, 10*time.Second, 10*time.Minute)
	v.durationOrZero(path+".disposition_wait", q.DispositionWait, 5*time.Second, time.Hour)
	if q.DispositionWait > 0 && len(q.Dispositions) == 0 {
		v.add(path+".dispositions", msgMissing)
	}
}

// isCode tells whether something is 1 to 4 digits.
func isCode(s string) bool {
	return s != "" && len(s) <= 4 && strings.Trim(s, "0123456789") == ""
}

// agentCode tells whether digits may follow an agent's code.
func (c *Config) agentCode(kind FeatureKind, digits string) bool {
	if kind == WrapUp {
		n, err := strconv.Atoi(digits)
		return digits == "" || err == nil && isCode(digits) && n >= 1 && n <= 60
	}
	return slices.ContainsFunc(c.Queues, func(q Queue) bool { return q.Dispositions[digits] != "" })
}
