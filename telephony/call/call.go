package call

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// Errors that end a step of a script.
var (
	// ErrGone: the caller's leg has ended. A script returns as soon as it sees it.
	ErrGone = errors.New("caller has gone")
	// ErrTime: the time given to the step is over.
	ErrTime = errors.New("time is over")
)

// Script is what a call does, from arrival to the cause with which its caller is
// released. It runs in the call's goroutine and may use every method of Call.
type Script func(*Call) Cause

// Options are what a call needs from the house.
type Options struct {
	Clock   clock.Clock
	Journal Journal
	Log     *slog.Logger
	// NewRoom makes the mix of a talk that somebody listens in on.
	NewRoom func() Room
	// Recorder keeps what is said; nil: nobody does.
	Recorder Recorder
	// Help is told of the last keys of each party of a talk. It reports whether they were
	// a call for help, which it sees to. It does not block; nil: there is none.
	Help func(c *Call, by Leg, keys string) bool
	// Changed is called, from the call's goroutine, whenever Snapshot changed.
	Changed func()
}

// Call brings a caller and others together. It is one goroutine (Run) with a
// mailbox (Post); only Post, ID and Snapshot may be used from elsewhere.
type Call struct {
	id      ID
	arrival Arrival
	opts    Options
	log     *slog.Logger
	mail    mailbox
	view    atomic.Pointer[Snapshot]

	// Touched by Run's goroutine only.
	caller     *member
	members    map[LegID]*member
	diversions []Diversion // that led here
	typed      []byte      // keys pressed and not yet used by a step
	language   string
	stage      string
	started    time.Time
	from       Party
	origin     Origin
	other      LegID       // that the caller talks with; "" while no Talk is going on
	moving     *transfer   // a Talk ended in it, and its outcome is open
	moved      Redirected  // what the phones rung last said
	spare      []diversion // that may still be followed
	lent       *Origin     // the rights of who diverted the call
	owed       Sink        // a call that is told when this one is over
	hushed     bool        // keys stay out of the journal
	values     map[string]string
	awaits     bool   // somebody may join the caller
	ears       []*ear // who listen in
	room       Room   // of the talk that they listen in on
	rec        recording
	onHold     bool // the party that ended last had the caller on hold
	soothe     soothing
}

type legState uint8

const (
	legNew legState = iota
	legRinging
	legUp
	legEnded
)

// member is a leg and what this call knows of it.
type member struct {
	leg   Leg
	agent string // agent or extension rung, when this leg was rung
	state legState
	cause Cause
	held  bool
	// secure: its sound is encrypted.
	secure bool
	mos    float64 // of its sound, 0 while it is not known
	given  bool    // we hung it up; an answer that crosses is void
	hunt   *Hunt   // that rang it
	// replaces is whose place it is to take once it is up.
	replaces *member
	dialog   Dialog // of a phone that rings
	joins    bool   // is about to talk with the caller
	farewell farewell
	since    time.Time
}

// NewID is a fresh call identifier: time for people, randomness for uniqueness.
func NewID(now time.Time) ID {
	var salt [4]byte
	if _, err := rand.Read(salt[:]); err != nil {
		panic(err) // crypto/rand does not fail on a supported kernel
	}
	return ID(now.UTC().Format("20060102-150405-") + hex.EncodeToString(salt[:]))
}

// New makes the call of an arrived leg and attaches the leg to it. Nothing
// happens before Run.
func New(a Arrival, o Options) *Call {
	now := o.Clock.Now()
	c := &Call{
		id: NewID(now), arrival: a, opts: o, started: now,
		members:  make(map[LegID]*member),
		language: a.Language, from: a.From, origin: a.Origin,
		stage: "arrived", diversions: a.Diversions,
	}
	c.log = o.Log.With("call", c.id)
	c.mail.waiter = o.Clock.NewWaiter()
	c.caller = &member{leg: a.Leg, since: now}
	c.members[a.Leg.ID()] = c.caller
	a.Leg.Attach(c)
	c.changed()
	return c
}

// ID is the call's name.
func (c *Call) ID() ID { return c.id }

// Post puts an event into the call's mailbox. Safe from any goroutine; events of
// one poster keep their order.
func (c *Call) Post(e Event) {
	if !c.mail.post(e) {
		c.tooLate(e)
	}
}

// Release asks the call to end: its caller is hung up with the cause.
type Release struct{ Cause Cause }

func (Release) event() {}

// Run runs the script and ends every leg. It returns when all legs have ended,
// or have failed to within drainTime.
func (c *Call) Run(script Script) {
	c.note(Step{Type: StepArrived, Leg: c.caller.leg.ID(), Device: c.caller.leg.Device(),
		Party: c.arrival.From, Number: c.arrival.To, Origin: c.arrival.Origin, Value: c.begun()})
	for _, d := range c.diversions {
		c.note(Step{Type: StepDiverted, Party: d.By, Reason: d.Reason})
	}
	defer c.mail.waiter.Close()
	cause := c.guard(script)
	c.stopRecording("")
	c.drain(cause)
	if c.caller.cause != CauseNone {
		cause = c.caller.cause
	}
	for _, e := range c.mail.close() {
		c.tooLate(e)
	}
	if c.owed != nil {
		c.owed.Post(Yielded{From: c.id})
	}
	c.stage = "ended"
	c.note(Step{Type: StepEnded, Cause: cause.String()})
}

// guard runs the script; a panic in it ends the call and not the box.
func (c *Call) guard(script Script) (cause Cause) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("call script panicked", "panic", p, "stack", string(debug.Stack()))
			cause = InternalError
		}
	}()
	return script(c)
}

// drainTime is how long Run waits for legs to confirm their end. Longer than
// SIP's transaction time-out (64*T1 = 32 s) is not needed: a leg that answers
// nobody reports Ended by itself at once.
const drainTime = 2 * time.Second

func (c *Call) drain(cause Cause) {
	if t := c.moving; t != nil {
		c.moving = nil
		t.report(Cancelled)
	}
	for _, m := range c.members {
		if m.state != legEnded {
			m.leg.Audio().Silence()
			m.leg.Hangup(cause)
		}
	}
	for _, x := range slices.Clone(c.ears) {
		c.dismiss(x, cause)
	}
	deadline := c.opts.Clock.Now().Add(drainTime)
	for c.alive() > 0 {
		e, ok := c.mail.take(deadline)
		if !ok {
			c.log.Error("leg did not end in time", "left", c.alive())
			return
		}
		c.observe(e)
	}
}

func (c *Call) alive() (n int) {
	for _, m := range c.members {
		if m.state != legEnded {
			n++
		}
	}
	return n + len(c.ears)
}

// Next waits for the next event. It returns ErrGone once the caller's leg has
// ended and ErrTime at until; a zero until means no limit.
func (c *Call) Next(until time.Time) (Event, error) {
	if c.caller.state == legEnded {
		return nil, ErrGone
	}
	e, ok := c.mail.take(until)
	if !ok {
		return nil, ErrTime
	}
	c.observe(e)
	if c.caller.state == legEnded {
		return e, ErrGone
	}
	return e, nil
}

// observe keeps the call's own picture of its legs and writes the journal.
func (c *Call) observe(e Event) {
	if c.overhear(e) {
		return
	}
	switch e := e.(type) {
	case Ringing:
		if m := c.members[e.Leg]; m != nil && m.state == legNew {
			m.state, m.dialog = legRinging, e.Dialog
			c.note(Step{Type: StepRinging, Leg: e.Leg, Device: m.leg.Device(), Agent: m.agent})
		}
	case Answered:
		if m := c.members[e.Leg]; m != nil && m.state < legUp && !m.given {
			m.state = legUp
			m.since = c.opts.Clock.Now()
			if !m.joins { // else how he came to the caller tells it
				c.note(Step{Type: StepAnswered, Leg: e.Leg, Device: m.leg.Device(), Agent: m.agent})
			}
		}
	case Ended:
		if m := c.members[e.Leg]; m != nil && m.state != legEnded {
			rung := m != c.caller && m.state != legUp
			m.state, m.cause = legEnded, e.Cause
			if rung {
				c.note(Step{Type: StepUnringing, Leg: e.Leg, Device: m.leg.Device(), Agent: m.agent, Cause: e.Cause.String()})
			}
			if m != c.caller {
				c.onHold = m.held
				delete(c.members, e.Leg)
			}
			c.changed()
		}
	case Held:
		if m := c.members[e.Leg]; m != nil && !m.held {
			m.held = true
			c.note(Step{Type: StepHeld, Leg: e.Leg})
		}
	case Resumed:
		if m := c.members[e.Leg]; m != nil && m.held {
			m.held = false
			c.note(Step{Type: StepResumed, Leg: e.Leg})
		}
	case Secured:
		if m := c.members[e.Leg]; m != nil && m.secure != e.On {
			m.secure = e.On
			c.note(Step{Type: StepSecured, Leg: e.Leg, Agent: m.agent, Device: m.leg.Device(), Value: onOff(e.On)})
		}
	case Measured:
		c.measured(e)
	case Played:
		c.heardOut(e)
	case Pressed:
		if c.caller.leg.ID() == e.Leg {
			if !c.hushed && !c.rec.paused {
				c.note(Step{Type: StepPressed, Leg: e.Leg, Value: string(rune(e.Digit))})
			}
			if len(c.typed) < maxTyped {
				c.typed = append(c.typed, e.Digit)
			}
		}
	case Release:
		c.caller.leg.Hangup(e.Cause)
	case Transfer:
		if c.other == "" {
			e.report(NotAllowed)
		}
	case Yield:
		if c.other == "" {
			c.giveUp(e)
		}
	case Replace:
		c.replace(e)
	case Join:
		c.join(e)
	case Yielded:
		c.take(e)
	case Record:
		c.record(e.Do, e.By)
	case Lost:
		if t := c.rec.take; t != nil && t.Name() == e.Name {
			c.stopRecording("")
		}
	}
}

// measured keeps how a leg's sound is, and writes down how it was.
func (c *Call) measured(e Measured) {
	m := c.members[e.Leg]
	if m == nil || m.state != legUp {
		return
	}
	if m.mos = e.Quality.MOS(); e.Last {
		c.note(Step{Type: StepQuality, Leg: e.Leg, Agent: m.agent, Device: m.leg.Device(), Quality: &e.Quality})
		return
	}
	c.changed()
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// maxTyped bounds the keys kept for a step that has not begun.
const maxTyped = 64

// Note writes a step of this call; the call fills in its id and the time.
func (c *Call) Note(s Step) { c.note(s) }

func (c *Call) note(s Step) {
	s.Call, s.At = c.id, c.opts.Clock.Now()
	c.opts.Journal.Note(s)
	c.changed()
}

// Arrival is how the call came in.
func (c *Call) Arrival() Arrival { return c.arrival }

// Clock is the call's time.
func (c *Call) Clock() clock.Clock { return c.opts.Clock }

// Language is what the caller is spoken to in.
func (c *Call) Language() string { return c.language }

// SetLanguage changes it.
func (c *Call) SetLanguage(lang string) {
	if lang != "" {
		c.language = lang
	}
}

// Enter says where the call is now, for the board: "menu 500", "queue 700".
func (c *Call) Enter(stage string) { c.stage = stage; c.changed() }

// Caller is the leg that came in.
func (c *Call) Caller() Leg { return c.caller.leg }

// LeftOnHold tells whether the party that ended last had put the caller on hold.
func (c *Call) LeftOnHold() bool { return c.onHold }

// Left is why the caller's leg ended, CauseNone while it has not.
func (c *Call) Left() Cause { return c.caller.cause }

// Typed are the caller's keys not used by a step yet; ForgetTyped drops them.
func (c *Call) Typed() []byte { return slices.Clone(c.typed) }

// ForgetTyped drops the keys pressed so far.
func (c *Call) ForgetTyped() { c.typed = c.typed[:0] }

// Snapshot is the call for the board. Safe from any goroutine.
func (c *Call) Snapshot() Snapshot { return *c.view.Load() }

// Snapshot is a picture of a running call.
type Snapshot struct {
	ID      ID        `json:"id"`
	Started time.Time `json:"started"`
	From    Party     `json:"from"`
	To      string    `json:"to"`
	Origin  Origin    `json:"origin"`
	Stage   string    `json:"stage"`
	Legs    []LegView `json:"legs"`
	// Listeners are who listen in; they are none of Legs.
	Listeners []Listener `json:"listeners,omitempty"`
	// Recording is whether the talk is recorded: off, on or paused; empty while it cannot be.
	Recording string `json:"recording,omitempty"`
}

// LegView is one leg on the board.
type LegView struct {
	ID     LegID     `json:"id"`
	Kind   Kind      `json:"kind"`
	Device string    `json:"device"`
	Agent  string    `json:"agent,omitempty"`
	State  string    `json:"state"` // new, ringing, up, held, ended
	Since  time.Time `json:"since"`
	Secure bool      `json:"secure,omitempty"` // its sound is encrypted
	MOS    float64   `json:"mos,omitempty"`    // of its sound, 1 to 4.5; 0 while it is not known
	Grade  string    `json:"grade,omitempty"`  // of its sound: good, fair, poor
	Dialog Dialog    `json:"-"`                // while it rings
}

func (m *member) view() LegView {
	state := [...]string{"new", "ringing", "up", "ended"}[m.state]
	if m.state == legUp && m.held {
		state = "held"
	}
	v := LegView{ID: m.leg.ID(), Kind: m.leg.Kind(), Device: m.leg.Device(), Agent: m.agent, State: state, Since: m.since, Secure: m.secure,
		MOS: m.mos, Grade: Grade(m.mos)}
	if m.state == legRinging {
		v.Dialog = m.dialog
	}
	return v
}

func (c *Call) changed() {
	s := &Snapshot{ID: c.id, Started: c.started, From: c.arrival.From, To: c.arrival.To,
		Origin: c.arrival.Origin, Stage: c.stage, Legs: []LegView{c.caller.view()}, Listeners: c.listeners(),
		Recording: c.recordingState()}
	for _, m := range c.members {
		if m != c.caller {
			s.Legs = append(s.Legs, m.view())
		}
	}
	slices.SortFunc(s.Legs[1:], func(a, b LegView) int { return a.Since.Compare(b.Since) })
	c.view.Store(s)
	if c.opts.Changed != nil {
		c.opts.Changed()
	}
}

// String describes the call for people.
func (c *Call) String() string {
	return fmt.Sprintf("call %s from %s to %s", c.id, c.arrival.From, c.arrival.To)
}
