package acd

import "time"

// Status is what an agent is doing. The first that applies of the list counts.
type Status string

// What agents do.
const (
	Talking   Status = "talking"    // with a queue's caller
	Reserved  Status = "reserved"   // for a callback whose customer is being dialled
	Ringing   Status = "ringing"    // for a queue's caller
	LoggedOut Status = "logged-out" // of all his queues
	Paused    Status = "paused"     // in all queues that he is logged in to
	Offline   Status = "offline"    // no phone to ring
	Busy      Status = "busy"       // on a call outside the queues
	WrapUp    Status = "wrap-up"    // pause after a queue's call
	Missed    Status = "missed"     // resting after an offer not taken
	Free      Status = "free"
	None      Status = "none" // of nobody, see Queue.JoinEmpty
)

// code is a Status as an index.
type code uint8

const (
	isFree code = iota
	isTalking
	isReserved
	isRinging
	isLoggedOut
	isPaused
	isOffline
	isBusy
	isWrapUp
	isMissed
	codes
)

var statuses = [codes]Status{Free, Talking, Reserved, Ringing, LoggedOut, Paused, Offline, Busy, WrapUp, Missed}

// duty tells whether an agent of this status will take callers, now or soon.
func (c code) duty() bool { return c != isLoggedOut && c != isPaused && c != isOffline }

// does is what the agent is doing, apart from his being logged out or paused.
func (a *Agent) does(now time.Time) code {
	switch {
	case a.Talking:
		return isTalking
	case a.Offer != 0 && a.Reserved:
		return isReserved
	case a.Offer != 0:
		return isRinging
	case !a.Online:
		return isOffline
	case a.Elsewhere > 0:
		return isBusy
	case now.Before(a.WrapUntil):
		return isWrapUp
	case now.Before(a.RestUntil):
		return isMissed
	}
	return isFree
}

// shows is the agent's status.
func (a *Agent) shows() Status {
	if a.Off != "" && a.is != isTalking && a.is != isReserved && a.is != isRinging {
		return a.Off
	}
	return statuses[a.is]
}

// Until is when the agent's status ends by itself; zero if it does not.
func (a *Agent) Until() time.Time {
	switch a.Status {
	case WrapUp:
		return a.WrapUntil
	case Missed:
		return a.RestUntil
	}
	return time.Time{}
}
