package conference

import (
	"math"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// member is a party in a conference. What is guarded by the mutex of Rooms anybody may
// change; the rest is its call's.
type member struct {
	rooms     *Rooms
	room      *room
	call      *call.Call
	leg       call.Leg
	party     call.Party
	moderator bool
	language  string
	since     time.Time

	// Guarded by the mutex of Rooms.
	muted   bool
	talking bool
	out     *call.Step // with which it is put out

	// Its call's.
	hears  string // what waits said when it was placed; "room" in the room
	typed  string // the last keys, not used yet
	volume int    // steps above or below what it is
}

// A step of the volume is 4 dB; there are three each way.
const (
	volumeStep = 4.0
	volumeMost = 3
)

// maxTyped bounds the keys kept of a code: no code is longer.
const maxTyped = 32

// wait is the music for who waits for others.
var wait = call.Sound{Music: "default"}

// stay keeps the call in the conference until its caller leaves, or is put out. It
// returns why that was.
func (m *member) stay() (out *call.Step) {
	for {
		if out = m.place(); out != nil {
			return out
		}
		e, err := m.call.Next(time.Time{})
		if err != nil {
			return nil
		}
		switch e := e.(type) {
		case call.Pressed:
			if e.Leg == m.leg.ID() {
				m.key(e.Digit)
			}
		case call.Message:
			if step, ok := e.Body.(call.Step); ok {
				m.call.Note(step)
			}
		}
		m.call.ForgetTyped()
	}
}

// place lets the member hear the conference, or music while there is none yet. It
// returns why he is put out, if he is.
func (m *member) place() *call.Step {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	if m.out != nil {
		return m.out
	}
	m.call.Hush(m.room.rec.paused) // what is pressed now may be card data
	switch waits := m.room.waits(); {
	case waits == "" && m.hears != "room":
		m.voice()
		m.ear()
		m.hears = "room"
		m.leg.Audio().Join(m.room.sound)
	case waits != "" && m.hears != waits:
		m.hears = waits
		m.leg.Audio().Play(speech.Phrase(m.call.Language(), waits).Then(wait))
	}
	return nil
}

// voice sets how loud the member is heard. The mutex is held.
func (m *member) voice() {
	loud := 1.0
	if m.muted {
		loud = 0
	}
	m.room.sound.Gain(nil, m.leg.Audio(), loud)
}

// ear sets how loud the member hears.
func (m *member) ear() {
	m.room.sound.Gain(m.leg.Audio(), nil, math.Pow(10, float64(m.volume)*volumeStep/20))
}

// say tells the member something beside the conference.
func (m *member) say(key string) { m.leg.Audio().Announce(speech.Phrase(m.call.Language(), key)) }

// key does what a key after * is for:
//
//	*4 how many are here    *6 mute me, or no more    *7 quieter    *9 louder
//
// and of moderators
//
//	*8 lock the door, or open it    *3 put out who came last    *5 mute all others, or
//	nobody any more    *0 end the conference
//
// The codes of recording (*1 and *2, if they are not changed) come first: see keyed.
func (m *member) key(digit byte) {
	m.typed += string(rune(digit))
	m.typed = m.typed[max(0, len(m.typed)-maxTyped):]
	if m.rooms.keyed(m, m.typed) {
		m.typed = ""
		return
	}
	if digit == '*' || !strings.HasSuffix(m.typed[:len(m.typed)-1], "*") {
		return
	}
	switch digit {
	case '4':
		m.leg.Audio().Announce(speech.People(m.call.Language(), m.rooms.Members(m.room.cfg.Number)))
		return
	case '6':
		do, words := Mute, "conference-muted"
		if m.is(func() bool { return m.muted }) {
			do, words = Unmute, "conference-unmuted"
		}
		m.does(do, m.leg.ID())
		m.say(words)
		return
	case '7', '9':
		m.volume = max(min(m.volume+int(digit)-'8', volumeMost), -volumeMost)
		m.ear()
		return
	}
	if !m.moderator {
		return
	}
	switch digit {
	case '8':
		do, words := Lock, "conference-locked"
		if m.is(func() bool { return m.room.locked }) {
			do, words = Unlock, "conference-unlocked"
		}
		m.does(do, "")
		m.say(words)
	case '3':
		if last := m.room.last(m); last != "" {
			m.does(Remove, last)
		}
	case '5':
		do, words := Mute, "conference-muted"
		if m.is(m.room.quiet) {
			do, words = Unmute, "conference-unmuted"
		}
		m.does(do, "")
		m.say(words)
	case '0':
		m.does(End, "")
	}
}

// is asks something with the mutex held.
func (m *member) is(ask func() bool) bool {
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	return ask()
}

func (m *member) does(v Verb, whom call.LegID) {
	_ = m.rooms.Do(Action{Conference: m.room.cfg.Number, Do: v, Member: whom, By: m.party}) // he is there; whom may have left
}
