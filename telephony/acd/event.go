package acd

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Event is something that happened on the floor. It is one of the types below.
type Event interface{ event() }

// The events of the house.
type (
	// Configure replaces all queues. Callers and agents stay as they are; those
	// whose queue is gone are evicted, agents without a queue finish their call.
	Configure struct{ Queues []Queue }
	// Restore takes up from the State of before a restart all that outlives it:
	// log-ins, rests, wrap-up, misses, tallies, callbacks, kept places and memories.
	// Its callers on the phone are gone. It follows the first Configure.
	Restore struct{ From State }
	// DayBegan: it is midnight where the box is; tallies begin again.
	DayBegan struct{}
	// Tick: time went by; sent at the time that WakeAt asked for.
	Tick struct{}
)

// The events of callers.
type (
	// CallerJoined: a caller wants to be served.
	CallerJoined struct {
		Call     call.ID
		Queue    string
		Party    call.Party
		Priority int    // higher first
		Owner    string // the agent he is to be kept for in a sticky queue; "": who talked to him last
	}
	// CallerLeft: a caller is gone from the line, or from an agent; or a callback is
	// cancelled. Dropped says that it was not the caller's wish: the place is kept.
	CallerLeft struct {
		Call    call.ID
		Dropped bool
	}
	// CallerMoved: a supervisor gives a waiting caller another queue, if it is not
	// "", and this priority. The join time stays.
	CallerMoved struct {
		Call     call.ID
		Queue    string
		Priority int
	}
	// WaitAsked: how long will the caller wait? WaitIs follows.
	WaitAsked struct{ Call call.ID }
	// CallbackAsked: call Number back when the turn of Call comes, who leaves the
	// line to a place-holder. A Call that is not in line gets the last place of Queue.
	CallbackAsked struct {
		Call   call.ID
		Queue  string
		Number string
		Name   string
		// NotBefore books a time: the place is that of somebody who joins then.
		NotBefore time.Time
	}
	// CallbackNow: a callback waits for nothing but its turn any more.
	CallbackNow struct{ Call call.ID }
	// DialAnswered: the customer of a callback picked up. He is the call As from
	// now on, if it is not "".
	DialAnswered struct{ Call, As call.ID }
	// DialFailed: he did not.
	DialFailed struct {
		Call  call.ID
		Cause call.Cause
	}
)

// The events of agents.
type (
	// AgentOnline and AgentOffline: the agent has a phone to ring, or none.
	AgentOnline  struct{ Agent string }
	AgentOffline struct{ Agent string }
	// AgentBusy: an extension began (On) or ended a call outside the queues. The
	// calls are counted.
	AgentBusy struct {
		Agent string
		On    bool
	}
	// OfferAnswered: the agent picked up. Connect, Dial or Withdraw follows.
	OfferAnswered struct {
		Offer uint64
		Call  call.ID
		Agent string
	}
	// OfferFailed: the agent's phones were rung and did not answer.
	OfferFailed struct {
		Offer uint64
		Call  call.ID
		Agent string
		Cause call.Cause
	}
	// TalkEnded: the agent is off the call.
	TalkEnded struct {
		Call  call.ID
		Agent string
		More  time.Duration // wrap-up beyond what the queue gives
	}
	// AgentDuty: an agent logs in or out, or rests or works on. DutyIs follows.
	AgentDuty struct {
		Agent  string
		Queue  string // "" for all that he serves
		Wish   Wish
		Reason string  // of a rest
		Call   call.ID // that asks for it
	}
	// WrapExtended gives an agent who wraps up so much more time, or less.
	WrapExtended struct {
		Agent string
		By    time.Duration
	}
	// WrapEnded: an agent has wrapped up before the time.
	WrapEnded struct{ Agent string }
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
