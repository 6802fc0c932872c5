package pulse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
)

func TestAPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := health.NewBoard(clock.System(), &event.News{})
		stat := filepath.Join(t.TempDir(), "stat")
		var phones, busy atomic.Int64
		phones.Store(20)
		r := New(Options{Clock: clock.System(), Health: board, Stat: stat, Phones: func() int { return int(phones.Load()) }})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		var user, idle int64
		// pass lets minutes pass, with the processor as busy as it is.
		pass := func(minutes int) {
			for range minutes * 2 {
				user, idle = user+busy.Load(), idle+100-busy.Load()
				if err := os.WriteFile(stat, fmt.Appendf(nil, "cpu  %d 0 0 %d 0 0 0 0 0 0\ncpu0 1 2 3\n", user, idle), 0o600); err != nil {
					t.Fatal(err)
				}
				time.Sleep(every)
				synctest.Wait()
			}
		}
		want := func(when, ids string) {
			t.Helper()
			var got []string
			for _, p := range board.List() {
				got = append(got, p.ID+"="+p.Detail)
			}
			if strings.Join(got, " ") != ids {
				t.Errorf("%s: %v, want %q", when, got, ids)
			}
		}
		pass(30)
		phones.Store(12)
		pass(5)
		want("some go home", "")
		phones.Store(9)
		pass(1)
		want("half have gone within ten minutes", "phones-lost=9 / 20")
		phones.Store(13)
		pass(30)
		want("not enough are back", "phones-lost=13 / 20")
		phones.Store(16)
		pass(1)
		want("they are back", "")
		for n := 16; n >= 2; n-- { // an evening
			phones.Store(int64(n))
			pass(4)
		}
		want("one after another", "")

		busy.Store(100)
		pass(4)
		want("busy for four minutes", "")
		pass(3)
		want("busy for seven", "cpu-busy=100 %")
		busy.Store(80)
		pass(10)
		want("a little less", "cpu-busy=80 %")
		busy.Store(20)
		pass(6)
		want("at rest", "")
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestALossThatLastsIsMeant: the next day it is the box as it is.
func TestALossThatLastsIsMeant(t *testing.T) {
	var c crowd
	c.feel(10)
	for i := range givenUp - 1 {
		if !c.feel(2) {
			t.Fatalf("given up after %d looks", i)
		}
	}
	if c.feel(2) {
		t.Error("it begins again")
	}
}

func TestThisMachinesProcessor(t *testing.T) {
	if busy, idle, ok := times("/proc/stat"); !ok || busy == 0 || idle == 0 {
		t.Errorf("%d %d %v", busy, idle, ok)
	}
}
