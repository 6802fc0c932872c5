package acd

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxWhyNot bounds how many passed-over agents a reason names.
const maxWhyNot = 20

// reason says why the chosen agents are rung for a caller, and of every other
// agent of the queue why not: "longest idle 4m12s; 1003 wrapping up 12s left;
// 1004 offline".
func (t *turn) reason(q *Queue, c *Caller, chosen []string) string {
	first := t.agent(chosen[0])
	clauses := make([]string, 0, min(len(q.Agents), maxWhyNot)+2)
	switch {
	case !c.missed(chosen[0]).IsZero():
		clauses = append(clauses, "asked again, every free agent missed this caller")
	case q.Strategy == RingAll:
		clauses = append(clauses, "ringing every free agent")
	case q.Strategy == Linear:
		clauses = append(clauses, "first free in the list")
	default:
		clauses = append(clauses, "longest idle "+Span(t.now.Sub(first.Idle)))
	}
	left := len(q.Agents) - len(chosen)
	for _, ext := range q.Agents {
		if slices.Contains(chosen, ext) {
			continue
		}
		if len(clauses) > maxWhyNot {
			clauses = append(clauses, fmt.Sprintf("and %d more", left))
			break
		}
		clauses = append(clauses, ext+" "+t.whyNot(q, c, ext))
		left--
	}
	return strings.Join(clauses, "; ")
}

func (t *turn) whyNot(q *Queue, c *Caller, ext string) string {
	a := t.agent(ext)
	switch a.serving(q.Number, t.now) {
	case LoggedOut:
		return "logged out"
	case Paused:
		return "resting"
	case Talking:
		return "talking"
	case Ringing:
		if a.Call == c.Call {
			return "already rung"
		}
		return "rung for another caller"
	case Offline:
		return "offline"
	case Busy:
		return "on another call"
	case WrapUp:
		return "wrapping up, " + Span(a.WrapUntil.Sub(t.now)) + " left"
	case Missed:
		return "resting after a missed call, " + Span(a.RestUntil.Sub(t.now)) + " left"
	}
	if at := c.missed(ext); !at.IsZero() {
		return "missed this caller " + Span(t.now.Sub(at)) + " ago"
	}
	if q.Strategy == LongestIdle {
		return "idle " + Span(t.now.Sub(a.Idle))
	}
	return "later in the list"
}

// Span is a duration as reasons write it, in whole seconds: "12s", "4m12s".
func Span(d time.Duration) string { return d.Round(time.Second).String() }
