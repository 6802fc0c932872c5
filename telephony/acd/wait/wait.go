// Package wait says honestly how long a caller will wait. It is pure: plain numbers
// in, plain numbers out. Recent is what a queue's last calls teach, Line what the
// moment adds: how many are ahead and what the agents are doing.
//
// The estimate is the time after which the agents have ended as many calls as there
// are people before the caller, himself included. An agent who talks ends his call
// after what is left of it (see Recent.Left), and then one for each handling time;
// with c agents whose calls end at random that is n/c handling times, the mean of
// the queueing model M/M/c. Those ahead who give up shorten it: where a caller gives
// up at the rate p, a wait of t becomes ln(1+p*t)/p (the fluid limit of Erlang A).
//
// Predictions are compared with what became of them; a queue whose predictions have
// been bad is silent.
package wait

import (
	"math"
	"time"
)

const (
	memory = 40  // calls that a mean remembers
	depth  = 200 // calls that a variance remembers, which needs more
	night  = 5   // calls that yesterday counts for
	enough = 3   // calls before anything is said
	proof  = 10  // predictions before they are judged
	fading = 0.99
)

// Recent is what a queue learned from its last calls. The zero Recent has learned
// nothing. Times are in seconds.
type Recent struct {
	Talk   float64   `json:"talk,omitempty"`   // mean of talk, hold included
	Spread float64   `json:"spread,omitempty"` // its variance
	Calls  int       `json:"calls,omitempty"`  // in Talk, at most depth
	At     time.Time `json:"at,omitzero"`      // of the last of them
	Gone   float64   `json:"gone,omitempty"`   // who gave up, the old ones fading
	Waited float64   `json:"waited,omitempty"` // all that anybody waited, fading as Gone does
	Error  float64   `json:"error,omitempty"`  // mean of |predicted - waited| of answered callers
	Actual float64   `json:"actual,omitempty"` // mean of what they waited
	Told   int       `json:"told,omitempty"`   // callers in Error, at most memory
}

// Handled learns from a talk. One much longer than all others counts as six of them.
func (r *Recent) Handled(now time.Time, talk time.Duration) {
	if !r.At.IsZero() && now.Sub(r.At) > 4*time.Hour {
		r.Night()
	}
	r.At = now
	x := talk.Seconds()
	if r.Calls >= night {
		x = min(x, 6*r.Talk)
	}
	r.Calls = min(r.Calls+1, depth)
	d := x - r.Talk
	r.Talk += d / float64(min(r.Calls, memory))
	r.Spread += (d*(x-r.Talk) - r.Spread) / float64(r.Calls)
}

// Night makes yesterday count for little.
func (r *Recent) Night() {
	r.Calls, r.Told = min(r.Calls, night), min(r.Told, proof)
	r.Gone, r.Waited = r.Gone/4, r.Waited/4
}

// Answered learns from a caller who reached an agent. Known tells whether predicted
// is what was expected when he joined.
func (r *Recent) Answered(waited, predicted time.Duration, known bool) {
	r.left(waited, 0)
	if !known {
		return
	}
	if r.Told < memory {
		r.Told++
	}
	n := float64(r.Told)
	r.Error += (math.Abs((predicted - waited).Seconds()) - r.Error) / n
	r.Actual += (waited.Seconds() - r.Actual) / n
}

// Abandoned learns from a caller who gave up.
func (r *Recent) Abandoned(waited time.Duration) { r.left(waited, 1) }

func (r *Recent) left(waited time.Duration, gave float64) {
	r.Waited = r.Waited*fading + waited.Seconds()
	r.Gone = r.Gone*fading + gave
}

// Left is how much longer a talk goes on that has taken so long, in seconds: as long
// as any where they end at random, what is missing where all take the same.
func (r *Recent) Left(elapsed time.Duration) float64 {
	random := 1.0
	if r.Talk > 0 {
		random = min(r.Spread/(r.Talk*r.Talk), 1)
	}
	return random*r.Talk + (1-random)*max(r.Talk-elapsed.Seconds(), 0)
}

// Line is the moment. Times are in seconds.
type Line struct {
	Ahead float64 // callers who will be served first by agents of this queue
	Free  int     // agents free for it
	Talks int     // agents on a call; Left is what is left of it and its wrap-up, in the mean
	Left  float64
	Wrap  float64 // what comes after each talk
	Soon  int     // agents who wrap up or rest; Pause is what is left of it, in the mean
	Pause float64
}

// Estimate is how long a caller will wait who does not give up: half of such callers
// wait less than Likely, most (84 %) less than High. Known is false when nothing can be said.
type Estimate struct {
	Likely, High time.Duration
	Known        bool
}

// Estimate of a caller's wait. A week is the longest.
func (r *Recent) Estimate(l Line) Estimate {
	agents := l.Free + l.Talks + l.Soon
	switch {
	case agents == 0, r.Calls < enough, r.Talk+l.Wrap <= 0:
		return Estimate{}
	case l.Ahead < float64(l.Free):
		return Estimate{Known: true}
	}
	handle := r.Talk + l.Wrap
	regular := (1 - min(r.Spread/(handle*handle), 1)) / 2
	need := l.Ahead + 1 - float64(l.Free)
	all := func(t float64) float64 {
		return float64(l.Free)*t/handle + float64(l.Talks)*ended(t, l.Left, handle, regular) + float64(l.Soon)*ended(t, l.Pause, handle, regular)
	}
	low, high := 0.0, handle
	for all(high) < need && high < 7*24*3600 {
		low, high = high, 2*high
	}
	for range 12 { // to a thousandth of it
		if mid := (low + high) / 2; all(mid) < need {
			low = mid
		} else {
			high = mid
		}
	}
	mean := high
	if p := r.leaving(); p > 0 {
		each := p * mean / (2 * need)
		mean = math.Log((1+p*mean+each)/(1+each)) / p
	}
	// The sum of need random times is gamma distributed; Wilson and Hilferty (1931)
	// give its median and its 84th percentile.
	w := 1 / (9 * need)
	return Estimate{Likely: seconds(mean * cube(1-w)), High: seconds(mean * cube(1-w+math.Sqrt(w))), Known: true}
}

// ended is how many calls an agent ends in a time who is free after left.
func ended(t, left, handle, regular float64) float64 {
	left = max(left, 1)
	first := -math.Expm1(-t / left)
	x := max(t-left*first, 0) / handle
	return first + x + regular*math.Expm1(-x)
}

// leaving is how many callers give up for each second that one waits.
func (r *Recent) leaving() float64 {
	if r.Waited < 60 {
		return 0
	}
	return r.Gone / r.Waited
}

// Trusted tells whether the last predictions were good enough to be said aloud: wrong
// by a minute, or by three quarters of the wait, in the mean.
func (r *Recent) Trusted() bool {
	return r.Told < proof || r.Error <= max(60, 0.75*r.Actual)
}

// Minutes is the estimate as it is said, "less than so many minutes": 2, 5, 10, 15, 20
// or 30; 0 when nothing is said.
func (e Estimate) Minutes() int {
	if e.Known {
		for _, m := range []int{2, 5, 10, 15, 20, 30} {
			if e.High < time.Duration(m)*time.Minute {
				return m
			}
		}
	}
	return 0
}

func cube(x float64) float64 { return x * x * x }

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
