// Package figures computes the figures of the contact centre from the ledger.
//
// There is one source: the ledger's records, with their visits of queues, and its
// floor, with what agents did. A report is a pure function of these, of a period and of
// the time now. What is counted for an hour is a Tally of whole numbers (milliseconds,
// counts), and Tallies are added, so that the figures of a day are those of its hours
// and come out the same from the calls themselves.
//
// A contact is one visit of a queue. It counts in the hour in which it came to the
// queue, whatever becomes of it later and however long it lasts; the work of an agent
// in the hour in which he did it. Hours and days are those of the box's time zone: a
// day on which clocks change has 23 or 25 hours.
//
// The conservation law of every report:
//
//	offered = answered + abandoned + overflow + callback + waiting + interrupted
//
// where waiting are those still in line now and interrupted those whom a stop of the
// box cut off. A report whose contacts do not add up says so and names them.
//
// Numbers of queues and agents are joined with those that they had before (Formerly of
// package config), so a new number needs no new history.
//
// Reports of old days do not read all calls again: Run keeps the Tallies of their hours,
// each day's with a digest of what it came from, the ledger's entries and the settings
// that matter. A report takes a kept day only while the digest is still the same; it is
// the same report as without.
//
// Room is safe for concurrent use. Run owns the only goroutine.
package figures

import (
	"context"
	"log/slog"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/numbering"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Source is the ledger, *ledger.Ledger.
type Source interface {
	Each(ctx context.Context, from, to time.Time, f func(*ledger.Entry) error) error
	Floor(ctx context.Context, from, to time.Time, f func(call.Step) error) error
}

// Options are what figures need from the house.
type Options struct {
	Clock  clock.Clock
	Ledger Source
	Config func() *config.Config
	// Archive and Kept are for keeping figures of days; without Kept none are.
	Archive Archive
	Kept    Log
	Log     *slog.Logger // with Kept
}

// Room computes reports.
type Room struct {
	opts   Options
	wanted chan []time.Time // days are to be kept
}

// New makes a room.
func New(o Options) *Room { return &Room{o, make(chan []time.Time, 1)} }

// Group is what the rows of a report stand for.
type Group string

// The groups. ByAgent counts answered contacts only, and offers.
const (
	ByNothing Group = ""
	ByHour    Group = "hour"
	ByDay     Group = "day"
	ByQueue   Group = "queue"
	ByAgent   Group = "agent"
	ByNumber  Group = "number" // of ours that was dialled (DID)
	ByWay     Group = "way"    // trunk or line
	// ByWeekday and ByWeekHour add up the same days, or the same hours of the same days,
	// of all weeks.
	ByWeekday  Group = "weekday"
	ByWeekHour Group = "week-hour"
)

// Query says which contacts a report counts. What is empty does not matter.
type Query struct {
	From, To time.Time // offered in [From, To)
	Queue    string
	Agent    string // who answered
	Number   string // DID
	Way      string // trunk or line
	By       Group
	// Row is the key of the row of By whose contacts Contacts lists, when OfRow is set.
	Row   string
	OfRow bool
	// Threshold is the T of service levels, Short that of short abandonment: a contact
	// counts as within when it waited not longer; zero is the usual.
	Threshold, Short time.Duration
	// Days in which a customer must not come back for a contact to be solved; 0: 7.
	Days int
}

// The usual thresholds.
const (
	UsualThreshold = 20 * time.Second
	UsualShort     = 5 * time.Second
	UsualDays      = 7
	MostDays       = 31
)

func (q Query) usual() Query {
	if q.Threshold == 0 {
		q.Threshold = UsualThreshold
	}
	if q.Short == 0 {
		q.Short = UsualShort
	}
	if q.Days == 0 {
		q.Days = UsualDays
	}
	return q
}

// Zone is the box's time zone.
func (r *Room) Zone() *time.Location {
	if zone, err := time.LoadLocation(r.opts.Config().System.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

func (r *Room) plan() numbering.Plan { return numbering.For(r.opts.Config().System.Country) }
