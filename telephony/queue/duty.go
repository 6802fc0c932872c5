package queue

import (
	"encoding/json"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Memory keeps over a restart who has logged out or rests. *store.Latest is one.
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
	e := acd.AgentDuty{Agent: agent, Queue: as.Number, Toggle: acd.ToggleLogin, Reason: as.Reason, Call: c.ID()}
	if as.Kind == config.Pause {
		e.Toggle = acd.TogglePause
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
		value := stands(e.Toggle, is.Is)
		if value != "" {
			c.Note(call.Step{Type: call.StepDuty, Agent: agent, Queue: as.Number, Value: value, Reason: f.why(is.Reason)})
		}
		return value
	}
}

// stands is how an agent stands, in the words of the ledger and the prompts.
func stands(did acd.Toggle, is acd.Status) string {
	switch {
	case is == acd.LoggedOut, is == acd.Paused, is == "":
		return string(is)
	case did == acd.TogglePause:
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
	if f.asks != nil {
		f.asks.Post(call.Message{Body: is})
	}
	if f.opts.Memory == nil || is.Is == "" {
		return
	}
	away := make(map[string][]acd.Absence)
	for i := range f.state.Agents {
		if a := &f.state.Agents[i]; len(a.Absences) > 0 {
			away[a.Extension] = a.Absences
		}
	}
	if text, err := json.Marshal(away); err == nil { // plain values always are written
		f.opts.Memory.Keep(text)
	}
}

// recall takes up who was away before the restart. What cannot be read counts as
// logged in.
func (f *Floor) recall() {
	if f.opts.Memory == nil {
		return
	}
	text, err := f.opts.Memory.Read()
	var away map[string][]acd.Absence
	if err == nil && text != nil {
		err = json.Unmarshal(text, &away)
	}
	if err != nil {
		f.opts.Log.Error("log-ins of agents not restored", "err", err)
		return
	}
	for agent, absences := range away {
		f.apply(acd.DutyRestored{Agent: agent, Absences: absences})
	}
}
