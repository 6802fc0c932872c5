package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// listener measures what the sound of calls takes of a box, and prints it beside what
// it may take.
type listener struct {
	near, far *crowd // of callers and of those whom they call
	phones    []*phone.Phone
	rate      float64 // of calls, per second
	pid       int
	span      time.Duration
	grown     float64 // MB, see weigh
}

// longer is the packet time of those with whom callers are mixed and not relayed, in ms.
const longer = 40

// sample is what calls took of a process while they were watched.
type sample struct {
	heardOf
	processor time.Duration
	span      time.Duration
	memory    int // bytes resident
}

// each is the processor time of a packet that was heard.
func (s sample) each() time.Duration { return s.processor / time.Duration(max(s.packets, 1)) }

// cores is the processor time in percent of a core.
func (s sample) cores() float64 { return 100 * s.processor.Seconds() / s.span.Seconds() }

// watch lets crowds speak, or only listen, for a while.
func watch(ctx context.Context, pid int, span time.Duration, speak bool, crowds ...*crowd) sample {
	ctx, stop := context.WithCancel(ctx)
	var talking sync.WaitGroup
	if speak {
		talking.Go(func() { talk(ctx, crowds...) })
	}
	rest(ctx, 2*time.Second)
	before, _ := spent(pid)
	for _, c := range crowds {
		c.watch()
	}
	rest(ctx, span)
	after, memory := spent(pid)
	s := sample{processor: after - before, span: span, memory: memory}
	for _, c := range crowds {
		h := c.rest()
		s.packets += h.packets
		s.delays, s.uneven = append(s.delays, h.delays...), append(s.uneven, h.uneven...)
	}
	stop()
	talking.Wait()
	return s
}

// with has so many calls to a number up, and watches them.
func (l *listener) with(ctx context.Context, calls int, number string, speak bool) (s sample, err error) {
	legs, err := callAll(ctx, l.phones[:min(calls, len(l.phones))], number, l.rate)
	if err == nil {
		s = watch(ctx, l.pid, l.span, speak, l.near, l.far)
		if s.packets == 0 {
			err = fmt.Errorf("%s: nothing was heard", number)
		}
	}
	for _, c := range legs {
		c.Hangup()
		<-c.Done()
	}
	l.near.part()
	l.far.part()
	return s, err
}

// weigh finds how much the box's resident memory grows for each 100 calls that go on,
// garbage and all.
func (l *listener) weigh(ctx context.Context) error {
	_, idle := spent(l.pid)
	calls := min(100, len(l.phones))
	s, err := l.with(ctx, calls, "1999", true)
	l.grown = float64(s.memory-idle) / (1 << 20) * 100 / float64(calls)
	return err
}

// measure prints all figures; those of the bare forwarder tell how much of a delay is
// this machine's.
func (l *listener) measure(ctx context.Context) error {
	fmt.Printf("\n%-50s %10s %12s\n", "", "measured", "at most")
	tell := func(name string, value, most float64, unit string) {
		limit, verdict := "", ""
		if most > 0 {
			limit = fmt.Sprintf("%.4g %s", most, unit)
		}
		if limit != "" && value > most {
			verdict = "  missed"
		}
		fmt.Printf("%-50s %7.2f %-2s %12s%s\n", name, value, unit, limit, verdict)
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	tell("100 calls: resident memory grown", l.grown, 12, "MB")
	for _, calls := range []int{100, 200, 300} {
		if calls > len(l.phones) {
			break
		}
		floor, err := measureFloor(ctx, l.near, l.far, calls, l.span)
		if err != nil {
			return fmt.Errorf("floor: %w", err)
		}
		s, err := l.with(ctx, calls, "1999", true)
		if err != nil {
			return err
		}
		tell(fmt.Sprintf("relay, %d calls: packet / bare forwarder's", calls), float64(s.each())/float64(floor.each()), 1, "x")
		if calls == 200 {
			tell("relay, 200 calls: delay, p99", ms(highest(s.delays)), 1, "ms")
			tell("bare forwarder, 200 calls: delay, p99", ms(highest(floor.delays)), 0, "ms")
			tell("bare forwarder, 200 calls: packets uneven, p99", ms(highest(floor.uneven)), 0, "ms")
		}
	}
	for _, k := range []struct {
		name  string
		speak bool
		most  float64
	}{{"who speak", true, 10}, {"who are silent", false, 4}} {
		s, err := l.with(ctx, 300, "2000", k.speak)
		if err != nil {
			return err
		}
		calls := float64(min(300, len(l.phones)))
		tell(fmt.Sprintf("music, each 100 of %.0f %s: of a core", calls, k.name), s.cores()/calls*100, k.most, "%")
		tell(fmt.Sprintf("music, %.0f %s: packets uneven, p99", calls, k.name), ms(highest(s.uneven)), 1, "ms")
	}
	s, err := l.with(ctx, 30, "4000", true)
	if err != nil {
		return err
	}
	tell("conference, each of 30 who speak: of a core", s.cores()/30, 0.25, "%")
	var mixed [2]sample
	for i, number := range []string{"1997", "1998"} {
		if mixed[i], err = l.with(ctx, 50, number, true); err != nil {
			return err
		}
	}
	tell("recording 50 mixed calls: added", 100*(float64(mixed[1].processor)/float64(mixed[0].processor)-1), 30, "%")
	return nil
}

// callAll has a call of every phone up. What is up when one fails is returned too.
func callAll(ctx context.Context, phones []*phone.Phone, number string, rate float64) (calls []*phone.Call, err error) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	for _, p := range phones {
		<-tick.C
		c, err := p.Call(number)
		if err != nil {
			return calls, err
		}
		calls = append(calls, c)
	}
	for _, c := range calls {
		select {
		case <-c.Up():
		case <-c.Done():
			status, reason := c.Ended()
			return calls, fmt.Errorf("%d %s", status, reason)
		case <-ctx.Done():
			return calls, ctx.Err()
		}
	}
	return calls, nil
}
