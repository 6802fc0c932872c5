package trial

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/jukebox"
	"github.com/pasokh/pasokh/telephony/media"
	"github.com/pasokh/pasokh/telephony/speech"
)

const shop = `
schema: 1
system: {name: Shop, language: fa, time_zone: Asia/Tehran, country: IR, max_calls: 10}
extensions: [{number: "1001", name: Reception}, {number: "1002", name: Sara}, {number: "1003", name: Ali}]
lines: [{port: fxo1, destination: "500"}]
trunks: [{name: telco, servers: [192.0.2.1], transport: udp, destination: "500", dids: {"02188776655": "500"}}]
routes: [{name: out, prefix: "0", trunks: [telco]}]
menus: [{number: "500", greeting: [welcome, menu-main], keys: {"1": "700", "2": "1003", "3": "520"}, timeout: 5s, tries: 3, otherwise: "1001", night: {switch: "900", destination: "1003"}}]
queues: [{number: "700", name: Sales, agents: ["1002", "1001"], strategy: linear, ring_for: 10s, wrap_up: 5s, otherwise: "1003"}]
switches: [{number: "900", name: Night}, {number: "901", name: Holiday}]
hours: [{name: Office, holidays: ir, week: {saturday: ["8:00-17:00"], sunday: ["8:00-17:00"], thursday: ["8:00-12:00"]}, own: [{on: 9/7, name: Stocktaking}]}]
flows: [{number: "530", name: Shop, night: {switch: "901", hours: Office, destination: "1003"}, steps: [{name: ask, do: menu, prompts: [welcome], timeout: 5s, tries: 1, otherwise: "1002"}]}, {number: "540", steps: [{name: see, do: branch, cases: [{of: hours, is: [Office], to: "1001"}], otherwise: "1002"}]}, {number: "520", steps: [{name: ask, do: look-up, url: "http://crm.test/{caller}", timeout: 3s, into: crm, next: see, otherwise: "1001"}, {name: see, do: branch, cases: [{of: crm.vip, is: ["true"], to: "1003"}], otherwise: far}, {name: far, do: dial, number: "0912"}]}]
`

// friday is 18:40 in Tehran.
var friday = time.Date(2026, 11, 27, 15, 10, 0, 0, time.UTC)

func house(t *testing.T) House {
	t.Helper()
	cfg, err := config.Parse("shop.yaml", []byte(shop))
	if err != nil {
		t.Fatal(err)
	}
	lib := media.NewLibrary()
	speech.Units(lib.Add)
	jukebox.AddTunes(lib)
	lib.SetMusic(map[string]media.Music{config.DefaultMusic: {Sounds: []string{"tune/1"}}})
	return House{Config: cfg, Library: lib}
}

// told is a trial in lines: when, what, and why.
func told(q Question, a Answer) string {
	var b strings.Builder
	for _, s := range a.Steps {
		switch s.Type {
		case call.StepRouted, call.StepMenu, call.StepSaid, call.StepPressed, call.StepRinging, call.StepUnringing, call.StepBridged, call.StepQueueJoined,
			call.StepQueueOffered, call.StepQueueMissed, call.StepQueueLeft, call.StepRefused, call.StepLearnt, call.StepEnded:
			what := strings.Join(strings.Fields(fmt.Sprint(s.Number, " ", s.Queue, " ", s.Agent, " ", s.Value, " ", s.Cause)), " ")
			fmt.Fprintf(&b, "%5.1f %s: %s\n", s.At.Sub(q.At).Seconds(), s.Type, what)
		}
	}
	return b.String()
}

// TestTrials tells what becomes of calls, as the golden files say.
func TestTrials(t *testing.T) {
	h := house(t)
	for _, c := range []struct {
		name string
		q    Question
	}{
		{"queue", Question{From: "09121234567", To: "02188776655", Keys: "1"}},
		{"queue-missed", Question{From: "09121234567", To: "fxo1", Keys: "1", Phones: map[string]string{"1002": "never", "1001": "busy"}, Patience: 90 * time.Second}},
		{"night", Question{From: "09121234567", To: "fxo1", On: []string{"900"}}},
		{"silence", Question{To: "fxo1"}},
		{"wrong-keys", Question{To: "500", Keys: "9 * 2"}},
		{"inside", Question{From: "1001", To: "1002", Phones: map[string]string{"1002": "busy"}}},
		{"look-up", Question{From: "0912", To: "520", Found: `{"vip": true}`}},
		{"look-up-nobody", Question{From: "0912", To: "520"}},
		{"outside", Question{From: "0912", To: "520", Found: `{"vip": false}`}},
		{"friday-evening-is-closed", Question{From: "09121234567", To: "530"}},
		{"thursday-is-open", Question{From: "09121234567", To: "530", At: friday.Add(-32 * time.Hour)}},
		{"branch-closed", Question{From: "09121234567", To: "540"}},
		{"branch-kept-open", Question{From: "09121234567", To: "540", Day: []string{"901"}}},
		{"branch-switched-off", Question{From: "09121234567", To: "540", On: []string{"901"}, At: friday.Add(-32 * time.Hour)}},
		{"flow-kept-open", Question{From: "09121234567", To: "530", Day: []string{"901"}}},
		{"branch-open", Question{From: "09121234567", To: "540", At: friday.Add(-32 * time.Hour)}},
		{"impatient", Question{To: "fxo1", Patience: 3 * time.Second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.q.At.IsZero() {
				c.q.At = friday
			}
			a, err := Run(h, c.q)
			if err != nil {
				t.Fatal(err)
			}
			file := "testdata/" + c.name + ".txt"
			got := told(c.q, a)
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if d := cmp.Diff(string(want), got); d != "" || err != nil || a.Cut {
				t.Errorf("%v, cut %v:\n%s", err, a.Cut, d)
			}
			for range 3 {
				again, err := Run(h, c.q)
				if err != nil || told(c.q, again) != got || !slices.Equal(again.Sound, a.Sound) {
					t.Errorf("another trial came to something else: %v\n%s", err, told(c.q, again))
				}
			}
		})
	}
}

func TestBadQuestions(t *testing.T) {
	h := house(t)
	if _, err := Run(h, Question{To: "4711", At: friday}); !errors.Is(err, ErrNumber) {
		t.Errorf("a number of nobody: %v", err)
	}
	if _, err := Run(h, Question{To: "500", At: friday, Phones: map[string]string{"1001": "soon"}}); !errors.Is(err, ErrPhone) {
		t.Errorf("a phone that does what it cannot: %v", err)
	}
	for _, q := range []Question{{On: []string{"500"}}, {Day: []string{"4711"}}, {Day: []string{"900"}}} { // 900 has no hours
		q.To, q.At = "500", friday
		if _, err := Run(h, q); !errors.Is(err, ErrSwitch) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestSound is what the caller hears: the greeting as the library has it, from its
// first second.
func TestSound(t *testing.T) {
	h := house(t)
	a, err := Run(h, Question{From: "09121234567", To: "fxo1", Keys: "1", At: friday})
	if err != nil {
		t.Fatal(err)
	}
	var greeting []int16
	speech.Units(func(name string, pcm []int16) {
		if name == "fa/welcome" {
			greeting = slices.Clone(pcm)
		}
	})
	at, best := 0, 0.0
	for shift := 0; shift < 800; shift += 10 {
		if c := alike(a.Sound[shift:], greeting[:8000]); c > best {
			at, best = shift, c
		}
	}
	if best < 0.95 {
		t.Errorf("the greeting is heard with %.2f at %d", best, at)
	}
}

// alike is the correlation of two sounds.
func alike(a, b []int16) float64 {
	var ab, aa, bb float64
	for i := range b {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab * ab / (aa * bb)
}

// TestTheReasonOfTheHours is in the trace, in words.
func TestTheReasonOfTheHours(t *testing.T) {
	h := house(t)
	for at, want := range map[time.Time]string{
		friday:                           "closed: Friday; hours Office open again Sunday 8:00: menu 530 goes to 1003",
		friday.Add(24 * time.Hour):       "closed: Stocktaking; hours Office open again Sunday 8:00: menu 530 goes to 1003",
		friday.Add(-14 * 24 * time.Hour): "closed: martyrdom of Fatima; hours Office open again Saturday 8:00: menu 530 goes to 1003",
	} {
		a, err := Run(h, Question{From: "0912", To: "530", At: at})
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(a.Steps, func(s call.Step) bool { return s.Type == call.StepRouted }); i < 0 || a.Steps[i].Reason != want {
			t.Errorf("at %v: %+v, want %s", at, a.Steps, want)
		}
	}
}
