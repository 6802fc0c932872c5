package setup

import (
	"slices"
	"strconv"

	"github.com/pasokh/pasokh/firmware/config"
)

// The kinds of To: who is reached behind the greeting.
const (
	ToAll   = "all"   // all extensions ring together
	ToQueue = "queue" // callers wait in line, one extension rings after the other
	ToMenu  = "menu"  // a key each; who presses none reaches all
)

// Where numbers are looked for.
const (
	firstEntry = 500
	firstTeam  = 700
)

// front makes what callers from outside meet: the greeting, what is said outside the
// hours, and all extensions behind them. Without extensions there is nobody to reach.
func (s *State) front(c *config.Config) {
	if len(c.Extensions) == 0 {
		return
	}
	s.Team = s.keep(c, s.Team, firstTeam, has(c.Queues, func(q *config.Queue) string { return q.Number }))
	put(&c.Queues, s.team(c), func(q *config.Queue) string { return q.Number })

	menu := has(c.Menus, func(m *config.Menu) string { return m.Number })
	flow := has(c.Flows, func(f *config.Flow) string { return f.Number })
	s.Entry = s.keep(c, s.Entry, firstEntry, func(number string) bool { return menu(number) || flow(number) })
	c.Menus = slices.DeleteFunc(slices.Clone(c.Menus), func(m config.Menu) bool { return m.Number == s.Entry })
	c.Flows = slices.DeleteFunc(slices.Clone(c.Flows), func(f config.Flow) bool { return f.Number == s.Entry })
	night := s.night(c)
	greeting := s.Greeting
	if len(greeting) == 0 {
		greeting = []string{"welcome"}
	}
	if s.To == ToMenu {
		m := config.Menu{Number: s.Entry, Name: word(c, "Main menu", "منوی اصلی"), Greeting: greeting, Keys: s.Keys, Otherwise: s.Team, Night: night}
		config.Fresh(&m)
		c.Menus = append(c.Menus, m)
	} else {
		c.Flows = append(c.Flows, config.Flow{Number: s.Entry, Name: word(c, "Greeting", "خوشامدگویی"), Night: night,
			Steps: steps(config.FlowStep{Name: "greeting", Do: config.FlowPlay, Prompts: greeting, Next: s.Team})})
	}
	c.Trunks = slices.Clone(c.Trunks)
	for i := range c.Trunks {
		if c.Trunks[i].Name == s.Trunk {
			c.Trunks[i].Destination = s.Entry
		}
	}
	c.Lines = slices.Clone(c.Lines)
	for i := range c.Lines {
		if slices.Contains(s.Lines, c.Lines[i].Port) {
			c.Lines[i].Destination = s.Entry
		}
	}
}

// team is the queue of all extensions.
func (s *State) team(c *config.Config) config.Queue {
	q, ok := c.Queue(s.Team)
	if !ok {
		q = &config.Queue{Number: s.Team, Name: word(c, "Everybody", "همه")}
		config.Fresh(q)
	}
	team := *q
	var all []string
	for i := range c.Extensions {
		all = append(all, c.Extensions[i].Number)
	}
	team.Agents = config.QueueAgents(all...)
	team.Strategy, team.RingTone, team.Announce = config.LongestIdle, false, config.Announce{}
	if s.To != ToQueue {
		team.Strategy, team.RingTone, team.WrapUp = config.RingAll, true, 0
		team.Announce = config.Announce{Position: config.PositionNever, Wait: config.WaitNever}
	}
	return team
}

// night sends callers elsewhere outside the hours, if there are any.
func (s *State) night(c *config.Config) config.Night {
	if s.Hours == "" {
		return config.Night{}
	}
	s.Closed = s.keep(c, s.Closed, firstEntry, has(c.Flows, func(f *config.Flow) string { return f.Number }))
	put(&c.Flows, config.Flow{Number: s.Closed, Name: word(c, "Closed", "بسته"),
		Steps: steps(config.FlowStep{Name: "closed", Do: config.FlowHangUp, Prompts: []string{"no-agents", "call-later"}})}, func(f *config.Flow) string { return f.Number })
	return config.Night{Hours: s.Hours, Destination: s.Closed}
}

// steps are the steps of a flow, with what they have when nobody says otherwise.
func steps(list ...config.FlowStep) []config.FlowStep {
	for i := range list {
		config.Fresh(&list[i])
	}
	return list
}

// word is a name in the box's language.
func word(c *config.Config, en, fa string) string {
	if c.System.Language == config.Persian {
		return fa
	}
	return en
}

// keep is a number that was made before and is still there, or the first that is free.
func (s *State) keep(c *config.Config, number string, first int, there func(string) bool) string {
	if number != "" && there(number) {
		return number
	}
	taken := slices.AppendSeq([]string{s.Entry, s.Team, s.Closed}, c.Numbers())
	for n := first; ; n++ {
		if number := strconv.Itoa(n); !slices.Contains(taken, number) {
			return number
		}
	}
}

// has tells whether a list has something of a number or a name.
func has[T any](list []T, of func(*T) string) func(string) bool {
	return func(id string) bool {
		return slices.ContainsFunc(list, func(x T) bool { return of(&x) == id })
	}
}

// put is x in the place of what has its number or name, or after all others, in a list of
// its own.
func put[T any](list *[]T, x T, of func(*T) string) (at int) {
	*list = slices.Clone(*list)
	at = slices.IndexFunc(*list, func(y T) bool { return of(&y) == of(&x) })
	if at < 0 {
		*list = append(*list, x)
		return len(*list) - 1
	}
	(*list)[at] = x
	return at
}
