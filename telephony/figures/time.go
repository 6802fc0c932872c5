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
	err := r.opts.Ledger.Floor(ctx, from, to, func(s call.Step) error {
		if !last.IsZero() && s.At.Sub(last) > heartbeat {
			off(last)
		}
		switch {
		case s.Type == call.StepBox && s.Value == "started":
			off(last) // it did not stop in order if anybody is left
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
	if to.Sub(last) > heartbeat {
		to = last
	}
	off(to)
	return nil
}

// time counts what agents did.
func (r *Room) time(ctx context.Context, c *count) error {
	return r.timeline(ctx, c.q.From, c.q.To, func(d Doing) {
		if c.q.Agent != "" && d.Agent != c.q.Agent {
			return
		}
		from, to := d.From.UnixMilli(), d.To.UnixMilli()
		c.total.doing(d.Status, to-from)
		switch c.q.By {
		case ByAgent:
			c.row(d.Agent).doing(d.Status, to-from)
		case ByHour, ByDay, ByWeekday, ByWeekHour:
			zone := c.q.From.Location()
			_, next := walk(c.q.By)
			for at := d.From.In(zone); at.Before(d.To); at = next(at) {
				key, _ := c.key(nil, &ledger.Visit{Offered: at})
				c.row(key).doing(d.Status, min(to, next(at).UnixMilli())-at.UnixMilli())
			}
		}
	})
}
