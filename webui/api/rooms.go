package api

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/pasokh/pasokh/firmware/audit"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/logring"
	"github.com/pasokh/pasokh/firmware/storage"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/trace"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
	"github.com/pasokh/pasokh/telephony/trial"
	"github.com/pasokh/pasokh/telephony/whatif"
)

// Rooms is what the interface needs from the house. Every function returns at
// once, may be called from any goroutine, and hands out a snapshot that nobody
// changes afterwards. All but Simulator and Chief are required.
type Rooms struct {
	Clock   clock.Clock
	Version string // of the program
	Config  func() *config.Config
	Lines   func() []line.Status
	Phones  func() []sip.Phone
	Trunks  func() []trunk.Status
	Floor   func() queue.Board
	Desk    Desk
	Calls   func() []call.Snapshot
	// Callbacks are who will be called back; they are on the Floor too.
	Callbacks Callbacks
	Health    func() []health.Problem
	// Records returns at most limit finished calls that started before a time,
	// newest first, of the latest ones; the zero time means now. List finds all.
	Records func(limit int, before time.Time) []ledger.Record
	List    func(ctx context.Context, q ledger.Query) (list []ledger.Record, more bool, err error)
	Reports *figures.Room
	Steps   func(ctx context.Context, id call.ID) ([]call.Step, error)
	Explain func(steps []call.Step, lang string, names ledger.Names) []string
	// Trace is what is left of the SIP messages of legs, without secrets.
	Trace func(legs []call.LegID) []trace.Message
	// Sound is how legs sound now; it listens for a second, or until ctx ends.
	Sound func(ctx context.Context, legs []call.LegID) []LegSound
	// Watch begins a live trace of an extension, a trunk and a network, as far as
	// they are given; Watched finds it again.
	Watch   func(extension, trunk string, from netip.Prefix, last time.Duration) (*trace.Capture, error)
	Watched func(id string) (*trace.Capture, bool)
	// Protection is who is shut out; Lift lets a source in again and reports false
	// when it was not out. by is who does it, for the log.
	Protection  func() sip.Protection
	Lift        func(source, by string) bool
	Certificate Certificate
	// Mail sends letters.
	Mail Mailer
	// Bulletins are the reports that go out by mail.
	Bulletins Bulletins
	// Backups are copies of the box; Restart starts the program anew, Revision is that of
	// the configuration.
	Backups Backups
	Restart func()
	Alerts  Alerter
	Storage func() storage.State
	// Wire captures the sound of legs for a while; ErrBusy: another capture runs.
	Wire     func(ctx context.Context, legs []call.LegID, last time.Duration) ([]trace.Message, error)
	Logs     func(n int, level slog.Level) []logring.Record // the newest first
	Revision func() int
	// Switches are the switches for the night; Turn turns one and reports false when
	// there is none. By is who does it, for the log.
	Switches func() []night.View
	Turn     func(night.Turn) (to night.To, ok bool)
	// Conferences are those going on; Confer does something to one.
	Conferences func() []conference.View
	Confer      func(conference.Action) error
	// RecordMeeting does something about the recording of a conference; false means that
	// there is none to be made.
	RecordMeeting func(number string, do call.RecordDo, by call.Party) bool
	// Listen rings the phones of a supervisor who listens in on a call.
	Listen func(id call.ID, by string, how call.Manner) error
	// Try tries a call out, with the drafts of menus or without. It may take a second;
	// ErrBusy: too many are being tried.
	Try func(q trial.Question, drafts bool) (trial.Answer, error)
	// WhatIf plays a recorded day with a change. It takes seconds; ErrBusy: another is being
	// played.
	WhatIf func(context.Context, WhatIfAsk) (*whatif.Comparison, error)
	// Flows are the voice menus that somebody works on.
	Flows Flows
	// Sounds are the business's own; Prompts, the box's texts that they can replace.
	Sounds  Sounds
	Prompts func() []Prompt
	// Hear is a program as people hear it, 8000 samples a second.
	Hear func(call.Program) []int16
	// Audit is who did what, newest first.
	Audit func(ctx context.Context, before time.Time, limit int) ([]audit.Deed, error)
	// Changes is the configuration with its history.
	Changes Changes
	// Propose changes the configuration: edit is handed a copy of the tree, whose
	// lists it must not change in place. It waits for the disk.
	Propose func(edit func(*config.Config), author, note string) error
	// Release hangs a call up; false means that it is not running.
	Release    func(call.ID) bool
	Recordings RecordingsRoom
	Voicemail  VoicemailRoom
	// Record does something about the recording of a running call; false means that
	// there is none to be made. By is who asks, for the story.
	Record func(id call.ID, do call.RecordDo, by string) bool
	// Simulator plays the far end of simulated ports; nil on a real box.
	Simulator Simulator
	// Setup is how a new box is set up; its Room is nil where nobody does that.
	Setup Setup
	// Chief is process 1 of an appliance; nil where the program runs on somebody's own
	// computer.
	Chief Chief
}

// Simulator is the town behind a simulated board: callers on its lines and the
// analog phones on its phone ports. Its methods return at once. Errors are
// ErrNoPort, ErrLineBusy and ErrLineIdle.
type Simulator interface {
	// State is every simulated far end, in port order.
	State() Simulated
	// Call rings the box on a line.
	Call(port string, c SimCall) error
	// Press sends keys as DTMF, from the caller on a line.
	Press(port, digits string) error
	// HangUp lets the caller on a line go.
	HangUp(port string) error
	// Lift takes a phone's handset up, Hang puts it down, Dial presses its keys
	// and Flash its hook.
	Lift(port string) error
	Hang(port string) error
	Dial(port, digits string) error
	Flash(port string) error
	// Talk lets the far end of a line or phone port send a sine of hz at the level
	// of a voice; 0 is silence.
	Talk(port string, hz int) error
	// Heard is what the far end of a line or phone port heard in its current or
	// last call: 16-bit samples, 8000 a second.
	Heard(port string) ([]int16, error)
}

// Recent is how many finished calls the board shows.
const Recent = 50
