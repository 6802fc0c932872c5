package call

import "time"

// ID names a call for ever: the ledger keys on it.
type ID string

// LegID names one leg of a call.
type LegID string

// Kind is what carries a leg.
type Kind string

// The kinds of leg.
const (
	SIP Kind = "sip" // IP phone or SIP trunk
	FXO Kind = "fxo" // analog line
	FXS Kind = "fxs" // analog phone
)

// Party is who is at the other end of a leg, as far as is known.
type Party struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
	// Private: the party wishes not to be shown to those it calls. The box and its
	// ledger know it all the same.
	Private bool `json:"-"`
}

// Shown is what those who are called may know.
func (p Party) Shown() Party {
	if p.Private {
		return Party{}
	}
	return p
}

// String is "Name <number>", or what is known of it.
func (p Party) String() string {
	switch {
	case p.Number == "" && p.Name == "":
		return "unknown"
	case p.Name == "":
		return p.Number
	}
	return p.Name + " <" + p.Number + ">"
}

// Leg is one party's connection to the box. Its methods are called from the
// goroutine of the call that it is attached to and never block.
type Leg interface {
	ID() LegID
	Kind() Kind
	// Device is what carries it, for people: "sip:1002@127.0.0.1:5070", "fxo1".
	Device() string
	// Peer is the party at its far end.
	Peer() Party
	// Attach makes sink the receiver of the leg's events from now on.
	Attach(sink Sink)
	// Alert tells the party that somebody is being rung; early lets it hear
	// audio before the answer. Incoming legs only.
	Alert(early bool)
	// Answer accepts the call; Answered follows, or Ended. Incoming legs only.
	Answer()
	// Hangup ends the leg in whatever state it is; Ended follows with this cause
	// unless the leg had already ended.
	Hangup(Cause)
	// Audio is what the party hears and says. It may be used at any time; before
	// media is up it stays silent.
	Audio() Audio
}

// Endpoint is something that can be rung: a registered phone, an FXS port.
type Endpoint interface {
	// Name is the Device of the legs it makes.
	Name() string
	// Dial starts to ring it and returns the new leg at once, attached to sink.
	Dial(Offer, Sink) Leg
}

// Offer is what a rung party is told.
type Offer struct {
	Call     ID
	Caller   Party    // shown on the phone
	Called   string   // the number that was dialled
	Own      string   // number of the caller in the public network, if he has his own
	CallerID string   // number that the route shows instead of the trunk's
	Language string   // of anything spoken to this party
	Via      []string // e.g. queue name, for the display
	// Urgent is a call for help: no limit of the box's own turns it away.
	Urgent bool
	// With is the caller's leg: one that carries sound alike is best put through.
	With Leg
	// ReferredBy is who transferred the call here.
	ReferredBy Party
	Diversions []Diversion // that led here, the first one first
}

// Sink takes events. *Call is one; Post never blocks.
type Sink interface{ Post(Event) }

// Arrival is a new incoming leg and what is known about it.
type Arrival struct {
	Leg    Leg
	From   Party
	To     string // the dialled number; for a line, its destination
	Origin Origin
	// Diversions are those that led here, the first one first.
	Diversions []Diversion
	// Language is what this caller is spoken to in, unless a queue or menu says otherwise.
	Language string
}

// Origin is where a call came in.
type Origin struct {
	Extension string `json:"extension,omitempty"` // set when one of our own phones calls
	Line      string `json:"line,omitempty"`      // FXO port
	Trunk     string `json:"trunk,omitempty"`     // name of the SIP trunk
	DID       string `json:"did,omitempty"`       // number of ours that was dialled on the trunk
}

// Event is something that happened to a call. It is one of the types below.
type Event interface{ event() }

// The events of a leg.
type (
	// Ringing: the rung party's phone rings. Early: it already sounds like
	// something, an announcement or the ringing tone of a far network; that may
	// follow a first Ringing.
	Ringing struct {
		Leg    LegID
		Early  bool
		Dialog Dialog // of a SIP phone
	}
	// Answered: the leg is up in both directions.
	Answered struct{ Leg LegID }
	// Ended: the leg is gone. It is a leg's last event.
	Ended struct {
		Leg   LegID
		Cause Cause
	}
	// Pressed: the party pressed a key. Duration is 0 while it is unknown.
	Pressed struct {
		Leg      LegID
		Digit    byte
		Duration time.Duration
	}
	// Held and Resumed: the party's phone put the box on hold, or took it back.
	Held    struct{ Leg LegID }
	Resumed struct{ Leg LegID }
	// Secured: the leg's sound is encrypted from now on, or no more.
	Secured struct {
		Leg LegID
		On  bool
	}
	// Measured: how the leg's sound is; Last: how it was in all, before Ended.
	Measured struct {
		Leg     LegID
		Quality Quality
		Last    bool
	}
	// Flashed: an analog phone's hook flash.
	Flashed struct{ Leg LegID }
	// Played: a program ended; Cut when it was replaced or stopped.
	Played struct {
		Leg LegID
		ID  PlayID
		Cut bool
	}
)

// Dialog names the SIP dialog with a phone that is rung (RFC 3261 12), so that another
// phone can pick it up. The zero Dialog names none.
type Dialog struct{ CallID, Ours, Theirs string }

// Message is an event of a feature package (a queue's offer, an admin's
// request) posted to a call.
type Message struct{ Body any }

func (Ringing) event()  {}
func (Answered) event() {}
func (Ended) event()    {}
func (Pressed) event()  {}
func (Held) event()     {}
func (Resumed) event()  {}
func (Secured) event()  {}
func (Measured) event() {}
func (Flashed) event()  {}
func (Played) event()   {}
func (Message) event()  {}
