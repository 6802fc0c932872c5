// Package clock gives every room its time.
//
// Nothing below cmd calls time.Now or time.AfterFunc itself: it is handed a
// Clock. The live box hands out System; tests run System inside a
// testing/synctest bubble; "try it without a phone" runs the same code on a
// virtual clock. Periodic work uses a Grid: deadlines are computed from the
// start, never chained, so a late wake-up is not inherited by the next one.
package clock

import (
	"context"
	"time"
)

// Clock tells the time and wakes callers up. Implementations are safe for
// concurrent use.
type Clock interface {
	// Now is the current time with a monotonic reading.
	Now() time.Time
	// AfterFunc runs f in its own goroutine once d has passed.
	AfterFunc(d time.Duration, f func()) Timer
	// Sleep waits until t or until ctx ends; it reports whether t was reached.
	Sleep(ctx context.Context, t time.Time) bool
	// NewWaiter makes what a goroutine waits with for mail and for times. The goroutine
	// counts as at work from now on, for a clock that stands still while anybody is.
	NewWaiter() Waiter
}

// Waiter lets its owner, one goroutine, wait until there is something to do. Wake may
// be called by anybody.
type Waiter interface {
	// Wake ends the owner's Wait, or the next one if it is not waiting. It never blocks.
	Wake()
	// Wait returns after a Wake, or at until; a zero until means no limit. It reports
	// whether it was woken.
	Wait(until time.Time) bool
	// Close tells that the owner's work is over.
	Close()
}

// Timer is a pending AfterFunc.
type Timer interface {
	// Stop prevents the function from running; false means it already ran.
	Stop() bool
}

// System is the machine's clock.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }

func (system) Sleep(ctx context.Context, t time.Time) bool {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (system) NewWaiter() Waiter { return make(waiter, 1) }

type waiter chan struct{}

func (w waiter) Wake() {
	select {
	case w <- struct{}{}:
	default:
	}
}

func (w waiter) Wait(until time.Time) bool {
	if until.IsZero() {
		<-w
		return true
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-w:
		return true
	case <-timer.C:
		return false
	}
}

func (waiter) Close() {}

// Grid is an endless row of absolute deadlines, one every Period.
type Grid struct {
	clock  Clock
	period time.Duration
	next   time.Time
}

// NewGrid starts a grid whose first deadline is one period from now.
func NewGrid(c Clock, period time.Duration) *Grid {
	return &Grid{clock: c, period: period, next: c.Now().Add(period)}
}

// Resync is how many periods a grid may fall behind before it lets the missed
// deadlines go instead of racing through them.
const Resync = 10

// Wait sleeps until the next deadline and returns it. skipped counts deadlines
// that were given up because the caller had fallen more than Resync periods
// behind. ok is false once ctx has ended.
func (g *Grid) Wait(ctx context.Context) (at time.Time, skipped int, ok bool) {
	if behind := g.clock.Now().Sub(g.next); behind > Resync*g.period {
		skipped = int(behind / g.period)
		g.next = g.next.Add(time.Duration(skipped) * g.period)
	}
	at = g.next
	ok = g.clock.Sleep(ctx, at)
	g.next = at.Add(g.period)
	return at, skipped, ok
}
