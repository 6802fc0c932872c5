package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// QueueStrategy chooses the agent for the next caller among the free ones of the
// lowest open tier. Package acd defines each to the letter.
type QueueStrategy string

// The strategies.
const (
	RingAll        QueueStrategy = "ring-all"        // every free agent at once
	Linear         QueueStrategy = "linear"          // the first free agent in list order
	RoundRobin     QueueStrategy = "round-robin"     // the next in list order after the one offered last
	LongestIdle    QueueStrategy = "longest-idle"    // the free agent whose last call ended longest ago
	FewestCalls    QueueStrategy = "fewest-calls"    // who took the fewest calls of the queue today
	LeastTalkTime  QueueStrategy = "least-talk-time" // who talked least with callers of the queue today
	AtRandom       QueueStrategy = "random"
	WeightedRandom QueueStrategy = "weighted-random" // random, by the weights of the agents
	Skills         QueueStrategy = "skills"          // who has most of the skills that are asked for
)

// QueueStrategies are all of them, in the order in which they are shown.
func QueueStrategies() []QueueStrategy {
	return []QueueStrategy{RingAll, Linear, RoundRobin, LongestIdle, FewestCalls, LeastTalkTime, AtRandom, WeightedRandom, Skills}
}

// QueueAgent is an agent's place in a queue. In YAML it is just his extension where
// it says nothing else: agents: [1001, {extension: 1002, tier: 1}].
type QueueAgent struct {
	Extension string `yaml:"extension"`
	// Tier is when he has his turn: those of tier 0 first, the others after the
	// queue's tier_wait. 0 to 9.
	Tier int `yaml:"tier,omitempty"`
	// Weight is how often weighted-random takes him, against the others. 0, which is 1, to 100.
	Weight int `yaml:"weight,omitempty"`
	// Skills are what he can do, and how well: {english: 80}. 0 to 100.
	Skills map[string]int `yaml:"skills,omitempty"`
	// Dynamic agents may log in to the queue; the others are in it until they log out.
	Dynamic bool `yaml:"dynamic,omitempty"`
}

// QueueAgents are plain agents of a queue.
func QueueAgents(extensions ...string) []QueueAgent {
	list := make([]QueueAgent, len(extensions))
	for i, e := range extensions {
		list[i].Extension = e
	}
	return list
}

// plain takes an entry that is only an extension.
func (a *QueueAgent) plain(text string) { a.Extension = text }

// MarshalYAML writes an agent with nothing but an extension as that.
func (a QueueAgent) MarshalYAML() (any, error) {
	if a.Tier == 0 && a.Weight == 0 && len(a.Skills) == 0 && !a.Dynamic {
		return a.Extension, nil
	}
	type entry QueueAgent
	return entry(a), nil
}

// SkillNeed is what an agent must be able to do for callers who have waited so long,
// until the next need: skills: [{needs: {english: 50}}, {after: 1m, needs: {english: 1}}].
type SkillNeed struct {
	After Duration       `yaml:"after,omitempty"` // 0 to 1h, each longer than the last
	Needs map[string]int `yaml:"needs,omitempty"` // skill -> least level, 0 to 100; empty: anybody
}

// AgentRest is how long an agent is left alone after a call that he did not take: that
// his phone refused, that found it busy, that rang out. 1s to 10m; 0 is 5s.
type AgentRest struct {
	Rejected Duration `yaml:"rejected,omitempty"`
	Busy     Duration `yaml:"busy,omitempty"`
	NoAnswer Duration `yaml:"no_answer,omitempty"`
}

// AgentStates are what an agent can be doing, for join_empty and leave_empty; "none" alone
// is that every agent counts.
func AgentStates() []string {
	return []string{"talking", "reserved", "ringing", "logged-out", "paused", "offline", "busy", "wrap-up", "missed", "none"}
}

// Leads is where callers go for a reason of not being served ("full", "timeout",
// "empty", "left-empty", "long-wait", "crowded", "closed"); "" if nowhere.
func (q *Queue) Leads(reason string) string {
	to := ""
	switch reason {
	case "full":
		to = q.OnFull
	case "timeout":
		to = q.OnTimeout
	case "empty":
		to = q.OnEmpty
	case "left-empty":
		to = cmp.Or(q.OnLeaveEmpty, q.OnEmpty)
	case "long-wait", "crowded":
		to = q.OnDivert
	}
	if to == "" {
		return q.Otherwise
	}
	return to
}

// distribution checks how a queue chooses agents and callers.
func (v *validator) distribution(path string, q *Queue) {
	if !slices.Contains(QueueStrategies(), q.Strategy) {
		v.add(path+".strategy", msgStrategy, q.Strategy, join(QueueStrategies()))
	}
	seen := make(map[string]bool)
	for i, a := range q.Agents {
		at := fmt.Sprintf("%s.agents[%d]", path, i)
		if _, ok := v.cfg.Extension(a.Extension); !ok {
			v.add(at, msgNoExtension, a.Extension)
		} else if seen[a.Extension] {
			v.add(at, msgDuplicate)
		}
		seen[a.Extension] = true
		v.count(at+".tier", a.Tier, 0, 9)
		v.count(at+".weight", a.Weight, 0, 100)
		v.levels(at+".skills", a.Skills)
	}
	v.count(path+".weight", q.Weight, 0, 100)
	v.durationOrZero(path+".tier_wait", q.TierWait, time.Second, time.Hour)
	if len(q.Skills) > 16 {
		v.add(path+".skills", msgTooMany, 16)
	}
	for i, s := range q.Skills {
		at := fmt.Sprintf("%s.skills[%d]", path, i)
		v.durationOrZero(at+".after", s.After, time.Second, time.Hour)
		if i > 0 && s.After <= q.Skills[i-1].After {
			v.add(at+".after", msgAscending)
		}
		v.levels(at+".needs", s.Needs)
	}
	v.durationOrZero(path+".sticky_for", q.StickyFor, time.Second, time.Hour)
	v.durationOrZero(path+".rest.rejected", q.Rest.Rejected, time.Second, 10*time.Minute)
	v.durationOrZero(path+".rest.busy", q.Rest.Busy, time.Second, 10*time.Minute)
	v.durationOrZero(path+".rest.no_answer", q.Rest.NoAnswer, time.Second, 10*time.Minute)
	v.count(path+".auto_pause", q.AutoPause, 0, 20)
	v.states(path+".join_empty", q.JoinEmpty)
	v.states(path+".leave_empty", q.LeaveEmpty)
	v.durationOrZero(path+".divert_wait", q.DivertWait, 10*time.Second, 24*time.Hour)
	v.count(path+".divert_ratio", q.DivertRatio, 0, 100)
	v.durationOrZero(path+".keep_place", q.KeepPlace, 10*time.Second, time.Hour)
	v.callback(path+".callback", &q.Callback)
	v.leavesFor(path+".on_full", q.OnFull, q.Number)
	v.leavesFor(path+".on_timeout", q.OnTimeout, q.Number)
	v.leavesFor(path+".on_empty", q.OnEmpty, q.Number)
	v.leavesFor(path+".on_leave_empty", q.OnLeaveEmpty, q.Number)
	v.leavesFor(path+".on_divert", q.OnDivert, q.Number)
}

// levels checks skills.
func (v *validator) levels(path string, skills map[string]int) {
	if len(skills) > 32 {
		v.add(path, msgTooMany, 32)
		return
	}
	names := make([]string, 0, len(skills))
	for name := range skills {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "" {
			v.add(path, msgMissing)
		}
		v.name(path+"."+name, name)
		v.count(path+"."+name, skills[name], 0, 100)
	}
}

func (v *validator) states(path string, list []string) {
	for i, s := range list {
		if !slices.Contains(AgentStates(), s) {
			v.add(fmt.Sprintf("%s[%d]", path, i), msgAgentState, s, strings.Join(AgentStates(), ", "))
		}
	}
}

// join names strategies as a sentence lists them.
func join(list []QueueStrategy) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}
