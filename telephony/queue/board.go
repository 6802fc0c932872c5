package queue

import (
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Board is the floor as pages show it.
type Board struct {
	Queues []QueueView `json:"queues"`
	Agents []AgentView `json:"agents"`
}

// QueueView is one queue now.
type QueueView struct {
	Number  string       `json:"number"`
	Name    string       `json:"name"`
	Waiting []CallerView `json:"waiting"` // first in line first
	Talking int          `json:"talking"`
	// Strategy chooses the agent: see config.QueueStrategies.
	Strategy string   `json:"strategy"`
	Agents   []string `json:"agents"` // extensions
	// CallsBack: callers can ask to be called back.
	CallsBack bool `json:"calls_back,omitempty"`
}

// CallerView is a caller in line.
type CallerView struct {
	Call     call.ID    `json:"call"`
	Party    call.Party `json:"party"`
	Position int        `json:"position"` // 1 is next
	Joined   time.Time  `json:"joined"`
	Offered  string     `json:"offered,omitempty"` // agents being rung for this caller: "1001, 1002"
	Priority int        `json:"priority,omitempty"`
	// Minutes is what the caller was told last: less than so many; 0 when nothing.
	Minutes int `json:"minutes,omitempty"`
	// Callback: nobody is on the phone; the place is kept for somebody to be called back.
	Callback bool      `json:"callback,omitempty"`
	Held     *HeldView `json:"held,omitempty"` // then
}

// HeldView is how far a callback has come.
type HeldView struct {
	// State is waiting (for its turn), later (not before Due), ringing (an agent) or
	// dialling (the customer).
	State string    `json:"state"`
	Asked time.Time `json:"asked"`
	Due   time.Time `json:"due"`
	Until time.Time `json:"until"` // it is given up then
	// Booked tells that Due is a time that was chosen.
	Booked bool `json:"booked,omitempty"`
	Tries  int  `json:"tries"` // to call him, with the one that goes on
}

// AgentView is one agent now.
type AgentView struct {
	Extension string    `json:"extension"`
	Name      string    `json:"name"`
	State     string    `json:"state"` // acd.Status: logged-out, paused, offline, busy, free, reserved, ringing, talking, wrap-up, missed
	Since     time.Time `json:"since"`
	Until     time.Time `json:"until,omitzero"` // end of wrap-up or missed
	Queue     string    `json:"queue,omitempty"`
	// Absences are the queues that he has logged out of or rests in.
	Absences []acd.Absence `json:"absences,omitempty"`
	Call     call.ID       `json:"call,omitempty"`
}
