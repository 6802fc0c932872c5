package ivr

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// clinic is a flow with every kind of step.
const clinic = `
schema: 1
system: {name: Clinic, language: fa, time_zone: Asia/Tehran, country: IR, max_calls: 10}
extensions: [{number: "1001"}, {number: "1002"}, {number: "201"}]
trunks: [{name: telco, servers: [192.0.2.1], transport: udp}]
routes: [{name: out, prefix: "0", trunks: [telco]}]
switches: [{number: "900", name: Snow}]
queues: [{number: "700", agents: ["1001"]}]
tables:
  - name: vip
    rows: [{key: "09121234567", name: Sara, level: "3"}, {key: "09129999999", level: "1"}]
flows:
  - number: "520"
    name: Clinic
    steps:
      - {name: hello, do: play, prompts: [welcome], next: snow}
      - {name: snow, do: branch, cases: [{of: switches, is: ["900"], to: away}, {of: caller, begins: ["+", "00"], to: away}], otherwise: known}
      - {name: known, do: look-up, table: vip, value: "{caller}", into: who, next: level, otherwise: main}
      - {name: level, do: branch, cases: [{of: who.level, at_least: 2, to: first}], otherwise: main}
      - {name: first, do: set, set: {priority: "50", language: en, note: "{who.name}/{caller}"}, next: main}
      - {name: main, do: menu, prompts: [menu-main], keys: {"1": "700", "2": file, "3": ask, "4": far, "5": bye}, dial: true, tries: 2, silent: bye, otherwise: "1001"}
      - {name: file, do: collect, prompts: [digits], least: 3, most: 6, tries: 2, into: file, next: said, invalid: main, otherwise: "1001"}
      - {name: said, do: say, as: digits, value: "{file}", next: "1002"}
      - {name: ask, do: look-up, url: "http://crm.test/who?number={caller}&file={file}", timeout: 3s, into: crm, next: crm, otherwise: "1001"}
      - {name: crm, do: branch, cases: [{of: crm.vip, is: ["true"], to: "1002"}, {of: crm.debt, at_most: 100, to: "700"}, {of: crm.city, empty: true, to: bye}], otherwise: "1001"}
      - {name: far, do: dial, number: "02188776655"}
      - {name: away, do: dial, number: "09120000000"}
      - {name: bye, do: hang-up, prompts: [goodbye]}
`

func house(t *testing.T) (*config.Config, *config.Flow) {
	t.Helper()
	cfg, err := config.Parse("clinic", []byte(clinic))
	if err != nil {
		t.Fatal(err)
	}
	return cfg, &cfg.Flows[0]
}

// TestFlow walks callers through the clinic's menu.
func TestFlow(t *testing.T) {
	slow := func(ctx context.Context, _ string) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }
	answers := func(s string) func(context.Context, string) ([]byte, error) {
		return func(_ context.Context, url string) ([]byte, error) {
			if url != "http://crm.test/who?number=09121234567&file=" {
				return nil, errors.New("asked for " + url)
			}
			return []byte(s), nil
		}
	}
	for _, c := range []struct {
		name  string
		on    string // switch
		keys  string // one every second; a space is a second without one
		fetch func(context.Context, string) ([]byte, error)
		want  Exit
		why   string // of the last way
		heard string // what was said last
	}{
		{name: "a key of the menu", keys: "   1", want: Exit{Number: "700"}, why: "key 1"},
		{name: "a switch", on: "900", want: Exit{Dials: "09120000000"}, why: "step away calls it"},
		{name: "a number outside", keys: "   4", want: Exit{Dials: "02188776655"}, why: "step far calls it"},
		{name: "an extension of three digits", keys: "  201", want: Exit{Number: "201"}, why: "the caller dialled it"},
		{name: "an extension that begins like a choice", keys: "  1002", want: Exit{Number: "1002"}, why: "the caller dialled it"},
		{name: "no extension", keys: "  1003  0", want: Exit{Number: "1001"}, why: "key 0, which always reaches a person"},
		{name: "zero", keys: " 0", want: Exit{Number: "1001"}, why: "key 0, which always reaches a person"},
		{name: "silence", want: Exit{Cause: call.Normal}, why: "no choice after 2 greetings", heard: "en/goodbye"},
		{name: "a file number", keys: "    2   12345#", want: Exit{Number: "1002"}, heard: "en/number-1 en/number-2 en/number-3 en/number-4 en/number-5"},
		{name: "too short, then right", keys: "    2   1#  345#", want: Exit{Number: "1002"}, heard: "en/number-3 en/number-4 en/number-5"},
		{name: "too short", keys: "    2   1#  3#      0", want: Exit{Number: "1001"}, why: "key 0, which always reaches a person"},
		{name: "the other system knows him", keys: "   3", fetch: answers(`{"vip": true, "x": [1]}`), want: Exit{Number: "1002"}, why: "step crm: crm.vip is true"},
		{name: "a number from it", keys: "   3", fetch: answers(`{"debt": 99.0}`), want: Exit{Number: "700"}, why: "step crm: crm.debt is 99"},
		{name: "more than the case allows", keys: "   3", fetch: answers(`{"debt": 101, "city": "Yazd"}`), want: Exit{Number: "1001"}, why: "step crm: no case fits"},
		{name: "an empty value", keys: "   3", fetch: answers(`{"debt": 101}`), want: Exit{Cause: call.Normal}, why: "step crm: crm.city is empty", heard: "en/goodbye"},
		{name: "it is slow", keys: "   3", fetch: slow, want: Exit{Number: "1001"}, why: "step ask: no answer within 3s"},
		{name: "it talks nonsense", keys: "   3", fetch: answers(`[]`), want: Exit{Number: "1001"}, why: "step ask: the answer is no JSON object"},
		{name: "it knows nothing", keys: "   3", fetch: answers(`{}`), want: Exit{Number: "1001"}, why: "step ask: the answer has nothing in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, f := house(t)
				v := enterFlow(f, Options{Config: func() *config.Config { return cfg }, On: func(n string) bool { return n == c.on }, Fetch: c.fetch})
				for _, key := range c.keys {
					time.Sleep(time.Second)
					if key != ' ' {
						v.caller.Press(byte(key))
					}
					synctest.Wait()
				}
				<-v.done
				if v.exit != c.want {
					t.Errorf("left for %+v, want %+v", v.exit, c.want)
				}
				if why := v.ways(); c.why != "" && why[len(why)-1] != c.why {
					t.Errorf("because of %q, want %q last", why, c.why)
				}
				if said := v.heard(); c.heard != "" && said[len(said)-1] != c.heard {
					t.Errorf("heard %q, want %q last", said, c.heard)
				}
				if c.on == "" && v.call.Value("note") != "Sara/09121234567" {
					t.Errorf("note is %q", v.call.Value("note"))
				}
			})
		})
	}
}

// ways are the reasons for which the call went on.
func (v *visit) ways() (why []string) {
	for _, s := range v.journal.Steps() {
		if s.Type == call.StepRouted || s.Type == call.StepMenu {
			why = append(why, s.Reason)
		}
	}
	return why
}

// TestSecretKeysAreWrittenNowhere: a card number stays out of the journal, and is known.
func TestSecretKeysAreWrittenNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &config.Flow{Number: "520", Steps: []config.FlowStep{{Name: "card", Do: config.FlowCollect, Prompts: []string{"welcome"}, Least: 4, Most: 16,
			Timeout: config.Duration(5 * time.Second), Tries: 1, Into: "card", Secret: true, Next: "700", Otherwise: "1001"}}}
		v := enterFlow(f, Options{})
		for _, key := range "6037#" {
			v.caller.Press(byte(key))
		}
		<-v.done
		if v.exit.Number != "700" || v.call.Value("card") != "6037" {
			t.Fatalf("left for %+v with %q", v.exit, v.call.Value("card"))
		}
		for _, s := range v.journal.Steps() {
			if strings.Contains(s.Value, "6037") || s.Type == call.StepPressed {
				t.Errorf("the journal has %+v", s)
			}
		}
	})
}

// TestCircleEndsInACause: a flow that goes round although it was checked ends the call.
func TestCircleEndsInACause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ask := config.FlowStep{Name: "ask", Do: config.FlowMenu, Prompts: []string{"welcome"}, Timeout: config.Duration(time.Second), Tries: 1, Otherwise: "ask"}
		v := enterFlow(&config.Flow{Number: "520", Steps: []config.FlowStep{ask}}, Options{})
		<-v.done
		if v.exit != (Exit{Cause: call.InternalError}) {
			t.Errorf("left for %+v", v.exit)
		}
	})
}

// TestCallerLeavesDuringALookUp: the look-up is given up at once.
func TestCallerLeavesDuringALookUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		given := make(chan struct{})
		f := &config.Flow{Number: "520", Steps: []config.FlowStep{{Name: "ask", Do: config.FlowLookUp, URL: "http://crm.test/", Timeout: config.Duration(9 * time.Second), Into: "crm", Next: "700", Otherwise: "1001"}}}
		v := enterFlow(f, Options{Fetch: func(ctx context.Context, _ string) ([]byte, error) { <-ctx.Done(); close(given); return nil, ctx.Err() }})
		time.Sleep(time.Second)
		v.caller.End(call.Normal)
		<-v.done
		<-given
		if v.exit != (Exit{Cause: call.Normal}) || v.took != time.Second {
			t.Errorf("left for %+v after %v", v.exit, v.took)
		}
	})
}

func TestFill(t *testing.T) {
	value := func(name string) string { return strings.ToUpper(name) }
	for in, want := range map[string]string{"": "", "a": "a", "{a}": "A", "x{a}y{b.c}z": "xAyB.Cz", "{a": "", "a}": "a}", "{}": ""} {
		if got := fill(in, value); got != want {
			t.Errorf("fill(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a": 1.5, "b": "x", "c": true, "d": null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fields, err := parse(data)
		if (err == nil) != (len(fields) > 0) || len(fields) > maxFields {
			t.Errorf("%d fields and %v", len(fields), err)
		}
	})
}

func TestParse(t *testing.T) {
	got, err := parse([]byte(`{"a": 1.5, "b": "x", "c": true, "d": null, "e": {"f": 1}, "n": 12345678901}`))
	if d := cmp.Diff(map[string]string{"a": "1.5", "b": "x", "c": "true", "n": "12345678901"}, got); d != "" || err != nil {
		t.Error(d, err)
	}
}
