package queue

import (
	"slices"
	"strings"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/acd"
)

// show publishes a new board if anything may have changed.
func (f *Floor) show() {
	if !f.changed {
		return
	}
	f.changed = false
	f.board.Store(f.view())
	f.opts.News.Publish(event.Queues)
}

// view is the state in the words of the board.
func (f *Floor) view() *Board {
	cfg := f.config.Load()
	b := &Board{Queues: []QueueView{}, Agents: []AgentView{}}
	at := make(map[string]int)
	for _, q := range cfg.Queues {
		at[q.Number] = len(b.Queues)
		b.Queues = append(b.Queues, QueueView{Number: q.Number, Name: q.Name, Strategy: string(q.Strategy), CallsBack: q.Callback.Key != "", Waiting: []CallerView{}, Agents: extensions(q.Agents)})
	}
	for _, c := range f.state.Callers {
		if i, ok := at[c.Queue]; ok {
			held := f.held(c)
			b.Queues[i].Waiting = append(b.Queues[i].Waiting, CallerView{Call: c.Call, Party: c.Party,
				Position: c.Position, Joined: c.Joined, Offered: strings.Join(c.Rung, ", "), Priority: c.Priority,
				Minutes: c.Expect.Minutes(), Callback: held != nil, Held: held})
		}
	}
	for _, a := range f.state.Agents {
		if !a.Member && !a.Talking {
			continue
		}
		v := AgentView{Extension: a.Extension, State: string(a.Status), Since: a.Since, Until: a.Until(), Queue: a.Queue, Call: a.Call, Absences: slices.Clone(a.Absences)}
		if e, ok := cfg.Extension(a.Extension); ok {
			v.Name = e.Name
		}
		b.Agents = append(b.Agents, v)
		if i, ok := at[a.Queue]; ok && a.Status == acd.Talking {
			b.Queues[i].Talking++
		}
	}
	return b
}

func extensions(agents []config.QueueAgent) []string {
	list := make([]string, len(agents))
	for i, a := range agents {
		list[i] = a.Extension
	}
	return list
}

// LoggedIn tells whether an agent is logged in to a queue, or with "" to any.
func (b *Board) LoggedIn(agent, queue string) bool {
	return b.stands(agent, queue, func(is acd.Status) bool { return is != acd.LoggedOut })
}

// Resting tells whether an agent rests in a queue, or with "" in any.
func (b *Board) Resting(agent, queue string) bool {
	return b.stands(agent, queue, func(is acd.Status) bool { return is == acd.Paused })
}

func (b *Board) stands(agent, queue string, as func(acd.Status) bool) bool {
	i := slices.IndexFunc(b.Agents, func(a AgentView) bool { return a.Extension == agent })
	if i < 0 {
		return false
	}
	at := acd.Agent{Absences: b.Agents[i].Absences}
	return slices.ContainsFunc(b.Queues, func(q QueueView) bool {
		return (queue == "" || queue == q.Number) && slices.Contains(q.Agents, agent) && as(at.In(q.Number))
	})
}
