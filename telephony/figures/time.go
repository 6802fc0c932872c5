package figures

import (
	"context"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
)

// Doing is what an agent did for a time.
type Doing struct {
	Agent  string    `json:"agent"`
	Status string    `json:"status"` // acd.Status
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Queue  string    `json:"queue,omitempty"`
	Reason string    `json:"reason,omitempty"` // of a pause
}

// heartbeat is within which the ledger notes anew what every agent does: when it is
// silent for longer the box was off.
const heartbeat = time.Hour + 5*time.Second

// early is how much earlier than it would the ledger is to begin, so that it hands out
// what was noted a whole heartbeat before.
const early = 5 * time.Second

// Timeline is what an agent, or with "" every agent, did in [from, to), in the order of
// the ends. While the box was off nobody did anything.
func (r *Room) Timeline(ctx context.Context, agent string, from, to time.Time) ([]Doing, error) {
	list := []Doing{}
	err := r.timeline(ctx, from, to, func(d Doing) {
		if agent == "" || d.Agent == agent {
			list = append(list, d)
		}
	})
	return list, err
}

func (r *Room) timeline(ctx context.Context, from, to time.Time, f func(Doing)) error {
	if now := r.opts.Clock.Now(); to.After(now) {
		to = now
	}
	same := r.same()
	doing := make(map[string]Doing)
	var last time.Time
	end := func(d Doing, at time.Time) {
		if d.To = at; d.To.After(to) {
			d.To = to
		}
		if d.From.Before(from) {
			d.From = from
		}
		if d.From.Before(d.To) {
			f(d)
		}
	}
	off := func(at time.Time) {
		for _, d := range doing {
			end(d, at)
		}
		clear(doing)
	}
	// The first step after the period tells whether the box was on until its end.
	until, over := to.Add(heartbeat), false
	if now := r.opts.Clock.Now(); until.After(now) {
		until = now
	}
	err := r.opts.Ledger.Floor(ctx, from.Add(-early), until, func(s call.Step) error {
		if over {
			return nil
		}
		if !last.IsZero() && s.At.Sub(last) > heartbeat {
			off(last)
		}
		over = !s.At.Before(to)
		switch {
		case s.Type == call.StepBox && s.Value == "started":
			off(last) // it did not stop in order if anybody is left
		case over:
		case s.Type == call.StepBox:
			off(s.At)
		case s.Type == call.StepAgent:
			agent := same.of(s.Agent)
			was, known := doing[agent]
			if known && was.Status == s.Value && was.Queue == s.Queue && was.Reason == s.Reason {
				break
			}
			if known {
				end(was, s.At)
			}
			doing[agent] = Doing{Agent: agent, Status: s.Value, From: s.At, Queue: s.Queue, Reason: s.Reason}
		}
		last = s.At
		return nil
	})
	if err != nil {
		return err
	}
	if !over && until.Sub(last) > heartbeat {
		to = last
	}
	off(to)
	return nil
}

// time counts what agents did, which is of no queue, number or way.
func (r *Room) time(ctx context.Context, c *count) error {
	if !c.q.everything() {
		return nil
	}
	zone := c.q.From.Location()
	return r.timeline(ctx, c.q.From, c.q.To, func(d Doing) {
		for at := d.From.In(zone); at.Before(d.To); at = nextHour(at) {
			n := min(d.To.UnixMilli(), nextHour(at).UnixMilli()) - at.UnixMilli()
			c.did(d.Agent, at, func(t *Tally) { t.doing(d.Status, n) })
		}
	})
}

// everything tells that a query asks for no part of the contacts, but perhaps for an
// agent's.
func (q *Query) everything() bool { return q.Queue == "" && q.Number == "" && q.Way == "" }

// did adds what an agent did in an hour.
func (c *count) did(agent string, at time.Time, add func(*Tally)) {
	if c.q.Agent != "" && agent != c.q.Agent {
		return
	}
	add(c.total)
	switch c.q.By {
	case ByAgent:
		add(c.row(agent))
	case ByHour, ByDay, ByWeekday, ByWeekHour:
		key, _ := c.key(nil, &ledger.Visit{Offered: at})
		add(c.row(key))
	case byCell:
		add(c.row(cell{kind: timeCell, hour: hour(at).Unix(), agent: agent}.key()))
	}
}
