package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestStoriesOfKeys tells what the keys of a desk phone did, in both languages.
func TestStoriesOfKeys(t *testing.T) {
	sara, omid := call.Party{Number: "1002", Name: "Sara"}, call.Party{Number: "1003", Name: "Omid"}
	names := func(n string) string {
		return map[string]string{"1002": "Sara", "1003": "Omid", "700": "Sales", "*28": "Night"}[n]
	}
	for _, test := range []struct {
		step   call.Step
		en, fa string
	}{
		{call.Step{Type: call.StepRouted, Number: "500", Reason: "switch Night is on: menu 500 goes to 1002"}, "Night was on, so the call went to Sara (1002)", "روشن بود"},
		{call.Step{Type: call.StepParked, Number: "701", Party: sara}, "Sara (1002) parked the caller in slot 701", "۷۰۱ پارک کرد"},
		{call.Step{Type: call.StepUnparked, Number: "701", Party: omid, Cause: "normal", Leg: "l3"}, "Omid (1003) took the caller out of slot 701 after 5 seconds", "از جای ۷۰۱ برداشت"},
		{call.Step{Type: call.StepUnparked, Number: "701", Party: sara, Cause: "no-answer"}, "Nobody took the caller out of slot 701 for 5 seconds, so the call went back to Sara (1002)", "بازگشت"},
		{call.Step{Type: call.StepUnparked, Number: "701", Cause: "cancelled"}, "The caller left slot 701 after 5 seconds", "ترک کرد"},
		{call.Step{Type: call.StepRouted, Number: "700", Reason: "closed: Friday; hours Office open again Saturday 8:00: queue 700 goes to 1002"}, "It was closed (Friday; the hours Office open Saturday 8:00), so the call went to Sara (1002)", "تعطیل بود (جمعه؛"},
		{call.Step{Type: call.StepRouted, Number: "700", Reason: "closed: Ashura; hours Office open again 2026-06-27 8:00: queue 700 goes to 1002"}, "It was closed (Ashura; the hours Office open 2026-06-27 8:00), so the call went to Sara (1002)", "تعطیل بود (عاشورای حسینی؛"},
		{call.Step{Type: call.StepSwitched, Number: "*28", Party: sara, Value: "day"}, "Sara (1002) turned the switch Night (*28) to open", "روی باز گذاشت"},
		{call.Step{Type: call.StepSwitched, Number: "*28", Party: sara, Value: "on"}, "Sara (1002) turned the switch Night (*28) on", "روشن کرد"},
		{call.Step{Type: call.StepSwitched, Number: "*28", Party: sara, Value: "off"}, "Sara (1002) turned the switch Night (*28) off", "خاموش کرد"},
		{call.Step{Type: call.StepOverheard, Party: omid, Agent: "1002", Value: "listen"}, "Omid (1003) listened in on the talk, heard by nobody", "گوش داد"},
		{call.Step{Type: call.StepOverheard, Party: omid, Agent: "1002", Value: "whisper"}, "heard by Sara (1002) alone", "تنها"},
		{call.Step{Type: call.StepOverheard, Party: omid, Agent: "1002", Value: "barge"}, "Omid (1003) joined in the talk", "وارد گفتگو شد"},
		{call.Step{Type: call.StepOverheard, Party: omid, Agent: "1002", Value: "over"}, "listened in no more", "دیگر"},
		{call.Step{Type: call.StepPrompt, Number: "fa/welcome", Party: sara, Value: "prompt-kept"}, "Sara (1002) recorded the prompt fa/welcome anew", "دوباره ضبط کرد"},
		{call.Step{Type: call.StepPrompt, Number: "fa/welcome", Party: sara, Value: "prompt-failed"}, "prompt fa/welcome, which Sara (1002) recorded, could not be kept", "ذخیره نشد"},
		{call.Step{Type: call.StepDuty, Agent: "1002", Value: "logged-in"}, "Sara (1002) logged in to all queues", "وارد همهٔ صف‌ها شد"},
		{call.Step{Type: call.StepDuty, Agent: "1002", Queue: "700", Value: "logged-out"}, "Sara (1002) logged out of Sales (700)", "خارج شد"},
		{call.Step{Type: call.StepDuty, Agent: "1002", Value: "paused"}, "Sara (1002) paused in all queues", "مکث کرد"},
		{call.Step{Type: call.StepDuty, Agent: "1002", Value: "paused", Reason: "Lunch"}, "Sara (1002) paused in all queues: Lunch", "مکث کرد: "},
		{call.Step{Type: call.StepDuty, Agent: "1002", Value: "ready"}, "Sara (1002) is ready again in all queues", "دوباره آماده شد"},
	} {
		for lang, want := range map[string]string{"en": test.en, "fa": test.fa} {
			s := newStory(lang, names)
			now := time.Date(2026, 3, 1, 8, 0, 5, 0, time.UTC)
			s.begin, s.parked = now, now.Add(-5*time.Second)
			test.step.At = now
			s.tell(test.step)
			s.flush()
			if len(s.lines) != 1 || !strings.Contains(s.lines[0], want) || strings.Contains(s.lines[0], "%!") {
				t.Errorf("%s %s: %s", lang, test.step.Type, cmp.Diff([]string{want}, s.lines))
			}
		}
	}
}
