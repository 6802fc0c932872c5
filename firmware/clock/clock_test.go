package clock

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestGridIsAbsolute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := System()
		start := c.Now()
		g := NewGrid(c, 20*time.Millisecond)
		for i := 1; i <= 50; i++ {
			at, skipped, ok := g.Wait(t.Context())
			if !ok || skipped != 0 {
				t.Fatalf("tick %d: skipped %d ok %v", i, skipped, ok)
			}
			if want := start.Add(time.Duration(i) * 20 * time.Millisecond); !at.Equal(want) {
				t.Fatalf("tick %d at %v, want %v", i, at.Sub(start), want.Sub(start))
			}
			time.Sleep(7 * time.Millisecond) // work inside the period must not shift the next deadline
		}
	})
}

func TestGridGivesUpMissedDeadlinesAfterAStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := System()
		start := c.Now()
		g := NewGrid(c, 20*time.Millisecond)
		g.Wait(t.Context())
		time.Sleep(time.Second)
		at, skipped, _ := g.Wait(t.Context())
		if skipped < 49 {
			t.Errorf("skipped %d deadlines after a second's stall, want at least 49", skipped)
		}
		if phase := at.Sub(start) % (20 * time.Millisecond); phase != 0 {
			t.Errorf("resync left the grid by %v", phase)
		}
	})
}

func TestSleepEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if System().Sleep(ctx, time.Now().Add(time.Hour)) {
			t.Error("Sleep reported its deadline although the context ended first")
		}
	})
}
