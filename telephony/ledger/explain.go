package ledger

import (
	"fmt"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Explain tells a call as a story in lang ("fa" or "en"), one sentence per line,
// each with the time since the call's beginning.
func Explain(steps []call.Step, lang string) []string {
	s := story{tongue: tongueOf(lang), rang: make(map[call.LegID]time.Time)}
	for _, step := range steps {
		s.tell(step)
	}
	s.flush()
	return s.lines
}

// story is what has to be remembered while it is told.
type story struct {
	tongue
	lines  []string
	begin  time.Time
	caller call.LegID
	rang   map[call.LegID]time.Time
	talk   time.Time
	hold   time.Time
	queued time.Time

	keys   string // pressed one after another, not told yet
	keysAt time.Time
}

func (s *story) say(at time.Time, sentence string, args ...any) {
	s.flush()
	s.lines = append(s.lines, s.watch(at.Sub(s.begin))+" "+fmt.Sprintf(s.words[sentence], args...))
}

// flush tells the keys pressed up to now in one sentence.
func (s *story) flush() {
	if keys := s.keys; keys != "" {
		s.keys = ""
		s.say(s.keysAt, "pressed", s.digits(keys))
	}
}

func (s *story) tell(step call.Step) {
	at := step.At
	switch step.Type {
	case call.StepArrived:
		s.begin, s.caller = at, step.Leg
		from := s.party(step.Party)
		switch {
		case step.Origin.Line != "":
			s.say(at, "arrived-line", from, step.Origin.Line)
		case step.Origin.Extension != "":
			s.say(at, "arrived-extension", from, s.digits(step.Origin.Extension), s.digits(step.Number))
		default:
			s.say(at, "arrived", from, s.digits(step.Number))
		}
	case call.StepRouted:
		s.say(at, "routed", s.digits(step.Number), step.Reason)
	case call.StepSaid:
		s.say(at, "said", s.text(step.Value))
	case call.StepPressed:
		if s.keys == "" {
			s.keysAt = at
		}
		s.keys += step.Value
	case call.StepRinging:
		s.rang[step.Leg] = at
		s.say(at, "ringing", s.who(step), step.Device)
	case call.StepAnswered:
		s.answered(step)
	case call.StepUnringing:
		s.say(at, "unringing", s.who(step), s.since(s.rang[step.Leg], at), s.cause(step.Cause))
	case call.StepBridged:
		s.talk = at
		s.say(at, "bridged", s.who(step))
	case call.StepUnbridged:
		s.unbridged(step)
	case call.StepHeld:
		s.hold = at
		s.say(at, "held", s.side(step.Leg))
	case call.StepResumed:
		s.say(at, "resumed", s.since(s.hold, at))
	case call.StepRefused:
		s.say(at, "refused", s.cause(step.Cause))
	case call.StepEnded:
		if step.Reason == cutByRestart {
			s.say(at, "cut")
			return
		}
		s.say(at, "ended", s.cause(step.Cause), s.since(s.begin, at))
	default:
		s.queue(step)
	}
}

// queue tells the steps of the queue and its agents.
func (s *story) queue(step call.Step) {
	at, queue, agent := step.At, s.digits(step.Queue), s.digits(step.Agent)
	switch step.Type {
	case call.StepQueueJoined:
		s.queued = at
		s.say(at, "joined", queue, s.digits(step.Value))
	case call.StepQueueRefused:
		s.say(at, "not-joined", queue, s.left(step.Reason))
	case call.StepQueueAnnounced:
		s.say(at, "announced", s.digits(step.Value))
	case call.StepQueueOffered:
		s.say(at, "offered", agent, s.reason(step.Reason))
	case call.StepQueueMissed:
		s.say(at, "missed", agent, s.cause(step.Cause))
	case call.StepQueueConnected:
		s.say(at, "connected", agent, s.since(s.queued, at))
	case call.StepQueueLeft:
		s.say(at, "left", queue, s.left(step.Reason), s.since(s.queued, at))
	case call.StepWrapUp:
		d, _ := time.ParseDuration(step.Value + "s")
		s.say(at, "wrap-up", agent, s.span(d))
	case call.StepReady:
		s.say(at, "ready", agent)
	}
}

func (s *story) answered(step call.Step) {
	if step.Leg == s.caller {
		s.say(step.At, "box-answered")
		return
	}
	s.say(step.At, "answered", s.who(step), s.since(s.rang[step.Leg], step.At))
}

func (s *story) unbridged(step call.Step) {
	lasted := s.since(s.talk, step.At)
	switch {
	case step.Cause != call.Normal.String():
		s.say(step.At, "talk-ended", s.cause(step.Cause), lasted)
	case step.Reason == "caller ended":
		s.say(step.At, "caller-hung-up", lasted)
	default:
		s.say(step.At, "agent-hung-up", s.who(step), lasted)
	}
}

// who is the agent or extension of a rung leg, or else its device.
func (s *story) who(step call.Step) string {
	if step.Agent != "" {
		return s.digits(step.Agent)
	}
	return step.Device
}

// side is who pressed hold.
func (s *story) side(leg call.LegID) string {
	if leg == s.caller {
		return s.words["the-caller"]
	}
	return s.words["the-called"]
}

func (s *story) since(from, to time.Time) string {
	if from.IsZero() {
		from = to
	}
	return s.span(to.Sub(from))
}
