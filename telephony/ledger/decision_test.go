package ledger

import (
	"slices"
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

// TestOffersTellOfTheOthers: the line of an offer alone, and why not each other agent.
func TestOffersTellOfTheOthers(t *testing.T) {
	begin := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	steps := []call.Step{{Call: "c", At: begin, Type: call.StepArrived, Leg: "a", Party: call.Party{Number: "0912"}, Number: "700"},
		{Call: "c", At: begin, Type: call.StepQueueOffered, Queue: "700", Agent: "1002", Reason: "longest idle 4m12s; 1003 wrapping up, 12s left; 1004 offline; 1005 humming; and 3 more"}}
	names := func(number string) string { return map[string]string{"1002": "Sara", "1003": "Ali"}[number] }
	for lang, want := range map[string]Decision{
		"en": {Short: "0:00 Sara (1002) was chosen: free for the longest time (4 minutes and 12 seconds)", Others: []Other{{"1003", "Ali was wrapping up, with 12 seconds left"},
			{"1004", "the phone of 1004 was off"}, {"", "1005 humming"}, {"", "and 3 more"}}},
		"fa": {Others: []Other{{"1003", "\u2068Ali\u2069 در حال جمع‌بندی بود و ۱۲ ثانیه مانده بود"}, {"1004", "تلفن ۱۰۰۴ خاموش بود"}, {"", "1005 humming"}, {"", "و ۳ نفر دیگر"}}},
	} {
		got := Decisions(steps, lang, names)[0]
		if !slices.Equal(got.Others, want.Others) || want.Short != "" && got.Short != want.Short || !strings.HasPrefix(got.Text, got.Short) || got.Short == "" {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}
