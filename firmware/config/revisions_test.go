package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/store"
)

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	st, err := store.Open(dir, store.Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func openRevisions(t *testing.T, st *store.Store) (*Revisions, *event.Sub[event.Topic]) {
	t.Helper()
	var news event.News
	sub := news.Subscribe(8)
	r, err := OpenRevisions(st, clock.System(), &news)
	if err != nil {
		t.Fatal(err)
	}
	return r, sub
}

// named is the shop under a name.
func named(t *testing.T, name string) *Config {
	t.Helper()
	c, err := Parse("shop.yaml", shop(t))
	if err != nil {
		t.Fatal(err)
	}
	c.System.Name = name
	return c
}

func propose(t *testing.T, r *Revisions, c *Config) int {
	t.Helper()
	_, base := r.Current()
	rev, err := r.Propose(c, base, "admin", "note "+c.System.Name)
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

func TestRevisionsSurviveAndAreKept(t *testing.T) {
	dir := t.TempDir()
	st := openStore(t, dir)
	r, news := openRevisions(t, st)
	if c, rev := r.Current(); rev != 0 || !cmp.Equal(c, Default(), cmpopts.IgnoreUnexported(Config{})) {
		t.Errorf("without history revision %d is in force", rev)
	}
	if err := r.Seed(named(t, "first")); err != nil {
		t.Fatal(err)
	}
	mine := named(t, "second")
	if rev := propose(t, r, mine); rev != 2 {
		t.Errorf("the second revision is %d", rev)
	}
	mine.Extensions[0].Name = "changed afterwards"
	if err := r.Seed(named(t, "again")); err != nil {
		t.Fatal(err)
	}
	if len(news.C) != 2 || <-news.C != event.Config {
		t.Errorf("%d events for two changes", len(news.C))
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ = openRevisions(t, openStore(t, dir))
	if c, rev := r.Current(); rev != 2 || !cmp.Equal(c, named(t, "second"), cmpopts.IgnoreUnexported(Config{})) || r.Warning() != "" {
		t.Errorf("after a restart revision %d %q is in force; warning %q", rev, c.System.Name, r.Warning())
	}
	history, err := r.History(10)
	if err != nil || len(history) != 2 || history[0].Number != 2 || history[1].Author != "box" || history[0].Note != "note second" || history[0].At.IsZero() {
		t.Errorf("history is %+v: %v", history, err)
	}
	if c, rev, err := r.At(1); err != nil || c.System.Name != "first" || rev.Number != 1 {
		t.Errorf("revision 1 is %v: %v", rev, err)
	}
	if _, _, err := r.At(7); !errors.Is(err, ErrNoRevision) {
		t.Errorf("revision 7: %v", err)
	}
}

func TestAStaleOrWrongProposalChangesNothing(t *testing.T) {
	r, _ := openRevisions(t, openStore(t, t.TempDir()))
	propose(t, r, named(t, "first"))
	if _, err := r.Propose(named(t, "late"), 0, "admin", ""); !errors.Is(err, ErrConflict) {
		t.Errorf("a change of revision 0: %v", err)
	}
	wrong := named(t, "wrong")
	wrong.Queues[0].Agents = QueueAgents("1009")
	var problems Problems
	if _, err := r.Propose(wrong, 1, "admin", ""); !errors.As(err, &problems) || problems[0].Path != "queues[0].agents[0]" {
		t.Errorf("a wrong change: %v", err)
	}
	refusal := errors.New("no")
	r.OnApply("room", func(*Config) error { return refusal }, func(*Config) error { t.Error("applied"); return nil })
	if _, err := r.Propose(named(t, "refused"), 1, "admin", ""); !errors.Is(err, refusal) || !strings.Contains(err.Error(), "room") {
		t.Errorf("a refused change: %v", err)
	}
	if c, rev := r.Current(); rev != 1 || c.System.Name != "first" {
		t.Errorf("revision %d %q is in force", rev, c.System.Name)
	}
	if history, _ := r.History(10); len(history) != 1 {
		t.Errorf("history is %v", history)
	}
}

func TestAFailedApplyGoesBack(t *testing.T) {
	dir := t.TempDir()
	st := openStore(t, dir)
	r, _ := openRevisions(t, st)
	propose(t, r, named(t, "good"))
	var log []string
	failure := errors.New("cannot")
	room := func(name string, fails bool) {
		r.OnApply(name, nil, func(c *Config) error {
			log = append(log, name+"="+c.System.Name)
			if fails && c.System.Name == "bad" {
				return failure
			}
			return nil
		})
	}
	room("a", false)
	room("b", true)
	room("c", false)
	if _, err := r.Propose(named(t, "bad"), 1, "admin", ""); !errors.Is(err, failure) {
		t.Errorf("a failed apply: %v", err)
	}
	if want := []string{"a=bad", "b=bad", "b=good", "a=good"}; !slices.Equal(log, want) {
		t.Errorf("rooms saw %v, want %v", log, want)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ = openRevisions(t, openStore(t, dir))
	if c, rev := r.Current(); rev != 1 || c.System.Name != "good" {
		t.Errorf("after a restart revision %d %q is in force", rev, c.System.Name)
	}
}

func TestAnUnreadableRevisionFallsBackToTheOneBefore(t *testing.T) {
	st := openStore(t, t.TempDir())
	r, _ := openRevisions(t, st)
	propose(t, r, named(t, "one"))
	propose(t, r, named(t, "two"))
	propose(t, r, named(t, "three"))
	for key, value := range map[string]string{"00000003": "{", "00000002": `{"number":2,"yaml":"schema: 9"}`} {
		if err := st.Put(revisionBucket, key, []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	r, _ = openRevisions(t, st)
	if c, rev := r.Current(); rev != 1 || c.System.Name != "one" || !strings.Contains(r.Warning(), "00000003") {
		t.Errorf("revision %d %q is in force, warning %q", rev, c.System.Name, r.Warning())
	}
	if rev := propose(t, r, named(t, "four")); rev != 4 {
		t.Errorf("the next revision is %d: it must not take an unreadable one's number", rev)
	}
	r, _ = openRevisions(t, st)
	if c, rev := r.Current(); rev != 4 || c.System.Name != "four" || r.Warning() != "" {
		t.Errorf("revision %d is in force, warning %q", rev, r.Warning())
	}
}

func TestMaskedPasswordsStayWhatTheyWere(t *testing.T) {
	r, _ := openRevisions(t, openStore(t, t.TempDir()))
	propose(t, r, named(t, "shop"))
	shown := named(t, "shown")
	shown.Extensions[0].Secret, shown.Extensions[1].Secret = masked, "a-new-password"
	propose(t, r, shown)
	c, _ := r.Current()
	if c.Extensions[0].Secret != "a-long-password" || c.Extensions[1].Secret != "a-new-password" {
		t.Errorf("secrets are %q and %q", c.Extensions[0].Secret.Reveal(), c.Extensions[1].Secret.Reveal())
	}
	if shown.Extensions[0].Secret != masked {
		t.Error("the proposal was changed")
	}
	shown.Extensions[2].Secret = masked // never had one
	var problems Problems
	if _, err := r.Propose(shown, 2, "admin", ""); !errors.As(err, &problems) || problems[0].Path != "extensions[2].secret" {
		t.Errorf("a mask of nothing: %v", err)
	}
}

func TestOldRevisionsAreForgotten(t *testing.T) {
	r, _ := openRevisions(t, openStore(t, t.TempDir()))
	for i := range keptRevisions + 3 {
		c := Default()
		c.System.Name = fmt.Sprint(i)
		propose(t, r, c)
	}
	history, err := r.History(1000)
	if err != nil || len(history) != keptRevisions || history[0].Number != keptRevisions+3 {
		t.Errorf("%d revisions are kept: %v", len(history), err)
	}
}
