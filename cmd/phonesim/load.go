package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
)

// load is the command "load": phones of bench.yaml register and call one of them,
// evenly in time. It prints what that took of the box's processor and how long
// callers waited for the answer, and then what sound takes, next to what it may.
func load(ctx context.Context, args []string) error {
	var server string
	var pid, users, calls int
	var rate float64
	var span time.Duration
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	fs.StringVar(&server, "server", "127.0.0.1:5060", "SIP server, host:port")
	fs.IntVar(&pid, "pid", 0, "process of the server, for its processor time and memory")
	fs.IntVar(&users, "users", 300, "phones that register and call")
	fs.IntVar(&calls, "calls", 500, "calls")
	fs.DurationVar(&span, "span", 8*time.Second, "for which each kind of sound is measured; 0: not at all")
	fs.Float64Var(&rate, "rate", 50, "of registrations and calls, per second")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if users < 1 || users > 998 || calls < 1 || rate <= 0 {
		return fmt.Errorf("load: 1 to 998 users, one call or more, at a rate above 0")
	}
	near, err := newCrowd()
	if err != nil {
		return err
	}
	defer near.close()
	far, err := newCrowd()
	if err != nil {
		return err
	}
	defer far.close()
	open := func(number, ptime int, between *crowd, incoming func(*phone.Call)) (*phone.Phone, error) {
		return phone.Open(phone.Options{Server: server, Domain: "bench.local", User: strconv.Itoa(number),
			Password: fmt.Sprintf("pw%d", number), Codec: "PCMU", Ptime: ptime, Between: between, Incoming: incoming})
	}
	var phones []*phone.Phone
	defer func() {
		for _, p := range phones {
			p.Close()
		}
	}()
	for i := range users {
		p, err := open(1000+i, 20, near, nil)
		if err != nil {
			return err
		}
		phones = append(phones, p)
	}
	answer := func(c *phone.Call) { _ = c.Answer() }
	for _, called := range []struct{ number, ptime int }{{1999, 20}, {1998, longer}, {1997, longer}} {
		p, err := open(called.number, called.ptime, far, answer)
		if err != nil {
			return err
		}
		phones = append(phones, p)
	}

	fmt.Printf("%-14s %6s %6s %10s %10s %12s %8s\n", "", "done", "failed", "p50", "p99", "processor", "memory")
	register := func(i int) error { _, err := phones[i%len(phones)].Register(ctx, time.Hour); return err }
	drive(ctx, "registrations", len(phones), rate, pid, register)
	drive(ctx, "refreshes", len(phones), rate, pid, register)
	l := &listener{near: near, far: far, phones: phones[:users], rate: rate, pid: pid, span: span}
	if span > 0 { // before calls leave anything behind
		if err := l.weigh(ctx); err != nil {
			return err
		}
	}
	var up sync.WaitGroup
	drive(ctx, "calls", calls, rate, pid, func(i int) error {
		c, err := phones[i%users].Call("1999")
		if err != nil {
			return err
		}
		select {
		case <-c.Up():
			up.Go(func() { c.Hangup(); <-c.Done() })
			return nil
		case <-c.Done():
			status, reason := c.Ended()
			return fmt.Errorf("%d %s", status, reason)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	up.Wait()
	near.part()
	far.part()
	if err := ctx.Err(); err != nil || span == 0 {
		return err
	}
	return l.measure(ctx)
}

// drive does n things at a rate and prints a line of what they took.
func drive(ctx context.Context, name string, n int, rate float64, pid int, do func(i int) error) {
	before, _ := spent(pid)
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	for i := range n {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		all.Go(func() {
			begun := time.Now()
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				took = append(took, time.Since(begun))
			}
		})
	}
	all.Wait()
	after, memory := spent(pid)
	if len(took) == 0 {
		fmt.Printf("%-14s %6d %6d\n", name, 0, n)
		return
	}
	slices.Sort(took)
	at := func(p int) time.Duration { return took[(len(took)-1)*p/100].Round(10 * time.Microsecond) }
	each := (after - before) / time.Duration(len(took))
	fmt.Printf("%-14s %6d %6d %10v %10v %12v %5d MB\n", name, len(took), n-len(took), at(50), at(99), each.Round(time.Microsecond), memory>>20)
}

// spent is the processor time and the memory of a process, 0 when it cannot be seen.
func spent(pid int) (processor time.Duration, memory int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	text := string(b)
	f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // proc(5): from the third field on
	if len(f) < 22 {
		return 0, 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	pages, _ := strconv.Atoi(f[21])
	return time.Duration(user+system) * (time.Second / 100), pages * os.Getpagesize()
}
