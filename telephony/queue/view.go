package queue

import (
	"strings"

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
		b.Queues = append(b.Queues, QueueView{Number: q.Number, Name: q.Name, Waiting: []CallerView{}, Agents: q.Agents})
	}
	for _, c := range f.state.Callers {
		if i, ok := at[c.Queue]; ok {
			b.Queues[i].Waiting = append(b.Queues[i].Waiting, CallerView{Call: c.Call, Party: c.Party,
				Position: c.Position, Joined: c.Joined, Offered: strings.Join(c.Rung, ", ")})
		}
	}
	for i := range f.state.Agents {
		a := &f.state.Agents[i]
		if !a.Member && !a.Talking {
			continue
		}
		v := AgentView{Extension: a.Extension, State: string(a.Status), Since: a.Since, Until: a.Until(), Queue: a.Queue, Call: a.Call}
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
