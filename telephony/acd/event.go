package acd

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Event is something that happened on the floor. It is one of the types below. Their
// names in JSON are short because every event of a day is written down (package daybook).
type Event interface{ event() }

// The events of the house.
type (
	// Configure replaces all queues. Callers and agents stay as they are; those
	// whose queue is gone are evicted, agents without a queue finish their call.
	Configure struct {
		Queues []Queue `json:"queues"`
	}
	// Restore takes up from the State of before a restart all that outlives it:
	// log-ins, rests, wrap-up, misses, tallies, callbacks, kept places and memories.
	// Its callers on the phone are gone. It follows the first Configure.
	Restore struct {
		From State `json:"from"`
	}
	// DayBegan: it is midnight where the box is; tallies begin again.
	DayBegan struct{}
	// Tick: time went by; sent at the time that WakeAt asked for.
	Tick struct{}
)

// The events of callers.
type (
	// CallerJoined: a caller wants to be served.
	CallerJoined struct {
		Call     call.ID    `json:"c"`
		Queue    string     `json:"q"`
		Party    call.Party `json:"p"`
		Priority int        `json:"n,omitempty"` // higher first
		Owner    string     `json:"o,omitempty"` // the agent he is to be kept for in a sticky queue; "": who talked to him last
	}
	// CallerLeft: a caller is gone from the line, or from an agent; or a callback is
	// cancelled. Dropped says that it was not the caller's wish: the place is kept.
	CallerLeft struct {
		Call    call.ID `json:"c"`
		Dropped bool    `json:"d,omitempty"`
	}
	// CallerMoved: a supervisor gives a waiting caller another queue, if it is not
	// "", and this priority. The join time stays.
	CallerMoved struct {
		Call     call.ID `json:"c"`
		Queue    string  `json:"q,omitempty"`
		Priority int     `json:"n,omitempty"`
	}
	// WaitAsked: how long will the caller wait? WaitIs follows.
	WaitAsked struct {
		Call call.ID `json:"c"`
	}
	// CallbackAsked: call Number back when the turn of Call comes, who leaves the
	// line to a place-holder. A Call that is not in line gets the last place of Queue.
	CallbackAsked struct {
		Call   call.ID `json:"c,omitempty"`
		Queue  string  `json:"q"`
		Number string  `json:"n,omitempty"`
		Name   string  `json:"m,omitempty"`
		// NotBefore books a time: the place is that of somebody who joins then.
		NotBefore time.Time `json:"t,omitzero"`
	}
	// CallbackNow: a callback waits for nothing but its turn any more; or, with NotBefore,
	// for another time, as if that had been booked.
	CallbackNow struct {
		Call      call.ID   `json:"c"`
		NotBefore time.Time `json:"t,omitzero"`
	}
	// DialAnswered: the customer of a callback picked up. He is the call As from
	// now on, if it is not "".
	DialAnswered struct {
		Call call.ID `json:"c"`
		As   call.ID `json:"s,omitempty"`
	}
	// DialFailed: he did not.
	DialFailed struct {
		Call  call.ID    `json:"c"`
		Cause call.Cause `json:"x"`
	}
)

// The events of agents.
type (
	// AgentOnline and AgentOffline: the agent has a phone to ring, or none.
	AgentOnline struct {
		Agent string `json:"a"`
	}
	AgentOffline struct {
		Agent string `json:"a"`
	}
	// AgentBusy: an extension began (On) or ended a call outside the queues. The
	// calls are counted.
	AgentBusy struct {
		Agent string `json:"a"`
		On    bool   `json:"on,omitempty"`
	}
	// OfferAnswered: the agent picked up. Connect, Dial or Withdraw follows.
	OfferAnswered struct {
		Offer uint64  `json:"o"`
		Call  call.ID `json:"c"`
		Agent string  `json:"a"`
	}
	// OfferFailed: the agent's phones were rung and did not answer.
	OfferFailed struct {
		Offer uint64     `json:"o"`
		Call  call.ID    `json:"c"`
		Agent string     `json:"a"`
		Cause call.Cause `json:"x"`
	}
	// TalkEnded: the agent is off the call.
	TalkEnded struct {
		Call  call.ID       `json:"c"`
		Agent string        `json:"a"`
		More  time.Duration `json:"m,omitempty"` // wrap-up beyond what the queue gives
	}
	// AgentDuty: an agent logs in or out, or rests or works on. DutyIs follows.
	AgentDuty struct {
		Agent  string  `json:"a"`
		Queue  string  `json:"q,omitempty"` // "" for all that he serves
		Wish   Wish    `json:"w"`
		Reason string  `json:"r,omitempty"` // of a rest
		Call   call.ID `json:"c,omitempty"` // that asks for it
	}
	// WrapExtended gives an agent who wraps up so much more time, or less.
	WrapExtended struct {
		Agent string        `json:"a"`
		By    time.Duration `json:"m"`
	}
	// WrapEnded: an agent has wrapped up before the time.
	WrapEnded struct {
		Agent string `json:"a"`
	}
)

func (Configure) event()     {}
func (Restore) event()       {}
func (DayBegan) event()      {}
func (Tick) event()          {}
func (CallerJoined) event()  {}
func (CallerLeft) event()    {}
func (CallerMoved) event()   {}
func (WaitAsked) event()     {}
func (CallbackAsked) event() {}
func (CallbackNow) event()   {}
func (DialAnswered) event()  {}
func (DialFailed) event()    {}
func (AgentOnline) event()   {}
func (AgentOffline) event()  {}
func (AgentBusy) event()     {}
func (OfferAnswered) event() {}
func (OfferFailed) event()   {}
func (TalkEnded) event()     {}
func (AgentDuty) event()     {}
func (WrapExtended) event()  {}
func (WrapEnded) event()     {}
