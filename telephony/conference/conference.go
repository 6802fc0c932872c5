// Package conference lets several parties talk in a room.
//
// A room exists while somebody is in it: the first caller makes it and is told
// that he is alone, everybody after him is announced by a chime, and so is
// everybody who leaves. Rooms owns the list of rooms and may be used from any
// number of calls at once; who hears whom is the media engine's business.
package conference

import (
	"fmt"
	"sync"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// Studio makes rooms. *media.Engine is one.
type Studio interface{ NewRoom() call.Room }

// Rooms are the conferences that are going on.
type Rooms struct {
	studio Studio

	mu   sync.Mutex
	open map[string]*room // by number
}

// room is a conference with somebody in it, or on the way in.
type room struct {
	sound   call.Room
	members int
}

// New makes a house without conferences.
func New(s Studio) *Rooms { return &Rooms{studio: s, open: make(map[string]*room)} }

// Serve keeps the call in a conference until its caller leaves. It is a step in
// the call's script.
func (r *Rooms) Serve(c *call.Call, cfg *config.Conference) call.Cause {
	c.Enter("conference " + cfg.Number)
	if c.Answer() != nil {
		return call.Normal
	}
	rm, place := r.enter(cfg)
	if place == 0 {
		c.Note(call.Step{Type: call.StepRefused, Number: cfg.Number, Cause: call.Busy.String(),
			Reason: fmt.Sprintf("conference %s is full: %d members", cfg.Number, cfg.MaxMembers)})
		c.Play(speech.Phrase(c.Language(), "conference-full")) // refused whether or not he hears it out
		return call.Busy
	}
	defer r.leave(cfg.Number, rm)
	if place == 1 && c.Play(speech.Phrase(c.Language(), "conference-alone")) != nil {
		return call.Normal
	}
	rm.sound.Announce(speech.Signal("enter"))
	c.Caller().Audio().Join(rm.sound)
	c.Stay()
	return call.Normal
}

// enter takes a place in a conference and makes it if nobody is there. The place
// is 0 if there is none.
func (r *Rooms) enter(cfg *config.Conference) (rm *room, place int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rm = r.open[cfg.Number]
	if rm == nil {
		rm = &room{sound: r.studio.NewRoom()}
		r.open[cfg.Number] = rm
	}
	if cfg.MaxMembers > 0 && rm.members >= cfg.MaxMembers {
		return nil, 0
	}
	rm.members++
	return rm, rm.members
}

// leave gives the place back. The last one closes the room; the others hear a chime.
func (r *Rooms) leave(number string, rm *room) {
	r.mu.Lock()
	rm.members--
	empty := rm.members == 0
	if empty {
		delete(r.open, number)
	}
	r.mu.Unlock()
	if !empty {
		rm.sound.Announce(speech.Signal("exit"))
	}
}

// Members is how many parties are in conference number.
func (r *Rooms) Members(number string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rm := r.open[number]; rm != nil {
		return rm.members
	}
	return 0
}
