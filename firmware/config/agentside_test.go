package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const agentsFile = `schema: 1
extensions: [{number: 1001}, {number: 1002}]
queues:
  - number: 700
    agents: [1001]
    whisper: {parts: [queue, wait, keyed, today], prompt: sales, confirm: true}
    survey: {prompt: survey, questions: [survey-satisfied], tries: 3, timeout: 8s}
    dispositions: {1: Sold, 12: Wrong number}
    disposition_wait: 2m
    hold_reminder: 30s
`

func TestTheAgentsSideComesBackFromItsExport(t *testing.T) {
	cfg, err := Parse("a.yaml", []byte(agentsFile))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cfg.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again.yaml", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(cfg.Queues, again.Queues); diff != "" {
		t.Error(diff)
	}
	q := again.Queues[0]
	if !q.Whisper.Confirm || len(q.Whisper.Parts) != 4 || q.Survey.Tries != 3 || q.Dispositions["12"] != "Wrong number" || q.DispositionWait.D().Minutes() != 2 {
		t.Errorf("the queue is %+v", q)
	}
	for dialled, want := range map[string]Feature{
		"*4812": {Kind: Disposition, Reason: "12"}, "*47": {Kind: WrapUp}, "*4715": {Kind: WrapUp, Reason: "15"},
		"*93700": {Kind: Take, Number: "700"}, "*941002": {Kind: TakeOver, Number: "1002"},
	} {
		if got, ok := again.Feature(dialled); !ok || got != want {
			t.Errorf("%s is %+v, %v", dialled, got, ok)
		}
	}
	for _, dialled := range []string{"*48", "*4899", "*47123", "*47x", "*93", "*931001", "*94", "*94700"} {
		if got, ok := again.Feature(dialled); ok {
			t.Errorf("%s is %+v", dialled, got)
		}
	}
}

func TestMistakesOfTheAgentsSideAreNamed(t *testing.T) {
	for change, want := range map[string]string{
		"[queue, wait, keyed, today]|[weather]":                       `whisper.parts[0]: a whisper cannot tell "weather"`,
		"prompt: sales|prompt: a b":                                   "whisper.prompt",
		"questions: [survey-satisfied]|questions: [a, a, a, a, a, a]": "survey.questions: more than 5",
		"tries: 3|tries: 6":                                           "survey.tries: must be from 0 to 5",
		"hold_reminder: 30s|hold_reminder: 1s":                        "hold_reminder",
		"timeout: 8s|timeout: 1s":                                     "survey.timeout",
		"{1: Sold, 12: Wrong number}|{12345: x}":                      `dispositions.12345: "12345" is not`,
		"{1: Sold, 12: Wrong number}|{}":                              "dispositions: must not be empty",
		"disposition_wait: 2m|disposition_wait: 2h":                   "disposition_wait",
	} {
		old, fresh, _ := strings.Cut(change, "|")
		if !strings.Contains(agentsFile, old) {
			t.Fatalf("no %q", old)
		}
		if _, err := Parse("a.yaml", []byte(strings.Replace(agentsFile, old, fresh, 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", fresh, err)
		}
	}
}
