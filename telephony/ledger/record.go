package ledger

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Record is one finished call, computed from its steps. Durations are in
// milliseconds in JSON.
type Record struct {
	Call     call.ID     `json:"call"`
	Started  time.Time   `json:"started"`
	Ended    time.Time   `json:"ended"`
	From     call.Party  `json:"from"`
	To       string      `json:"to"`
	Origin   call.Origin `json:"origin"`
	Queue    string      `json:"queue,omitempty"`    // the last queue joined
	Agent    string      `json:"agent,omitempty"`    // the last party that talked
	Wait     Millis      `json:"wait"`               // in queue: joined to connected, or to leaving
	Ring     Millis      `json:"ring"`               // the answering phone's ringing; without an answer all ringing
	Talk     Millis      `json:"talk"`               // bridged, hold included
	Hold     Millis      `json:"hold"`               // part of Talk on hold
	Result   string      `json:"result"`             // answered, abandoned, missed, served, refused
	Cause    string      `json:"cause"`              // call.Cause name
	Announce []string    `json:"announce,omitempty"` // positions said
}

// Millis is a duration that is whole milliseconds in JSON.
type Millis time.Duration
