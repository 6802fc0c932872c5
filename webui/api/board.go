package api

import (
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/line"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/telephony/sip"
	"github.com/pasokh/pasokh/telephony/sip/trunk"
)

// Section is a part of the board that is streamed as a whole.
type Section struct {
	Name  string      // its event on the stream; its field in State
	Topic event.Topic // of the news that it changed
	Read  func() any
}

// Sections are the parts of the board, in the order in which a page gets them.
func (r *Rooms) Sections() []Section {
	s := []Section{
		{"lines", event.Lines, func() any { return r.lines() }},
		{"phones", event.Phones, func() any { return r.phones() }},
		{"trunks", event.Trunks, func() any { return r.trunks() }},
		{"floor", event.Queues, func() any { return r.floor() }},
		{"calls", event.Calls, func() any { return r.calls() }},
		{"records", event.Ledger, func() any { return r.records(Recent, time.Time{}) }},
		{"switches", event.Switches, func() any { return r.switches() }},
		{"hours", event.Switches, func() any { return r.hours(r.Clock.Now()) }},
		{"conferences", event.Conferences, func() any { return r.conferences() }},
		{"supervisors", event.Config, func() any { return r.supervisors() }},
		{"health", event.Health, func() any { return r.health() }},
		{"protection", event.Protection, func() any { return r.protection() }},
	}
	if r.Simulator != nil {
		s = append(s, Section{"simulator", event.Lines, func() any { return r.simulator() }})
	}
	return s
}

// State is the whole board now.
func (r *Rooms) State() State {
	return State{
		Now:         r.Clock.Now(),
		Lines:       r.lines(),
		Phones:      r.phones(),
		Trunks:      r.trunks(),
		Floor:       r.floor(),
		Calls:       r.calls(),
		Records:     r.records(Recent, time.Time{}),
		Switches:    r.switches(),
		Hours:       r.hours(r.Clock.Now()),
		Conferences: r.conferences(),
		Supervisors: r.supervisors(),
		Health:      r.health(),
		Protection:  r.protection(),
		Simulator:   r.simulator(),
	}
}

// A page iterates over lists without asking: an empty one is [] and never null.

func (r *Rooms) lines() []line.Status     { return list(r.Lines()) }
func (r *Rooms) phones() []sip.Phone      { return list(r.Phones()) }
func (r *Rooms) trunks() []trunk.Status   { return list(r.Trunks()) }
func (r *Rooms) health() []health.Problem { return list(r.Health()) }
func (r *Rooms) calls() []call.Snapshot   { return list(r.Calls()) }

func (r *Rooms) records(limit int, before time.Time) []ledger.Record {
	return list(r.Records(limit, before))
}

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
