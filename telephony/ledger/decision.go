package ledger

import (
	"slices"
	"strings"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Decision is something that the box decided about a call, and why.
type Decision struct {
	At     time.Time     `json:"at"`
	Type   call.StepType `json:"type"`
	Number string        `json:"number,omitempty"`
	Queue  string        `json:"queue,omitempty"`
	Agent  string        `json:"agent,omitempty"`
	Cause  string        `json:"cause,omitempty"`
	Reason string        `json:"reason,omitempty"` // as the room gave it, in English; of an offer also why not each other agent
	Text   string        `json:"text"`             // a line of the story
	// Of an offer: Short is the line with the reason of the choice alone, Others are why
	// not each other agent.
	Short  string  `json:"short,omitempty"`
	Others []Other `json:"others,omitempty"`
}

// Other is an agent who was not chosen.
type Other struct {
	Agent string `json:"agent,omitempty"` // empty: some more, whom nobody counted one by one
	Why   string `json:"why"`
}

// decided are the steps that are decisions; the others are what parties did.
var decided = []call.StepType{call.StepRouted, call.StepMenu, call.StepDiverted, call.StepRefused, call.StepQueueRefused, call.StepQueueOffered,
	call.StepQueueMissed, call.StepQueueWithdrawn, call.StepQueueLeft, call.StepCallback, call.StepReturned, call.StepUnparked, call.StepSupervised,
	call.StepEnded}

// Decisions are the decisions of a call, each with the line of the story that tells
// it. One that another line tells better has no text.
func Decisions(steps []call.Step, lang string, names Names) []Decision {
	s := storyOf(steps, lang, names)
	var list []Decision
	for _, step := range steps {
		s.flush()
		told := len(s.lines)
		s.tell(step)
		if !slices.Contains(decided, step.Type) {
			continue
		}
		d := Decision{At: step.At, Type: step.Type, Number: step.Number, Queue: step.Queue, Agent: step.Agent, Cause: step.Cause, Reason: step.Reason}
		if len(s.lines) > told {
			d.Text = s.lines[len(s.lines)-1]
		}
		if parts := strings.Split(step.Reason, "; "); step.Type == call.StepQueueOffered && len(parts) > 1 {
			d.Short, _, _ = strings.Cut(d.Text, s.between())
			for _, part := range parts[1:] {
				said, agent := s.clause(part)
				d.Others = append(d.Others, Other{agent, said})
			}
		}
		list = append(list, d)
	}
	return list
}
