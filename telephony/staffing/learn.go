package staffing

import (
	"math"
	"time"
)

// Seen is what was seen of a queue in a stretch of time. That of the same stretch of
// several days is added up.
type Seen struct {
	Span      time.Duration // its length
	Calls     int           // that came
	Answered  int
	InTime    int           // answered within the target's wait
	Work      time.Duration // talk, hold and wrap-up of all that were answered
	Abandoned int
	Waited    time.Duration // of all callers, whatever became of them
	Duty      time.Duration // of all agents who were there for the queue
}

// Add adds what was seen in another stretch.
func (s *Seen) Add(o Seen) {
	s.Span += o.Span
	s.Calls += o.Calls
	s.Answered += o.Answered
	s.InTime += o.InTime
	s.Work += o.Work
	s.Abandoned += o.Abandoned
	s.Waited += o.Waited
	s.Duty += o.Duty
}

// Source is what a mean was learnt from.
type Source string

// The sources.
const (
	FromHalf Source = "half-hour" // the half hour itself
	FromDays Source = "days"      // all of the days: the half hour alone had too few
	Assumed  Source = "assumed"   // nothing: the usual
)

// Mean is a mean and how far it is to be trusted.
type Mean struct {
	Mean time.Duration
	Of   int // contacts it was learnt from
	From Source
}

// Enough is how many contacts a mean, or a count of calls, must have been learnt from
// so that it is likely within a third of the truth.
const Enough = 10

// The usual means, where nothing was seen.
const (
	UsualHandle   = 3 * time.Minute
	UsualPatience = 2 * time.Minute
)

// Shortest and longest means that a Load takes.
const (
	shortest = time.Second
	longest  = 4 * time.Hour
)

func within(d time.Duration) time.Duration { return min(max(d, shortest), longest) }

// handle is the mean time that an agent has for a call.
func (s Seen) handle(from Source) (Mean, bool) {
	if s.Answered == 0 {
		return Mean{}, false
	}
	return Mean{within(s.Work / time.Duration(s.Answered)), s.Answered, from}, true
}

// patience is the mean time that callers are willing to wait. Of those who were
// answered, or left otherwise, it is known only that they were willing to wait so long:
// with exponential patience the likeliest mean is the time that all waited together by
// the number of those who gave up.
func (s Seen) patience(from Source) (Mean, bool) {
	if s.Abandoned == 0 {
		return Mean{}, false
	}
	return Mean{within(s.Waited / time.Duration(s.Abandoned)), s.Abandoned, from}, true
}

// means are those of a half hour of days.
func means(half, days Seen) (handle, patience Mean) {
	handle, ok := half.handle(FromHalf)
	if !ok || handle.Of < Enough {
		if handle, ok = days.handle(FromDays); !ok {
			handle = Mean{UsualHandle, 0, Assumed}
		}
	}
	patience, ok = half.patience(FromHalf)
	if !ok || patience.Of < Enough {
		if patience, ok = days.patience(FromDays); !ok {
			// Nobody gave up: the mean is then above a third of all waiting, with 95 %.
			patience = Mean{within(max(UsualPatience, days.Waited/3)), 0, Assumed}
		}
	}
	return handle, patience
}

// between are the least and the most calls that are to be expected where n came: the
// 95 % bounds of a Poisson mean in Byar's approximation (Breslow and Day 1987, 2.3).
func between(n int) (low, high float64) {
	const z = 1.96
	cube := func(k, sign float64) float64 {
		c := 1 - 1/(9*k) + sign*z/(3*math.Sqrt(k))
		return k * c * c * c
	}
	if n > 0 {
		low = max(0, cube(float64(n), -1))
	}
	return low, cube(float64(n)+1, 1)
}
