package ledger

import (
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestStoryOfALine: a kept place and the waits that a caller was told are in his story,
// in both languages; the expected wait is in his record.
func TestStoryOfALine(t *testing.T) {
	list := steps(morning,
		later{1, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "2", Reason: "kept", Expected: 90_000}},
		later{1, call.Step{Type: call.StepQueueAnnounced, Queue: "700", Value: "2", Minutes: 5, Expected: 90_000}},
		later{40, call.Step{Type: call.StepQueueAnnounced, Queue: "700", Minutes: 2, Expected: 60_000}},
		later{60, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "abandoned"}},
		later{60, call.Step{Type: call.StepEnded, Cause: "normal"}})
	for lang, want := range map[string][]string{
		"en": {"came back to the place kept in the queue", "to be number 2 in line", "wait less than 5 minutes", "wait less than 2 minutes"},
		"fa": {"نگه داشته شده بود بازگشت", "نفر ۲ صف است", "کمتر از ۵ دقیقه", "کمتر از ۲ دقیقه"},
	} {
		told := strings.Join(Explain(list, lang, nil), "\n")
		for _, x := range want {
			if strings.Count(told, x) != 1 {
				t.Errorf("%s: %d times %q in\n%s", lang, strings.Count(told, x), x, told)
			}
		}
	}
	r := Summarise(list)
	if v := r.Visits[0]; v.Expected.D().Seconds() != 90 || len(r.Announce) != 1 {
		t.Errorf("%+v, announced %q", v, r.Announce)
	}
}
