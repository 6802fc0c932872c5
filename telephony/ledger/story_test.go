package ledger

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

var morning = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// later are steps that follow an arrival by so many seconds.
type later struct {
	seconds float64
	call.Step
}

func steps(begin time.Time, list ...later) []call.Step {
	out := []call.Step{{Call: "call-1", At: begin, Type: call.StepArrived, Leg: "fxo1-1", Device: "fxo1",
		Party: call.Party{Number: "09121234567", Name: "Reza"}, Number: "500", Origin: call.Origin{Line: "fxo1"}}}
	for _, l := range list {
		l.Call, l.At = "call-1", begin.Add(time.Duration(l.seconds*float64(time.Second)))
		out = append(out, l.Step)
	}
	return out
}

// servedCall comes in on a line, goes through a menu and a queue, and is
// answered by the second agent.
func servedCall(begin time.Time) []call.Step {
	return steps(begin,
		later{0.1, call.Step{Type: call.StepRouted, Number: "500", Reason: "500 is menu Main menu"}},
		later{0.2, call.Step{Type: call.StepAnswered, Leg: "fxo1-1", Device: "fxo1"}},
		later{0.3, call.Step{Type: call.StepSaid, Value: "fa/welcome fa/shop-hours"}},
		later{4, call.Step{Type: call.StepPressed, Leg: "fxo1-1", Value: "1"}},
		later{4.1, call.Step{Type: call.StepRouted, Number: "700", Reason: "key 1"}},
		later{4.1, call.Step{Type: call.StepRouted, Number: "700", Reason: "700 is queue Sales"}},
		later{4.2, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "1"}},
		later{4.2, call.Step{Type: call.StepQueueAnnounced, Queue: "700", Value: "1"}},
		later{4.2, call.Step{Type: call.StepQueueOffered, Queue: "700", Agent: "1001", Reason: "longest idle 4m12s; 1002 wrapping up, 12s left; 1003 offline"}},
		later{4.5, call.Step{Type: call.StepRinging, Leg: "a", Device: "sip:1001@192.0.2.1", Agent: "1001"}},
		later{24.2, call.Step{Type: call.StepQueueMissed, Queue: "700", Agent: "1001", Cause: "no-answer"}},
		later{24.2, call.Step{Type: call.StepUnringing, Leg: "a", Device: "sip:1001@192.0.2.1", Agent: "1001", Cause: "no-answer"}},
		later{24.3, call.Step{Type: call.StepQueueOffered, Queue: "700", Agent: "1002", Reason: "longest idle 8s; 1001 resting after a missed call, 5s left; 1003 offline"}},
		later{24.5, call.Step{Type: call.StepRinging, Leg: "b", Device: "fxs1", Agent: "1002"}},
		later{30, call.Step{Type: call.StepSecured, Leg: "b", Device: "fxs1", Agent: "1002", Value: "on"}},
		later{30, call.Step{Type: call.StepAnswered, Leg: "b", Device: "fxs1", Agent: "1002"}},
		later{30, call.Step{Type: call.StepQueueConnected, Queue: "700", Agent: "1002", Leg: "b"}},
		later{30, call.Step{Type: call.StepBridged, Leg: "b", Device: "fxs1", Agent: "1002"}},
		later{50, call.Step{Type: call.StepHeld, Leg: "b"}},
		later{65, call.Step{Type: call.StepResumed, Leg: "b"}},
		later{105, call.Step{Type: call.StepUnbridged, Leg: "b", Agent: "1002", Cause: "normal", Reason: "caller ended"}},
		later{105, call.Step{Type: call.StepEnded, Cause: "normal"}},
		later{105, call.Step{Type: call.StepWrapUp, Queue: "700", Agent: "1002", Value: "10"}},
		later{115, call.Step{Type: call.StepReady, Agent: "1002"}},
	)
}

// called are the names of the box that took servedCall.
func called(number string) string {
	return map[string]string{"fxo1": "Shop line", "500": "Main menu", "700": "Sales", "1001": "Omid", "1002": "سارا"}[number]
}

func TestStory(t *testing.T) {
	for lang, want := range map[string]string{
		"en": `
0:00 Reza (09121234567) called on Shop line
0:00 The call went to the menu Main menu (500)
0:00 The box answered
0:00 The caller heard: “Hello, and welcome. Thank you for calling. fa/shop-hours”
0:04 The caller pressed 1 for Sales (700)
0:04 The caller joined the queue Sales as number 1
0:04 The caller was told to be number 1 in line
0:04 Omid (1001) was chosen: free for the longest time (4 minutes and 12 seconds); سارا (1002) was wrapping up, with 12 seconds left; the phone of 1003 was off
0:04 The phone of Omid began to ring
0:24 The phone of Omid stopped ringing after 20 seconds: no answer
0:24 سارا was chosen: free for the longest time (8 seconds); Omid was left in peace after a missed call, for 5 seconds more; the phone of 1003 was off
0:24 The phone of سارا began to ring
0:30 The sound to and from سارا is encrypted
0:30 سارا picked up after 6 seconds of ringing; the caller had waited 26 seconds in all
0:50 سارا put the call on hold
1:05 The call was taken back after 15 seconds on hold
1:45 The caller hung up after 1 minute and 15 seconds of talk
1:45 The call was over after 1 minute and 45 seconds in all
1:45 سارا has 10 seconds to finish the work on this call
1:55 سارا is free again`,
		"fa": `
۰:۰۰ Reza با شمارهٔ ۰۹۱۲۱۲۳۴۵۶۷ روی Shop line زنگ زد
۰:۰۰ تماس به منوی Main menu (۵۰۰) رسید
۰:۰۰ دستگاه پاسخ داد
۰:۰۰ تماس‌گیرنده شنید: «سلام، از تماس شما سپاسگزاریم. fa/shop-hours»
۰:۰۴ تماس‌گیرنده کلید ۱ را برای Sales (۷۰۰) زد
۰:۰۴ تماس‌گیرنده نفر ۱ صف Sales شد
۰:۰۴ به تماس‌گیرنده گفته شد که نفر ۱ صف است
۰:۰۴ Omid (۱۰۰۱) انتخاب شد: بیش از همه آزاد مانده بود (۴ دقیقه و ۱۲ ثانیه)؛ سارا (۱۰۰۲) در حال جمع‌بندی بود و ۱۲ ثانیه مانده بود؛ تلفن ۱۰۰۳ خاموش بود
۰:۰۴ تلفن Omid شروع به زنگ زدن کرد
۰:۲۴ زنگ تلفن Omid پس از ۲۰ ثانیه قطع شد: پاسخ نداد
۰:۲۴ سارا انتخاب شد: بیش از همه آزاد مانده بود (۸ ثانیه)؛ Omid پس از تماسی بی‌پاسخ در مکث بود و ۵ ثانیه مانده بود؛ تلفن ۱۰۰۳ خاموش بود
۰:۲۴ تلفن سارا شروع به زنگ زدن کرد
۰:۳۰ صدای سارا رمزگذاری شده است
۰:۳۰ سارا پس از ۶ ثانیه زنگ گوشی را برداشت؛ تماس‌گیرنده روی هم ۲۶ ثانیه منتظر مانده بود
۰:۵۰ سارا تماس را نگه داشت
۱:۰۵ گفتگو پس از ۱۵ ثانیه نگه‌داشتن از سر گرفته شد
۱:۴۵ تماس‌گیرنده پس از ۱ دقیقه و ۱۵ ثانیه گفتگو گوشی را گذاشت
۱:۴۵ تماس پایان یافت و روی هم ۱ دقیقه و ۴۵ ثانیه طول کشید
۱:۴۵ سارا برای جمع‌بندی این تماس ۱۰ ثانیه فرصت دارد
۱:۵۵ سارا دوباره آزاد است`,
	} {
		got := Explain(servedCall(morning), lang, called)
		for i := range got {
			got[i] = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got[i]) // they cannot be seen
		}
		if diff := gocmp.Diff(strings.Split(strings.TrimSpace(want), "\n"), got); diff != "" {
			t.Errorf("%s: -want +got\n%s", lang, diff)
		}
	}
}

// TestStoryWithoutNames: numbers stand for people, sockets are counted, and a
// Latin name does not turn a Persian sentence around.
func TestStoryWithoutNames(t *testing.T) {
	got := Explain(steps(morning,
		later{1, call.Step{Type: call.StepRouted, Number: "600", Reason: "600 is service echo"}},
		later{2, call.Step{Type: call.StepRinging, Leg: "a", Device: "sip:1003@192.0.2.1:5060"}},
		later{3, call.Step{Type: call.StepRinging, Leg: "b", Device: "fxs2"}},
		later{4, call.Step{Type: call.StepRouted, Number: "7999", Reason: "7999 is no number of this box"}},
		later{4.5, call.Step{Type: call.StepPressed, Value: "1"}},
		later{4.6, call.Step{Type: call.StepPressed, Value: "*"}},
		later{5, call.Step{Type: call.StepRouted, Number: "700", Reason: "no choice after 3 greetings"}},
	), "fa", nil)
	want := []string{
		"۰:۰۰ \u2068Reza\u2069 با شمارهٔ ۰۹۱۲۱۲۳۴۵۶۷ روی خط ۱ زنگ زد",
		"۰:۰۱ تماس به آزمون پژواک رسید",
		"۰:۰۲ تلفن ۱۰۰۳ شروع به زنگ زدن کرد",
		"۰:۰۳ تلفن سوکت ۲ شروع به زنگ زدن کرد",
		"۰:۰۴ دستگاه شمارهٔ ۷۹۹۹ را ندارد",
		"۰:۰۴ تماس‌گیرنده کلید \u2066۱*\u2069 را زد",
		"۰:۰۵ تماس‌گیرنده چیزی انتخاب نکرد و تماس به ۷۰۰ رسید",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestStoryOfAStop: when the box stops, nobody has given up or hung up, and an
// answer that is passed on to the caller is told once.
func TestStoryOfAStop(t *testing.T) {
	got := Explain(steps(morning,
		later{1, call.Step{Type: call.StepRinging, Leg: "a", Agent: "1002"}},
		later{3, call.Step{Type: call.StepAnswered, Leg: "a", Agent: "1002"}},
		later{3, call.Step{Type: call.StepAnswered, Leg: "fxo1-1"}},
		later{8, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "1"}},
		later{9, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "abandoned"}},
		later{9, call.Step{Type: call.StepEnded, Cause: "shutdown"}},
	), "en", nil)
	want := []string{
		"0:00 Reza (09121234567) called on line 1",
		"0:01 The phone of 1002 began to ring",
		"0:03 1002 picked up after 2 seconds of ringing",
		"0:08 The caller joined the queue 700 as number 1",
		"0:09 The caller left the queue 700 after 1 second: box restarting",
		"0:09 The call was over after 9 seconds in all: box restarting",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestStoryOfATransfer: the caller passes the call on, which fails and then works,
// and is the caller no more.
func TestStoryOfATransfer(t *testing.T) {
	list := steps(morning,
		later{1, call.Step{Type: call.StepRinging, Leg: "a", Agent: "1002"}},
		later{3, call.Step{Type: call.StepAnswered, Leg: "a", Agent: "1002"}},
		later{3, call.Step{Type: call.StepBridged, Leg: "a", Agent: "1002"}},
		later{63, call.Step{Type: call.StepTransferred, Leg: "fxo1-1", Party: call.Party{Number: "1001"}, Number: "1003", Value: "blind"}},
		later{63, call.Step{Type: call.StepUnbridged, Leg: "a", Agent: "1002", Cause: "normal", Reason: "transferred"}},
		later{64, call.Step{Type: call.StepReturned, Leg: "fxo1-1", Party: call.Party{Number: "1001"}, Number: "1003", Cause: "busy"}},
		later{64, call.Step{Type: call.StepBridged, Leg: "fxo1-1"}},
		later{70, call.Step{Type: call.StepTransferred, Leg: "fxo1-1", Party: call.Party{Number: "1001"}, Number: "1004", Value: "attended"}},
		later{70, call.Step{Type: call.StepUnbridged, Leg: "fxo1-1", Cause: "normal", Reason: "transferred"}},
		later{70, call.Step{Type: call.StepBridged, Leg: "c", Agent: "1004"}},
		later{80, call.Step{Type: call.StepUnbridged, Leg: "c", Cause: "normal", Reason: "caller ended"}},
		later{80, call.Step{Type: call.StepEnded, Cause: "normal"}})
	for lang, want := range map[string][]string{
		"en": {
			"1:03 After 1 minute of talk 1001 transferred the call to 1003",
			"1:04 The transfer to 1003 failed: busy; the call went back to 1001",
			"1:10 After 6 seconds of talk 1001 announced the call to 1004 and handed it over",
			"1:20 The caller hung up after 10 seconds of talk",
			"1:20 The call was over after 1 minute and 20 seconds in all"},
		"fa": {
			"۱:۰۳ ۱۰۰۱ پس از ۱ دقیقه گفتگو تماس را به ۱۰۰۳ انتقال داد",
			"۱:۰۴ انتقال به ۱۰۰۳ انجام نشد: مشغول؛ تماس به ۱۰۰۱ بازگشت",
			"۱:۱۰ ۱۰۰۱ پس از ۶ ثانیه گفتگو و هماهنگی قبلی تماس را به ۱۰۰۴ انتقال داد",
			"۱:۲۰ تماس‌گیرنده پس از ۱۰ ثانیه گفتگو گوشی را گذاشت",
			"۱:۲۰ تماس پایان یافت و روی هم ۱ دقیقه و ۲۰ ثانیه طول کشید"},
	} {
		got := Explain(list, lang, nil)
		if diff := gocmp.Diff(want, got[len(got)-len(want):]); diff != "" {
			t.Errorf("%s: -want +got\n%s", lang, diff)
		}
	}
	if r := Summarise(list); r.Result != Answered || r.Agent != "1004" || r.Talk.D() != 76*time.Second {
		t.Errorf("the record is %+v", r)
	}
}

// TestStoryOfTrunks: which number was dialled, and which trunk did not carry a call.
func TestStoryOfTrunks(t *testing.T) {
	in := steps(morning, later{0.1, call.Step{Type: call.StepRouted, Number: "500", Reason: "500 is menu Main menu"}})
	in[0].Origin = call.Origin{Trunk: "telco", DID: "02188776600"}
	bare := steps(morning)
	bare[0].Origin = call.Origin{Trunk: "telco"}
	out := steps(morning,
		later{0, call.Step{Type: call.StepUnringing, Leg: "a", Device: "trunk:telco@192.0.2.7:5060", Agent: "0913", Cause: "network-failure"}},
		later{4, call.Step{Type: call.StepRinging, Leg: "b", Device: "trunk:other@192.0.2.8:5060", Agent: "0913"}},
		later{9, call.Step{Type: call.StepUnringing, Leg: "b", Device: "trunk:other@192.0.2.8:5060", Agent: "0913", Cause: "busy"}})
	for _, c := range []struct {
		steps    []call.Step
		lang     string
		contains string
	}{
		{in, "en", "Reza (09121234567) called the number 02188776600 on the trunk telco\n0:00 The call went to the menu Main menu (500)"},
		{in, "fa", "از راه ترانک \u2068telco\u2069 به شمارهٔ ۰۲۱۸۸۷۷۶۶۰۰ زنگ زد\n"},
		{bare, "en", "Reza (09121234567) called on the trunk telco"},
		{bare, "fa", "از راه ترانک \u2068telco\u2069 زنگ زد"},
		{out, "en", "0:00 The trunk telco did not carry the call to 0913: telephone network failed\n0:04 The phone of 0913 began to ring, over the trunk other\n0:09 The phone of 0913 stopped ringing after 5 seconds: "},
		{out, "fa", "ترانک \u2068telco\u2069 تماس را به ۰۹۱۳ نرساند: "},
	} {
		if story := strings.Join(Explain(c.steps, c.lang, called), "\n") + "\n"; !strings.Contains(story, c.contains) {
			t.Errorf("%s: %q is not in\n%s", c.lang, c.contains, story)
		}
	}
	if r := Summarise(in); r.Origin.DID != "02188776600" || r.Origin.Trunk != "telco" {
		t.Errorf("the record has %+v", r.Origin)
	}
}

func TestBothTonguesHaveAllSentences(t *testing.T) {
	argument := regexp.MustCompile(`\[\d\]`)
	for key, text := range english {
		have := func(s string) map[string]bool {
			set := map[string]bool{}
			for _, a := range argument.FindAllString(s, -1) {
				set[a] = true
			}
			return set
		}
		if diff := gocmp.Diff(have(text), have(persian[key])); diff != "" {
			t.Errorf("%s: the arguments differ: %s", key, diff)
		}
	}
	if len(persian) != len(english) {
		t.Errorf("%d sentences in Persian, %d in English", len(persian), len(english))
	}
}

// TestEveryReasonIsToldInPersian takes reasons from the core that makes them.
func TestEveryReasonIsToldInPersian(t *testing.T) {
	latin := regexp.MustCompile(`[A-Za-z0-9]+`)
	seen := map[int]bool{}
	fa := newStory("fa", nil)
	var queues []acd.Queue
	for _, strategy := range acd.Strategies() {
		queues = append(queues, acd.Queue{Strategy: strategy})
	}
	queues = append(queues,
		acd.Queue{Strategy: acd.Linear, TierWait: time.Hour, Agents: []acd.Member{{Agent: "1004", Tier: 1}}},
		acd.Queue{Strategy: acd.Linear, Skills: []acd.SkillRule{{Needs: map[string]int{"en": 1}}}, Agents: []acd.Member{{Agent: "1005", Skills: map[string]int{"en": 1}}}},
		acd.Queue{Strategy: acd.Linear, StickyFor: time.Minute},
		acd.Queue{Strategy: acd.Linear, Callback: acd.CallbackRules{CustomerFirst: true}})
	for _, q := range queues {
		var s acd.State
		now := morning
		q.Number, q.WrapUp = "700", 20*time.Second
		for i := range 30 {
			q.Agents = append(q.Agents, acd.Member{Agent: fmt.Sprint(1001 + i)})
		}
		var offer acd.Offer
		do := func(e acd.Event) {
			now = now.Add(time.Second)
			for _, c := range s.Apply(e, now) {
				o, ok := c.(acd.Offer)
				if !ok {
					continue
				}
				offer = o
				told := fa.reason(o.Why.String())
				if left := latin.FindString(told); left != "" {
					t.Errorf("%q is left in %q", left, told)
				}
				for i, c := range clauses {
					for _, part := range strings.Split(o.Why.String(), "; ") {
						seen[i] = seen[i] || c.form.MatchString(part)
					}
				}
			}
		}
		do(acd.Configure{Queues: []acd.Queue{q}})
		for _, agent := range q.Agents[:6] {
			do(acd.AgentOnline{Agent: agent.Agent})
		}
		do(acd.AgentBusy{Agent: "1006", On: true})
		do(acd.AgentDuty{Agent: "1008", Wish: acd.ToggleLogin})
		do(acd.AgentDuty{Agent: "1009", Wish: acd.TogglePause})
		if q.Callback.CustomerFirst {
			do(acd.CallbackAsked{Queue: "700", Number: "0912"})
			do(acd.CallerJoined{Call: "z", Queue: "700"})
			do(acd.DialAnswered{Call: "callback-1"})
			continue
		}
		do(acd.CallerJoined{Call: "a", Queue: "700", Owner: "1002"})
		do(acd.OfferAnswered{Offer: offer.Offer, Call: "a", Agent: offer.Agents[0]})
		do(acd.TalkEnded{Call: "a", Agent: offer.Agents[0]})
		do(acd.CallerJoined{Call: "b", Queue: "700"})
		do(acd.OfferAnswered{Offer: offer.Offer, Call: "b", Agent: offer.Agents[0]})
		do(acd.CallerJoined{Call: "c", Queue: "700"})
		for range 10 {
			do(acd.CallerJoined{Call: "d", Queue: "700"})
			for _, agent := range offer.Agents {
				do(acd.OfferFailed{Offer: offer.Offer, Call: offer.Call, Agent: agent})
			}
			now = now.Add(acd.MissPause)
			do(acd.Tick{})
			do(acd.AgentOnline{Agent: "1007"})
		}
	}
	for i, c := range clauses {
		if !seen[i] {
			t.Errorf("the core never says %s", c.form)
		}
	}
}

func TestRecords(t *testing.T) {
	rang := func(at float64, leg call.LegID) later { return later{at, call.Step{Type: call.StepRinging, Leg: leg}} }
	silent := func(at float64, leg call.LegID, cause string) later {
		return later{at, call.Step{Type: call.StepUnringing, Leg: leg, Cause: cause}}
	}
	ended := func(at float64, cause string) later { return later{at, call.Step{Type: call.StepEnded, Cause: cause}} }
	joined := later{1, call.Step{Type: call.StepQueueJoined, Queue: "700", Value: "2"}}
	for name, test := range map[string]struct {
		steps []call.Step
		want  string
	}{
		"served by an agent": {servedCall(morning),
			`{"queue":"700","agent":"1002","wait":25800,"ring":5500,"talk":75000,"hold":15000,"result":"answered","cause":"normal","announce":["1"]}`},
		"gave up in the queue": {steps(morning, joined, rang(2, "a"),
			later{9, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "abandoned"}}, silent(9.5, "a", "cancelled"), ended(9.5, "normal")),
			`{"queue":"700","wait":8000,"ring":7500,"talk":0,"hold":0,"result":"abandoned","cause":"normal"}`},
		"waited too long": {steps(morning, joined, later{61, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "timeout"}}, ended(62, "no-answer")),
			`{"queue":"700","wait":60000,"ring":0,"talk":0,"hold":0,"result":"missed","cause":"no-answer"}`},
		"left the queue for the operator": {steps(morning, joined, rang(2, "a"), later{9, call.Step{Type: call.StepQueueLeft, Queue: "700", Reason: "key"}},
			later{9, call.Step{Type: call.StepRouted, Number: "1009"}}, silent(9.1, "a", "cancelled"), ended(10, "normal")),
			`{"queue":"700","wait":8000,"ring":7100,"talk":0,"hold":0,"result":"missed","cause":"normal"}`},
		"queue full": {steps(morning, later{1, call.Step{Type: call.StepQueueRefused, Queue: "700", Reason: "full"}}, ended(5, "busy")),
			`{"wait":0,"ring":0,"talk":0,"hold":0,"result":"refused","cause":"busy"}`},
		"extension busy": {steps(morning, rang(1, "a"), silent(3, "a", "busy"), later{3, call.Step{Type: call.StepRefused, Cause: "busy"}}, ended(3, "busy")),
			`{"wait":0,"ring":2000,"talk":0,"hold":0,"result":"missed","cause":"busy"}`},
		"hung up while it rang": {steps(morning, rang(1, "a"), rang(2, "b"), silent(7, "b", "cancelled"), silent(8, "a", "cancelled"), ended(8, "cancelled")),
			`{"wait":0,"ring":7000,"talk":0,"hold":0,"result":"abandoned","cause":"cancelled"}`},
		"unknown number": {steps(morning, later{1, call.Step{Type: call.StepRefused, Cause: "unknown-number"}}, ended(3, "unknown-number")),
			`{"wait":0,"ring":0,"talk":0,"hold":0,"result":"refused","cause":"unknown-number"}`},
		"listened to the menu": {steps(morning, later{1, call.Step{Type: call.StepAnswered, Leg: "fxo1-1"}}, ended(3, "normal")),
			`{"wait":0,"ring":0,"talk":0,"hold":0,"result":"served","cause":"normal"}`},
		"an open end": {steps(morning, joined, later{3, call.Step{Type: call.StepQueueConnected, Agent: "1"}},
			later{3, call.Step{Type: call.StepBridged, Leg: "a", Agent: "1"}}, later{4, call.Step{Type: call.StepHeld, Leg: "a"}}, ended(9, "shutdown")),
			`{"queue":"700","agent":"1","wait":2000,"ring":0,"talk":6000,"hold":5000,"result":"answered","cause":"shutdown"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := Summarise(test.steps)
			if got.Call != "call-1" || !got.Started.Equal(morning) || got.From.Name != "Reza" || got.To != "500" || got.Origin.Line != "fxo1" {
				t.Errorf("head of the record: %+v", got)
			}
			want := got // the fields above
			want.Queue, want.Agent, want.Announce = "", "", nil
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			data, err := json.Marshal(got)
			var back Record
			if err != nil || json.Unmarshal(data, &back) != nil || gocmp.Diff(got, back) != "" {
				t.Errorf("JSON: %v %s", err, data)
			}
		})
	}
}

// TestACallForHelpSaysWhy it went out.
func TestACallForHelpSaysWhy(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "110 is an emergency number, so the call goes out whatever limits and permissions say",
		"fa": "شمارهٔ ۱۱۰ اضطراری است، پس تماس بدون توجه به محدودیت‌ها و مجوزها برقرار می‌شود",
	} {
		got := Explain(steps(morning, later{1, call.Step{Type: call.StepRouted, Number: "110", Reason: "110 is emergency by route out"}}), lang, called)
		if len(got) != 2 || !strings.HasSuffix(got[1], want) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
