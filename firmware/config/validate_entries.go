package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Lengths of a SIP password, in bytes: below goodSecret it is weak and the box
// says so, below minSecret it is refused. The floor is for keypads and for what
// installers bring along, where every guess costs a round trip with a fresh
// nonce; the box makes longer ones by itself.
const (
	goodSecret = 8
	minSecret  = 6
)

// Weak are the extensions whose password is easily guessed: a short one, or the
// number itself.
func (c *Config) Weak() (numbers []string) {
	for _, e := range c.Extensions {
		if e.Secret != "" && (len(e.Secret) < goodSecret || string(e.Secret) == e.Number) {
			numbers = append(numbers, e.Number)
		}
	}
	return numbers
}

func (v *validator) extension(path string, e *Extension) {
	v.name(path+".name", e.Name)
	v.language(path+".language", e.Language)
	if e.Group != "" {
		v.ident(path+".group", e.Group)
	}
	v.secret(path+".secret", e.Secret)
	if e.Port != "" {
		v.port(path, e.Port)
	}
	if e.OutsideNumber != "" && !isOutside(e.OutsideNumber) {
		v.add(path+".outside_number", msgOutside, e.OutsideNumber)
	}
	v.duration(path+".ring_for", e.RingFor, 5*time.Second, 10*time.Minute)
	v.sources(path+".sources", e.Sources)
	v.srtp(path+".srtp", e.SRTP)
	v.dtmf(path+".dtmf", e.DTMF)
	v.record(path, e.Record)
}

func (v *validator) secret(path string, s Secret) {
	switch {
	case s == "":
	case s == masked:
		v.add(path, msgNothingStore)
	case len(s) < minSecret:
		v.add(path, msgShort, minSecret)
	case len(s) > 128:
		v.add(path, msgLength, 128)
	case strings.ContainsFunc(string(s), unicode.IsControl):
		v.add(path, msgControl)
	}
}

// pin checks a secret that is keyed in; it may be empty.
func (v *validator) pin(path string, s Secret) {
	switch {
	case s == "":
	case s == masked:
		v.add(path, msgNothingStore)
	case len(s) < 4 || len(s) > 12 || strings.Trim(string(s), "0123456789") != "":
		v.add(path, msgPIN)
	}
}

func (v *validator) line(path string, l *Line) {
	v.port(path, l.Port)
	v.name(path+".name", l.Name)
	v.language(path+".language", l.Language)
	v.reaches(path+".destination", l.Destination)
	v.night(path+".night", l.Night, l.Destination)
	v.count(path+".answer_after", l.AnswerAfter, 1, 10)
	v.record(path, l.Record)
}

func (v *validator) menu(path string, m *Menu) {
	v.name(path+".name", m.Name)
	if len(m.Greeting) == 0 {
		v.add(path+".greeting", msgMissing)
	}
	for i, prompt := range m.Greeting {
		v.ident(fmt.Sprintf("%s.greeting[%d]", path, i), prompt)
	}
	for _, key := range slices.Sorted(maps.Keys(m.Keys)) {
		at := path + ".keys." + key
		if len(key) != 1 || !isKey(rune(key[0])) {
			v.add(at, msgKey, key)
		}
		v.reaches(at, m.Keys[key])
	}
	v.duration(path+".timeout", m.Timeout, time.Second, time.Minute)
	v.count(path+".tries", m.Tries, 1, 10)
	if m.Otherwise == "" {
		v.add(path+".otherwise", msgMissing)
	}
	v.leavesFor(path+".otherwise", m.Otherwise, m.Number)
	v.night(path+".night", m.Night, m.Number)
}

func (v *validator) queue(path string, q *Queue) {
	v.name(path+".name", q.Name)
	v.language(path+".language", q.Language)
	v.distribution(path, q)
	v.inLine(path, q)
	v.agentSide(path, q)
	v.ident(path+".music", q.Music)
	v.duration(path+".ring_for", q.RingFor, 5*time.Second, 5*time.Minute)
	v.durationOrZero(path+".wrap_up", q.WrapUp, time.Second, time.Hour)
	v.durationOrZero(path+".announce_every", q.AnnounceEvery, 10*time.Second, time.Hour)
	v.count(path+".max_callers", q.MaxCallers, 0, 1000)
	v.durationOrZero(path+".max_wait", q.MaxWait, 10*time.Second, 24*time.Hour)
	v.leavesFor(path+".otherwise", q.Otherwise, q.Number)
	v.leavesFor(path+".operator", q.Operator, q.Number)
	v.night(path+".night", q.Night, q.Number)
	v.record(path, q.Record)
}

// reaches checks that a number leads somewhere.
func (v *validator) reaches(path, number string) {
	if number == "" {
		v.add(path, msgMissing)
	} else if f, ok := v.cfg.Feature(number); ok && f.Kind == LeaveMessage {
		return
	} else if _, ok := v.numbers[number]; !ok || v.keys[number] {
		v.add(path, msgNoNumber, number)
	}
}

// leavesFor checks where callers go whom a menu or queue gives up on, if anywhere.
func (v *validator) leavesFor(path, number, self string) {
	switch number {
	case "":
	case self:
		v.add(path, msgItself)
	default:
		v.reaches(path, number)
	}
}

// port checks the name of an analog port and that nobody else has it.
func (v *validator) port(path, port string) {
	v.ident(path+".port", port)
	if taken, ok := v.ports[port]; ok {
		v.add(path+".port", msgTaken, port, taken)
		return
	}
	v.ports[port] = path
}
