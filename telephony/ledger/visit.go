package ledger

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Visit is a caller's stay in one queue: what reports count. A call has one for each
// time that it came to a queue, and one that could not join is one too.
type Visit struct {
	Queue   string    `json:"queue"`
	Offered time.Time `json:"offered"` // joined, or was refused
	// Outcome is what came of it; empty while the caller waits.
	Outcome Outcome `json:"outcome,omitempty"`
	Reason  string  `json:"reason,omitempty"` // of an Overflow: full, empty, closed, timeout, key, ...
	Agent   string  `json:"agent,omitempty"`  // who answered
	Wait    Millis  `json:"wait"`             // Offered to the answer or to leaving
	// Expected is the wait as it was expected when he joined; 0: not known, or none.
	Expected    Millis `json:"expected,omitempty"`
	Talk        Millis `json:"talk,omitempty"` // with Agent, hold included
	Hold        Millis `json:"hold,omitempty"` // part of Talk
	Wrap        Millis `json:"wrap,omitempty"` // Agent's work after the talk
	Transferred bool   `json:"transferred,omitempty"`
	Rings       []Ring `json:"rings,omitempty"` // agents it was offered to
	// Callback is the last that is known of the call back: a Value of call.StepCallback.
	Callback string `json:"callback,omitempty"`
	// Delay is from the wish to be called back, or the time that was booked, to the talk
	// with an agent.
	Delay Millis `json:"delay,omitempty"`
	// Survey are the caller's answers by question, Disposition is what the agent says it was.
	Survey      map[string]string `json:"survey,omitempty"`
	Disposition string            `json:"disposition,omitempty"`
}

// Outcome is what came of a visit. Every visit has one in the end.
type Outcome string

// The outcomes.
const (
	VisitAnswered    Outcome = "answered"
	VisitAbandoned   Outcome = "abandoned"   // hung up waiting
	VisitOverflow    Outcome = "overflow"    // refused, or left the line for another place
	VisitCallback    Outcome = "callback"    // hung up to be called back
	VisitInterrupted Outcome = "interrupted" // the box stopped
)

// Ring is one agent's phones being rung for a visit.
type Ring struct {
	Agent string `json:"agent"`
	After Millis `json:"after"` // since Offered
	Rang  Millis `json:"rang"`
	// End is answered, cancelled (the caller left or it was withdrawn), answered-elsewhere,
	// or the call.Cause for which the agent did not take it; empty while it rings.
	End string `json:"end,omitempty"`
}

// stay is a visit in the making.
type stay struct {
	Visit
	talking    bool
	spoken     bool          // with Agent, at least for a moment
	talk, hold time.Duration // of the whole call when this talk began
	wrapping   time.Time
	done       bool // nothing more comes: Agent has worked it up
	requested  time.Time
}

func millis(d time.Duration) Millis { return Millis(max(0, d).Truncate(time.Millisecond)) }

// visit is the stay that goes on or was last, nil if there was none.
func (s *summary) visit() *stay {
	if len(s.stays) == 0 {
		return nil
	}
	return s.stays[len(s.stays)-1]
}

// visiting follows the steps of queues. Those of talks come after the sums of the
// call are brought up to date.
func (s *summary) visiting(step call.Step) {
	at := step.At
	v := s.visit()
	switch step.Type {
	case call.StepQueueJoined:
		if v != nil && v.Queue == step.Queue && v.Outcome == VisitAnswered && !v.spoken {
			v.Outcome, v.Agent = "", "" // the agent hung up before they could talk: he still waits
			return
		}
		s.leave(v, at, VisitOverflow, "moved")
		s.stays = append(s.stays, &stay{Visit: Visit{Queue: step.Queue, Offered: at, Expected: Millis(time.Duration(step.Expected) * time.Millisecond)}})
		return
	case call.StepQueueRefused:
		s.leave(v, at, VisitOverflow, "moved")
		v = &stay{Visit: Visit{Queue: step.Queue, Offered: at}}
		s.stays = append(s.stays, v)
		s.leave(v, at, VisitOverflow, step.Reason)
		return
	}
	if v == nil {
		return
	}
	switch step.Type {
	case call.StepQueueOffered:
		v.Rings = append(v.Rings, Ring{Agent: step.Agent, After: millis(at.Sub(v.Offered))})
	case call.StepQueueMissed, call.StepQueueWithdrawn:
		v.ringEnds(step.Agent, at, step.Cause)
	case call.StepQueueConnected:
		if v.Outcome != "" {
			return
		}
		v.ringEnds(step.Agent, at, "answered")
		v.ringEnds("", at, call.Elsewhere.String())
		v.Outcome, v.Agent, v.Wait = VisitAnswered, step.Agent, millis(at.Sub(v.Offered))
	case call.StepQueueLeft:
		switch step.Reason {
		case "abandoned":
			s.leave(v, at, VisitAbandoned, "")
		case "interrupted":
			s.leave(v, at, VisitInterrupted, "")
		case "callback":
			s.leave(v, at, VisitCallback, "")
		default:
			s.leave(v, at, VisitOverflow, step.Reason)
		}
	case call.StepBridged:
		if v.Outcome == VisitAnswered && step.Agent == v.Agent {
			v.talking, v.spoken, v.talk, v.hold = true, true, s.sums.talk, s.sums.hold
		}
	case call.StepUnbridged:
		s.talked(v)
	case call.StepTransferred:
		v.Transferred = v.Transferred || v.spoken && step.Value != "taken"
	case call.StepReturned:
		v.Transferred = false
	}
}

// talked adds the talk that ended to its visit.
func (s *summary) talked(v *stay) {
	if v != nil && v.talking {
		v.talking = false
		v.Talk += millis(s.sums.talk - v.talk)
		v.Hold = min(v.Talk, v.Hold+millis(s.sums.hold-v.hold))
	}
}

// leave ends a visit in which no agent has answered.
func (s *summary) leave(v *stay, at time.Time, o Outcome, reason string) {
	if v == nil || v.Outcome != "" {
		return
	}
	v.Outcome, v.Reason, v.Wait = o, reason, millis(at.Sub(v.Offered))
	v.ringEnds("", at, call.Cancelled.String())
}

// ringEnds ends the ringing of an agent, or with "" of all.
func (v *stay) ringEnds(agent string, at time.Time, end string) {
	for i := range v.Rings {
		if r := &v.Rings[i]; r.End == "" && (agent == "" || r.Agent == agent) {
			r.End, r.Rang = end, max(0, millis(at.Sub(v.Offered))-r.After)
		}
	}
}

// after follows what may come when the call is over already: work on it, calling
// back, answers to questions.
func (s *summary) after(step call.Step) {
	for i := len(s.stays) - 1; i >= 0; i-- {
		v := s.stays[i]
		switch step.Type {
		case call.StepWrapUp:
			if v.Agent == step.Agent && !v.done && v.Outcome == VisitAnswered {
				v.wrapping = step.At
				return
			}
		case call.StepReady, call.StepWrapOver:
			if v.Agent == step.Agent && !v.done && v.Outcome == VisitAnswered {
				v.worked(step.At)
				return
			}
		case call.StepCallback:
			if v.Queue == step.Queue { // asked for in line, and told when he has left it
				v.calledBack(step)
				return
			}
		case call.StepSurvey:
			if v.Queue == step.Queue {
				if v.Survey == nil {
					v.Survey = make(map[string]string)
				}
				v.Survey[step.Number] = step.Value
				return
			}
		case call.StepDisposition:
			if v.Queue == step.Queue {
				v.Disposition = step.Value
				return
			}
		default:
			return
		}
	}
}

func (v *stay) worked(at time.Time) {
	v.done = true
	if !v.wrapping.IsZero() {
		v.Wrap, v.wrapping = millis(at.Sub(v.wrapping)), time.Time{}
	}
}

func (v *stay) calledBack(step call.Step) {
	v.Callback = step.Value
	switch step.Value {
	case "requested":
		v.requested = step.At
	case "booked": // he does not wait before
		v.requested = step.At.Add(time.Duration(step.Expected) * time.Millisecond)
	case "connected":
		if !v.requested.IsZero() {
			v.Delay = millis(step.At.Sub(v.requested))
		}
		v.done = true
	case "expired", "withdrawn", "merged":
		v.done = true
	}
}

// settled tells whether nothing more is to come: the call is over, and agents and
// calls back are done.
func (s *summary) settled() bool {
	return s.ended && !slices.ContainsFunc(s.stays, func(v *stay) bool {
		return !v.done && (v.spoken || v.Outcome == VisitCallback)
	})
}

func (s *summary) visits() []Visit {
	if len(s.stays) == 0 {
		return nil
	}
	list := make([]Visit, len(s.stays))
	for i, v := range s.stays {
		list[i] = v.Visit
		list[i].Rings = slices.Clone(v.Rings)
	}
	return list
}

// patience is how long after its end a call with these visits may get steps.
func patience(visits []Visit) time.Duration {
	if slices.ContainsFunc(visits, func(v Visit) bool { return v.Outcome == VisitCallback }) {
		return promised
	}
	return aftermath
}
