package queue

import (
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
)

// Settings is a queue of the configuration as the core takes it.
func Settings(q *config.Queue) acd.Queue {
	s := acd.Queue{Number: q.Number, Strategy: acd.Strategy(q.Strategy), Weight: q.Weight, TierWait: q.TierWait.D(),
		StickyFor: q.StickyFor.D(), WrapUp: q.WrapUp.D(), AutoPause: q.AutoPause, MaxCallers: q.MaxCallers, MaxWait: q.MaxWait.D(),
		Rest:      acd.Rest{Rejected: q.Rest.Rejected.D(), Busy: q.Rest.Busy.D(), NoAnswer: q.Rest.NoAnswer.D()},
		JoinEmpty: statuses(q.JoinEmpty), LeaveEmpty: statuses(q.LeaveEmpty),
		DivertWait: q.DivertWait.D(), DivertRatio: q.DivertRatio, KeepPlace: q.KeepPlace.D(),
		Callback: acd.CallbackRules{CustomerFirst: q.Callback.CustomerFirst, Tries: q.Callback.Tries, Gap: q.Callback.Gap.D(), Expire: q.Callback.Expire.D()}}
	for _, a := range q.Agents {
		s.Agents = append(s.Agents, acd.Member{Agent: a.Extension, Tier: a.Tier, Weight: a.Weight, Skills: a.Skills, Dynamic: a.Dynamic})
	}
	for _, r := range q.Skills {
		s.Skills = append(s.Skills, acd.SkillRule{After: r.After.D(), Needs: r.Needs})
	}
	return s
}

// All are the queues of a configuration as the core takes them on the day of now.
func All(c *config.Config, now time.Time) (queues []acd.Queue) {
	for i := range c.Queues {
		q := Settings(&c.Queues[i])
		q.Callback.Opens, q.Callback.Closes = hours(now, c, &c.Queues[i].Callback)
		queues = append(queues, q)
	}
	return queues
}

func statuses(names []string) []acd.Status {
	if names == nil {
		return nil
	}
	list := make([]acd.Status, len(names))
	for i, name := range names {
		list[i] = acd.Status(name)
	}
	return list
}

// midnight is the next beginning of a day where the box is.
func midnight(now time.Time, c *config.Config) time.Time {
	zone, err := time.LoadLocation(c.System.TimeZone)
	if err != nil {
		zone = time.UTC // Validate does not let it come to this
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone)
}
