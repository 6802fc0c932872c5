package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestDecisionsAreToldWithTheirReasons: of a queue call, only what the box decided, each
// in the words of the story and with the reason as the room gave it.
func TestDecisionsAreToldWithTheirReasons(t *testing.T) {
	begin := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var steps []call.Step
	add := func(after int, s call.Step) {
		s.Call, s.At = "c", begin.Add(time.Duration(after)*time.Second)
		steps = append(steps, s)
	}
	add(0, call.Step{Type: call.StepArrived, Leg: "a", Party: call.Party{Number: "0912"}, Number: "500"})
	add(0, call.Step{Type: call.StepRouted, Number: "500", Reason: "500 is menu Main"})
	add(2, call.Step{Type: call.StepPressed, Leg: "a", Value: "1"})
	add(2, call.Step{Type: call.StepRouted, Number: "700", Reason: "key 1"})
	add(2, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "1"})
	add(2, call.Step{Type: call.StepQueueOffered, Queue: "700", Agent: "1002", Reason: "first in the list"})
	add(12, call.Step{Type: call.StepQueueMissed, Queue: "700", Agent: "1002", Cause: call.NoAnswer.String()})
	add(20, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "timeout"})
	add(21, call.Step{Type: call.StepEnded, Cause: call.Normal.String()})
	for lang, want := range map[string][]string{"en": {"", "pressed 1", "1002", "did not take", "700", "over"}, "fa": {"", "کلید", "۱۰۰۲", "", "", ""}} {
		got := Decisions(steps, lang, nil)
		if len(got) != len(want) {
			t.Fatalf("%s: %d decisions: %+v", lang, len(got), got)
		}
		story := strings.Join(Explain(steps, lang, nil), "\n")
		for i, d := range got {
			if !strings.Contains(d.Text, want[i]) || !strings.Contains(story, d.Text) {
				t.Errorf("%s: decision %d is %q, not about %q, or not in the story:\n%s", lang, i, d.Text, want[i], story)
			}
		}
		if got[2].Reason != "first in the list" || got[2].Agent != "1002" {
			t.Errorf("the offer is %+v", got[2])
		}
	}
}
