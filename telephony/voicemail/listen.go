package voicemail

import (
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// session is somebody at a phone who hears the messages of a box.
type session struct {
	*Room
	c       *call.Call
	box     string
	own     bool            // from the box's own phone
	deleted map[string]bool // at its end
}

// Listen lets a caller hear the messages of a box; of one that he names with "". own: he
// calls from its own phone, and needs no PIN if it has none. next is a number that he
// wants to be connected with, whoever left the message.
func (r *Room) Listen(c *call.Call, box string) (next string, cause call.Cause) {
	c.Enter("voicemail")
	if c.Answer() != nil {
		return "", call.Normal
	}
	s := &session{Room: r, c: c, box: box, own: box != "", deleted: make(map[string]bool)}
	if !s.enter() {
		return "", call.Normal
	}
	defer s.apply()
	next, err := s.messages()
	if err == nil && next == "" {
		c.Play(s.phrase("vm-goodbye")) // the call ends whether or not he hears it out
	}
	return next, call.Normal
}

func (s *session) phrase(key string) call.Program { return speech.Phrase(s.c.Language(), key) }

func (s *session) note(value, reason string) {
	s.c.Note(call.Step{Type: call.StepVoicemail, Number: s.box, Value: value, Reason: reason})
}

// enter asks for the box and its PIN.
func (s *session) enter() bool {
	s.c.Hush(true)
	defer s.c.Hush(false)
	said := call.Program{}
	for range 3 {
		if !s.own {
			var err error
			if s.box, err = s.c.Digits(speech.Sentences(said, s.phrase("vm-box")), 20, between); err != nil {
				return false
			}
		}
		b, ok := s.opts.Config().Mailbox(s.box)
		if ok && s.own && b.PIN == "" {
			return true
		}
		if s.shut(s.box, s.own) {
			s.note("refused", "too many wrong PINs")
			s.c.Play(s.phrase("vm-shut"))
			return false
		}
		keyed, err := s.c.Digits(s.phrase("vm-pin"), 12, between)
		if err != nil && !errors.Is(err, call.ErrTime) {
			return false
		}
		if s.opens(b, ok, keyed) {
			return true
		}
		said = s.phrase("conference-pin-wrong")
		if s.own {
			s.c.PlayUntilKey(said) // who has gone is noticed at the next question
		}
	}
	s.note("refused", "wrong PIN")
	s.c.Play(s.phrase("conference-pin-wrong"))
	return false
}

// opens compares a PIN in constant time; a box without one is opened at its own phone
// only. That a box does not exist is not told.
func (s *session) opens(b config.Mailbox, known bool, keyed string) bool {
	pin := b.PIN.Reveal() // to be compared
	right := known && pin != "" && subtle.ConstantTimeCompare([]byte(pin), []byte(keyed)) == 1
	if known {
		s.guessed(s.box, s.own, right)
	}
	return right
}

// list is what there is to hear: new messages first, then old ones, oldest first.
func (s *session) list() []Message {
	all := s.List(s.box)
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b Message) int {
		switch {
		case a.Heard == b.Heard:
			return 0
		case b.Heard:
			return -1
		}
		return 1
	})
	return all
}

// messages goes through a box until its caller has had enough, or wants to be connected.
func (s *session) messages() (next string, err error) {
	list := s.list()
	lang := s.c.Language()
	n := s.Count(s.box)
	said := speech.Sentences(speech.NewMessages(lang, n.New), speech.OldMessages(lang, n.Old))
	at, idle, play := 0, 0, true
	for idle < 3 {
		var m *Message
		if at < len(list) {
			m = &list[at]
		}
		var key byte
		switch {
		case m == nil:
			key, err = s.ask(speech.Sentences(said, s.phrase("vm-end")))
		case play:
			if key, err = s.message(said, at, m); err == nil && key == 0 { // what can he do
				key, err = s.ask(s.phrase("vm-keys"))
			}
		default:
			key, err = s.ask(said)
		}
		if err != nil {
			return "", err
		}
		idle++
		if key != 0 {
			idle = 0
		}
		said, play = call.Program{}, false
		switch {
		case key == '9':
			err = s.greetingsMenu()
		case key == '0':
			said = s.phrase("vm-keys")
		case key == '#' || key == '*':
			return "", nil
		case m == nil && key == '1':
			at, play = 0, true
		case m == nil:
		case key == 0, key == '2':
			at, play = at+1, true
		case key == '1':
			play = true
		case key == '3':
			said = s.turnDeleted(m)
		case key == '4' && m.From.Number != "":
			s.note("called-back", m.From.Number)
			return m.From.Number, nil
		case key == '4':
			said = s.phrase("unknown-number")
		case key == '5':
			said, err = s.pass(m)
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}

// ask awaits a key, 0 if there is none in time.
func (s *session) ask(p call.Program) (key byte, err error) {
	key, err = s.c.Ask(p, between)
	return key, awake(err)
}

// awake leaves out that nobody pressed a key in time.
func awake(err error) error {
	if errors.Is(err, call.ErrTime) {
		return nil
	}
	return err
}

// message lets the caller hear one message, until he presses a key.
func (s *session) message(before call.Program, at int, m *Message) (key byte, err error) {
	path, _, err := s.File(m.Box, m.ID)
	if err != nil { // deleted at the page meanwhile
		return s.ask(s.phrase("vm-deleted"))
	}
	sound, done, err := s.fetch(s.c, path)
	defer done()
	if err != nil {
		return 0, err
	}
	lang := s.c.Language()
	if len(sound.Sounds) == 0 {
		sound = s.phrase("sorry-technical")
	}
	who := call.Program{}
	if m.From.Number != "" {
		who = s.phrase("vm-from").Then(speech.Telephone(lang, m.From.Number).Sounds...)
	}
	key, err = s.ask(speech.Sentences(before, s.phrase("vm-message").Then(call.Say(speech.Number(lang, at+1)...).Sounds...), who, s.when(m.Left), sound))
	if err == nil && !m.Heard {
		m.Heard = true
		if s.Mark(m.Box, m.ID, true) == nil {
			s.note("heard", m.ID)
		}
	}
	return key, err
}

// when is the time of day of a message, and the day unless it is today.
func (s *session) when(left time.Time) call.Program {
	zone, err := time.LoadLocation(s.opts.Config().System.TimeZone)
	if err != nil {
		zone = time.UTC // the configuration is not checked again here
	}
	lang, now := s.c.Language(), s.opts.Clock.Now().In(zone)
	left = left.In(zone)
	clock := call.Say(speech.Clock(lang, left.Hour(), left.Minute())...)
	if left.YearDay() == now.YearDay() && left.Year() == now.Year() {
		return clock
	}
	return speech.Sentences(speech.Day(lang, left), clock)
}

// turnDeleted deletes a message when the session is over, or does not after all.
func (s *session) turnDeleted(m *Message) call.Program {
	s.deleted[m.ID] = !s.deleted[m.ID]
	if s.deleted[m.ID] {
		return s.phrase("vm-deleted")
	}
	return s.phrase("vm-restored")
}

func (s *session) apply() {
	for id, is := range s.deleted {
		if is && s.Delete(s.box, id, s.c.From().String()) == nil {
			s.note("deleted", id)
		}
	}
}

// pass gives a copy of a message to another box.
func (s *session) pass(m *Message) (said call.Program, err error) {
	to, err := s.c.Digits(s.phrase("vm-pass"), 20, between)
	switch _, ok := s.opts.Config().Mailbox(to); {
	case errors.Is(err, call.ErrTime):
		return said, nil
	case err != nil:
		return said, err
	case !ok:
		return s.phrase("vm-no-box"), nil
	}
	if word, _ := s.refuses(to); word != "" {
		return s.phrase(word), nil
	}
	path, from, err := s.File(m.Box, m.ID)
	if err != nil {
		return s.phrase("vm-deleted"), nil
	}
	twin := from
	twin.ID, twin.Box, twin.Heard, twin.By = newID(s.opts.Clock.Now()), to, false, s.box
	s.later(func() {
		if err := s.copyTo(path, &twin); err != nil {
			s.tell(err)
			return
		}
		s.add(twin)
	})
	s.note("passed", to)
	return s.phrase("vm-passed"), nil
}
