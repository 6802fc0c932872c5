package health

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
)

func TestNewsComesOnlyWithAChange(t *testing.T) {
	var news event.News
	sub := news.Subscribe(16)
	b := NewBoard(clock.System(), &news)
	expect := func(n int, what string) {
		t.Helper()
		if len(sub.C) != n {
			t.Errorf("%s: %d events, want %d", what, len(sub.C), n)
		}
		for range len(sub.C) {
			<-sub.C
		}
	}
	b.Clear("disk-error")
	expect(0, "clearing what is not there")
	b.Raise("disk-error", "no space")
	expect(1, "raising")
	b.Raise("disk-error", "no space")
	expect(0, "raising again")
	b.Raise("disk-error", "read-only")
	expect(1, "another detail")
	b.Clear("disk-error")
	expect(1, "clearing")
	if left := b.List(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestTheWorstThenTheOldestComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBoard(clock.System(), &event.News{})
		for _, id := range []string{"unclaimed", "line-unplugged/fxo2", "line-unplugged/fxo1", "disk-error"} {
			b.Raise(id, "")
			time.Sleep(time.Second)
		}
		b.Raise("unclaimed", "changed") // keeps its age
		b.Clear("line-unplugged/fxo1")
		var got []string
		for _, p := range b.List() {
			got = append(got, p.ID+"="+p.Detail)
		}
		if want := "disk-error= unclaimed=changed line-unplugged/fxo2=fxo2"; strings.Join(got, " ") != want {
			t.Errorf("list is %v, want %s", got, want)
		}
	})
}

func TestEveryKindIsToldInEveryLanguage(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range Kinds() {
		if seen[k.ID] || strings.Contains(k.ID, "/") {
			t.Errorf("%s is declared twice or holds a slash", k.ID)
		}
		seen[k.ID] = true
		for _, words := range []map[string]string{k.Text, k.Fix} {
			if words["en"] == "" || !strings.ContainsFunc(words["fa"], func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
				t.Errorf("%s is not told in both languages: %v", k.ID, words)
			}
		}
	}
}

func TestAnUnknownKindAndALongDetailAreShownAllTheSame(t *testing.T) {
	b := NewBoard(clock.System(), &event.News{})
	b.Raise("moon-fell", strings.Repeat("ب", maxDetail))
	p := b.List()[0]
	if p.Severity != Error || p.Text["fa"] != "moon-fell" || len(p.Detail) > maxDetail+4 || !utf8.ValidString(p.Detail) {
		t.Errorf("%+v", p)
	}
}

func TestManyMayUseTheBoardAtOnce(t *testing.T) {
	b := NewBoard(clock.System(), &event.News{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				b.Raise("disk-error", "x")
				b.List()
				b.Clear("disk-error")
			}
		})
	}
	all.Wait()
}
