package describe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// whole is a box with one of everything.
const whole = `
schema: 1
extensions:
  - {number: 1001, name: Sara, secret: a long password, voicemail: {enabled: true, pin: 1234}}
  - {number: 1002, name: Reza}
lines: [{port: fxo1, name: Shop, destination: 500, answer_after: 2}]
trunks: [{name: telco, servers: [sip.example.com], user: box, secret: their password, destination: 700}]
routes: [{name: outside, prefix: 9, strip: 1, trunks: [telco]}]
menus: [{number: 500, name: Main, greeting: [welcome], keys: {1: 700}, otherwise: 1001}]
queues: [{number: 700, name: Sales, agents: [1001, 1002], otherwise: 500}]
conferences: [{number: 800, name: Room, max_members: 10}]
services: [{number: 600, kind: echo}]
webhooks: [{name: crm, url: "https://crm.example/pasokh", key: 0123456789abcdef, events: [call]}]
switches: [{number: "*28", name: Night}]
hours: [{name: shop, week: {saturday: ["8:00-17:00"]}}]
parking: {number: 750, first: 751}
music: [{name: sales, files: [calm]}]
`

func tree(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Parse("whole", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// leaves are the paths of everything that can be set in a type.
func leaves(t reflect.Type, under string) (paths []string) {
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		if f := t.Field(i).Type; f.Kind() == reflect.Struct {
			paths = append(paths, leaves(f, under+name+".")...)
		} else {
			paths = append(paths, under+name)
		}
	}
	return paths
}

// TestEverythingIsDescribed finds a setting that somebody has added to the configuration
// and that no page would show.
func TestEverythingIsDescribed(t *testing.T) {
	b := New()
	root := reflect.TypeFor[config.Config]()
	for i := range root.NumField() {
		key, _, _ := strings.Cut(root.Field(i).Tag.Get("yaml"), ",")
		k, described := b.Kind(key)
		_, elsewhere := Elsewhere()[key]
		switch {
		case key == "":
			continue
		case described == elsewhere:
			t.Errorf("%s: described %t, elsewhere %t; want one of them", key, described, elsewhere)
			continue
		case elsewhere:
			continue
		}
		var have []string
		for _, f := range k.Fields {
			have = append(have, f.Path)
			for what, words := range map[string]Text{"label": f.Label, "help": f.Help} {
				if words.EN == "" || words.FA == "" {
					t.Errorf("%s.%s has no %s in both languages", key, f.Path, what)
				}
			}
			if !slices.Contains(Types(), f.Type) {
				t.Errorf("%s.%s has type %q", key, f.Path, f.Type)
			}
		}
		for _, path := range leaves(k.entry, "") {
			if !slices.Contains(have, path) {
				t.Errorf("%s.%s is not described", key, path)
			}
		}
		if k.Key != "" && !slices.Contains(have, k.Key) {
			t.Errorf("%s are named by %s, which is no field", key, k.Key)
		}
	}
}

// set is the tree with a field of the first thing of a kind changed.
func set(t *testing.T, k *Kind, path string, value any) (problems []string) {
	t.Helper()
	c := tree(t)
	first, _ := k.Things(c)
	plain, at := first[0].Value, first[0].Value
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		inner, _ := at[name].(map[string]any)
		if inner == nil {
			inner = make(map[string]any)
		}
		at[name], at = inner, inner
	}
	at[names[len(names)-1]] = value
	under, err := k.Put(c, first[0].ID, plain)
	if err != nil {
		for _, p := range err.(config.Problems) {
			problems = append(problems, p.Path)
		}
		return problems
	}
	for _, p := range c.Problems() {
		if rest, ok := strings.CutPrefix(p.Path, under); ok {
			problems = append(problems, rest)
		}
	}
	return problems
}

func about(problems []string, path string) bool {
	return slices.ContainsFunc(problems, func(p string) bool {
		return p == path || strings.HasPrefix(p, path+"[") || strings.HasPrefix(p, path+".")
	})
}

// TestLimitsAreThoseOfValidation sets every field to its limits, and one beyond them.
func TestLimitsAreThoseOfValidation(t *testing.T) {
	tried := 0
	for _, k := range New().Kinds() {
		for _, f := range k.Fields {
			try := func(what string, value any, refused bool) {
				t.Helper()
				tried++
				if got := about(set(t, &k, f.Path, value), f.Path); got != refused {
					t.Errorf("%s.%s = %v (%s): refused %t, want %t", k.ID, f.Path, value, what, got, refused)
				}
			}
			as := func(n int) any {
				if f.Type == "duration" {
					return (time.Duration(n) * time.Millisecond).String()
				}
				return n
			}
			step := 1
			if f.Type == "duration" {
				step = 500
			}
			switch {
			case f.Type == "number" || f.Type == "duration":
				if f.Max == 0 {
					t.Errorf("%s.%s has no limits", k.ID, f.Path)
				}
				try("least", as(f.Min), false)
				try("most", as(f.Max), false)
				try("too much", as(f.Max+step), true)
				try("too little", as(f.Min-step), true)
				if f.Zero {
					try("none", as(0), false)
				}
			case f.Type == "choice":
				for _, c := range f.Choices {
					try("a choice", c.Value, false)
				}
				try("no choice", "nonsense", true)
			case f.Type == "list" && len(f.Choices) > 0:
				for _, c := range f.Choices {
					try("a choice", []string{c.Value}, false)
				}
				try("no choice", []string{"nonsense"}, true)
			case f.Refers != "" && f.Type == "text":
				try("what is not there", "1999", true)
			case f.Refers != "" && f.Type == "list":
				try("what is not there", []string{"1999"}, true)
			case f.Refers != "" && f.Type == "map":
				try("what is not there", map[string]string{"2": "1999"}, true)
			case f.Type == "secret" && f.Path != "secret":
				try("no PIN", "12", true)
			}
			if f.Required {
				empty := any("")
				if f.Type == "list" {
					empty = []string{}
				}
				try("nothing", empty, true)
			}
		}
	}
	if tried < 150 {
		t.Errorf("only %d values were tried", tried)
	}
}

func TestSecretsAreMaskedAndKept(t *testing.T) {
	c, b := tree(t), New()
	k, _ := b.Kind("extensions")
	sara, _ := k.Thing(c, "1001")
	if text := fmt.Sprint(sara.Value); strings.Contains(text, "a long password") || strings.Contains(text, "1234") {
		t.Fatalf("a secret is shown: %v", text)
	}
	sara.Value["number"] = "1009" // masked secrets go along with a new number
	if _, err := k.Put(c, "1001", sara.Value); err != nil {
		t.Fatal(err)
	}
	if e := c.Extensions[0]; e.Number != "1009" || e.Secret.Reveal() != "a long password" || e.Voicemail.PIN.Reveal() != "1234" {
		t.Errorf("the secrets of %s were lost", e.Number)
	}
}

func TestUsesNameWhatWouldBreak(t *testing.T) {
	c, b := tree(t), New()
	uses := func(kind, id string) string {
		k, _ := b.Kind(kind)
		var list []string
		for _, u := range b.Uses(c, k, id) {
			list = append(list, u.Kind+" "+u.ID+" "+u.Path)
		}
		return strings.Join(list, ", ")
	}
	for _, tt := range []struct{ kind, id, want string }{
		{"extensions", "1001", "menus 500 otherwise, queues 700 agents[0]"},
		{"menus", "500", "lines fxo1 destination, queues 700 otherwise"},
		{"trunks", "telco", "routes outside trunks[0]"},
		{"switches", "*28", ""},
	} {
		if got := uses(tt.kind, tt.id); got != tt.want {
			t.Errorf("%s %s is used by %q, want %q", tt.kind, tt.id, got, tt.want)
		}
	}
	if len(c.Extensions) != 2 {
		t.Error("asking for uses changed the tree")
	}
}

func TestDiffNamesFieldsAndHidesSecrets(t *testing.T) {
	before, after, b := tree(t), tree(t), New()
	after.Extensions[0].Secret = "another password"
	after.Extensions[0].RingFor = config.Duration(30 * time.Second)
	after.Menus[0].Keys = map[string]string{"1": "700", "2": "1002"}
	after.Conferences = nil
	after.System.Name = "Shop"
	after.Extensions = append(after.Extensions, config.Extension{Number: "1003", Name: "Mina"})
	changes, err := b.Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s %s %s: %s>%s (%s)", c.Kind, c.ID, c.What, c.Path, c.Old, c.New, c.Label.EN))
	}
	want := []string{
		"system  changed name: Pasokh>Shop (Name)",
		"extensions 1001 changed ring_for: 20s>30s (Rings for)",
		"extensions 1001 changed secret: [secret]>[secret] (SIP password)",
		"extensions 1003 added : > ()",
		"menus 500 changed keys.2: >1002 (Keys)",
		"conferences 800 removed : > ()",
	}
	if !slices.Equal(got, want) {
		t.Errorf("changes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
