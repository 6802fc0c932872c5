package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestStoryOfACallThatMoves: diverted twice, picked up, taken over.
func TestStoryOfACallThatMoves(t *testing.T) {
	list := steps(morning,
		later{0, call.Step{Type: call.StepDiverted, Party: call.Party{Number: "021"}, Reason: "no-answer"}},
		later{1, call.Step{Type: call.StepRouted, Number: "1001", Reason: "1001 is extension"}},
		later{2, call.Step{Type: call.StepDiverted, Party: call.Party{Number: "1001"}, Number: "1002", Reason: "time-of-day"}},
		later{2, call.Step{Type: call.StepRouted, Number: "1002", Reason: "1002 is extension"}},
		later{3, call.Step{Type: call.StepRinging, Leg: "a", Agent: "1002"}},
		later{7, call.Step{Type: call.StepPickedUp, Leg: "b", Party: call.Party{Number: "1003"}, Agent: "1002", Value: "a"}},
		later{7, call.Step{Type: call.StepAnswered, Leg: "b", Agent: "1003"}},
		later{7, call.Step{Type: call.StepUnringing, Leg: "a", Agent: "1002", Cause: "answered-elsewhere"}},
		later{7, call.Step{Type: call.StepBridged, Leg: "b", Agent: "1003"}},
		later{20, call.Step{Type: call.StepTransferred, Leg: "b", Party: call.Party{Number: "1003"}, Number: "1004", Value: "taken"}},
		later{20, call.Step{Type: call.StepUnbridged, Leg: "b", Agent: "1003", Cause: "normal", Reason: "transferred"}},
		later{20, call.Step{Type: call.StepBridged, Leg: "c", Agent: "1004"}},
		later{30, call.Step{Type: call.StepUnbridged, Leg: "c", Agent: "1004", Cause: "normal", Reason: "caller ended"}},
		later{30, call.Step{Type: call.StepEnded, Cause: "normal"}})
	for lang, want := range map[string]string{
		"en": `0:00 021 had diverted the call to here: when nobody answers
0:01 The call went to 1001
0:02 1001 sends calls on to 1002: all calls
0:03 The phone of 1002 began to ring
0:07 1003 took the call that was ringing at 1002
0:07 1003 picked up after 4 seconds of ringing
0:07 The phone of 1002 stopped ringing after 4 seconds: answered on another phone
0:20 After 13 seconds of talk 1004 took the call over from 1003
0:30 The caller hung up after 10 seconds of talk
0:30 The call was over after 30 seconds in all`,
		"fa": `۰:۰۰ ۰۲۱ تماس را به اینجا هدایت کرده بود: هنگام پاسخ ندادن
۰:۰۱ تماس به ۱۰۰۱ رسید
۰:۰۲ ۱۰۰۱ تماس‌ها را به ۱۰۰۲ هدایت می‌کند: همهٔ تماس‌ها
۰:۰۳ تلفن ۱۰۰۲ شروع به زنگ زدن کرد
۰:۰۷ ۱۰۰۳ تماسی را که نزد ۱۰۰۲ زنگ می‌خورد برداشت
۰:۰۷ ۱۰۰۳ پس از ۴ ثانیه زنگ گوشی را برداشت
۰:۰۷ زنگ تلفن ۱۰۰۲ پس از ۴ ثانیه قطع شد: با تلفن دیگری پاسخ داده شد
۰:۲۰ پس از ۱۳ ثانیه گفتگو ۱۰۰۴ تماس را از ۱۰۰۳ تحویل گرفت
۰:۳۰ تماس‌گیرنده پس از ۱۰ ثانیه گفتگو گوشی را گذاشت
۰:۳۰ تماس پایان یافت و روی هم ۳۰ ثانیه طول کشید`,
	} {
		if diff := cmp.Diff(strings.Split(want, "\n"), Explain(list, lang, nil)[1:]); diff != "" {
			t.Errorf("%s: -want +got\n%s", lang, diff)
		}
	}
	r := Summarise(list)
	if r.Diverted != "021" || r.Agent != "1004" || r.Ring != Millis(4*time.Second) || r.Talk != Millis(23*time.Second) || r.Result != Answered {
		t.Errorf("the record is %+v", r)
	}
}
