// Package staffing says how many agents a stretch of the day needs: of a given Load, or
// of what was Seen on recorded days (Plan).
//
// It reckons with Erlang A, the queue M/M/n+M: calls come at random, handle times
// and patience are exponential, and who runs out of patience leaves. Source:
// Garnett, Mandelbaum and Reiman, "Designing a Call Center with Impatient
// Customers", M&SOM 4(3), 2002. With k callers in the house the death rate is
// min(k,n)/handle + max(k-n,0)/patience; the chances of all k follow from the
// balance of neighbours, kept as logarithms so that nothing overflows.
//
// Pure functions: no state, nothing concurrent.
package staffing

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Load is what comes in.
type Load struct {
	Calls    float64       // per hour, above 0, to 20,000
	Handle   time.Duration // mean of talk, hold and wrap-up, 1 s to 4 h
	Patience time.Duration // mean time a caller is willing to wait, 1 s to 4 h
}

// Outcome is what becomes of a load with so many agents.
type Outcome struct {
	Agents    int
	Within    float64       // share of all callers answered within the target's wait, 0 to 1
	Abandoned float64       // share of all callers who give up, 0 to 1
	Wait      time.Duration // mean, of answered and abandoned together
	Busy      float64       // share of the agents' time spent on calls, 0 to 1
}

// Target is what must be reached.
type Target struct {
	Within    float64       // share answered within Wait, 0 to below 1
	Wait      time.Duration // 0 to 1 h
	Abandoned float64       // the most that may give up, above 0 to 1
}

// MaxAgents bounds every table, mostCalls an hour's load.
const (
	MaxAgents = 5000
	mostCalls = 20000
)

// ErrTooMany says that even MaxAgents do not reach the target.
var ErrTooMany = errors.New("staffing: no number of agents allowed reaches the target")

func (l Load) check() error {
	if !(l.Calls > 0 && l.Calls <= mostCalls) {
		return fmt.Errorf("staffing: %v calls an hour; above 0, to %d", l.Calls, mostCalls)
	}
	for _, d := range []time.Duration{l.Handle, l.Patience} {
		if d < shortest || d > longest {
			return fmt.Errorf("staffing: a mean of %v; 1s to 4h", d)
		}
	}
	return nil
}

// With tells what becomes of the load with n agents, 1 to MaxAgents, when an
// answer within wait counts as in time.
func (l Load) With(n int, wait time.Duration) (Outcome, error) {
	if err := l.check(); err != nil {
		return Outcome{}, err
	}
	if n < 1 || n > MaxAgents || wait < 0 || wait > time.Hour {
		return Outcome{}, fmt.Errorf("staffing: %d agents, wait %v; 1 to %d agents, to 1h", n, wait, MaxAgents)
	}
	in, out, leave := l.Calls/3600, float64(n)/l.Handle.Seconds(), 1/l.Patience.Seconds()
	// Chances relative to that of exactly n in the house, then downwards and upwards.
	var logs []float64 // of n, n+1, ...
	top := 0.0
	for log, j := 0.0, 0; j == 0 || log > top-45 || in > out+float64(j)*leave; j++ {
		logs = append(logs, log)
		top = max(top, log)
		log += math.Log(in / (out + float64(j+1)*leave))
	}
	below := make([]float64, n) // of n-1, n-2, ... 0
	for i, log := 0, 0.0; i < n; i++ {
		log += math.Log(float64(n-i) / l.Handle.Seconds() / in)
		below[i] = log
		top = max(top, log)
	}
	var all, free, queue, inTime float64
	for _, log := range below {
		free += math.Exp(log - top)
	}
	all = free
	// Behind j others a caller's place comes after j+1 departures at the rates
	// out, out+leave, ... He is still there with chance out/(out+(j+1)leave), and
	// then it has come by wait with chance 1-late: an incomplete beta function,
	// summed from positive terms only.
	b := out/leave + 1
	gone := -math.Expm1(-leave * wait.Seconds())
	term, late := -b*leave*wait.Seconds(), 0.0
	for j, log := range logs {
		if j > 0 {
			term += math.Log(gone * (b + float64(j) - 1) / float64(j))
		}
		late += math.Exp(term)
		p := math.Exp(log - top)
		all += p
		queue += float64(j) * p
		inTime += p * out / (out + float64(j+1)*leave) * max(0, 1-late)
	}
	queue /= all
	lost := leave * queue / in
	return Outcome{
		Agents: n, Within: (free + inTime) / all, Abandoned: lost,
		Wait: time.Duration(queue / in * float64(time.Second)), Busy: in * (1 - lost) / out,
	}, nil
}

// Need is the outcome with the fewest agents that reach the target.
func (l Load) Need(t Target) (Outcome, error) {
	if !(t.Within >= 0 && t.Within < 1) || !(t.Abandoned > 0 && t.Abandoned <= 1) {
		return Outcome{}, fmt.Errorf("staffing: target %v within, %v abandoned; 0 to below 1, above 0 to 1", t.Within, t.Abandoned)
	}
	var found Outcome
	low, high := 1, MaxAgents // more agents never do worse
	for low <= high {
		n := (low + high) / 2
		o, err := l.With(n, t.Wait)
		if err != nil {
			return Outcome{}, err
		}
		if o.Within >= t.Within && o.Abandoned <= t.Abandoned {
			found, high = o, n-1
		} else {
			low = n + 1
		}
	}
	if found.Agents == 0 {
		return Outcome{}, ErrTooMany
	}
	return found, nil
}
