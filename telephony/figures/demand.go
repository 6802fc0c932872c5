package figures

import (
	"context"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/staffing"
)

// Demand is what came to a queue on some days, and who was there for it, by half hours
// of the wall clock.
type Demand struct {
	Halves [halves]staffing.Seen // from midnight on
	Days   []DemandDay
}

// DemandDay is one of its days.
type DemandDay struct {
	Day   time.Time // its beginning
	Calls int
	// Empty: nothing at all was recorded, the box was off or not there yet. It counts for
	// nothing.
	Empty bool
}

// halves are the half hours of the wall clock: on a day on which clocks change one or two
// of them come twice, or not at all.
const halves = 48

func halfOf(t time.Time) int { return (t.Hour()*60 + t.Minute()) / 30 }

// nextHalf is the end of t's half hour.
func nextHalf(t time.Time) time.Time {
	into := time.Duration(t.Minute()%30)*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return t.Add(staffing.HalfHour - into)
}

// Demand counts what came to a queue on days that begin at the given times. A contact
// that came while the queue was closed counts for nothing. Who is there is who is logged
// in with a working phone and not paused, of the queue's agents now and of those whom it
// rang on these days; somebody who serves several queues is there for each of them.
func (r *Room) Demand(ctx context.Context, queue string, days []time.Time, within time.Duration) (Demand, error) {
	d := Demand{}
	for _, at := range days {
		day, seen, err := r.dayOf(ctx, queue, at, within)
		if err != nil {
			return d, err
		}
		d.Days = append(d.Days, day)
		if day.Empty {
			continue
		}
		for i := range seen {
			d.Halves[i].Add(seen[i])
		}
	}
	return d, nil
}

func (r *Room) dayOf(ctx context.Context, queue string, at time.Time, within time.Duration) (day DemandDay, seen [halves]staffing.Seen, err error) {
	zone := r.Zone()
	from := Day(at.In(zone))
	to := NextDay(from)
	if now := r.opts.Clock.Now(); to.After(now) {
		to = now
	}
	day = DemandDay{Day: from, Empty: true}
	serves := r.agentsOf(queue)
	same := r.same()
	err = r.opts.Ledger.Each(ctx, from, to, func(e *ledger.Entry) error {
		day.Empty = day.Empty && (e.Started.Before(from) || !e.Started.Before(to))
		for i := range e.Visits {
			v := &e.Visits[i]
			same.rename(v)
			if v.Queue != queue || v.Offered.Before(from) || !v.Offered.Before(to) || v.Outcome == ledger.VisitOverflow && v.Reason == closedQueue {
				continue
			}
			day.Calls++
			demand(&seen[halfOf(v.Offered.In(zone))], v, within)
			for _, agent := range rung(v) {
				serves[agent] = true
			}
		}
		return nil
	})
	if err != nil {
		return day, seen, fmt.Errorf("demand of %s: %w", queue, err)
	}
	// A day on which agents or the box did anything was recorded too.
	if err := r.opts.Ledger.Floor(ctx, from, to, func(s call.Step) error {
		day.Empty = day.Empty && (s.At.Before(from) || !s.At.Before(to))
		return nil
	}); err != nil {
		return day, seen, fmt.Errorf("demand of %s: %w", queue, err)
	}
	err = r.timeline(ctx, from, to, func(d Doing) {
		if !serves[d.Agent] || !there(d.Status) {
			return
		}
		spread(d.From.In(zone), d.To, func(half int, n time.Duration) { seen[half].Duty += n })
	})
	spread(from, to, func(half int, n time.Duration) { seen[half].Span += n })
	return day, seen, err
}

// closedQueue is the reason of an Overflow that no agent could have helped.
const closedQueue = "closed"

// demand counts a contact.
func demand(s *staffing.Seen, v *ledger.Visit, within time.Duration) {
	s.Calls++
	s.Waited += v.Wait.D()
	switch v.Outcome {
	case ledger.VisitAnswered:
		s.Answered++
		s.Work += v.Talk.D() + v.Wrap.D() // hold is part of talk
		if v.Wait.D() <= within {
			s.InTime++
		}
	case ledger.VisitAbandoned:
		s.Abandoned++
	}
}

// there tells whether an agent of a status is on duty.
func there(status string) bool {
	switch status {
	case "logged-out", "offline", "paused":
		return false
	}
	return true
}

// spread cuts a time at half hours.
func spread(from, to time.Time, f func(half int, n time.Duration)) {
	for at := from; at.Before(to); {
		next := nextHalf(at)
		if next.After(to) {
			next = to
		}
		f(halfOf(at), next.Sub(at))
		at = next
	}
}

// agentsOf are the agents of a queue as it is configured.
func (r *Room) agentsOf(queue string) map[string]bool {
	agents := make(map[string]bool)
	if q, ok := r.opts.Config().Queue(queue); ok {
		for _, a := range q.Agents {
			agents[a.Extension] = true
		}
	}
	return agents
}
