package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Announce is what a queue tells its callers of their place and their wait. Callers hear
// it on joining or after First, then every announce_every, and sooner when their place
// got better; never twice within 15 s.
type Announce struct {
	Position AnnouncePosition `yaml:"position,omitempty"` // empty: always
	Limit    int              `yaml:"limit,omitempty"`    // of up-to and more-than, 1 to 1000
	// Wait is whether the wait is said ("less than five minutes") where it is known well
	// enough; the first in line is told that he is next instead. Empty: always.
	Wait AnnounceWait `yaml:"wait,omitempty"`
	// First is when it is said first, after joining. 0: on joining, to 1h.
	First Duration `yaml:"first,omitempty"`
	// Improved repeats nothing while the place is the same.
	Improved bool `yaml:"improved,omitempty"`
}

// AnnouncePosition is to whom the position is said.
type AnnouncePosition string

// The positions that are said.
const (
	PositionAlways   AnnouncePosition = "always"
	PositionNever    AnnouncePosition = "never"
	PositionUpTo     AnnouncePosition = "up-to"     // to the first Limit in line
	PositionMoreThan AnnouncePosition = "more-than" // and who is behind them hears "more than five are before you"
)

// AnnounceWait is how often the wait is said.
type AnnounceWait string

// The ways to say it.
const (
	WaitAlways AnnounceWait = "always"
	WaitOnce   AnnounceWait = "once"
	WaitNever  AnnounceWait = "never"
)

// Messages are said to a queue's callers from time to time.
type Messages struct {
	Prompts []string `yaml:"prompts,omitempty"` // at most 10
	Random  bool     `yaml:"random,omitempty"`  // another one each time; otherwise in order
	// Every is from the end of one to the next, 10s to 1h; 0 is 1m. After is before the
	// first, 0 to 1h; 0 is Every.
	Every Duration `yaml:"every,omitempty"`
	After Duration `yaml:"after,omitempty"`
}

// Collect asks a queue's callers to key in something, such as their customer number. The
// agent is told it, as the call's value "keyed". Who keys only 0 reaches a person.
type Collect struct {
	Prompt string `yaml:"prompt,omitempty"` // empty: nobody is asked
	Least  int    `yaml:"least,omitempty"`  // digits, 2 to 20; 0 is 2
	Most   int    `yaml:"most,omitempty"`   // 2 to 20; 0 is 20
}

// What a key in line can do beside leading to a number.
const (
	KeySilence  = "silence"  // no music, but a short beep each minute
	KeyMusic    = "music"    // again
	KeyPosition = "position" // is said at once
	KeyCallback = "callback" // asks to be called back
	KeyNothing  = "nothing"
)

// KeyWords are what keys in line can do beside leading to a number.
func KeyWords() []string { return []string{KeySilence, KeyMusic, KeyPosition, KeyCallback, KeyNothing} }

// KeyDoes is what a key pressed in line does: one of KeyWords, or a number to go to.
// Key 0 reaches a person, * is silence and # music unless the queue says otherwise.
func (q *Queue) KeyDoes(key byte) string {
	if does := q.Keys[string(key)]; does != "" {
		return does
	}
	switch {
	case string(key) == q.Callback.Key:
		return KeyCallback
	case key == '*':
		return KeySilence
	case key == '#':
		return KeyMusic
	case key == '0' && q.Operator != "":
		return q.Operator
	case key == '0' && q.Otherwise != "":
		return q.Otherwise
	}
	return KeyNothing
}

// QueuePrompts are the sentences of a queue that can be replaced by others.
func QueuePrompts() []string {
	return []string{"welcome", "queue-joined", "queue-kept", "queue-next", "thanks", "queue-full", "queue-timeout", "no-agents"}
}

// NoPrompt in the place of a sentence leaves it out.
const NoPrompt = "none"

// Prompt is what a queue says in the place of a sentence; "" is nothing. There is no
// welcome unless the queue has one.
func (q *Queue) Prompt(key string) string {
	switch own := q.Prompts[key]; {
	case own == NoPrompt, own == "" && key == "welcome":
		return ""
	case own != "":
		return own
	}
	return key
}

// inLine checks what callers hear and can do while they wait.
func (v *validator) inLine(path string, q *Queue) {
	a := q.Announce
	if !slices.Contains([]AnnouncePosition{"", PositionAlways, PositionNever, PositionUpTo, PositionMoreThan}, a.Position) {
		v.add(path+".announce.position", msgAnnounce, a.Position)
	}
	if a.Position == PositionUpTo || a.Position == PositionMoreThan {
		v.count(path+".announce.limit", a.Limit, 1, 1000)
	} else {
		v.count(path+".announce.limit", a.Limit, 0, 1000)
	}
	if !slices.Contains([]AnnounceWait{"", WaitAlways, WaitOnce, WaitNever}, a.Wait) {
		v.add(path+".announce.wait", msgAnnounceWait, a.Wait)
	}
	v.durationOrZero(path+".announce.first", a.First, time.Second, time.Hour)
	v.count(path+".messages.prompts", len(q.Messages.Prompts), 0, 10)
	for i, prompt := range q.Messages.Prompts {
		v.ident(fmt.Sprintf("%s.messages.prompts[%d]", path, i), prompt)
	}
	v.durationOrZero(path+".messages.every", q.Messages.Every, 10*time.Second, time.Hour)
	v.durationOrZero(path+".messages.after", q.Messages.After, time.Second, time.Hour)
	if q.Collect.Prompt != "" {
		v.ident(path+".collect.prompt", q.Collect.Prompt)
	}
	v.digits(path+".collect.least", q.Collect.Least, 2)
	v.digits(path+".collect.most", q.Collect.Most, max(q.Collect.Least, 2))
	for _, key := range slices.Sorted(maps.Keys(q.Keys)) {
		at, does := path+".keys."+key, q.Keys[key]
		if len(key) != 1 || !isKey(rune(key[0])) {
			v.add(at, msgKey, key)
		}
		if does == "" || !slices.Contains(KeyWords(), does) {
			v.leads(at, does, q.Number)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(q.Prompts)) {
		at := path + ".prompts." + key
		if !slices.Contains(QueuePrompts(), key) {
			v.add(at, msgQueuePrompt, key, strings.Join(QueuePrompts(), ", "))
		}
		v.ident(at, q.Prompts[key])
	}
}

// leads checks where a key leads.
func (v *validator) leads(path, number, self string) {
	if number == "" {
		v.add(path, msgMissing)
		return
	}
	v.leavesFor(path, number, self)
}

// digits checks how many digits are asked for; 0 says nothing.
func (v *validator) digits(path string, n, least int) {
	if n != 0 {
		v.count(path, n, least, 20)
	}
}
