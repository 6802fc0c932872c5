package acd

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Event is something that happened on the floor. It is one of the types below.
type Event interface{ event() }

// The events.
type (
	// Configure replaces all queues. Callers and agents stay as they are; those
	// whose queue is gone are evicted, agents without a queue finish their call.
	Configure struct{ Queues []Queue }
	// CallerJoined: a caller wants to be served.
	CallerJoined struct {
		Call  call.ID
		Queue string
		Party call.Party
	}
	// CallerLeft: a caller is gone from the line, or from an agent.
	CallerLeft struct{ Call call.ID }
	// AgentOnline and AgentOffline: the agent has a phone to ring, or none.
	AgentOnline  struct{ Agent string }
	AgentOffline struct{ Agent string }
	// AgentBusy: an extension began (On) or ended a call outside the queues. The
	// calls are counted.
	AgentBusy struct {
		Agent string
		On    bool
	}
	// OfferAnswered: the agent picked up. Connect or Withdraw follows.
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
	}
	// AgentDuty: an agent logs in or out, or rests or works on. DutyIs follows.
	AgentDuty struct {
		Agent  string
		Queue  string // "" for all that he serves
		Toggle Toggle
		Reason string  // of a rest
		Call   call.ID // that asks for it
	}
	// DutyRestored: what an agent was absent from before a restart.
	DutyRestored struct {
		Agent    string
		Absences []Absence
	}
	// Tick: time went by; sent at the time that WakeAt asked for.
	Tick struct{}
)

func (Configure) event()     {}
func (CallerJoined) event()  {}
func (CallerLeft) event()    {}
func (AgentOnline) event()   {}
func (AgentOffline) event()  {}
func (AgentBusy) event()     {}
func (OfferAnswered) event() {}
func (OfferFailed) event()   {}
func (TalkEnded) event()     {}
func (AgentDuty) event()     {}
func (DutyRestored) event()  {}
func (Tick) event()          {}

// Command is something to be done. It is one of the types below.
type Command interface{ command() }

// The commands.
type (
	// Offer: ring these agents for the caller. The same caller's ring-all may
	// grow by another Offer when an agent becomes free.
	Offer struct {
		Offer  uint64
		Call   call.ID
		Queue  string
		Agents []string
		Reason string // why these agents and none of the others
	}
	// Withdraw: stop ringing the agent for the caller; if he has just picked up,
	// hang him up.
	Withdraw struct {
		Offer uint64
		Call  call.ID
		Agent string
	}
	// Connect: caller and agent may talk.
	Connect struct {
		Offer uint64
		Call  call.ID
		Agent string
	}
	// Position: the caller is now number N in line. The first one follows
	// CallerJoined; Wait then says that no agent is free for him.
	Position struct {
		Call call.ID
		N    int
		Wait bool
	}
	// Evict: the caller cannot join, or is out of the line.
	Evict struct {
		Call   call.ID
		Reason Reason
	}
	// DutyIs answers AgentDuty: Is is Free (logged in and working), LoggedOut or Paused,
	// or empty if the agent does not serve there or is logged out there and cannot rest.
	DutyIs struct {
		Call   call.ID
		Agent  string
		Queue  string
		Is     Status
		Reason string
	}
	// AgentStatus: an agent's status changed. Call and Queue are those of the
	// last call while they matter.
	AgentStatus struct {
		Agent   string
		Was, Is Status
		Until   time.Time // when it ends by itself
		Call    call.ID
		Queue   string
	}
	// WakeAt: send Tick at that time; zero: not needed. It replaces the last one.
	WakeAt struct{ At time.Time }
)

func (Offer) command()       {}
func (Withdraw) command()    {}
func (Connect) command()     {}
func (Position) command()    {}
func (Evict) command()       {}
func (DutyIs) command()      {}
func (AgentStatus) command() {}
func (WakeAt) command()      {}

// Reason is why a caller is evicted.
type Reason string

// The reasons.
const (
	Timeout Reason = "timeout" // waited longer than the queue's MaxWait
	Full    Reason = "full"    // MaxCallers are in line
	Empty   Reason = "empty"   // the queue has no agents, or all have logged out
	Closed  Reason = "closed"  // there is no such queue, or no longer
)
