package ledger

import (
	"strconv"
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
	Queue    string      `json:"queue,omitempty"` // the last queue joined
	Agent    string      `json:"agent,omitempty"` // the last party that talked
	Wait     Millis      `json:"wait"`            // in queues: joined to connected, or to leaving
	Ring     Millis      `json:"ring"`            // the answering phone's ringing; without an answer all ringing
	Talk     Millis      `json:"talk"`            // bridged, hold included
	Hold     Millis      `json:"hold"`            // part of Talk on hold
	Result   Result      `json:"result"`
	Cause    string      `json:"cause"`              // call.Cause name
	Outside  bool        `json:"outside,omitempty"`  // a line or trunk was rung, or none could be had
	Diverted string      `json:"diverted,omitempty"` // who sent the call elsewhere first, before it came here or in the box
	Announce []string    `json:"announce,omitempty"` // positions said, repetitions left out
	MOS      float64     `json:"mos,omitempty"`      // of the leg that sounded worst, 1 to 4.5; 0 is not known
	Grade    string      `json:"grade,omitempty"`    // the same in a word: good, fair, poor
	Visits   []Visit     `json:"visits,omitempty"`   // of queues, in order
}

// Result is what came of a call.
type Result string

// The results.
const (
	Answered    Result = "answered"    // talked with a person
	Abandoned   Result = "abandoned"   // hung up while waiting or ringing
	Missed      Result = "missed"      // wanted a person, and none was reached
	Served      Result = "served"      // by a menu, a service, a conference, or a mailbox that took a message
	Refused     Result = "refused"     // no such number, not allowed, queue full
	Interrupted Result = "interrupted" // cut by a stop of the box
)

// Millis is a duration that is whole milliseconds in JSON.
type Millis time.Duration

// D is the plain duration.
func (m Millis) D() time.Duration { return time.Duration(m) }

// MarshalJSON writes whole milliseconds.
func (m Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, m.D().Milliseconds(), 10), nil
}

// UnmarshalJSON reads whole milliseconds.
func (m *Millis) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(string(data), 10, 64)
	*m = Millis(time.Duration(n) * time.Millisecond)
	return err
}
