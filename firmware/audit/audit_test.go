package audit

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/store"
)

func TestEntriesAreKeptAndRefusalsBounded(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.Open(dir, store.Options{Clock: clock.System()})
		if err != nil {
			t.Fatal(err)
		}
		log := st.Log("audit")
		l := New(clock.System(), log)
		l.Note(Deed{User: "admin", From: "192.168.1.5", What: "sign-in"})
		for i := range 100 {
			l.Note(Deed{User: fmt.Sprint("guess", i), What: "sign-in", Code: "wrong-password"})
		}
		l.Note(Deed{User: "admin", What: strings.Repeat("x", 1000)})
		time.Sleep(time.Minute)
		l.Note(Deed{User: "late", What: "sign-in", Code: "wrong-password"})
		if err := log.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := l.List(t.Context(), time.Time{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 1+maxRefusals+1+1 {
			t.Fatalf("%d entries, want %d", len(all), maxRefusals+3)
		}
		if first := all[0]; first.User != "late" || first.Left != 100-maxRefusals {
			t.Errorf("the newest is %+v, want the late one with what was left out", first)
		}
		if len(all[1].What) != maxText || all[len(all)-1].From != "192.168.1.5" {
			t.Errorf("entries %+v and %+v", all[1], all[len(all)-1])
		}
		two, err := l.List(t.Context(), all[0].At, 2)
		if err != nil || len(two) != 2 || two[0].User != "admin" {
			t.Errorf("before the newest: %+v, %v", two, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
