package acd

import (
	"strconv"
	"strings"
	"time"
)

// maxWhyNot bounds how many passed-over agents a Why names.
const maxWhyNot = 20

// Why is why the agents of an offer are rung, and of every other agent of the queue
// why not. It is taken down when the choice is made, and put into words by String.
type Why struct {
	Rule   Rule
	Span   time.Duration // idle, or talked today
	N      int           // calls today, weight or skill
	Last   string        // round robin: whom it offered last
	Others []WhyNot      // in list order, maxWhyNot at most
	More   int           // how many others are not in Others
}

// Rule is by what an agent was chosen: a Strategy, or one of these.
type Rule string

// What goes before a strategy.
const (
	whyAgain    Rule = "again"    // everybody free missed the caller
	whyKnown    Rule = "known"    // the agent knows the caller
	whyReserved Rule = "reserved" // kept for the callback whose customer has answered
)

// WhyNot is why an agent is not rung.
type WhyNot struct {
	Agent string
	Is    Not
	Span  time.Duration
	N     int
}

// Not is a reason not to ring an agent.
type Not uint8

const (
	notTalking Not = iota
	notRinging
	notElsewhere
	notReserved
	notLoggedOut
	notPaused
	notOffline
	notBusy
	notWrapUp
	notResting
	notMissed
	notTier
	notSkilled
	notKnown
	notIdle
	notNext
	notFewest
	notLeast
	notDrawn
	notBest
)

// why takes down the reasons of a choice. It follows gather for the same caller.
func (t *turn) why(c *Caller, chosen []*seat) Why {
	l, first := c.lane, chosen[0]
	w := Why{Rule: Rule(l.Strategy)}
	switch {
	case !c.missed(first.Agent).IsZero():
		w.Rule = whyAgain
	case t.known != nil:
		w.Rule = whyKnown
	case l.Strategy == RoundRobin:
		w.Last = l.Last[first.Tier]
	case l.Strategy == FewestCalls:
		w.N = first.tally.Calls
	case l.Strategy == LeastTalkTime:
		w.Span = first.tally.Talk
	case l.Strategy == WeightedRandom:
		w.N = max(first.Weight, 1)
	case l.Strategy == Skills:
		w.N = t.skill(first)
	default:
		w.Span = t.now.Sub(first.agent.Idle)
	}
	others := len(l.seats) - len(chosen)
	if others == 0 {
		return w
	}
	w.Others = make([]WhyNot, 0, min(others, maxWhyNot))
	for _, s := range l.seats {
		if len(chosen) > 0 && s == chosen[0] { // they are in list order
			chosen = chosen[1:]
			continue
		}
		if len(w.Others) == maxWhyNot {
			break
		}
		w.Others = append(w.Others, t.whyNot(c, s))
	}
	w.More = others - len(w.Others)
	return w
}

func (t *turn) whyNot(c *Caller, s *seat) WhyNot {
	a, l := s.agent, c.lane
	w := WhyNot{Agent: s.Agent}
	switch s.is() {
	case isLoggedOut:
		w.Is = notLoggedOut
	case isPaused:
		w.Is = notPaused
	case isTalking:
		w.Is = notTalking
	case isReserved:
		w.Is = notReserved
	case isRinging:
		if w.Is = notElsewhere; a.Call == c.Call {
			w.Is = notRinging
		}
	case isOffline:
		w.Is = notOffline
	case isBusy:
		w.Is = notBusy
	case isWrapUp:
		w.Is, w.Span = notWrapUp, a.WrapUntil.Sub(t.now)
	case isMissed:
		w.Is, w.Span = notResting, a.RestUntil.Sub(t.now)
	default:
		t.whyNotFree(c, l, s, &w)
	}
	return w
}

// whyNotFree is why a free agent is passed over.
func (t *turn) whyNotFree(c *Caller, l *lane, s *seat, w *WhyNot) {
	at := c.missed(s.Agent)
	switch {
	case t.known != nil:
		w.Is = notKnown
	case s.Tier > t.open:
		w.Is, w.Span = notTier, time.Duration(s.Tier)*l.TierWait-t.now.Sub(c.Joined)
	case t.passed(s):
		w.Is = notSkilled
	case !at.IsZero():
		w.Is, w.Span = notMissed, t.now.Sub(at)
	case l.Strategy == FewestCalls:
		w.Is, w.N = notFewest, s.tally.Calls
	case l.Strategy == LeastTalkTime:
		w.Is, w.Span = notLeast, s.tally.Talk
	case l.Strategy == Random, l.Strategy == WeightedRandom:
		w.Is = notDrawn
	case l.Strategy == Skills:
		w.Is, w.N = notBest, t.skill(s)
	case l.Strategy == Linear, l.Strategy == RoundRobin:
		w.Is = notNext
	default:
		w.Is, w.Span = notIdle, t.now.Sub(s.agent.Idle)
	}
}

// String is the reasons in words: "longest idle 4m12s; 1003 wrapping up, 12s left;
// 1004 offline".
func (w Why) String() string {
	clauses := make([]string, 0, len(w.Others)+2)
	clauses = append(clauses, w.because())
	for i := range w.Others {
		clauses = append(clauses, w.Others[i].String())
	}
	if w.More > 0 {
		clauses = append(clauses, "and "+strconv.Itoa(w.More)+" more")
	}
	return strings.Join(clauses, "; ")
}

func (w Why) because() string {
	switch w.Rule {
	case whyAgain:
		return "asked again, every free agent missed this caller"
	case whyKnown:
		return "knows this caller"
	case whyReserved:
		return "kept for this callback"
	case Rule(RingAll):
		return "ringing every free agent"
	case Rule(Linear):
		return "first free in the list"
	case Rule(RoundRobin):
		if w.Last == "" {
			return "first free in the list"
		}
		return "next in turn after " + w.Last
	case Rule(FewestCalls):
		return "fewest calls today: " + strconv.Itoa(w.N)
	case Rule(LeastTalkTime):
		return "least talk today: " + Span(w.Span)
	case Rule(Random):
		return "drawn by lot"
	case Rule(WeightedRandom):
		return "drawn with weight " + strconv.Itoa(w.N)
	case Rule(Skills):
		return "best skilled: " + strconv.Itoa(w.N)
	}
	return "longest idle " + Span(w.Span)
}

func (w WhyNot) String() string {
	switch w.Is {
	case notTalking:
		return w.Agent + " talking"
	case notRinging:
		return w.Agent + " already rung"
	case notElsewhere:
		return w.Agent + " rung for another caller"
	case notReserved:
		return w.Agent + " kept for a callback"
	case notLoggedOut:
		return w.Agent + " logged out"
	case notPaused:
		return w.Agent + " resting"
	case notOffline:
		return w.Agent + " offline"
	case notBusy:
		return w.Agent + " on another call"
	case notWrapUp:
		return w.Agent + " wrapping up, " + Span(w.Span) + " left"
	case notResting:
		return w.Agent + " resting after a missed call, " + Span(w.Span) + " left"
	case notMissed:
		return w.Agent + " missed this caller " + Span(w.Span) + " ago"
	case notTier:
		return w.Agent + " of a later tier, " + Span(w.Span) + " left"
	case notSkilled:
		return w.Agent + " lacks a skill"
	case notKnown:
		return w.Agent + " does not know this caller"
	case notNext:
		return w.Agent + " later in the list"
	case notFewest:
		return w.Agent + " took " + strconv.Itoa(w.N) + " calls today"
	case notLeast:
		return w.Agent + " talked " + Span(w.Span) + " today"
	case notDrawn:
		return w.Agent + " not drawn"
	case notBest:
		return w.Agent + " skilled " + strconv.Itoa(w.N)
	}
	return w.Agent + " idle " + Span(w.Span)
}

// Span is a duration as reasons write it, in whole seconds: "12s", "4m12s".
func Span(d time.Duration) string { return d.Round(time.Second).String() }
