package ledger

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// LegRecord is one party's part of a call, computed from its steps.
type LegRecord struct {
	Leg    call.LegID `json:"leg"`
	Device string     `json:"device"`
	Party  call.Party `json:"party"` // of the caller
	Agent  string     `json:"agent,omitempty"`
	Caller bool       `json:"caller,omitempty"` // whose call it is
	Began  time.Time  `json:"began"`
	Ring   Millis     `json:"ring"`
	Talk   Millis     `json:"talk"` // hold included
	Hold   Millis     `json:"hold"`
	// Cause is why it ended, or was not answered; empty while it goes on.
	Cause string  `json:"cause,omitempty"`
	MOS   float64 `json:"mos,omitempty"`
	Grade string  `json:"grade,omitempty"`
}

// Legs are the legs of a call in the order of their beginning. The caller talks while
// anybody talks with him.
func Legs(steps []call.Step) []LegRecord {
	b := legBook{at: make(map[call.LegID]int), talk: make(map[call.LegID]time.Time), hold: make(map[call.LegID]time.Time)}
	for _, s := range steps {
		b.add(s)
	}
	return b.legs
}

type legBook struct {
	legs       []LegRecord
	at         map[call.LegID]int // of legs
	talk, hold map[call.LegID]time.Time
	caller     call.LegID
}

func (b *legBook) leg(id call.LegID) *LegRecord {
	if i, ok := b.at[id]; ok && id != "" {
		return &b.legs[i]
	}
	return nil
}

func (b *legBook) begin(s call.Step, caller bool) *LegRecord {
	if l := b.leg(s.Leg); l != nil || s.Leg == "" {
		return l
	}
	b.at[s.Leg] = len(b.legs)
	b.legs = append(b.legs, LegRecord{Leg: s.Leg, Device: s.Device, Party: s.Party, Agent: s.Agent, Caller: caller, Began: s.At})
	return &b.legs[len(b.legs)-1]
}

// until adds the time since a moment to a sum and forgets the moment.
func until(sum *Millis, since map[call.LegID]time.Time, id call.LegID, at time.Time) {
	if t, ok := since[id]; ok {
		*sum += millis(at.Sub(t))
		delete(since, id)
	}
}

func (b *legBook) add(s call.Step) {
	switch s.Type {
	case call.StepArrived:
		b.caller = s.Leg
		b.begin(s, true)
	case call.StepRinging:
		b.begin(s, false)
	case call.StepAnswered:
		if l := b.leg(s.Leg); l != nil && l.Ring == 0 {
			l.Ring = millis(s.At.Sub(l.Began))
		}
	case call.StepUnringing:
		if l := b.leg(s.Leg); l != nil {
			l.Ring, l.Cause = millis(s.At.Sub(l.Began)), s.Cause
		}
	case call.StepBridged:
		if l := b.begin(s, false); l != nil {
			b.bridge(l, s)
		}
	case call.StepUnbridged:
		b.unbridge(s)
	case call.StepHeld:
		if b.leg(s.Leg) != nil {
			b.hold[s.Leg] = s.At
		}
	case call.StepResumed:
		if l := b.leg(s.Leg); l != nil {
			until(&l.Hold, b.hold, s.Leg, s.At)
		}
	case call.StepQuality:
		if l := b.leg(s.Leg); l != nil && s.Quality != nil {
			l.MOS = s.Quality.MOS()
			l.Grade = call.Grade(l.MOS)
		}
	case call.StepEnded:
		for i := range b.legs {
			l := &b.legs[i]
			if l.Cause == "" {
				l.Cause = s.Cause
			}
			until(&l.Talk, b.talk, l.Leg, s.At)
			until(&l.Hold, b.hold, l.Leg, s.At)
		}
	}
}

func (b *legBook) bridge(l *LegRecord, s call.Step) {
	if l.Agent == "" {
		l.Agent = s.Agent
	}
	for _, id := range []call.LegID{l.Leg, b.caller} {
		if k := b.leg(id); k != nil {
			until(&k.Talk, b.talk, id, s.At)
			b.talk[id] = s.At
		}
	}
}

// unbridge ends the talk of a leg, or of whoever talks, and with it the caller's.
func (b *legBook) unbridge(s call.Step) {
	for i := range b.legs {
		l := &b.legs[i]
		if s.Leg == "" || l.Leg == s.Leg || l.Leg == b.caller {
			if _, talks := b.talk[l.Leg]; talks && l.Leg != b.caller {
				l.Cause = s.Cause
			}
			until(&l.Talk, b.talk, l.Leg, s.At)
			until(&l.Hold, b.hold, l.Leg, s.At)
		}
	}
}
