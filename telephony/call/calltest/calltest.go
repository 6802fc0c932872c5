// Package calltest has legs and phones made of nothing but their events, for
// tests of scripts. They model the signalling contract of call.Leg: events come
// in order, Ended comes last and once.
package calltest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
)

// Leg is a party that does what the test says.
type Leg struct {
	Name  string
	Party call.Party
	// AutoAnswer makes an incoming leg confirm Answer by itself, as a line does.
	AutoAnswer bool
	Sound      *Audio

	clock clock.Clock
	out   call.Outbox
	mu    sync.Mutex
	log   []string
	cause call.Cause
	ended bool
}

// NewLeg makes a leg. Its programs take ten milliseconds per prompt.
func NewLeg(name string, c clock.Clock) *Leg {
	l := &Leg{Name: name, Party: call.Party{Number: name}, AutoAnswer: true, clock: c}
	l.Sound = &Audio{leg: l}
	return l
}

// ID is the leg's name.
func (l *Leg) ID() call.LegID { return call.LegID(l.Name) }

// Kind is SIP.
func (l *Leg) Kind() call.Kind { return call.SIP }

// Device is the leg's name as an address.
func (l *Leg) Device() string { return "test:" + l.Name }

// Peer is the party.
func (l *Leg) Peer() call.Party { return l.Party }

// Audio is the leg's recorder of sound commands.
func (l *Leg) Audio() call.Audio { return l.Sound }

// Attach sets the receiver of events.
func (l *Leg) Attach(s call.Sink) { l.out.Attach(s) }

// Alert notes the command.
func (l *Leg) Alert(early bool) { l.note(fmt.Sprintf("alert early=%v", early)) }

// Answer notes the command and confirms it.
func (l *Leg) Answer() {
	l.note("answer")
	if l.AutoAnswer {
		l.Post(call.Answered{Leg: l.ID()})
	}
}

// Hangup ends the leg.
func (l *Leg) Hangup(c call.Cause) { l.note("hangup " + c.String()); l.End(c) }

// End is the far end's hang-up, or the confirmation of ours.
func (l *Leg) End(c call.Cause) {
	l.mu.Lock()
	if l.ended {
		l.mu.Unlock()
		return
	}
	l.ended, l.cause = true, c
	l.mu.Unlock()
	l.Post(call.Ended{Leg: l.ID(), Cause: c})
}

// Ended tells whether and why the leg has ended.
func (l *Leg) Ended() (call.Cause, bool) { l.mu.Lock(); defer l.mu.Unlock(); return l.cause, l.ended }

// Press is a key of the party.
func (l *Leg) Press(digit byte) { l.Post(call.Pressed{Leg: l.ID(), Digit: digit}) }

// Post sends any event as if it came from the leg.
func (l *Leg) Post(e call.Event) { l.out.Post(e) }

// Log is what the leg was told, sound included.
func (l *Leg) Log() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.log...)
}

func (l *Leg) note(s string) { l.mu.Lock(); l.log = append(l.log, s); l.mu.Unlock() }

// PromptTime is how long a prompt of a program lasts here.
const PromptTime = 10 * time.Millisecond

// Audio records what a party was made to hear and ends its programs in time.
type Audio struct {
	leg   *Leg
	mu    sync.Mutex
	plays call.PlayID
	timer clock.Timer
	now   string
	taps  []call.Tap
}

// Now is what the party hears: "silence", "echo", "room", "with NAME", or the
// program's sounds.
func (a *Audio) Now() string { a.mu.Lock(); defer a.mu.Unlock(); return a.now }

func (a *Audio) set(now string) {
	a.mu.Lock()
	if a.timer != nil && a.timer.Stop() {
		id := a.plays
		defer a.leg.Post(call.Played{Leg: a.leg.ID(), ID: id, Cut: true})
	}
	a.timer, a.now = nil, now
	a.mu.Unlock()
	a.leg.note("hears " + now)
}

// Play starts a program.
func (a *Audio) Play(p call.Program) call.PlayID {
	text, ends := "", !p.Loop
	d := time.Duration(0)
	for _, s := range p.Sounds {
		text += " " + s.Prompt + s.Music + s.Tone
		d += PromptTime + s.Pause
		ends = ends && s.Music == "" && s.Tone == ""
	}
	if p.Under != "" {
		text += " " + p.Under
	}
	a.set("program" + text)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.plays++
	id := a.plays
	if ends {
		a.timer = a.leg.clock.AfterFunc(d, func() { a.leg.Post(call.Played{Leg: a.leg.ID(), ID: id}) })
	}
	return id
}

// Connect joins two parties.
func (a *Audio) Connect(other call.Audio) {
	a.set("with " + other.(*Audio).leg.Name)
	other.(*Audio).set("with " + a.leg.Name)
}

// Join enters a room.
func (a *Audio) Join(call.Room) { a.set("room") }

// Echo is the party's own voice.
func (a *Audio) Echo() { a.set("echo") }

// Silence is nothing.
func (a *Audio) Silence() { a.set("silence") }

// Announce notes what is said to the party beside what it hears.
func (a *Audio) Announce(p call.Program) {
	text := ""
	for _, s := range p.Sounds {
		text += " " + s.Prompt
	}
	a.leg.note("announced" + text)
}

// AddTap notes who listens in.
func (a *Audio) AddTap(t call.Tap) { a.mu.Lock(); a.taps = append(a.taps, t); a.mu.Unlock() }

// RemoveTap notes who does not any more.
func (a *Audio) RemoveTap(t call.Tap) {
	a.mu.Lock()
	a.taps = slices.DeleteFunc(a.taps, func(x call.Tap) bool { return x == t })
	a.mu.Unlock()
}

// Taps are those who listen in.
func (a *Audio) Taps() []call.Tap { a.mu.Lock(); defer a.mu.Unlock(); return slices.Clone(a.taps) }

// Phone is an endpoint whose legs the test answers or refuses.
type Phone struct {
	ext   string
	clock clock.Clock
	Rung  chan *Leg // each dialled leg, in order
	mu    sync.Mutex
	n     int
	offer call.Offer
}

// NewPhone makes a phone; its legs do nothing until the test acts on them.
func NewPhone(ext string, c clock.Clock) *Phone {
	return &Phone{ext: ext, clock: c, Rung: make(chan *Leg, 64)}
}

// Name is the phone's address.
func (p *Phone) Name() string { return "test:" + p.ext }

// Dial makes a leg and hands it to the test.
func (p *Phone) Dial(o call.Offer, s call.Sink) call.Leg {
	p.mu.Lock()
	p.n++
	l := NewLeg(fmt.Sprintf("%s-%d", p.ext, p.n), p.clock)
	p.offer = o
	p.mu.Unlock()
	l.Attach(s)
	p.Rung <- l
	return l
}

// Offer is what the last leg was told.
func (p *Phone) Offer() call.Offer { p.mu.Lock(); defer p.mu.Unlock(); return p.offer }

// Journal keeps steps in memory.
type Journal struct {
	mu    sync.Mutex
	steps []call.Step
}

// Note keeps a step.
func (j *Journal) Note(s call.Step) { j.mu.Lock(); j.steps = append(j.steps, s); j.mu.Unlock() }

// Steps are the steps so far.
func (j *Journal) Steps() []call.Step {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]call.Step(nil), j.steps...)
}

// Types are the types of the steps so far.
func (j *Journal) Types() []call.StepType {
	var types []call.StepType
	for _, s := range j.Steps() {
		types = append(types, s.Type)
	}
	return types
}
