package config

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
)

// inForceIs checks the name of the box that is in force.
func inForceIs(t *testing.T, r *Revisions, name string) {
	t.Helper()
	synctest.Wait()
	if c, rev := r.Current(); c.System.Name != name {
		t.Fatalf("revision %d is called %q, want %q", rev, c.System.Name, name)
	}
}

func TestUnconfirmedChangeIsTakenBack(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r, _ := openRevisions(t, openStore(t, dir))
		applied := ""
		r.OnApply("trunks", nil, func(c *Config) error { applied = c.System.Name; return nil })
		go func() { _ = r.Run(t.Context()) }()
		base := propose(t, r, named(t, "before"))

		rev, err := r.Try(named(t, "cut off"), base, "admin", "a new trunk", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Propose(named(t, "another"), rev, "admin", ""); !errors.Is(err, ErrOnTrial) {
			t.Errorf("a change during the trial: %v, want ErrOnTrial", err)
		}
		time.Sleep(59 * time.Second)
		inForceIs(t, r, "cut off")
		time.Sleep(2 * time.Second)
		inForceIs(t, r, "before")
		if applied != "before" {
			t.Errorf("the rooms have %q, want what was before", applied)
		}
		if _, trying := r.OnTrial(); trying {
			t.Error("the trial goes on")
		}

		_, base = r.Current()
		if rev, err = r.Try(named(t, "kept"), base, "admin", "", time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := r.Confirm(rev + 1); !errors.Is(err, ErrNoRevision) {
			t.Errorf("confirming another revision: %v, want ErrNoRevision", err)
		}
		if err := r.Confirm(rev); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		inForceIs(t, r, "kept")
		if rev, err = r.Try(named(t, "regretted"), rev, "admin", "", time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := r.TakeBack(rev, "admin"); err != nil {
			t.Fatal(err)
		}
		inForceIs(t, r, "kept")
	})
}

// TestTrialEndsOverARestart: a change that took the box down is gone after it.
func TestTrialEndsOverARestart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		st := openStore(t, dir)
		r, _ := openRevisions(t, st)
		base := propose(t, r, named(t, "before"))
		if _, err := r.Try(named(t, "deadly"), base, "admin", "", time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second) // nobody runs

		var news event.News
		r, err := OpenRevisions(openStore(t, dir), clock.System(), &news)
		if err != nil {
			t.Fatal(err)
		}
		inForceIs(t, r, "deadly") // there is time left to confirm it
		go func() { _ = r.Run(t.Context()) }()
		time.Sleep(31 * time.Second)
		inForceIs(t, r, "before")
	})
}
