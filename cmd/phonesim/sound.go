package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// span is how long sound is measured.
const span = 6 * time.Second

// soundLoad lets phones talk through the box, hear its music and meet, all at once
// for a while, and prints what that takes of its processor. floors are those of calls
// that the box relays, measured next to it.
func soundLoad(ctx context.Context, phones []*phone.Phone, callee *callee, rate float64, pid int) error {
	fmt.Printf("\n%-14s %6s %10s %10s %10s %10s %8s\n", "", "legs", "packets/s", "of a core", "a packet", "floor", "memory")
	for _, k := range []struct {
		name, number string
		calls        int
	}{{"relay", "1999", 100}, {"music", "2000", 100}, {"conference", "4000", 30}} {
		n := min(k.calls, len(phones))
		legs, err := callAll(ctx, phones[:n], k.number, rate)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		all := legs
		if k.number == callee.number {
			all = append(all, callee.take()...)
		}
		rest(ctx, 2*time.Second)
		before, _ := spent(pid)
		packets := -heard(all)
		rest(ctx, span)
		after, memory := spent(pid)
		packets += heard(all)
		for _, c := range legs {
			c.Hangup()
			<-c.Done()
		}
		if packets == 0 {
			return fmt.Errorf("%s: nothing was heard", k.name)
		}
		each, ratio := (after-before)/time.Duration(packets), "-"
		if k.number == callee.number {
			floor, err := measureFloor(ctx, n, span)
			if err != nil {
				return fmt.Errorf("floor: %w", err)
			}
			ratio = fmt.Sprintf("%.2f x", float64(each)/float64(floor))
		}
		fmt.Printf("%-14s %6d %10.0f %9.1f%% %10v %10s %5d MB\n", k.name, len(all), float64(packets)/span.Seconds(),
			100*(after-before).Seconds()/span.Seconds(), each.Round(100*time.Nanosecond), ratio, memory>>20)
	}
	return nil
}

// callAll has a call of every phone up.
func callAll(ctx context.Context, phones []*phone.Phone, number string, rate float64) ([]*phone.Call, error) {
	// Phones must not all speak at one moment of the 20 ms.
	tick := time.NewTicker(time.Duration(float64(time.Second)/rate) + 700*time.Microsecond)
	defer tick.Stop()
	var calls []*phone.Call
	for _, p := range phones {
		<-tick.C
		c, err := p.Call(number)
		if err != nil {
			return nil, err
		}
		calls = append(calls, c)
	}
	for _, c := range calls {
		select {
		case <-c.Up():
		case <-c.Done():
			status, reason := c.Ended()
			return nil, fmt.Errorf("%d %s", status, reason)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return calls, nil
}

// heard is how many packets have come to the calls.
func heard(calls []*phone.Call) (n int) {
	for _, c := range calls {
		n += c.Audio().Measure(0, time.Millisecond).Packets
	}
	return n
}

// callee answers every call and remembers it.
type callee struct {
	number string
	mu     sync.Mutex
	calls  []*phone.Call
}

func (c *callee) answer(call *phone.Call) {
	if call.Answer() != nil {
		return
	}
	c.mu.Lock()
	c.calls = append(c.calls, call)
	c.mu.Unlock()
}

// take is the calls since the last take.
func (c *callee) take() []*phone.Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	return calls
}
