package clock

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// TestVirtualTimeStandsStillWhileAnybodyWorks: workers who wake each other and wait
// for times give the same story every time.
func TestVirtualTimeStandsStillWhileAnybodyWorks(t *testing.T) {
	story := func() []string {
		v := NewVirtual(noon)
		var mu sync.Mutex
		var said []string
		say := func(who, what string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, fmt.Sprintf("%v %s %s", v.Now().Sub(noon), who, what))
		}
		waiters := make([]Waiter, 5)
		var all sync.WaitGroup
		for i := range waiters {
			waiters[i] = v.NewWaiter()
		}
		for i, w := range waiters {
			all.Add(1)
			go func() {
				defer all.Done()
				defer w.Close()
				w.Wait(time.Time{})
				say(fmt.Sprint(i), "woken")
				if w.Wait(v.Now().Add(time.Duration(i) * time.Second)) {
					say(fmt.Sprint(i), "woken again")
				} else {
					say(fmt.Sprint(i), "timed out")
				}
				waiters[(i+1)%5].Wake()
			}()
		}
		v.AfterFunc(time.Minute, func() { waiters[3].Wake(); waiters[1].Wake() })
		v.AfterFunc(time.Hour, func() {
			say("clock", "an hour")
			for _, w := range waiters {
				w.Wake()
			}
		})
		if v.Run(noon.Add(30*time.Minute)) != true || v.Now() != noon.Add(30*time.Minute) {
			t.Errorf("stopped at %v", v.Now())
		}
		if v.Run(noon.Add(2*time.Hour)) != false {
			t.Error("there is still something to happen")
		}
		all.Wait()
		return said
	}
	first := story()
	want := []string{"1m0s 3 woken", "1m0s 1 woken", "1m1s 1 timed out", "1m1s 2 woken", "1m3s 3 timed out", "1m3s 2 timed out", "1m3s 4 woken"}
	if len(first) != 11 || !slices.Equal(first[:2], want[:2]) {
		t.Errorf("story:\n%q", first)
	}
	for range 50 {
		if again := story(); !slices.Equal(again, first) {
			t.Fatalf("another story:\n%q\nafter\n%q", again, first)
		}
	}
}

func TestVirtualTimersInOrder(t *testing.T) {
	v := NewVirtual(noon)
	var fired []int
	for _, s := range []int{3, 1, 2, 1} {
		v.AfterFunc(time.Duration(s)*time.Second, func() { fired = append(fired, s*10+len(fired)) })
	}
	stopped := v.AfterFunc(time.Second, func() { t.Error("a stopped timer fired") })
	if !stopped.Stop() || stopped.Stop() {
		t.Error("stopped twice, or not at all")
	}
	v.Run(noon.Add(time.Minute))
	if !slices.Equal(fired, []int{10, 11, 22, 33}) {
		t.Errorf("fired %v", fired)
	}
}

func TestWaiter(t *testing.T) {
	w := System().NewWaiter()
	defer w.Close()
	if w.Wait(time.Now().Add(-time.Second)) {
		t.Error("woken by nobody")
	}
	w.Wake()
	w.Wake()
	if !w.Wait(time.Time{}) {
		t.Error("not woken")
	}
	go w.Wake()
	if !w.Wait(time.Now().Add(time.Hour)) {
		t.Error("not woken while it waits")
	}
}
