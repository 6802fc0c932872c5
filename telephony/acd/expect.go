package acd

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd/wait"
	"github.com/pasokh/pasokh/telephony/call"
)

// Expect is how long a caller will still wait. It does not grow while he waits unless
// there are fewer agents on duty than when he was told last.
type Expect struct {
	Span  time.Duration `json:"span"`            // half of all such callers wait less
	High  time.Duration `json:"high"`            // few wait longer
	Known bool          `json:"known,omitempty"` // false: nothing is known; say nothing
	// First is Span when he joined, to be compared with what he waited.
	First      time.Duration `json:"first,omitempty"`
	FirstKnown bool          `json:"first_known,omitempty"`
	Staff      int           `json:"staff,omitempty"` // agents on duty
	// Silent: the last estimates of this queue were bad; say nothing.
	Silent bool `json:"silent,omitempty"`
}

// Minutes is the wait as it is said, "less than so many minutes": 2, 5, 10, 15, 20 or
// 30; 0 when nothing is said.
func (e Expect) Minutes() int {
	if e.Silent {
		return 0
	}
	return wait.Estimate{High: e.High, Known: e.Known}.Minutes()
}

// expect brings up to date how long a caller will wait.
func (t *turn) expect(c *Caller) Expect {
	l, x := c.lane, &c.Expect
	first := !x.Known && x.Staff == 0
	est := l.Recent.Estimate(t.moment(l, c))
	if len(c.Rung) > 0 {
		est.Likely = min(est.Likely, time.Duration(l.Recent.Ring*float64(time.Second)))
	}
	staff := t.onDuty(l)
	if est.Known && x.Known && staff >= x.Staff {
		est.Likely, est.High = min(est.Likely, x.Span), min(est.High, x.High)
	}
	x.Span, x.High, x.Known, x.Staff, x.Silent = est.Likely, est.High, est.Known, staff, !l.Recent.Trusted()
	if first {
		x.First, x.FirstKnown = est.Likely, est.Known
	}
	return *x
}

// moment is what a queue's agents are doing, and who comes before a caller.
func (t *turn) moment(l *lane, c *Caller) wait.Line {
	line := wait.Line{Ahead: float64(ahead(l, c)), Wrap: l.WrapUp.Seconds(), Talks: t.line.Talks[:0], Ready: t.line.Ready[:0]}
	for _, s := range l.shares {
		line.Ahead += s.part * float64(ahead(s.lane, c))
	}
	for _, s := range l.seats {
		a := s.agent
		if !a.Online { // talks, and will not come back
			continue
		}
		switch s.is() {
		case isFree:
			line.Free++
		case isRinging, isReserved, isBusy:
			line.Rings++
		case isTalking:
			of := t.queues[a.Queue]
			if of == nil || of.Recent.Calls == 0 {
				of = l
			}
			line.Talks = append(line.Talks, wait.Talk{For: t.now.Sub(a.Began).Seconds(), After: of.WrapUp.Seconds(), Of: &of.Recent})
		case isWrapUp:
			line.Ready = append(line.Ready, a.WrapUntil.Sub(t.now).Seconds())
		case isMissed:
			line.Ready = append(line.Ready, a.RestUntil.Sub(t.now).Seconds())
		}
	}
	t.line = line
	return line
}

// ahead is how many of a line are served before a caller and still need an agent.
func ahead(l *lane, c *Caller) int {
	n, _ := slices.BinarySearchFunc(l.line, c, before)
	for i := range min(n, len(l.seats)) {
		if len(l.line[i].Rung) > 0 { // his agent counts as talking
			n--
		}
	}
	return n
}

// share is that another queue has agents of this one.
type share struct {
	lane *lane
	part float64 // of the other queue's callers, who go to agents of this one
}

// shareAll finds out which queues have agents in common.
func (x *index) shareAll() {
	both := make([]int, len(x.lanes))
	for _, l := range x.lanes {
		clear(both)
		for _, s := range l.seats {
			for _, other := range s.agent.seats {
				both[other.lane.at]++
			}
		}
		for at, n := range both {
			if other := x.lanes[at]; n > 0 && other != l {
				l.shares = append(l.shares, share{other, float64(n) / float64(len(other.seats))})
			}
		}
	}
}

// askWait answers how long a caller will wait.
func (t *turn) askWait(id call.ID) {
	if c := t.callers[id]; c != nil {
		t.do(WaitIs{id, c.Position, t.expect(c)})
	}
}

// wouldWait is how long somebody would wait who joins now.
func (t *turn) wouldWait(l *lane, e CallerJoined) time.Duration {
	c := &Caller{Queue: e.Queue, Priority: e.Priority, Joined: t.now, Seq: t.Joins + 1, lane: l}
	return l.Recent.Estimate(t.moment(l, c)).Likely
}
