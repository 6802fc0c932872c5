package setup

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/config/describe"
)

type memory map[string][]byte

func (m memory) Get(bucket, key string) ([]byte, error) { return m[bucket+key], nil }
func (m memory) Put(bucket, key string, v []byte) error { m[bucket+key] = v; return nil }

func secret() config.Secret { return "a secret of sixteen" }

// way is an answer with the providers that the box knows.
func way(t *testing.T, w Way) Way {
	t.Helper()
	var err error
	if w.Providers, err = Providers(""); err != nil {
		t.Fatal(err)
	}
	w.Book = describe.New()
	return w
}

// take applies answers one after the other; what comes of each must be valid.
func take(t *testing.T, c *config.Config, s *State, answers ...Answer) {
	t.Helper()
	for _, a := range answers {
		if _, err := a.Apply(c, s); err != nil {
			t.Fatalf("%T: %v", a, err)
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("after %T: %v", a, err)
		}
	}
}

var office = Hours{Week: map[string][]string{"saturday": {"8:00-17:00"}}, Holidays: config.IranHolidays}

// TestEveryStepLeavesABoxThatWorks takes all steps in order, and some again.
func TestEveryStepLeavesABoxThatWorks(t *testing.T) {
	c, s := config.Default(), &State{}
	take(t, c, s, Box{Name: "فروشگاه", Language: config.Persian, TimeZone: "Asia/Tehran", Country: "IR"},
		People{Count("101", 3), secret},
		way(t, Way{Kind: WayTrunk, Provider: "iran-register", Prefix: "۹", Values: map[string]any{"servers": []any{"sip.example.ir"}, "user": "0218877", "secret": "s"}}))
	trunk, _ := c.Trunk("iran-register")
	if trunk == nil || trunk.Destination != "500" || !trunk.Register || trunk.Numbers != config.National {
		t.Fatalf("the trunk is %+v", trunk)
	}
	if r, ok := c.RouteFor("902188"); !ok || r.Dials("902188") != "02188" {
		t.Errorf("9 leads to %+v", r)
	}
	f, _ := c.Flow("500")
	if f == nil || f.Steps[0].Next != "700" || f.Night.Hours != "" {
		t.Fatalf("callers begin in %+v", f)
	}
	q, _ := c.Queue("700")
	if q.Strategy != config.RingAll || len(q.Agents) != 3 {
		t.Errorf("everybody is %+v", q)
	}
	take(t, c, s, office, Greeting{Prompts: []string{"welcome", "recorded"}}, To{Kind: ToMenu, Keys: map[string]string{"1": "101", "2": ""}})
	m, _ := c.Menu("500")
	if m == nil || !slices.Equal(m.Greeting, []string{"welcome", "recorded"}) || m.Night.Hours != "اداری" || !cmp.Equal(m.Keys, map[string]string{"1": "101"}) || len(c.Flows) != 1 {
		t.Fatalf("the menu is %+v of %+v", m, c.Flows)
	}
	take(t, c, s, To{Kind: ToQueue}, People{Count("104", 1), secret})
	if q, _ := c.Queue("700"); q.Strategy != config.LongestIdle || len(q.Agents) != 4 || len(c.Queues) != 1 || len(c.Menus) != 0 {
		t.Errorf("the queue is %+v", c.Queues)
	}
	again := way(t, Way{Kind: WayTrunk, Provider: "zadarma", Values: map[string]any{"user": "u", "secret": config.Mask}})
	if !again.Risky(c, s) {
		t.Error("the trunk that is there is changed without a trial")
	}
	if take(t, c, s, again); len(c.Trunks) != 1 || c.Trunks[0].Secret != "s" || c.Trunks[0].Servers[0] != "sip.zadarma.com" {
		t.Errorf("trunks: %+v", c.Trunks)
	}
	take(t, c, s, way(t, Way{Kind: WayLines, Ports: []string{"fxo1"}}))
	if l, _ := c.Line("fxo1"); l.Destination != s.Entry || l.AnswerAfter != 2 {
		t.Errorf("the line is %+v", l)
	}
}

// TestWhatWasThereStays: the set-up of a box that works already changes none of it.
func TestWhatWasThereStays(t *testing.T) {
	c, err := config.Parse("shop", []byte(`
schema: 1
extensions: [{number: 101, name: Sara}]
menus: [{number: 500, name: Main, greeting: [welcome], otherwise: 101}]
queues: [{number: 700, name: Sales, agents: [101]}]
trunks: [{name: zadarma, servers: [sip.example.com], destination: 500}]
`))
	if err != nil {
		t.Fatal(err)
	}
	before, s := *c, &State{}
	take(t, c, s, way(t, Way{Kind: WayTrunk, Provider: "zadarma", Values: map[string]any{"user": "u", "secret": "s"}}), To{Kind: ToAll})
	if s.Entry != "501" || s.Team != "701" || s.Trunk != "zadarma-2" {
		t.Errorf("it made %+v", s)
	}
	if !cmp.Equal(c.Menus[0], before.Menus[0]) || c.Queues[0].Name != "Sales" || !cmp.Equal(c.Trunks[0], before.Trunks[0]) || before.Trunks[0].Destination != "500" {
		t.Errorf("it changed %+v %+v %+v", c.Menus, c.Queues, c.Trunks)
	}
}

func TestLists(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []Person
	}{
		"commas":        {"101,Sara\n102,\"Reza, Ali\"\n", []Person{{1, "101", "Sara"}, {2, "102", "Reza, Ali"}}},
		"a heading":     {"number;name\r\n۱۰۱;سارا\r\n", []Person{{2, "101", "سارا"}}},
		"Persian":       {"\ufeff۱۰۱، سارا کریمی\n۱۰۲,رضا", []Person{{1, "101", "سارا کریمی"}, {2, "102", "رضا"}}},
		"tabs, gaps":    {"\ufeff101\tSara\n\n102", []Person{{1, "101", "Sara"}, {3, "102", ""}}},
		"no number":     {"101,Sara\nReza,102", []Person{{1, "101", "Sara"}, {2, "Reza", "102"}}},
		"nobody at all": {"", nil},
	} {
		if got, err := List(c.text); err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, text := range []string{strings.Repeat("x", maxList+1), strings.Repeat("1\n", MaxPeople+1), "\xff"} {
		if _, err := List(text); !errors.As(err, new(config.Problems)) {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	if got := Count("099", 2); got[1].Number != "100" || got[0].Number != "099" {
		t.Errorf("counted %v", got)
	}
	if got := Count("abc", 5); len(got) != 1 || got[0].Number != "abc" {
		t.Errorf("counted %v", got)
	}
}

// TestWrongAnswersAreToldAtTheirFields: what the configuration refuses has the path of
// what somebody wrote.
func TestWrongAnswersAreToldAtTheirFields(t *testing.T) {
	for name, c := range map[string]struct {
		answer Answer
		want   string
	}{
		"no zone":     {Box{Name: "x", Language: "en", TimeZone: "Mars", Country: "IR"}, "time_zone"},
		"twice":       {People{[]Person{{3, "102", ""}, {5, "102", ""}}, secret}, "people[5].number"},
		"no server":   {way(t, Way{Kind: WayTrunk, Provider: "register", Values: map[string]any{"servers": []any{"!!"}, "user": "u", "secret": "s"}}), "values.servers[0]"},
		"a wrong key": {To{Kind: ToMenu, Keys: map[string]string{"1": "999"}}, "keys.1"},
		"no time":     {Hours{Week: map[string][]string{"friday": {"25:00-26:00"}}}, "week.friday[0]"},
		"a prefix":    {way(t, Way{Kind: WayTrunk, Provider: "zadarma", Prefix: "x", Values: map[string]any{"user": "u", "secret": "s"}}), "prefix"},
		"a greeting":  {Greeting{Prompts: []string{"NO"}}, "prompts[0]"},
	} {
		cfg, s := config.Default(), &State{}
		cfg.Extensions = []config.Extension{{Number: "101", RingFor: 20e9}}
		places, err := c.answer.Apply(cfg, s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, p := range cfg.Problems() {
			for _, at := range places {
				if rest, ok := strings.CutPrefix(p.Path, at.Under); ok {
					got = append(got, at.Is+rest)
				}
			}
		}
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: told at %v, want %s; all: %v", name, got, c.want, cfg.Problems())
		}
	}
	for name, c := range map[string]struct {
		answer Answer
		want   string
	}{
		"no password": {way(t, Way{Kind: WayTrunk, Provider: "zadarma", Values: map[string]any{"user": "u"}}), "values.secret"},
		"no form":     {way(t, Way{Kind: WayTrunk, Provider: "zadarma", Values: map[string]any{"user": map[string]any{}, "secret": "s"}}), "values.user"},
		"no provider": {way(t, Way{Kind: WayTrunk}), "provider"},
		"no way":      {way(t, Way{}), "kind"},
		"no lines":    {way(t, Way{Kind: WayLines}), "ports"},
		"no people":   {way(t, Way{Kind: WayLines, Ports: []string{"fxo1"}}), "ports"},
		"nobody":      {To{Kind: ToAll}, "kind"},
		"nowhere":     {To{}, "kind"},
		"no count":    {People{nil, secret}, "count"},
	} {
		_, err := c.answer.Apply(config.Default(), &State{})
		var wrong config.Problems
		if !errors.As(err, &wrong) || wrong[0].Path != c.want || wrong[0].Persian == "" {
			t.Errorf("%s: %v, want it at %s", name, err, c.want)
		}
	}
}

// TestItGoesOnWhereItWasLeft on another day.
func TestItGoesOnWhereItWasLeft(t *testing.T) {
	m := memory{}
	r, err := Open(m)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.State(); s.Open() || s.At != StepBox {
		t.Errorf("a box that nobody has claimed is at %+v", s)
	}
	failed := errors.New("refused")
	for _, do := range []func() error{r.Begin,
		func() error { return r.Change(func(s *State) error { s.Stand(StepBox, Done); return nil }) },
		func() error { return r.Change(func(s *State) error { s.Stand(StepBox, Skipped); return nil }) }, // and it is done
		func() error {
			err := r.Change(func(s *State) error { s.Stand(StepNetwork, Skipped); return failed })
			if !errors.Is(err, failed) {
				return errors.New("a change that failed is kept")
			}
			return nil
		}} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if r, err = Open(m); err != nil {
		t.Fatal(err)
	}
	s := r.State()
	if !s.Open() || s.At != StepNetwork || s.Stood[StepBox] != Done || s.Stood[StepNetwork] != "" {
		t.Errorf("it goes on with %+v", s)
	}
	if _, err := Open(memory{bucket + key: []byte("{")}); err == nil {
		t.Error("half a state is read")
	}
}

// TestEveryProviderMakesATrunk of what it asks for, and a folder may have more.
func TestEveryProviderMakesATrunk(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"mine.yaml":    "name: {en: Mine, fa: من}\nask: [user]\ntrunk: {servers: [sip.mine.ir], register: true}\n",
		"zadarma.yaml": "name: {en: Other, fa: دیگر}\nask: [user, secret]\ntrunk: {servers: [sip.other.ir]}\norder: 1\n",
		"bad.yaml":     "name: {en: Bad}\n",
		"worse.yaml":   "colour: red\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Providers(folder)
	if err == nil || !strings.Contains(err.Error(), "bad.yaml") || !strings.Contains(err.Error(), "worse.yaml") || strings.Contains(err.Error(), "mine") {
		t.Errorf("left out: %v", err)
	}
	kind, _ := describe.New().Kind("trunks")
	values := map[string]any{"servers": []any{"sip.example.com"}, "sources": []any{"192.0.2.1"}, "user": "u", "secret": "s", "caller_id": "0211234567"}
	for _, p := range list {
		for _, field := range slices.Concat(p.Ask, p.Need) {
			if _, ok := kind.Field(field); !ok {
				t.Errorf("%s asks for %s, which no trunk has", p.ID, field)
			}
		}
		c, s := config.Default(), &State{}
		take(t, c, s, Way{Kind: WayTrunk, Provider: p.ID, Values: values, Prefix: "9", Providers: list, Book: describe.New()})
		if c.Trunks[0].Name != p.ID {
			t.Errorf("%s became %+v", p.ID, c.Trunks[0])
		}
	}
	ids := func(p Provider) bool { return p.ID == "mine" || p.ID == "zadarma" && p.Name.EN == "Other" }
	if n := len(slices.DeleteFunc(slices.Clone(list), func(p Provider) bool { return !ids(p) })); n != 2 {
		t.Errorf("the folder gave %d providers", n)
	}
}

func FuzzList(f *testing.F) {
	f.Add("101,Sara\n102;Reza")
	f.Add("number\tname\n۱۰۱\t\"")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := List(text)
		if len(list) > MaxPeople || err != nil && list != nil {
			t.Errorf("%d people, %v", len(list), err)
		}
		for i, p := range list {
			if p.Line < 1 || i > 0 && p.Line <= list[i-1].Line {
				t.Errorf("lines %v", list)
			}
		}
	})
}

func FuzzProvider(f *testing.F) {
	f.Add([]byte("name: {en: Mine, fa: من}\nask: [user]\ntrunk: {servers: [sip.mine.ir], register: true}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, err := parse(text); err == nil && (p.Name.EN == "" || len(p.Ask) == 0) {
			t.Errorf("took %+v", p)
		}
	})
}
