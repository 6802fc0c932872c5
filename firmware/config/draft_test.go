package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/clock"
)

const openingFlow = "number: \"510\"\nname: Opening\nsteps:\n  - {name: main, do: menu, prompts: [welcome], keys: {\"1\": \"1001\"}, otherwise: \"1001\"}\n"

// TestADraftIsSeenOnlyWhenPublished follows a menu through its life: drafted, checked,
// published, changed, rolled back.
func TestADraftIsSeenOnlyWhenPublished(t *testing.T) {
	st := openStore(t, t.TempDir())
	r, _ := openRevisions(t, st)
	propose(t, r, named(t, "Shop"))
	d := NewDrafts(st, clock.System(), r)

	if _, err := d.Save(strings.Replace(openingFlow, "1001", "4711", 1), "sara"); err != nil {
		t.Fatalf("a draft need not make sense yet: %v", err)
	}
	draft, err := d.Get("510")
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := r.Current()
	if wrong, _ := cfg.Check(&draft.Flow); len(wrong) != 1 || wrong[0].Path != "steps[0].keys.1" {
		t.Errorf("check: %v", wrong)
	}
	var problems Problems
	if _, err := d.Publish("510", "sara"); !errors.As(err, &problems) {
		t.Errorf("published what leads nowhere: %v", err)
	}
	if _, err := d.Save(openingFlow, "sara"); err != nil {
		t.Fatal(err)
	}
	if _, ok := cfg.Flow("510"); ok {
		t.Error("a draft is in force")
	}
	if tried, err := d.Config(); err != nil {
		t.Error(err)
	} else if _, ok := tried.Flow("510"); !ok {
		t.Error("a draft cannot be tried")
	}
	first, err := d.Publish("510", "sara")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Get("510"); !errors.Is(err, ErrNoFlow) {
		t.Errorf("the draft is still there: %v", err)
	}

	// Two people change it at once: the second is told.
	save := func(name string) {
		t.Helper()
		if _, err := d.Save(strings.Replace(openingFlow, "Opening", name, 1), "ali"); err != nil {
			t.Fatal(err)
		}
	}
	save("Later")
	cfg, base := r.Current()
	other, _ := cfg.Flow("510")
	changed := *other
	changed.Name = "Between"
	if _, err := r.Propose(cfg.WithFlow(&changed), base, "hasan", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish("510", "ali"); !errors.Is(err, ErrConflict) {
		t.Errorf("undid somebody's change: %v", err)
	}
	if err := d.Discard("510"); err != nil {
		t.Fatal(err)
	}
	save("Last")
	if _, err := d.Publish("510", "ali"); err != nil {
		t.Fatal(err)
	}

	history, err := d.FlowHistory("510")
	if err != nil || len(history) != 3 || history[0].Author != "ali" || history[2].Number != first {
		t.Errorf("history %+v, %v", history, err)
	}
	if _, err := d.RollBack("510", first, "sara"); err != nil {
		t.Fatal(err)
	}
	cfg, _ = r.Current()
	if f, _ := cfg.Flow("510"); f.Name != "Opening" {
		t.Errorf("rolled back to %q", f.Name)
	}
	if _, err := d.RollBack("510", 1, "sara"); !errors.Is(err, ErrNoFlow) {
		t.Errorf("rolled back to before it was: %v", err)
	}
}

func FuzzParseFlow(f *testing.F) {
	f.Add([]byte(openingFlow))
	f.Add([]byte("number: 1\nsteps: [{do: branch, cases: [{at_least: 0}]}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		flow, err := ParseFlow(data)
		if err != nil {
			return
		}
		cfg := Default()
		cfg.Check(flow)
		text, err := flow.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseFlow([]byte(text)); err != nil {
			t.Errorf("%q is written as %q: %v", data, text, err)
		}
	})
}
