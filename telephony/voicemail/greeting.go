package voicemail

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Kind is for what a greeting is.
type Kind string

// The kinds, and all of them in the order of their keys.
const (
	NoAnswer Kind = "no-answer" // also in the place of the others
	Busy     Kind = "busy"
	Away     Kind = "away" // nobody can be rung, or the caller asked for the box
)

// Kinds are all kinds of greeting.
var Kinds = []Kind{NoAnswer, Busy, Away}

func kindFor(why call.Cause) Kind {
	switch why {
	case call.Busy, call.Rejected:
		return Busy
	case call.NoAnswer:
		return NoAnswer
	}
	return Away
}

type greeting struct {
	box  string
	kind Kind
}

const (
	greetingPrefix = "greeting-"
	maxGreeting    = time.Minute
)

func (r *Room) greetingFile(g greeting) string {
	return filepath.Join(r.opts.Dir, g.box, greetingPrefix+string(g.kind)+".wav")
}

// greeting is the one of its owner that a box has for an occasion.
func (r *Room) greeting(box string, kind Kind) (greeting, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range []Kind{kind, NoAnswer} {
		if g := (greeting{box, k}); r.greetings[g] {
			return g, true
		}
	}
	return greeting{}, false
}

// standard forgets a greeting of its owner.
func (r *Room) standard(g greeting) {
	r.mu.Lock()
	delete(r.greetings, g)
	r.mu.Unlock()
	r.later(func() {
		if err := os.Remove(r.greetingFile(g)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.tell(err)
		}
	})
}

// greetingsMenu lets the owner of a box record its greetings.
func (s *session) greetingsMenu() error {
	key, err := s.c.Ask(s.phrase("vm-greetings"), between)
	if err != nil {
		return awake(err)
	}
	i := int(key) - '1'
	if i < 0 || i >= len(Kinds) {
		return nil
	}
	g := greeting{s.box, Kinds[i]}
	for {
		key, err := s.c.Ask(s.phrase("vm-greeting"), between)
		switch {
		case err != nil:
			return awake(err)
		case key == '1':
			return s.recordGreeting(g)
		case key == '2':
			return s.hearGreeting(g)
		case key == '3':
			s.standard(g)
			s.note("greeting", string(g.kind)+": the standard one")
			return s.c.PlayUntilKey(s.phrase("vm-done"))
		default:
			return nil
		}
	}
}

func (s *session) hearGreeting(g greeting) error {
	said, done, err := s.greet(s.c, g.box, g.kind)
	defer done()
	if err != nil {
		return err
	}
	return s.c.PlayUntilKey(said)
}

// recordGreeting records into a file aside, which takes the place of the greeting when
// its owner is content. Hanging up leaves everything as it was.
func (s *session) recordGreeting(g greeting) error {
	aside := s.greetingFile(g) + ".new"
	for {
		t, _, err := s.record(s.c, s.phrase("vm-speak"), aside, nil, maxGreeting)
		if t == nil {
			if err == nil {
				err = s.c.Play(s.phrase("vm-unable"))
			}
			return err
		}
		length, spoke := t.end()
		if err != nil {
			return err
		}
		if length < least || !spoke {
			return s.c.PlayUntilKey(s.phrase("vm-short"))
		}
		again, err := s.review(s.c, aside)
		if err != nil {
			return err
		}
		if again {
			continue
		}
		s.later(func() { s.tell(os.Rename(aside, s.greetingFile(g))) })
		s.mu.Lock()
		s.greetings[g] = true
		s.mu.Unlock()
		s.Room.opts.Log.Info("greeting recorded", "box", g.box, "greeting", string(g.kind))
		s.note("greeting", string(g.kind)+", "+length.Round(time.Second).String())
		return s.c.PlayUntilKey(speech.Phrase(s.c.Language(), "vm-done"))
	}
}
