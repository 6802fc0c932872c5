// Package park keeps calls in slots until somebody takes them.
//
// A call is parked by a transfer to the parking's number or to a slot. It stays
// the same call with the same entry in the ledger: its script waits in Park, with
// music, while its slot is taken. Whoever dials the slot has his own call's leg
// handed to the parked one (Fetch). After a time the party goes back to who
// parked it, and a party that hangs up leaves its slot.
//
// Lot owns the slots; one mutex guards them. Park and Fetch run in the goroutine
// of the call that they are a step of.
package park

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Lot is the slots of the box.
type Lot struct {
	config func() *config.Config

	mu     sync.Mutex
	guests map[string]guest // by slot
}

type guest struct {
	call *call.Call
	View
}

// View is a parked call.
type View struct {
	Slot  string     `json:"slot"`
	Call  call.ID    `json:"call"`
	Party call.Party `json:"party"`
	By    call.Party `json:"by"` // who parked it
	Since time.Time  `json:"since"`
}

// New makes an empty lot.
func New(cfg func() *config.Config) *Lot {
	return &Lot{config: cfg, guests: make(map[string]guest)}
}

// Parked is the call in a slot; ok is false when it is empty.
func (l *Lot) Parked(slot string) (v View, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	g, ok := l.guests[slot]
	return g.View, ok
}

// telling bounds how long who parks a call is told its slot.
const telling = 10 * time.Second

// Park keeps a call that is being transferred to number, a slot or the parking's
// number, until somebody is there for its caller: leg, who is up. Otherwise it
// returns the number at which the call goes on, or the cause why it cannot be
// parked (Busy: no slot is free; NotAllowed: nobody transfers it) or is over.
func (l *Lot) Park(c *call.Call, number string) (leg call.Leg, next string, cause call.Cause) {
	by := c.ReferredBy()
	if by.Number == "" {
		return nil, "", call.NotAllowed
	}
	cfg := l.config()
	slot, ok := l.enter(c, &cfg.Parking, number, by)
	if !ok {
		return nil, "", call.Busy
	}
	defer l.leave(slot)
	c.Note(call.Step{Type: call.StepParked, Number: slot, Party: by})
	left := func(p call.Party, cause call.Cause) call.Step {
		return call.Step{Type: call.StepUnparked, Number: slot, Party: p, Cause: cause.String()}
	}
	c.Enter("parked " + slot)
	lang := string(cfg.System.Language)
	if e, ok := cfg.Extension(by.Number); ok && e.Language != "" {
		lang = string(e.Language)
	}
	err := c.TellTransferor(speech.Sentences(speech.Phrase(lang, "parked"), speech.Digits(lang, slot)), telling)
	if err == nil {
		c.Transferred()
		c.Caller().Audio().Play(call.Program{Sounds: []call.Sound{{Music: cfg.Parking.Music}}, Loop: true})
		leg, err = c.Await(c.Clock().Now().Add(cfg.Parking.TimeOut.D()))
	}
	switch {
	case errors.Is(err, call.ErrTime):
		c.Note(left(by, call.NoAnswer))
		return nil, by.Number, call.CauseNone
	case err != nil:
		c.Note(left(c.From(), call.Cancelled))
		return nil, "", call.Normal
	}
	taken := left(leg.Peer(), call.Normal)
	taken.Leg = leg.ID()
	c.Note(taken)
	return leg, "", call.CauseNone
}

// Fetch lets the caller of c, whose leg has not been answered, talk with the party
// in a slot; c is over with that. It reports false when the slot is empty.
func (l *Lot) Fetch(c *call.Call, slot string) bool {
	l.mu.Lock()
	g, ok := l.guests[slot]
	l.mu.Unlock()
	if !ok {
		return false
	}
	c.Give(g.call, call.Join{By: c.Caller()})
	return true
}

// enter takes a slot: the one that is named, or the first that is free.
func (l *Lot) enter(c *call.Call, p *config.Parking, number string, by call.Party) (string, bool) {
	slots := p.Numbers()
	if number != p.Number {
		slots = []string{number}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(slots, func(s string) bool { _, taken := l.guests[s]; return !taken })
	if i < 0 {
		return "", false
	}
	l.guests[slots[i]] = guest{c, View{Slot: slots[i], Call: c.ID(), Party: c.From(), By: by, Since: c.Clock().Now()}}
	return slots[i], true
}

func (l *Lot) leave(slot string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.guests, slot)
}
