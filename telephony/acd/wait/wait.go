// Package wait says honestly how long a caller will wait. It is pure: plain numbers
// in, plain numbers out. Recent is what a queue's last calls teach, Line what the
// moment adds: how many are ahead and what the agents are doing.
//
// The estimate is the time after which the agents are through with as many calls as
// there are people before the caller, himself included. Some of that is known: who wraps
// up or rests is ready at a time. Who talks ends his call as likely as calls of this
// length have ended (see Recent.Longer), and then one for each handling time. When the
// known ends leave n to chance, half of all callers wait less than the time in which n-1/3
// are to be expected, the median of a sum of n random times; and the last one ends as
// likely as not when the chance that none has ended is a half. Those ahead who give up
// shorten it: where a caller gives up at the rate p, a wait of t becomes ln(1+p*t)/p (the
// fluid limit of Erlang A).
//
// Predictions are compared with what became of them; a queue whose predictions have
// been bad is silent.
package wait

import (
	"math"
	"time"
)

const (
	memory = 200 // calls that a mean remembers
	depth  = 400 // calls that a variance remembers, which needs more
	judged = 40  // predictions that are judged
	cells  = 44  // of Longer: four for each doubling, from 2 s to an hour
	night  = 5   // calls that yesterday counts for
	shape  = 50  // and in Longer, of which less is new each day
	enough = 3   // calls before anything is said
	proof  = 10  // predictions before they are judged
	fading = 0.998
	prior  = 5 // calls that a guess counts for
)

// Recent is what a queue learned from its last calls. The zero Recent has learned
// nothing. Times are in seconds.
type Recent struct {
	Talk   float64 `json:"talk,omitempty"`   // mean of talk, hold included
	Spread float64 `json:"spread,omitempty"` // its variance
	Calls  int     `json:"calls,omitempty"`  // in Talk, at most depth
	Ring   float64 `json:"ring,omitempty"`   // mean time from an offer to its answer
	// Longer is of how many talks each went on for so long, the old ones counting half;
	// see cell.
	Longer [cells]uint16 `json:"longer,omitzero"`
	At     time.Time     `json:"at,omitzero"`      // of the last of them
	Gone   float64       `json:"gone,omitempty"`   // who gave up, the old ones fading
	Waited float64       `json:"waited,omitempty"` // all that anybody waited, fading as Gone does
	Error  float64       `json:"error,omitempty"`  // mean of |predicted - waited| of answered callers
	Actual float64       `json:"actual,omitempty"` // mean of what they waited
	Told   int           `json:"told,omitempty"`   // callers in Error, at most judged
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
	if r.Longer[0] == depth {
		r.fade(depth / 2)
	}
	r.Longer[0]++
	for i, _ := cell(x); i > 0; i-- {
		r.Longer[i]++
	}
}

// Picked learns from an agent's answer to an offer.
func (r *Recent) Picked(rang time.Duration) { r.Ring += (min(rang.Seconds(), 60) - r.Ring) / judged }

// fade makes the talks of Longer count for so many at most.
func (r *Recent) fade(n int) {
	if all := int(r.Longer[0]); all > n {
		for i, longer := range r.Longer {
			r.Longer[i] = uint16((int(longer)*n + all - 1) / all)
		}
	}
}

// cell is the number of the last time in Longer that is not above t, and how much of
// the way to the next t is: a number's exponent and the two bits that follow make four
// steps for each doubling, and its other bits are the way between two of them.
func cell(t float64) (i int, part float64) {
	const first, rest = 2.5, 50 // the second time of Longer; the other bits
	if t < first {
		return 0, max(t, 0) / first
	}
	b := math.Float64bits(t)
	i = 1 + int(b>>rest) - int(math.Float64bits(first)>>rest)
	if i >= cells-1 {
		return cells - 1, 0
	}
	return i, float64(b&(1<<rest-1)) / (1 << rest)
}

// goesOn is how many talks of all go on for so long. Beyond those that were seen is a
// guess: the longer a talk, the less likely its end, and the mean is that of all.
func (r *Recent) goesOn(t float64) float64 {
	far := 1 + t/max(r.Talk, 1)
	guess := prior / (far * far)
	i, part := cell(t)
	if i == cells-1 {
		return guess
	}
	at := float64(r.Longer[i])
	return guess + at + (float64(r.Longer[i+1])-at)*part
}

// Night makes yesterday count for little.
func (r *Recent) Night() {
	r.Calls, r.Told = min(r.Calls, night), min(r.Told, proof)
	r.Gone, r.Waited = r.Gone/4, r.Waited/4
	r.fade(shape)
}

// Answered learns from a caller who reached an agent. Known tells whether predicted
// is what was expected when he joined.
func (r *Recent) Answered(waited, predicted time.Duration, known bool) {
	r.left(waited, 0)
	if !known {
		return
	}
	if r.Told < judged {
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

// Left is how much longer a talk goes on that has taken so long: as long
// as any where they end at random, what is missing where all take the same.
func (r *Recent) Left(elapsed float64) float64 {
	random := 1.0
	if r.Talk > 0 {
		random = min(r.Spread/(r.Talk*r.Talk), 1)
	}
	return random*r.Talk + (1-random)*max(r.Talk-elapsed, 0)
}

// Line is the moment. Times are in seconds.
type Line struct {
	Ahead float64   // callers who will be served first by agents of this queue
	Free  int       // agents free for it
	Talks []Talk    // agents on a call
	Rings int       // agents whose phones ring, or who are on a call of their own
	Wrap  float64   // what comes after each talk
	Ready []float64 // when agents are ready who wrap up or rest, from now
}

// Talk is an agent on a call.
type Talk struct {
	For   float64
	After float64 // what comes after it
	Of    *Recent // the queue's that gave it

	still float64 // talks of all that went on for so long
}

// Estimate is how long a caller will wait who does not give up: half of such callers
// wait less than Likely, most (84 %) less than High. Known is false when nothing can be said.
type Estimate struct {
	Likely, High time.Duration
	Known        bool
}

// Estimate of a caller's wait. A week is the longest.
func (r *Recent) Estimate(l Line) Estimate {
	agents := l.Free + l.Rings + len(l.Talks) + len(l.Ready)
	switch {
	case agents == 0, r.Calls < enough, r.Talk+l.Wrap <= 0:
		return Estimate{}
	case l.Ahead < float64(l.Free):
		return Estimate{Known: true}
	}
	c := r.course(l)
	low, high := 0.0, c.handle*c.need/float64(agents)
	for !c.through(high) && high < 7*24*3600 {
		low, high = high, 2*high
	}
	for range 7 { // to a hundredth of it
		if mid := (low + high) / 2; c.through(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	likely := high
	if p := r.leaving(); p > 0 {
		each := p * likely / (2 * c.need)
		likely = math.Log((1+p*likely+each)/(1+each)) / p
	}
	// Wilson and Hilferty (1931): a sum of n random times is above its median so far.
	n := max(c.left(high), 1)
	w := 1 / (9 * n)
	return Estimate{Likely: seconds(likely + r.Ring), High: seconds(likely*cube(1+math.Sqrt(w)/(1-w)) + r.Ring), Known: true}
}

// course is how the agents get on with the calls.
type course struct {
	Line
	need    float64 // calls before the caller is served
	handle  float64 // a call of an agent, from offer to offer
	regular float64 // 0: calls end at random; 1/2: all take the same
	ring    Talk    // of each of Rings
	end     float64 // of the talks and what comes after them, in the mean
	ready   float64 // of Ready, in the mean
}

func (r *Recent) course(l Line) course {
	c := course{Line: l, need: l.Ahead + 1, handle: r.Ring + r.Talk + l.Wrap}
	c.regular = (1 - min(r.Spread/(c.handle*c.handle), 1)) / 2
	c.ring = Talk{After: l.Wrap, Of: r, still: r.goesOn(0)}
	c.end = float64(l.Rings) * (r.Left(0) + l.Wrap)
	for i := range l.Talks {
		t := &l.Talks[i]
		c.end += t.Of.Left(t.For) + t.After
		t.still = t.Of.goesOn(t.For)
	}
	for _, at := range l.Ready {
		c.ready += at
	}
	c.end /= float64(max(l.Rings+len(l.Talks), 1))
	c.ready /= float64(max(len(l.Ready)+l.Free, 1))
	return c
}

// left is how many of the calls before the caller are left to chance within a time.
func (c *course) left(t float64) float64 {
	left := c.need - float64(c.Free)
	for _, at := range c.Ready {
		if at <= t {
			left--
		}
	}
	return left
}

// through tells whether it is as likely as not that the agents have come to the caller
// within a time.
func (c *course) through(t float64) bool {
	left := c.left(t)
	if left <= 0 {
		return true
	}
	want := left * cube(1-1/(9*left))
	still := max(c.end, 1) * -math.Expm1(-t/max(c.end, 1))
	did := float64(c.Rings+len(c.Talks))*c.more(t-still) + float64(c.Free+len(c.Ready))*c.more(t-c.ready)
	none := math.Exp(-did) // the chance that no talk has ended
	if c.Rings > 0 {
		on := c.ring.on(t)
		did += float64(c.Rings) * (1 - on)
		none *= math.Pow(on, float64(c.Rings))
	}
	for i := range c.Talks {
		on := c.Talks[i].on(t)
		did += 1 - on
		none *= on
	}
	if left <= 1 {
		return none <= 0.5
	}
	return did >= want
}

// on is the chance that the agent is not ready after a time.
func (k *Talk) on(t float64) float64 {
	if t <= k.After {
		return 1
	}
	return k.Of.goesOn(k.For+t-k.After) / k.still
}

// more is how many calls an agent ends in a time who begins with the first now.
func (c *course) more(t float64) float64 {
	x := max(t, 0) / c.handle
	return x + c.regular*math.Expm1(-x)
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
