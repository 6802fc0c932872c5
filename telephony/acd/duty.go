package acd

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Absence is that an agent does not work for a queue now.
type Absence struct {
	Queue  string    `json:"queue"`
	Is     Status    `json:"is"`               // LoggedOut or Paused
	Reason string    `json:"reason,omitempty"` // digits that he keyed, or AutoReason
	Since  time.Time `json:"since"`
}

// AutoReason is the reason of a rest that an agent has not asked for, see Queue.AutoPause.
const AutoReason = "auto"

// Wish is what an agent, or a supervisor for him, wants to change.
type Wish string

// The wishes. The first two are those of a key with a lamp: to the other side of
// what is. Of several queues they leave all as long as he is in any.
const (
	ToggleLogin Wish = "toggle-login"
	TogglePause Wish = "toggle-pause"
	LogIn       Wish = "log-in"
	LogOut      Wish = "log-out"
	Pause       Wish = "pause" // in the queues that he is logged in to
	Resume      Wish = "resume"
)

// In is how the agent stands to a queue: Free when he works for it, LoggedOut or
// Paused.
func (a *Agent) In(queue string) Status {
	for i := range a.Absences {
		if a.Absences[i].Queue == queue {
			return a.Absences[i].Is
		}
	}
	return Free
}

// absent notes that an agent does not work for a queue, or with Free that he does.
func (a *Agent) absent(away Absence) {
	a.Absences = slices.DeleteFunc(a.Absences, func(old Absence) bool { return old.Queue == away.Queue })
	if away.Is != Free {
		a.Absences = append(a.Absences, away)
	}
}

// place forgets absences from queues that an agent does not serve, and finds out
// whether he works for any.
func (t *turn) place(a *Agent) {
	a.Absences = slices.DeleteFunc(a.Absences, func(away Absence) bool {
		return !slices.ContainsFunc(a.seats, func(s *seat) bool { return s.lane.Number == away.Queue })
	})
	if len(a.seats) > 0 {
		a.Off = LoggedOut
	} else {
		a.Off = ""
	}
	for _, s := range a.seats {
		switch t.settle(s); {
		case s.away == isFree:
			a.Off = ""
		case s.away == isPaused && a.Off == LoggedOut:
			a.Off = Paused
		}
	}
	t.refresh(a)
}

// duty fulfils an agent's wish.
func (t *turn) duty(e AgentDuty) {
	answer := DutyIs{Call: e.Call, Agent: e.Agent, Queue: e.Queue}
	defer func() { t.do(answer) }()
	a := t.agents[e.Agent]
	if a == nil {
		return
	}
	seats := a.seats
	if e.Queue != "" {
		seats = slices.DeleteFunc(slices.Clone(seats), func(s *seat) bool { return s.lane.Number != e.Queue })
	}
	any := func(c code) bool { return slices.ContainsFunc(seats, func(s *seat) bool { return s.away == c }) }
	wish := e.Wish
	switch {
	case wish == ToggleLogin && (any(isFree) || any(isPaused)):
		wish = LogOut
	case wish == ToggleLogin:
		wish = LogIn
	case wish == TogglePause && (any(isFree) || e.Reason != ""): // a rest goes on for another reason
		wish = Pause
	case wish == TogglePause:
		wish = Resume
	}
	from, to := isFree, isFree // what becomes what
	switch wish {
	case LogOut:
		to = isLoggedOut
	case LogIn:
		from = isLoggedOut
	case Pause:
		if to = isPaused; !any(isFree) {
			from = isPaused
		}
	case Resume:
		from = isPaused
	default:
		return
	}
	if len(seats) == 0 || (wish == Pause || wish == Resume) && !any(isFree) && !any(isPaused) {
		return
	}
	changed := false
	for _, s := range seats {
		if s.away == to && to != isPaused || s.away != from && wish != LogOut {
			continue
		}
		changed = true
		a.absent(Absence{Queue: s.lane.Number, Is: statuses[to], Reason: e.Reason, Since: t.now})
	}
	if to == isFree && changed && !a.Talking {
		a.Idle = t.now // who comes back is not the one who has been idle longest
	}
	if to == isFree {
		a.Misses = 0
	}
	t.place(a)
	t.Saves++
	answer.Is, answer.Reason = statuses[to], e.Reason
}

// autoPause rests an agent who misses one offer after the other.
func (t *turn) autoPause(a *Agent, id call.ID) {
	a.Misses = 0
	for _, s := range a.seats {
		if s.away == isFree {
			a.absent(Absence{Queue: s.lane.Number, Is: Paused, Reason: AutoReason, Since: t.now})
		}
	}
	t.place(a)
	t.do(DutyIs{Call: id, Agent: a.Extension, Is: Paused, Reason: AutoReason, Auto: true})
}
