package api

import (
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/record"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// SignIn is the body of POST /api/sign-in.
type SignIn struct {
	User     string `json:"user"`
	Password string `json:"password"`
	// Code of the second step, or a recovery code, of users who have one.
	Code string `json:"code,omitempty"`
}

// Claim is the body of POST /api/claim, which makes the box's first user.
type Claim struct {
	Token    string `json:"token"` // printed by the box when it first starts
	User     string `json:"user"`
	Password string `json:"password"`
}

// Me is who is asking, and whether the box has an owner yet.
type Me struct {
	Box      string          `json:"box"` // the box's name
	Language config.Language `json:"language"`
	Claimed  bool            `json:"claimed"`
	User     string          `json:"user,omitempty"` // empty for a stranger
	Version  string          `json:"version"`
	// Role is the user's; Rights are what he may do, as far as Queues (a supervisor's)
	// or Extension (an agent's) reach.
	Role      identity.Role    `json:"role,omitempty"`
	Rights    []identity.Right `json:"rights"`
	Queues    []string         `json:"queues"`
	Extension string           `json:"extension,omitempty"`
	// Demo tells that simulated lines can be played with.
	Demo bool `json:"demo"`
	// Setup tells that the box is new and waits for this user to set it up.
	Setup bool `json:"setup"`
	// Appliance tells that the box has its network and its updates in its own hand, and
	// this user may touch them.
	Appliance bool `json:"appliance"`
}

// State is the whole board.
type State struct {
	Now         time.Time         `json:"now"` // the box's clock, to compute durations with
	Lines       []line.Status     `json:"lines"`
	Phones      []sip.Phone       `json:"phones"`
	Trunks      []trunk.Status    `json:"trunks"`
	Floor       queue.Board       `json:"floor"`
	Calls       []call.Snapshot   `json:"calls"`
	Switches    []night.View      `json:"switches"`
	Hours       []HoursState      `json:"hours"`
	Conferences []conference.View `json:"conferences"`
	Supervisors []string          `json:"supervisors"` // extensions that may listen in
	Records     []ledger.Record   `json:"records"`
	Health      []health.Problem  `json:"health"`
	Protection  sip.Protection    `json:"protection"`
	Simulator   *Simulated        `json:"simulator,omitempty"`
}

// Records is the answer of GET /api/records.
type Records struct {
	Records []ledger.Record `json:"records"` // newest first
	More    bool            `json:"more"`    // older ones may exist
	// Recorded are those of the calls that can be listened to.
	Recorded []call.ID `json:"recorded"`
}

// Story is one call, told: the answer of GET /api/calls/{id}.
type Story struct {
	Steps []call.Step `json:"steps"`
	Lines []string    `json:"lines"` // one sentence a step, in the caller's language
	// Recordings of the call, oldest first, deleted ones too.
	Recordings []record.Entry `json:"recordings"`
}

// SIPTrace is the answer of GET /api/calls/{id}/sip: what is still in memory of
// the call's SIP messages, oldest first. Secrets in them are masked.
type SIPTrace struct {
	Messages []SIPMessage `json:"messages"`
}

// Watch is the body of POST /api/sip/traces: whose SIP messages to show as they
// come. At least one of the first three must be given, and all given must fit.
type Watch struct {
	Phone   string `json:"phone"`   // an extension
	Trunk   string `json:"trunk"`   // a trunk's name
	From    string `json:"from"`    // an address or network of the peer
	Seconds int    `json:"seconds"` // how long, to 3600; 0: five minutes
}

// Watching is a live trace that has begun: /api/sip/traces/{id}/live streams it.
type Watching struct {
	ID string `json:"id"`
}

// Confer is the body of POST /api/conferences/{number}.
type Confer struct {
	Do     conference.Verb `json:"do"`
	Member call.LegID      `json:"member,omitempty"` // empty: all, or the conference itself
}

// ListenIn is the body of POST /api/calls/{id}/listen: the phones of the extension By ring.
type ListenIn struct {
	By  string      `json:"by"`
	How call.Manner `json:"how"`
}

// Turn is the body of POST /api/switches/{number}.
type Turn struct {
	On  bool `json:"on"`
	Day bool `json:"day,omitempty"` // open, whatever the hours
}

// Lift is the body of POST /api/protection/lift.
type Lift struct {
	Source string `json:"source"` // an address, or the source of a ban
}

// SIPMessage is one SIP message.
type SIPMessage struct {
	At      time.Time `json:"at"`
	In      bool      `json:"in"`      // from the peer
	Network string    `json:"network"` // UDP, TCP, TLS, WS
	Local   string    `json:"local"`   // "ip:port" of the box
	Peer    string    `json:"peer"`    // "ip:port" of the phone or trunk
	Text    string    `json:"text"`
}

// Done is the answer of an operation that has nothing to tell.
type Done struct {
	Done bool `json:"done"`
}

// SimCall is the body of POST /api/sim/lines/{port}/call.
type SimCall struct {
	Number string `json:"number"` // shown as caller ID; empty: withheld
	Name   string `json:"name"`
	// Release is how the central office tells the box that the caller hung up.
	Release Release `json:"release"`
}

// Release is a central office's sign that the far end has hung up.
type Release string

// What a simulated central office can do.
const (
	LoopDrop Release = "loop-drop" // the loop current is interrupted
	BusyTone Release = "busy-tone" // busy tone is played
	Reversal Release = "reversal"  // the polarity turns back, then busy tone
)

// SimKeys is the body of the simulator's press and dial operations.
type SimKeys struct {
	Digits string `json:"digits"`
}

// SimTone is the body of the simulator's talk operations.
type SimTone struct {
	Hz int `json:"hz"` // 200 to 3400; 0: silence
}

// Simulated is every simulated far end.
type Simulated struct {
	Lines  []SimLine  `json:"lines"`
	Phones []SimPhone `json:"phones"`
}

// SimLine is the far end of a simulated analog line: the caller in the town.
type SimLine struct {
	Port   string    `json:"port"`
	State  string    `json:"state"` // of loop.OfficeState: idle, announcing, ringing, answered, dialling, calling, refused, releasing
	Number string    `json:"number,omitempty"`
	Name   string    `json:"name,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Heard  Millis    `json:"heard"` // length of what the far end heard in this or the last call
}

// SimPhone is a simulated analog phone on an FXS port.
type SimPhone struct {
	Port      string    `json:"port"`
	Extension string    `json:"extension,omitempty"`
	State     string    `json:"state"` // on-hook, ringing, off-hook
	Caller    string    `json:"caller,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Heard     Millis    `json:"heard"`
}

// Millis is a duration in whole milliseconds.
type Millis int64
