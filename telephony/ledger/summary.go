package ledger

import (
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// cutByRestart is the reason of the StepEnded that closes a call after a restart.
const cutByRestart = "cut by a restart of the box"

// Summarise computes the record of a call from its steps in order. What follows the
// call's end, an agent's work on it or calling back, changes its visits only.
func Summarise(steps []call.Step) Record {
	s := newSummary()
	for _, step := range steps {
		s.add(step)
	}
	return s.record()
}

// summary is a record in the making. It grows with what there is to
// remember, not with the number of steps.
type summary struct {
	r     Record
	ended bool

	routed time.Time
	queued time.Time               // in a queue since
	legs   map[call.LegID]ringing  // phones rung
	rings  int                     // phones ringing now
	rung   time.Time               // at least one rings since
	total  time.Duration           // of all ringing
	answer time.Duration           // ringing of the phone that talked
	talk   time.Time               // talking since
	held   map[call.LegID]struct{} // legs on hold
	hold   time.Time               // talking on hold since
	gaveUp bool                    // a phone stopped ringing because the caller left
	stays  []*stay
	sums   struct{ wait, talk, hold time.Duration }
}

type ringing struct {
	since time.Time
	lasts time.Duration
	ended bool
}

func newSummary() *summary {
	return &summary{legs: make(map[call.LegID]ringing), held: make(map[call.LegID]struct{}), r: Record{Result: Served}}
}

// span adds the time since *from to *sum and forgets it. The clock may have been
// set back in between.
func span(sum *time.Duration, from *time.Time, to time.Time) {
	if !from.IsZero() {
		*sum += max(0, to.Sub(*from))
		*from = time.Time{}
	}
}

func (s *summary) add(step call.Step) {
	s.after(step)
	if s.ended {
		return
	}
	at := step.At
	s.r.Outside = s.r.Outside || outside(step)
	switch step.Type {
	case call.StepArrived:
		s.r.Call, s.r.Started, s.r.From, s.r.To, s.r.Origin = step.Call, at, step.Party, step.Number, step.Origin
	case call.StepRouted:
		s.routed = at
	case call.StepRinging:
		s.ring(step.Leg, at)
	case call.StepAnswered:
		s.unring(step.Leg, at)
	case call.StepUnringing:
		since := s.legs[step.Leg].since
		s.gaveUp = step.Cause == call.Cancelled.String() && (since.IsZero() || !since.Before(s.routed))
		s.unring(step.Leg, at)
		delete(s.legs, step.Leg)
		s.wanted(Missed)
	case call.StepDiverted:
		if s.r.Diverted == "" {
			s.r.Diverted = step.Party.Number
		}
	case call.StepPickedUp:
		if r, known := s.legs[call.LegID(step.Value)]; known && !r.ended {
			s.legs[step.Leg] = r
			s.rings++
		}
	case call.StepBridged:
		span(&s.sums.hold, &s.hold, at)
		span(&s.sums.talk, &s.talk, at)
		s.r.Agent, s.r.Result, s.talk = step.Agent, Answered, at
		if s.r.Agent == "" {
			s.r.Agent = step.Device
		}
		if r, known := s.legs[step.Leg]; known { // else it came from another call
			s.answer = r.lasts
		}
		s.holding(at)
	case call.StepUnbridged:
		span(&s.sums.hold, &s.hold, at)
		span(&s.sums.talk, &s.talk, at)
	case call.StepHeld:
		s.held[step.Leg] = struct{}{}
		s.holding(at)
	case call.StepResumed:
		delete(s.held, step.Leg)
		s.holding(at)
	case call.StepQueueJoined:
		span(&s.sums.wait, &s.queued, at)
		s.r.Queue, s.queued = step.Queue, at
		s.wanted(Missed)
	case call.StepQueueAnnounced:
		if n := len(s.r.Announce); step.Value != "" && (n == 0 || s.r.Announce[n-1] != step.Value) {
			s.r.Announce = append(s.r.Announce, step.Value)
		}
	case call.StepQueueConnected:
		span(&s.sums.wait, &s.queued, at)
	case call.StepQueueLeft:
		span(&s.sums.wait, &s.queued, at)
		if step.Reason == "abandoned" {
			s.wanted(Abandoned)
		}
	case call.StepQueueRefused:
		s.wanted(Refused)
	case call.StepVoicemail:
		if step.Value == "left" {
			s.wanted(Served)
		}
	case call.StepRefused:
		s.refused(step)
	case call.StepQuality:
		if step.Quality != nil {
			s.sounded(step.Quality.MOS())
		}
	case call.StepEnded:
		s.end(step)
	}
	s.visiting(step)
	s.r.Ended = at
}

// sounded keeps the worst score of all legs.
func (s *summary) sounded(mos float64) {
	if s.r.MOS == 0 || mos != 0 && mos < s.r.MOS {
		s.r.MOS, s.r.Grade = mos, call.Grade(mos)
	}
}

// wanted sets what the call comes to if nobody talks with the caller.
func (s *summary) wanted(r Result) {
	if s.r.Result != Answered {
		s.r.Result = r
	}
}

func (s *summary) refused(step call.Step) {
	switch step.Cause {
	case call.Busy.String(), call.NoAnswer.String(), call.Rejected.String(), call.Unreachable.String():
		s.wanted(Missed)
	default:
		s.wanted(Refused)
	}
}

func (s *summary) ring(leg call.LegID, at time.Time) {
	if _, known := s.legs[leg]; known {
		return
	}
	s.legs[leg] = ringing{since: at}
	s.gaveUp = false
	s.wanted(Missed)
	if s.rings++; s.rings == 1 {
		s.rung = at
	}
}

func (s *summary) unring(leg call.LegID, at time.Time) {
	r, known := s.legs[leg]
	if !known || r.ended {
		return
	}
	r.ended = true
	span(&r.lasts, &r.since, at)
	s.legs[leg] = r
	if s.rings--; s.rings == 0 {
		span(&s.total, &s.rung, at)
	}
}

// holding begins or ends hold as legs and talk stand now.
func (s *summary) holding(at time.Time) {
	switch on := len(s.held) > 0 && !s.talk.IsZero(); {
	case !on:
		span(&s.sums.hold, &s.hold, at)
	case s.hold.IsZero():
		s.hold = at
	}
}

func (s *summary) end(step call.Step) {
	s.ended = true
	s.r.Cause = step.Cause
	span(&s.total, &s.rung, step.At)
	span(&s.sums.wait, &s.queued, step.At)
	span(&s.sums.hold, &s.hold, step.At)
	span(&s.sums.talk, &s.talk, step.At)
	if s.gaveUp && s.r.Result == Missed {
		s.r.Result = Abandoned
	}
	s.talked(s.visit())
	if step.Cause == call.Shutdown.String() {
		s.leave(s.visit(), step.At, VisitInterrupted, "")
		s.wanted(Interrupted)
	}
	if step.Reason == cutByRestart {
		s.r.Result = Interrupted
	}
}

func (s *summary) record() Record {
	r := s.r
	ring := s.total
	if r.Result == Answered {
		ring = s.answer
	}
	whole := func(d time.Duration) Millis { return Millis(d.Truncate(time.Millisecond)) }
	r.Ring, r.Wait, r.Talk, r.Hold = whole(ring), whole(s.sums.wait), whole(s.sums.talk), whole(s.sums.hold)
	r.Visits = s.visits()
	return r
}
