package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pasokh/pasokh/telephony/call"
)

// Names gives what people call an extension, queue, menu or conference (by its
// number) or a port; "" when it has no name.
type Names func(number string) string

// Explain tells a call as a story in lang ("fa" or "en"), one sentence per line,
// each with the time since the call's beginning. Without names (nil) numbers
// stand for themselves.
func Explain(steps []call.Step, lang string, names Names) []string {
	s := storyOf(steps, lang, names)
	for _, step := range steps {
		s.tell(step)
	}
	s.flush()
	return s.lines
}

// story is what has to be remembered while it is told.
type story struct {
	tongue
	names  Names
	met    map[string]bool // named with their number before
	lines  []string
	begin  time.Time
	caller call.LegID
	called string // by a caller who has not been sent elsewhere
	legs   map[call.LegID]rung
	tried  map[string]bool // agents whose phones rang since they were chosen
	picked bool            // somebody picked up
	talk   time.Time
	other  call.LegID // talks with the caller, or did last
	hold   time.Time
	parked time.Time
	queued time.Time

	stopped bool // the box ended the call, nobody gave up

	keys   string // pressed one after another, not told yet
	keysAt time.Time
}

// rung is a phone that was rung.
type rung struct {
	who string // its agent, extension or device
	at  time.Time
}

// storyOf begins the story of a call whose steps are known.
func storyOf(steps []call.Step, lang string, names Names) *story {
	s := newStory(lang, names)
	s.stopped = slices.ContainsFunc(steps, func(step call.Step) bool {
		return step.Type == call.StepEnded && step.Cause == call.Shutdown.String()
	})
	return s
}

func newStory(lang string, names Names) *story {
	if names == nil {
		names = func(string) string { return "" }
	}
	return &story{tongue: tongueOf(lang), names: names, met: make(map[string]bool),
		legs: make(map[call.LegID]rung), tried: make(map[string]bool)}
}

func (s *story) say(at time.Time, sentence string, args ...any) {
	s.flush()
	text := fmt.Sprintf(s.words[sentence], args...)
	first, size := utf8.DecodeRuneInString(text)
	s.lines = append(s.lines, s.watch(at.Sub(s.begin))+" "+string(unicode.ToUpper(first))+text[size:])
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
		if step.Value == call.Begun {
			s.say(at, "begun", from, s.name(step.Number))
			return
		}
		if step.Origin.Line != "" {
			s.say(at, "arrived-line", from, s.device(step.Origin.Line))
			return
		}
		if k := step.Origin.Trunk; k != "" {
			s.arrivedOn(at, from, k, step.Origin.DID)
			return
		}
		s.called = step.Number
		s.say(at, "arrived", from, s.name(step.Number))
	case call.StepRouted:
		s.routed(step)
	case call.StepMenu:
		s.wentOn(step)
	case call.StepLearnt:
		if step.Value == "" {
			s.say(at, "learnt-secret", s.aside(step.Number))
		} else {
			s.say(at, "learnt", s.aside(step.Number), s.aside(step.Value))
		}
		s.keys = ""
	case call.StepSaid:
		s.say(at, "said", s.text(step.Value))
	case call.StepPressed:
		if s.keys == "" {
			s.keysAt = at
		}
		s.keys += step.Value
	case call.StepRinging:
		s.legs[step.Leg] = rung{who(step), at}
		s.tried[step.Agent] = true
		if k, ok := trunkOf(step.Device); ok {
			s.say(at, "ringing-over", s.name(who(step)), s.aside(k))
			return
		}
		s.say(at, "ringing", s.name(who(step)))
	case call.StepAnswered:
		s.answered(step)
	case call.StepUnringing:
		k, over := trunkOf(step.Device)
		if _, rang := s.legs[step.Leg]; over && !rang {
			s.say(at, "not-carried", s.aside(k), s.name(who(step)), s.cause(step.Cause))
			return
		}
		s.say(at, "unringing", s.name(who(step)), s.since(s.legs[step.Leg].at, at), s.cause(step.Cause))
	case call.StepBridged:
		s.talk, s.other = at, step.Leg
	case call.StepUnbridged:
		s.unbridged(step)
	case call.StepDiverted:
		s.diverted(step)
	case call.StepPickedUp:
		s.legs[step.Leg] = rung{step.Party.Number, s.legs[call.LegID(step.Value)].at}
		s.say(at, "picked-up", s.name(step.Party.Number), s.name(step.Agent))
	case call.StepTransferred:
		s.transferred(step)
	case call.StepParked:
		s.parked = at
		s.say(at, "parked", s.name(step.Party.Number), s.digits(step.Number))
	case call.StepUnparked:
		s.unparked(step)
	case call.StepOverheard:
		s.say(at, "overheard-"+step.Value, s.name(step.Party.Number), s.name(step.Agent))
	case call.StepConference:
		s.say(at, "conference-"+step.Value, s.party(step.Party), s.name(step.Number))
	case call.StepSwitched:
		s.say(at, "switched-"+step.Value, s.name(step.Party.Number), s.name(step.Number))
	case call.StepPrompt:
		s.say(at, step.Value, s.name(step.Party.Number), s.aside(step.Number))
	case call.StepDuty:
		s.duty(step)
	case call.StepReturned:
		s.say(at, "returned", s.name(step.Number), s.cause(step.Cause), s.name(step.Party.Number))
	case call.StepHeld:
		s.hold = at
		s.say(at, "held", s.side(step.Leg))
	case call.StepResumed:
		s.say(at, "resumed", s.since(s.hold, at))
	case call.StepSecured:
		s.secured(step)
	case call.StepQuality:
		s.sounded(step)
	case call.StepRecording:
		s.recording(step)
	case call.StepVoicemail:
		s.voicemail(step)
	case call.StepRefused:
		s.say(at, "refused", s.cause(step.Cause))
	case call.StepEnded:
		switch {
		case step.Reason == cutByRestart:
			s.say(at, "cut")
		case step.Cause == call.Normal.String():
			s.say(at, "ended", s.since(s.begin, at))
		default:
			s.say(at, "ended-because", s.since(s.begin, at), s.cause(step.Cause))
		}
	default:
		s.queue(step)
	}
}

// arrivedOn tells of a call on a trunk, and which number of ours was dialled.
func (s *story) arrivedOn(at time.Time, from, trunk, did string) {
	if did == "" {
		s.say(at, "arrived-trunk", from, s.aside(trunk))
		return
	}
	s.say(at, "arrived-did", from, s.aside(trunk), s.digits(did))
}

// queue tells the steps of the queue and its agents.
func (s *story) queue(step call.Step) {
	at := step.At
	switch step.Type {
	case call.StepQueueJoined:
		s.queued = at
		how := "joined"
		if step.Reason == "kept" {
			how = "joined-kept"
		}
		s.say(at, how, s.name(step.Queue), s.digits(step.Value))
	case call.StepQueueRefused:
		s.say(at, "not-joined", s.name(step.Queue), s.left(step.Reason))
	case call.StepQueueAnnounced:
		if step.Value != "" {
			s.say(at, "announced", s.digits(step.Value))
		}
		if step.Minutes > 0 {
			s.say(at, "announced-wait", s.digits(strconv.Itoa(step.Minutes)))
		}
	case call.StepQueueOffered:
		delete(s.tried, step.Agent)
		s.say(at, "offered", s.name(step.Agent), s.reason(step.Reason))
	case call.StepQueueMissed:
		if !s.tried[step.Agent] { // else the end of the ringing tells it
			s.say(at, "missed", s.name(step.Agent), s.cause(step.Cause))
		}
	case call.StepWhispered:
		s.say(at, "whispered", s.name(step.Agent))
	case call.StepSupervised:
		if s.words["supervised-"+step.Value] == "" {
			return
		}
		s.say(at, "supervised-"+step.Value, s.party(step.Party), s.name(step.Agent), s.name(step.Queue))
	case call.StepQueueLeft:
		why := s.left(step.Reason)
		if s.stopped {
			why = call.Shutdown.Text(s.lang)
		}
		s.say(at, "left", s.name(step.Queue), why, s.since(s.queued, at))
		s.queued = time.Time{}
	case call.StepWrapUp:
		d, _ := time.ParseDuration(step.Value + "s")
		s.say(at, "wrap-up", s.name(step.Agent), s.span(d))
	case call.StepReady:
		s.say(at, "ready", s.name(step.Agent))
	case call.StepWrapOver:
		s.say(at, "wrap-over", s.name(step.Agent))
	case call.StepCallback:
		if s.words["callback-"+step.Value] == "" {
			return
		}
		if step.Value == "booked" {
			s.booked(step)
			return
		}
		s.say(at, "callback-"+step.Value, s.name(step.Queue), s.digits(step.Number), s.name(step.Agent), s.cause(step.Cause))
	case call.StepSurvey:
		s.say(at, "survey", s.name(step.Agent), s.digits(step.Number), s.digits(step.Value))
	case call.StepDisposition:
		s.say(at, "disposition", s.name(step.Agent), s.aside(s.digits(cmp.Or(step.Reason, step.Value))))
	}
}

func (s *story) answered(step call.Step) {
	if step.Leg == s.caller {
		if !s.picked { // else it is the answer that is passed on
			s.say(step.At, "box-answered")
		}
		return
	}
	s.picked = true
	rang := s.since(s.legs[step.Leg].at, step.At)
	if s.queued.IsZero() {
		s.say(step.At, "answered", s.name(who(step)), rang)
		return
	}
	s.say(step.At, "answered-waiting", s.name(who(step)), rang, s.since(s.queued, step.At))
	s.queued = time.Time{}
}

func (s *story) unbridged(step call.Step) {
	lasted := s.since(s.talk, step.At)
	switch {
	case step.Reason == "transferred": // was told before
	case step.Cause != call.Normal.String():
		s.say(step.At, "talk-ended", s.cause(step.Cause), lasted)
	case step.Reason == "caller ended":
		s.say(step.At, "caller-hung-up", lasted)
	default:
		s.say(step.At, "agent-hung-up", s.side(step.Leg), lasted)
	}
}

// diversions are the words of RFC 5806 in those of the tongue.
var diversions = map[string]string{"unconditional": "always", "time-of-day": "always", "do-not-disturb": "always", "follow-me": "always",
	"away": "always", "user-busy": "busy", "no-answer": "no-answer", "deflection": "chosen", "unavailable": "away", "out-of-service": "away"}

func (s *story) diverted(step call.Step) {
	why, ok := diversions[step.Reason]
	if !ok {
		why = "unknown"
	}
	why = s.words["divert-"+why]
	if step.Number == "" {
		s.say(step.At, "diverted-before", s.name(step.Party.Number), why)
		return
	}
	s.say(step.At, "diverted", s.name(step.Party.Number), s.name(step.Number), why)
	s.called = step.Number
}

// transferred tells who sent the other on. A caller who did so is the caller no
// more.
func (s *story) transferred(step call.Step) {
	who := s.name(step.Party.Number)
	if step.Value == "joined" {
		s.say(step.At, "joined-calls", who, s.since(s.talk, step.At))
		return
	}
	sentence := "sent-on"
	switch step.Value {
	case "attended":
		sentence = "handed-over"
	case "taken":
		sentence = "taken-over"
	}
	s.say(step.At, sentence, who, s.since(s.talk, step.At), s.name(step.Number))
	if step.Leg == s.caller {
		s.caller, s.picked = s.other, true
	}
}

// secured tells whose sound is encrypted. It is agreed on with a phone that rings, or
// before anybody knows who calls.
func (s *story) secured(step call.Step) {
	sentence := "secured"
	if step.Value != "on" {
		sentence = "unsecured"
	}
	who := s.side(step.Leg)
	if step.Leg != s.caller && step.Agent != "" {
		who = s.name(step.Agent)
	}
	s.say(step.At, sentence, who)
}

// unparked tells how a parked caller's stay came to an end.
func (s *story) unparked(step call.Step) {
	stay := s.since(s.parked, step.At)
	switch step.Cause {
	case call.Normal.String():
		s.legs[step.Leg] = rung{step.Party.Number, step.At}
		s.say(step.At, "unparked", s.name(step.Party.Number), s.digits(step.Number), stay)
	case call.NoAnswer.String():
		s.say(step.At, "park-timeout", s.digits(step.Number), stay, s.name(step.Party.Number))
	default:
		s.say(step.At, "park-left", s.digits(step.Number), stay)
	}
}

// duty tells how an agent stands to a queue, or to all of his.
func (s *story) duty(step call.Step) {
	where := s.words["all-queues"]
	if step.Queue != "" {
		where = s.name(step.Queue)
	}
	sentence := "duty-" + step.Value
	if step.Reason != "" && step.Value == "paused" {
		sentence += "-for"
	}
	s.say(step.At, sentence, s.name(step.Agent), where, s.aside(s.digits(step.Reason)))
}

// side is the party at a leg.
func (s *story) side(leg call.LegID) string {
	if leg == s.caller {
		return s.words["the-caller"]
	}
	if r, ok := s.legs[leg]; ok {
		return s.name(r.who)
	}
	return s.words["the-called"]
}

func (s *story) since(from, to time.Time) string {
	if from.IsZero() {
		from = to
	}
	return s.span(to.Sub(from))
}
