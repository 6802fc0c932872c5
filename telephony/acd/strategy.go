package acd

import (
	"slices"
	"time"
)

// Strategy chooses among the agents who could be offered a caller: those who are
// free, whose tier is open, who have the skills that the caller needs, and who have
// not missed this caller. Agents of a lower tier always come before those of a
// higher one; the strategy orders the agents of one tier. When everybody free has missed
// the caller, the one who did so longest ago is asked again, whatever the strategy.
//
// "Position" is the place in the queue's list, from the top; it decides what a
// strategy leaves open.
type Strategy string

// The strategies.
const (
	// RingAll rings all of all open tiers at once; the first to answer has the caller.
	// Who becomes free, or whose tier opens, while it rings is rung too.
	RingAll Strategy = "ring-all"
	// Linear is the first by position, from the top for every offer; as nobody is
	// asked twice by the same caller, each caller goes down the list.
	Linear Strategy = "linear"
	// RoundRobin is the first by position after the agent of this tier who was
	// offered a caller of this queue last, and from the top after the bottom. The queue
	// remembers whom, over restarts and new settings; from the top if he has left the list.
	RoundRobin Strategy = "round-robin"
	// LongestIdle is whose last call of any queue ended longest ago. Coming online,
	// logging in, coming back from a rest and the end of a call outside the queues
	// count as the end of a call: who returns is not the first.
	LongestIdle Strategy = "longest-idle"
	// FewestCalls is who took the fewest calls of this queue today (see Tally), then
	// the longest idle.
	FewestCalls Strategy = "fewest-calls"
	// LeastTalkTime is who talked least with callers of this queue today (see Tally),
	// then the longest idle.
	LeastTalkTime Strategy = "least-talk-time"
	// Random is any of them, each as likely as the other.
	Random Strategy = "random"
	// WeightedRandom is any of them, each as likely as his Weight is part of the sum.
	WeightedRandom Strategy = "weighted-random"
	// Skills is who has most, added up, of the skills that the rule in force asks
	// for, then the longest idle. The rules themselves hold with every strategy.
	Skills Strategy = "skills"
)

// Strategies are all of them.
func Strategies() []Strategy {
	return []Strategy{RingAll, Linear, RoundRobin, LongestIdle, FewestCalls, LeastTalkTime, Random, WeightedRandom, Skills}
}

// pick is the one of some agents, of whom there is at least one, whom the strategy takes.
func (t *turn) pick(l *lane, from []*seat) *seat {
	lowest := from[0].Tier
	for _, s := range from {
		lowest = min(lowest, s.Tier)
	}
	from = slices.DeleteFunc(from, func(s *seat) bool { return s.Tier != lowest })
	switch l.Strategy {
	case Random:
		return from[t.draw(len(from))]
	case WeightedRandom:
		return t.weighted(from)
	}
	after := l.after(lowest)
	best, least := from[0], t.score(from[0], after)
	for _, s := range from[1:] {
		score := t.score(s, after)
		if score < least || score == least && l.ties() && s.agent.Idle.Before(best.agent.Idle) {
			best, least = s, score
		}
	}
	return best
}

// ties tells whether the longest idle of those with the same score comes first.
func (l *lane) ties() bool { return l.Strategy != Linear && l.Strategy != RoundRobin }

// score orders the agents of one tier, the lowest first.
func (t *turn) score(s *seat, after int) int64 {
	switch l := s.lane; l.Strategy {
	case RoundRobin:
		return int64((s.pos - after + len(l.seats)) % len(l.seats))
	case FewestCalls:
		return int64(s.tally.Calls)
	case LeastTalkTime:
		return int64(s.tally.Talk)
	case Skills:
		return int64(-t.skill(s))
	}
	return 0
}

// skill is what an agent has of the skills that the rule in force asks for, added up.
func (t *turn) skill(s *seat) int {
	if t.rule < 0 {
		return 0
	}
	return s.points[t.rule]
}

// skilled is what an agent has of the skills that a rule asks for, added up.
func (m *Member) skilled(r *SkillRule) (sum int) {
	for skill := range r.Needs {
		sum += m.Skills[skill]
	}
	return sum
}

// after is the position after the agent of a tier who was offered a caller last.
func (l *lane) after(tier int) int {
	if l.Strategy != RoundRobin {
		return 0
	}
	last, ok := l.Last[tier]
	if !ok {
		return 0
	}
	return slices.IndexFunc(l.seats, func(s *seat) bool { return s.Agent == last }) + 1
}

func (t *turn) weighted(from []*seat) *seat {
	sum := 0
	for _, s := range from {
		sum += max(s.Weight, 1)
	}
	n := t.draw(sum)
	for _, s := range from {
		if n -= max(s.Weight, 1); n < 0 {
			return s
		}
	}
	return from[0]
}

// draw is a number from 0 to n-1 by splitmix64 (Steele, Lea, Flood: Fast splittable
// pseudorandom number generators, 2014). Its bias, below n/2^64, is nothing here.
func (s *State) draw(n int) int {
	s.Rand += 0x9e3779b97f4a7c15
	z := s.Rand
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// openTier is the highest tier that is open for a caller who has waited so long: one
// opens after its wait, and at once while nobody of the tiers below is on duty.
func (x *index) openTier(l *lane, waited time.Duration) int {
	open, below := l.tiers[0], false
	for i, tier := range l.tiers {
		if below && waited < time.Duration(tier)*l.TierWait {
			break
		}
		open = tier
		below = below || !l.works.empty(l.tier[i], x.ready)
	}
	return open
}

// inForce is the skill rule for a caller who has waited so long; -1 for none.
func (x *index) inForce(l *lane, waited time.Duration) int {
	r := -1
	for i := range l.Skills {
		if waited >= l.Skills[i].After {
			r = i
		}
	}
	for r >= 0 && r < len(l.Skills)-1 && l.works.empty(l.meet[r], x.ready) {
		r++
	}
	return r
}

// meets tells whether an agent has what a rule needs.
func (m *Member) meets(r *SkillRule) bool {
	for skill, level := range r.Needs {
		if has, ok := m.Skills[skill]; !ok || has < level {
			return false
		}
	}
	return true
}
