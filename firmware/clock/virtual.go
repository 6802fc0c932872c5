package clock

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Virtual is a clock for trying things out: time stands still while anybody is at
// work, and jumps to the next timer when all wait. One owner works at a time, in the
// order in which they were woken, so that the same events always come to the same.
//
// Whoever works on it waits with a Waiter; a timer's function must not block. Sleep is
// not for those who work on it.
type Virtual struct {
	mu     sync.Mutex
	rest   *sync.Cond // nobody is at work
	now    time.Time
	made   int
	timers []*virtualTimer // by time, then by the order in which they were made
	ready  []*virtualWaiter
	busy   int
}

// NewVirtual makes a clock that shows start.
func NewVirtual(start time.Time) *Virtual {
	v := &Virtual{now: start}
	v.rest = sync.NewCond(&v.mu)
	return v
}

type virtualTimer struct {
	v     *Virtual
	at    time.Time
	order int
	f     func()
}

// Now is the time that the clock shows.
func (v *Virtual) Now() time.Time { v.mu.Lock(); defer v.mu.Unlock(); return v.now }

// AfterFunc runs f in Run's goroutine.
func (v *Virtual) AfterFunc(d time.Duration, f func()) Timer {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.made++
	t := &virtualTimer{v: v, at: v.now.Add(max(d, 0)), order: v.made, f: f}
	i, _ := slices.BinarySearchFunc(v.timers, t, (*virtualTimer).compare)
	v.timers = slices.Insert(v.timers, i, t)
	return t
}

func (t *virtualTimer) compare(o *virtualTimer) int {
	return cmp.Or(t.at.Compare(o.at), cmp.Compare(t.order, o.order))
}

// Stop prevents the function from running.
func (t *virtualTimer) Stop() bool {
	t.v.mu.Lock()
	defer t.v.mu.Unlock()
	i, found := slices.BinarySearchFunc(t.v.timers, t, (*virtualTimer).compare)
	if found {
		t.v.timers = slices.Delete(t.v.timers, i, i+1)
	}
	return found
}

// Sleep waits until another goroutine's Run has come to t.
func (v *Virtual) Sleep(ctx context.Context, t time.Time) bool {
	reached := make(chan struct{})
	timer := v.AfterFunc(t.Sub(v.Now()), func() { close(reached) })
	defer timer.Stop()
	select {
	case <-reached:
		return true
	case <-ctx.Done():
		return false
	}
}

// Run lets those work who have something to do, and time go by between, until the
// clock shows end or nothing is left to happen. It reports whether there is.
func (v *Virtual) Run(end time.Time) (more bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		for v.busy > 0 {
			v.rest.Wait()
		}
		switch {
		case len(v.ready) > 0:
			w := v.ready[0]
			v.ready = v.ready[1:]
			v.busy++
			close(w.turn)
		case len(v.timers) == 0:
			return false
		case v.timers[0].at.After(end):
			v.now = end
			return true
		default:
			t := v.timers[0]
			v.timers = v.timers[1:]
			v.now = t.at
			v.mu.Unlock()
			t.f()
			v.mu.Lock()
		}
	}
}

// NewWaiter makes a waiter whose owner is at work.
func (v *Virtual) NewWaiter() Waiter {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.busy++
	return &virtualWaiter{v: v}
}

type virtualWaiter struct {
	v     *Virtual
	woken bool
	turn  chan struct{} // the owner waits for it; nil while it works
}

// Wake lets the owner work after all that were woken before.
func (w *virtualWaiter) Wake() {
	w.v.mu.Lock()
	defer w.v.mu.Unlock()
	w.woken = true
	w.queue()
}

// queue puts an owner who waits among those who are to work.
func (w *virtualWaiter) queue() {
	if w.turn != nil && !slices.Contains(w.v.ready, w) {
		w.v.ready = append(w.v.ready, w)
		w.v.rest.Signal()
	}
}

// Wait lets others work, and then time go by.
func (w *virtualWaiter) Wait(until time.Time) bool {
	v := w.v
	var timer Timer
	if !until.IsZero() {
		timer = v.AfterFunc(until.Sub(v.Now()), func() { v.mu.Lock(); w.queue(); v.mu.Unlock() })
		defer timer.Stop()
	}
	v.mu.Lock()
	if w.woken {
		w.woken = false
		v.mu.Unlock()
		return true
	}
	w.turn = make(chan struct{})
	turn := w.turn
	v.idle()
	v.mu.Unlock()
	<-turn
	v.mu.Lock()
	defer v.mu.Unlock()
	woken := w.woken
	w.turn, w.woken = nil, false
	return woken
}

// Close takes the owner off those who work.
func (w *virtualWaiter) Close() {
	w.v.mu.Lock()
	defer w.v.mu.Unlock()
	w.v.idle()
}

func (v *Virtual) idle() {
	if v.busy--; v.busy == 0 {
		v.rest.Signal()
	}
}

// Drain lets those work who have something to do, without time going by, until done.
func (v *Virtual) Drain(done <-chan struct{}) {
	over := false
	go func() {
		<-done
		v.mu.Lock()
		defer v.mu.Unlock()
		over = true
		v.rest.Signal()
	}()
	v.mu.Lock()
	defer v.mu.Unlock()
	for !over {
		if v.busy == 0 && len(v.ready) > 0 {
			w := v.ready[0]
			v.ready = v.ready[1:]
			v.busy++
			close(w.turn)
			continue
		}
		v.rest.Wait()
	}
}
