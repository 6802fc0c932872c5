package acd

import (
	"slices"
	"time"
)

// Absence is that an agent does not work for a queue now.
type Absence struct {
	Queue  string    `json:"queue"`
	Is     Status    `json:"is"`               // LoggedOut or Paused
	Reason string    `json:"reason,omitempty"` // digits that he keyed
	Since  time.Time `json:"since"`
}

// Toggle is what an agent wants to change, as the key of a phone does: to the
// other side of what is.
type Toggle string

// The wishes.
const (
	ToggleLogin Toggle = "login"
	TogglePause Toggle = "pause"
)

// In is how the agent stands to a queue: Free when he works for it, LoggedOut or
// Paused.
func (a *Agent) In(queue string) Status {
	for _, away := range a.Absences {
		if away.Queue == queue {
			return away.Is
		}
	}
	return Free
}

// serving is what an agent is doing as a queue sees it.
func (a *Agent) serving(queue string, now time.Time) Status {
	is := a.at(now)
	if is == Talking || is == Ringing {
		return is
	}
	if in := a.In(queue); in != Free {
		return in
	}
	return is
}

// staffed tells whether a queue has an agent who has not logged out.
func (t *turn) staffed(q *Queue) bool {
	return slices.ContainsFunc(q.Agents, func(ext string) bool { return t.agent(ext).In(q.Number) != LoggedOut })
}

// place forgets absences from queues that an agent does not serve, and finds out
// whether he works for any.
func (t *turn) place(a *Agent) {
	serves := t.serves(a.Extension)
	a.Absences = slices.DeleteFunc(a.Absences, func(away Absence) bool { return !slices.Contains(serves, away.Queue) })
	a.Off = ""
	if len(serves) == 0 {
		return
	}
	off := LoggedOut
	for _, queue := range serves {
		switch a.In(queue) {
		case Free:
			return
		case Paused:
			off = Paused
		}
	}
	a.Off = off
}

// serves are the queues of an agent.
func (t *turn) serves(ext string) (queues []string) {
	for i := range t.Queues {
		if slices.Contains(t.Queues[i].Agents, ext) {
			queues = append(queues, t.Queues[i].Number)
		}
	}
	return queues
}

// duty turns an agent's log-in or rest to the other side. Of several queues he
// leaves all as long as he is in any.
func (t *turn) duty(e AgentDuty) {
	answer := DutyIs{Call: e.Call, Agent: e.Agent, Queue: e.Queue}
	defer func() { t.do(answer) }()
	queues := t.serves(e.Agent)
	if e.Queue != "" {
		queues = slices.DeleteFunc(queues, func(q string) bool { return q != e.Queue })
	}
	a := t.agent(e.Agent)
	from, to := LoggedOut, Free // what each queue that is from becomes
	any := func(s Status) bool { return slices.ContainsFunc(queues, func(q string) bool { return a.In(q) == s }) }
	switch {
	case len(queues) == 0:
		return
	case e.Toggle == ToggleLogin && (any(Free) || any(Paused)):
		from, to = "", LoggedOut
	case e.Toggle == ToggleLogin:
	case any(Free):
		from, to = Free, Paused
	case any(Paused) && e.Reason != "": // a rest goes on for another reason
		from, to = Paused, Paused
	case any(Paused):
		from = Paused
	default:
		return
	}
	for _, queue := range queues {
		if in := a.In(queue); from != "" && in != from || in == to && to != Paused {
			continue
		}
		a.Absences = slices.DeleteFunc(a.Absences, func(away Absence) bool { return away.Queue == queue })
		if to != Free {
			a.Absences = append(a.Absences, Absence{Queue: queue, Is: to, Reason: e.Reason, Since: t.now})
		}
	}
	if to == Free && !a.Talking {
		a.Idle = t.now // who comes back is not the one who has been idle longest
	}
	t.place(a)
	answer.Is, answer.Reason = to, e.Reason
}
