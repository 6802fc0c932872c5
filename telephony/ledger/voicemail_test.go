package ledger

import (
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestAMessageServesTheCaller, who was missed without it; the story tells of it.
func TestAMessageServesTheCaller(t *testing.T) {
	told := func(value, reason string) []call.Step {
		return steps(morning,
			later{1, call.Step{Type: call.StepRinging, Leg: "a", Agent: "1002"}},
			later{21, call.Step{Type: call.StepUnringing, Leg: "a", Agent: "1002", Cause: "no-answer"}},
			later{21, call.Step{Type: call.StepRefused, Number: "1002", Cause: "no-answer"}},
			later{30, call.Step{Type: call.StepSaid, Value: "voicemail/1 sound/beep"}},
			later{40, call.Step{Type: call.StepVoicemail, Number: "1002", Value: value, Reason: reason}},
			later{41, call.Step{Type: call.StepEnded, Cause: "normal"}})
	}
	for _, c := range []struct {
		value, reason, en, fa string
		want                  Result
	}{
		{"left", "9s, 20260301-080000-aabbccdd", "left a message of 9 seconds for 1002", "پیامی به مدت ۹ ثانیه گذاشت", Served},
		{"none", "nothing was said", "left no message for 1002: nothing was said", "پیامی نگذاشت", Missed},
		{"refused", "the box is full", "refused the caller: it was full", "نپذیرفت: پر بود", Missed},
	} {
		list := told(c.value, c.reason)
		if got := Summarise(list).Result; got != c.want {
			t.Errorf("%s: %s, want %s", c.value, got, c.want)
		}
		for lang, want := range map[string]string{"en": c.en, "fa": c.fa} {
			if story := strings.Join(Explain(list, lang, nil), "\n"); !strings.Contains(story, want) {
				t.Errorf("%q is not in the story:\n%s", want, story)
			}
		}
		if story := strings.Join(Explain(list, "en", nil), "\n"); !strings.Contains(story, "(what was recorded) (beep)") {
			t.Errorf("the story:\n%s", story)
		}
	}
}
