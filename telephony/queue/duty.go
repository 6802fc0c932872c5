package queue

import (
	"encoding/json"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Memory keeps over a restart what is to survive it: log-ins, rests, callbacks, see
// acd.Restore, and the last talks, of which agents may still say what they were.
// *store.Latest is one.
type Memory interface {
	Read() ([]byte, error)
	Keep([]byte) // never blocks
}

// answerTime is how long a call waits for the floor, which never waits itself.
const answerTime = 5 * time.Second

// Duty lets an agent log in or out, or rest or work on, as he dialled. It returns
// how he stands then: logged-in, logged-out, paused or ready; "" if he does not
// serve that queue, or rests where he is not logged in. It runs in the goroutine of
// the agent's call.
func (f *Floor) Duty(c *call.Call, agent string, as config.Feature) string {
	e := acd.AgentDuty{Agent: agent, Queue: as.Number, Wish: acd.ToggleLogin, Reason: as.Reason, Call: c.ID()}
	if as.Kind == config.Pause {
		e.Wish = acd.TogglePause
	}
	if !f.inbox.post(request{event: e, asks: c}) {
		return ""
	}
	until := c.Clock().Now().Add(answerTime)
	for {
		event, err := c.Next(until)
		if err != nil {
			return ""
		}
		m, _ := event.(call.Message)
		is, ok := m.Body.(acd.DutyIs)
		if !ok {
			continue
		}
		value := stands(e.Wish, is.Is)
		if value != "" {
			c.Note(call.Step{Type: call.StepDuty, Agent: agent, Queue: as.Number, Value: value, Reason: f.why(is.Reason)})
		}
		return value
	}
}

// stands is how an agent stands, in the words of the ledger and the prompts.
func stands(did acd.Wish, is acd.Status) string {
	switch {
	case is == acd.LoggedOut, is == acd.Paused, is == "":
		return string(is)
	case did == acd.TogglePause, did == acd.Resume:
		return "ready"
	}
	return "logged-in"
}

// why is what a reason of a rest means, as far as it has a name.
func (f *Floor) why(reason string) string {
	if name := f.config.Load().Features.PauseReasons[reason]; name != "" {
		return name
	}
	return reason
}

// answer takes the core's answer to the call that asked.
func (f *Floor) answer(is acd.DutyIs) {
	f.opts.Log.Info("agent's duty", "agent", is.Agent, "queue", is.Queue, "is", string(is.Is), "reason", is.Reason)
	f.stood = is
	switch {
	case f.asks != nil:
		f.asks.Post(call.Message{Body: is})
	case is.Auto:
		f.opts.Journal.Note(call.Step{Call: is.Call, At: f.opts.Clock.Now(), Type: call.StepDuty, Agent: is.Agent, Value: string(is.Is), Reason: f.why(is.Reason)})
	}
}

// remembered is what Memory keeps.
type remembered struct {
	*acd.State
	Talks map[string]*contact `json:"talks,omitempty"` // by agent
}

// save writes down what is to survive a restart, if that changed.
func (f *Floor) save() {
	if f.opts.Memory == nil || f.state.Saves == f.saved && !f.unsaved {
		return
	}
	f.saved, f.unsaved = f.state.Saves, false
	text, err := json.Marshal(remembered{&f.state, f.talks})
	if err != nil {
		f.opts.Log.Error("agents and callbacks not saved", "err", err)
		return
	}
	f.opts.Memory.Keep(text)
}

// recall takes up what was before the restart. What cannot be read is as new.
func (f *Floor) recall() {
	if f.opts.Memory == nil {
		return
	}
	text, err := f.opts.Memory.Read()
	if err != nil || text == nil {
		if err != nil {
			f.opts.Log.Error("agents and callbacks not restored", "err", err)
		}
		return
	}
	before := remembered{State: &acd.State{}}
	if err := json.Unmarshal(text, &before); err != nil {
		f.opts.Log.Error("agents and callbacks not restored", "err", err)
		return
	}
	for agent, talk := range before.Talks {
		if talk != nil {
			f.talks[agent] = talk
		}
	}
	f.apply(acd.Restore{From: *before.State})
	f.saved = f.state.Saves
}
