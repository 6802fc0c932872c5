package api

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/night"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/shield"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// Section is a part of the board that is streamed as a whole, to those who have its right.
type Section struct {
	Name  string      // its event on the stream; its field in State
	Topic event.Topic // of the news that it changed
	Right identity.Right
	// Read is what somebody sees of it.
	Read func(who *identity.Identity) any
}

// Sections are the parts of the board, in the order in which a page gets them.
func (r *Rooms) Sections() []Section {
	s := []Section{
		{"lines", event.Lines, identity.Plant, func(who *identity.Identity) any { return r.lines(who) }},
		{"phones", event.Phones, identity.Plant, func(*identity.Identity) any { return r.phones() }},
		{"trunks", event.Trunks, identity.Plant, func(*identity.Identity) any { return r.trunks() }},
		{"floor", event.Queues, identity.Calls, func(who *identity.Identity) any { return floorOf(who, r.floor()) }},
		{"calls", event.Calls, identity.Calls, func(who *identity.Identity) any { return callsOf(who, r.Floor(), r.calls()) }},
		{"records", event.Ledger, identity.Calls, func(who *identity.Identity) any { return r.recent(who) }},
		{"switches", event.Switches, identity.Settings, func(*identity.Identity) any { return r.switches() }},
		{"hours", event.Switches, identity.Settings, func(*identity.Identity) any { return r.hours(r.Clock.Now()) }},
		{"conferences", event.Conferences, identity.Direct, func(who *identity.Identity) any { return r.conferencesOf(who) }},
		{"supervisors", event.Config, identity.Direct, func(*identity.Identity) any { return r.supervisors() }},
		{"health", event.Health, identity.Plant, func(*identity.Identity) any { return r.health() }},
		{"protection", event.Protection, identity.Plant, func(*identity.Identity) any { return r.protection() }},
	}
	if r.Simulator != nil {
		s = append(s, Section{"simulator", event.Lines, identity.Settings, func(*identity.Identity) any { return r.simulator() }})
	}
	return s
}

// State is the whole board now, as somebody sees it: a section that he has no right to is empty.
func (r *Rooms) State(who *identity.Identity) State {
	s := State{Now: r.Clock.Now(), Lines: []line.Status{}, Phones: []sip.Phone{}, Trunks: []trunk.Status{},
		Floor: queue.Board{Queues: []queue.QueueView{}, Agents: []queue.AgentView{}}, Calls: []call.Snapshot{}, Records: []ledger.Record{},
		Switches: []night.View{}, Hours: []HoursState{}, Conferences: []conference.View{}, Supervisors: []string{}, Health: []health.Problem{},
		Protection: sip.Protection{Bans: []shield.Ban{}}}
	if who.May(identity.Plant) {
		s.Lines, s.Phones, s.Trunks, s.Health, s.Protection = r.lines(who), r.phones(), r.trunks(), r.health(), r.protection()
	}
	if who.May(identity.Calls) {
		s.Floor, s.Calls, s.Records = floorOf(who, r.floor()), callsOf(who, r.Floor(), r.calls()), r.recent(who)
	}
	if who.May(identity.Settings) {
		s.Switches, s.Hours, s.Simulator = r.switches(), r.hours(s.Now), r.simulator()
	}
	if who.May(identity.Direct) {
		s.Conferences, s.Supervisors = r.conferencesOf(who), r.supervisors()
	}
	return s
}

// lines are the lines, without who calls on them for those who may not know calls.
func (r *Rooms) lines(who *identity.Identity) []line.Status {
	lines := list(r.Lines())
	if who.May(identity.Calls) {
		return lines
	}
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Caller, lines[i].Call = call.Party{}, ""
	}
	return lines
}

// recent are the latest calls that somebody sees.
func (r *Rooms) recent(who *identity.Identity) []ledger.Record {
	if who.All() {
		return list(r.Records(Recent, time.Time{}))
	}
	seen := slices.DeleteFunc(slices.Clone(r.Records(maxRecords, time.Time{})), func(k ledger.Record) bool { return !seesRecord(who, &k) })
	return list(seen[:min(len(seen), Recent)])
}

// conferencesOf are those going on, for those who see everything: they are nobody's.
func (r *Rooms) conferencesOf(who *identity.Identity) []conference.View {
	if !who.All() {
		return []conference.View{}
	}
	return r.conferences()
}

// A page iterates over lists without asking: an empty one is [] and never null.

func (r *Rooms) phones() []sip.Phone      { return list(r.Phones()) }
func (r *Rooms) trunks() []trunk.Status   { return list(r.Trunks()) }
func (r *Rooms) health() []health.Problem { return list(r.Health()) }
func (r *Rooms) calls() []call.Snapshot   { return list(r.Calls()) }

func (r *Rooms) floor() queue.Board {
	b := r.Floor()
	queues := append([]queue.QueueView{}, b.Queues...)
	for i := range queues {
		queues[i].Waiting, queues[i].Agents = list(queues[i].Waiting), list(queues[i].Agents)
	}
	return queue.Board{Queues: queues, Agents: list(b.Agents)}
}

func (r *Rooms) simulator() *Simulated {
	if r.Simulator == nil {
		return nil
	}
	s := r.Simulator.State()
	return &Simulated{Lines: list(s.Lines), Phones: list(s.Phones)}
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
