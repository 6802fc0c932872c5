package ledger

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestTheSoundOfACallIsToldAndKept(t *testing.T) {
	at := time.Date(2026, 3, 20, 14, 45, 0, 0, time.UTC)
	good := &call.Quality{Codec: "PCMA", From: call.Way{Packets: 500, MOS: 4.4}}
	fair := &call.Quality{Codec: "PCMA", From: call.Way{Packets: 475, Lost: 25, Jitter: 3.5, MOS: 3.86},
		To: call.Way{Packets: 490, Lost: 10, Jitter: 1, MOS: 4.1}, RoundTrip: 81}
	steps := []call.Step{
		{Call: "1", At: at, Type: call.StepArrived, Leg: "a", Party: call.Party{Number: "1001"}, Number: "1002"},
		{Call: "1", At: at.Add(time.Second), Type: call.StepRinging, Leg: "b", Agent: "1002"},
		{Call: "1", At: at.Add(2 * time.Second), Type: call.StepQuality, Leg: "b", Agent: "1002", Quality: fair},
		{Call: "1", At: at.Add(3 * time.Second), Type: call.StepQuality, Leg: "a", Quality: good},
		{Call: "1", At: at.Add(4 * time.Second), Type: call.StepEnded, Cause: "normal"},
	}
	s := newSummary()
	for _, step := range steps {
		s.add(step)
	}
	if r := s.record(); r.MOS != 3.86 || r.Grade != "fair" {
		t.Errorf("the record has MOS %v, %q", r.MOS, r.Grade)
	}
	for lang, want := range map[string][]string{
		"en": {"0:02 The sound of 1002 was fair (MOS 3.9): of what it sent 5.0% was lost, jitter 3.5 ms; of what it was sent 2.0%, jitter 1.0 ms; 81.0 ms there and back",
			"0:03 The sound of the caller was good (MOS 4.4): of what it sent 0.0% was lost, jitter 0.0 ms"},
		"fa": {"کیفیت صدای ۱۰۰۲ متوسط بود (MOS ۳.۹): از آنچه فرستاد ۵.۰٪ گم شد", "کیفیت صدای تماس‌گیرنده خوب بود"},
	} {
		told := strings.Join(Explain(steps, lang, nil), "\n")
		for _, sentence := range want {
			if !strings.Contains(told, sentence) {
				t.Errorf("%s: %q is not in\n%s", lang, sentence, told)
			}
		}
	}
}
