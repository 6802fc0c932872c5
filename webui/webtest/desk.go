package webtest

import (
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/queue"
)

// desk lets the scene's agents rest and refuses the rest.
type desk struct{ *Box }

func (d desk) Set(agent, _ string, wish acd.Wish, _ string, _ call.Party) error {
	err := queue.ErrNoAgent
	d.Change(func(s *Scene) {
		for i := range s.Floor.Agents {
			if a := &s.Floor.Agents[i]; a.Extension == agent && wish == acd.Pause {
				a.State, err = string(acd.Paused), nil
			}
		}
	}, event.Queues)
	return err
}

func (desk) WrapUp(string, time.Duration, call.Party) error    { return queue.ErrNoWrap }
func (desk) Move(call.ID, string, bool, call.Party) error      { return queue.ErrGone }
func (desk) Take(call.ID, string) error                        { return queue.ErrGone }
func (desk) Dispose(string, call.ID, string, call.Party) error { return queue.ErrNoContact }
