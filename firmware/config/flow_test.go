package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withFlow is a small box with the steps of one flow.
func withFlow(steps string) string {
	return `
schema: 1
system: {name: Shop, language: en, time_zone: UTC, country: IR, max_calls: 10}
extensions: [{number: "1001"}]
tables: [{name: vip, rows: [{key: "1"}]}]
flows:
  - number: "520"
    name: Front
    steps:
` + steps
}

func TestFlowMistakes(t *testing.T) {
	const bye = "      - {name: bye, do: hang-up}\n"
	for _, c := range []struct{ name, steps, path, message string }{
		{"no step", "      []", "flows[0].steps", "from 1 to 200"},
		{"an unknown step", "      - {name: a, do: sing}", "flows[0].steps[0].do", `no step "sing"`},
		{"a name like a number", "      - {name: 1a, do: hang-up}", "flows[0].steps[0].name", "small letter"},
		{"the same name twice", bye + bye, "flows[0].steps[1].name", "twice"},
		{"a dead end", "      - {name: a, do: play, prompts: [x]}", "flows[0].steps[0].next", "must not be empty"},
		{"nothing to play", "      - {name: a, do: play, next: bye}\n" + bye, "flows[0].steps[0].prompts", "must not be empty"},
		{"a way to nowhere", "      - {name: a, do: play, prompts: [x], next: b}", "flows[0].steps[0].next", "no extension"},
		{"a key to nowhere", `      - {name: a, do: menu, keys: {"1": "999"}, otherwise: "1001"}`, "flows[0].steps[0].keys.1", "999"},
		{"no key", `      - {name: a, do: menu, keys: {"12": "1001"}, otherwise: "1001"}`, "flows[0].steps[0].keys.12", "telephone key"},
		{"a menu without a way out", `      - {name: a, do: menu, keys: {"1": "1001"}}`, "flows[0].steps[0].otherwise", "must not be empty"},
		{"nothing to collect", `      - {name: a, do: collect, into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].most", "from 1 to 32"},
		{"more than can be", `      - {name: a, do: collect, least: 5, most: 4, into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].least", "from 0 to 4"},
		{"an odd saying", `      - {name: a, do: say, as: song, value: "1", next: "1001"}`, "flows[0].steps[0].as", "song"},
		{"open braces", `      - {name: a, do: say, as: digits, value: "{x", next: "1001"}`, "flows[0].steps[0].value", "braces"},
		{"a branch without cases", `      - {name: a, do: branch, otherwise: "1001"}`, "flows[0].steps[0].cases", "must not be empty"},
		{"no such table", `      - {name: a, do: look-up, table: x, value: "1", into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].table", "no table x"},
		{"neither table nor url", `      - {name: a, do: look-up, into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].table", "either"},
		{"a host from outside", `      - {name: a, do: look-up, url: "http://{host}/", into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].url", "not an address"},
		{"another scheme", `      - {name: a, do: look-up, url: "file:///etc/passwd", into: x, next: "1001", otherwise: "1001"}`, "flows[0].steps[0].url", "not an address"},
		{"no route", `      - {name: a, do: dial, number: "021"}`, "flows[0].steps[0].number", "no route"},
		{"a circle", `      - {name: a, do: play, prompts: [x], next: b}
      - {name: b, do: branch, cases: [{of: caller, empty: true, to: a}], otherwise: "1001"}`, "flows[0].steps", "a → b → a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("box.yaml", []byte(withFlow(c.steps)))
			problems, _ := err.(Problems)
			for _, p := range problems {
				if p.Path == c.path && strings.Contains(p.Message, c.message) && p.Persian != "" && p.Line > 0 {
					return
				}
			}
			t.Errorf("%v: nothing at %s about %q", err, c.path, c.message)
		})
	}
}

// TestFlowAdvice finds what nobody reaches, and a 0 that reaches nobody.
func TestFlowAdvice(t *testing.T) {
	cfg, err := Parse("box.yaml", []byte(withFlow(`
      - {name: main, do: menu, keys: {"1": "1001", "2": more}, otherwise: bye}
      - {name: more, do: menu, keys: {"1": "1001"}, otherwise: main}
      - {name: good, do: menu, keys: {"0": round}, otherwise: bye}
      - {name: round, do: play, prompts: [x], next: "1001"}
      - {name: bye, do: hang-up}
`)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range cfg.Advice(&cfg.Flows[0]) {
		got = append(got, p.Path+": "+p.Message)
	}
	want := "steps[0].keys.0: key 0 of main reaches nobody\nsteps[2]: no call ever comes to good\nsteps[3]: no call ever comes to round"
	if strings.Join(got, "\n") != want {
		t.Errorf("advice:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
}

const everyStep = `
      - {name: known, do: look-up, table: vip, value: "{caller}", into: patient, next: main, otherwise: main}
      - name: main
        do: menu
        prompts: [welcome, menu-main]
        keys: {1: file, 2: "1001"}
        dial: true
        otherwise: "1001"
      - {name: file, do: collect, prompts: [digits], least: 3, most: 8, into: file, secret: true, next: gold, otherwise: "1001"}
      - {name: gold, do: branch, cases: [{of: patient.level, at_least: 0, at_most: 9, to: vip}], otherwise: "1001"}
      - {name: vip, do: set, set: {priority: "10"}, next: "1001"}
`

// TestFlowIsWrittenAsItWasRead also when a limit of a case is 0.
func TestFlowIsWrittenAsItWasRead(t *testing.T) {
	cfg, err := Parse("box.yaml", []byte(withFlow(everyStep)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := cfg.YAML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("again.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(cfg.Flows, again.Flows); d != "" || *again.Flows[0].Steps[3].Cases[0].AtLeast != 0 {
		t.Error(d)
	}
	if d := cmp.Diff(cfg.Tables, again.Tables); d != "" {
		t.Error(d)
	}
}
