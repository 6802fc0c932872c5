package clock

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestPunctualSleep: the grid of a punctual clock keeps its time, and its sleep ends with
// its context.
func TestPunctualSleep(t *testing.T) {
	c := Punctual(System())
	begun := c.Now()
	g := NewGrid(c, 5*time.Millisecond)
	for range 20 {
		if at, _, ok := g.Wait(t.Context()); !ok || c.Now().Before(at) {
			t.Fatal("awake before its time")
		}
	}
	if d := c.Now().Sub(begun); d < 100*time.Millisecond || d > 5*time.Second {
		t.Errorf("20 times 5 ms took %v", d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() { done <- c.Sleep(ctx, c.Now().Add(time.Hour)) }()
	cancel()
	if <-done {
		t.Error("Sleep reported its deadline although the context ended first")
	}
	if c.Sleep(ctx, c.Now().Add(time.Hour)) || c.Sleep(ctx, c.Now()) {
		t.Error("Sleep went on after its context")
	}
}

func TestOnlyTheMachinesClockIsPunctual(t *testing.T) {
	type other struct{ Clock }
	synctest.Test(t, func(t *testing.T) {
		c := Punctual(other{System()})
		if _, ok := c.(other); !ok {
			t.Errorf("%T", c)
		}
	})
}
