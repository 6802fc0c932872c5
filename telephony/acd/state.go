package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// MissPause is how long an agent is left alone after an offer that he did not
// take. It also keeps a phone that refuses at once from being rung in a circle.
const MissPause = 5 * time.Second

// State is the floor: all queues, agents and callers in line. The zero State has
// none. Its fields are there to be read and stored; only Apply changes them.
type State struct {
	Queues  []Queue   `json:"queues"`
	Agents  []Agent   `json:"agents"`  // by extension
	Callers []Caller  `json:"callers"` // in line in any queue, first come first
	Offers  uint64    `json:"offers"`  // number of the last offer made
	Wake    time.Time `json:"wake,omitzero"`
}

// Queue is a line of callers and the agents who serve it.
type Queue struct {
	Number     string        `json:"number"`
	Strategy   Strategy      `json:"strategy"`
	Agents     []string      `json:"agents"` // extensions, in the order of the list
	WrapUp     time.Duration `json:"wrap_up"`
	MaxCallers int           `json:"max_callers,omitempty"` // 0: no limit
	MaxWait    time.Duration `json:"max_wait,omitempty"`    // 0: no limit
}

// Strategy chooses among the free agents.
type Strategy string

// The strategies.
const (
	LongestIdle Strategy = "longest-idle" // whose last call ended longest ago
	Linear      Strategy = "linear"       // first in the list
	RingAll     Strategy = "ring-all"     // all at once, the first to answer has the caller
)

// Agent is a person who serves queues, known by extension.
type Agent struct {
	Extension string    `json:"extension"`
	Member    bool      `json:"member"` // serves at least one queue
	Online    bool      `json:"online"` // has a phone that can be rung
	Elsewhere int       `json:"elsewhere,omitempty"`
	Status    Status    `json:"status"`
	Since     time.Time `json:"since"` // of Status
	Idle      time.Time `json:"idle"`  // end of the last call, or coming online
	// Absences are the queues that he is a member of and does not work for now.
	Absences []Absence `json:"absences,omitempty"`
	// Off is LoggedOut or Paused when he works for none of his queues.
	Off Status `json:"off,omitempty"`

	Offer   uint64  `json:"offer,omitempty"` // that rings him, 0 for none
	Talking bool    `json:"talking,omitempty"`
	Call    call.ID `json:"call,omitempty"`  // rung for, talking to, or wrapping up
	Queue   string  `json:"queue,omitempty"` // of Call

	WrapUntil time.Time `json:"wrap_until,omitzero"`
	RestUntil time.Time `json:"rest_until,omitzero"`
}

// Status is what an agent is doing. The first that applies of the list counts.
type Status string

// What agents do.
const (
	Talking   Status = "talking"    // with a queue's caller
	Ringing   Status = "ringing"    // for a queue's caller
	LoggedOut Status = "logged-out" // of all his queues
	Paused    Status = "paused"     // in all queues that he is logged in to
	Offline   Status = "offline"    // no phone to ring
	Busy      Status = "busy"       // on a call outside the queues
	WrapUp    Status = "wrap-up"    // pause after a queue's call
	Missed    Status = "missed"     // resting after an offer not taken
	Free      Status = "free"
)

// at is the agent's status at a time.
func (a *Agent) at(now time.Time) Status {
	switch {
	case a.Talking:
		return Talking
	case a.Offer != 0:
		return Ringing
	case a.Off != "":
		return a.Off
	case !a.Online:
		return Offline
	case a.Elsewhere > 0:
		return Busy
	case now.Before(a.WrapUntil):
		return WrapUp
	case now.Before(a.RestUntil):
		return Missed
	}
	return Free
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

// Caller is somebody in line.
type Caller struct {
	Call     call.ID    `json:"call"`
	Party    call.Party `json:"party"`
	Queue    string     `json:"queue"`
	Joined   time.Time  `json:"joined"`
	Position int        `json:"position"`         // in the queue, 1 is next
	Rung     []string   `json:"rung,omitempty"`   // agents whose phones ring for the caller
	Misses   []Miss     `json:"misses,omitempty"` // the last of each agent
}

// Miss is an offer that an agent did not take.
type Miss struct {
	Agent string     `json:"agent"`
	At    time.Time  `json:"at"`
	Cause call.Cause `json:"cause"`
}

// missed is when the caller was last missed by an agent; zero for never.
func (c *Caller) missed(agent string) time.Time {
	for _, m := range c.Misses {
		if m.Agent == agent {
			return m.At
		}
	}
	return time.Time{}
}

func (s *State) queue(number string) *Queue {
	for i := range s.Queues {
		if s.Queues[i].Number == number {
			return &s.Queues[i]
		}
	}
	return nil
}

func (s *State) search(ext string) (int, bool) {
	return slices.BinarySearchFunc(s.Agents, ext, func(a Agent, ext string) int {
		return cmp.Compare(a.Extension, ext)
	})
}

func (s *State) agent(ext string) *Agent {
	if i, ok := s.search(ext); ok {
		return &s.Agents[i]
	}
	return nil
}

// agentOrNew keeps what is told of an extension before it serves a queue.
func (s *State) agentOrNew(ext string, now time.Time) *Agent {
	i, ok := s.search(ext)
	if !ok {
		s.Agents = slices.Insert(s.Agents, i, Agent{Extension: ext, Status: Offline, Since: now, Idle: now})
	}
	return &s.Agents[i]
}

func (s *State) caller(id call.ID) *Caller {
	for i := range s.Callers {
		if s.Callers[i].Call == id {
			return &s.Callers[i]
		}
	}
	return nil
}
