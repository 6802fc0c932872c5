package staffing

import (
	"errors"
	"time"
)

// Half is what a half hour of the day needs, as what was seen of it tells.
type Half struct {
	Seen
	// Rate are calls an hour; Low and High are what it is between, with 95 %, if calls
	// come at random.
	Rate, Low, High  float64
	Handle, Patience Mean
	// Need is with the fewest agents that reach the target; none where no calls came.
	Need Outcome
	// Least and Most are the agents that Low and High need.
	Least, Most int
	OnDuty      float64 // mean number of agents who were there
	Few         bool    // fewer than Enough calls: hardly more than a guess
}

// Plan tells for each stretch of the day how many agents it needs. All must have been
// seen on the same days.
func Plan(seen []Seen, t Target) ([]Half, error) {
	var days Seen
	for _, s := range seen {
		days.Add(s)
	}
	plan := make([]Half, len(seen))
	for i, s := range seen {
		h, err := s.half(days, t)
		if err != nil {
			return nil, err
		}
		plan[i] = h
	}
	return plan, nil
}

func (s Seen) half(days Seen, t Target) (Half, error) {
	h := Half{Seen: s, Few: s.Calls < Enough}
	h.Handle, h.Patience = means(s, days)
	if s.Span <= 0 {
		return h, nil
	}
	hours := s.Span.Hours()
	low, high := between(s.Calls)
	h.Rate, h.Low, h.High = float64(s.Calls)/hours, low/hours, high/hours
	h.OnDuty = float64(s.Duty) / float64(s.Span)
	need, err := h.need(h.Rate, t)
	if err != nil {
		return h, err
	}
	least, err := h.need(h.Low, t)
	if err != nil {
		return h, err
	}
	most, err := h.need(h.High, t)
	h.Need, h.Least, h.Most = need, least.Agents, most.Agents
	return h, err
}

// need is the outcome that a rate needs. MaxAgents is told where even they are too few.
func (h *Half) need(rate float64, t Target) (Outcome, error) {
	if rate <= 0 {
		return Outcome{}, nil
	}
	l := Load{Calls: min(rate, mostCalls), Handle: h.Handle.Mean, Patience: h.Patience.Mean}
	o, err := l.Need(t)
	if errors.Is(err, ErrTooMany) {
		return l.With(MaxAgents, t.Wait)
	}
	return o, err
}

// HalfHour is the length of a stretch of the day.
const HalfHour = 30 * time.Minute
