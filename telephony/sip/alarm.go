package sip

import (
	"strconv"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
)

// alarm is a problem made of many small ones: its first raises it on the board of
// problems with a count, which follows now and then, and a quiet time clears it.
type alarm struct {
	clock  clock.Clock
	health Health // nil: nobody is told
	id     string
	quiet  time.Duration

	mu    sync.Mutex
	count int // since it was raised; 0: it is not
	told  int // of these
	last  time.Time
}

// alarmPace is how often a count on the board follows.
const alarmPace = 5 * time.Second

// ring counts one more.
func (a *alarm) ring() {
	if a.health == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	a.last = a.clock.Now()
	if a.count == 1 {
		a.tell()
	}
}

// tell brings the board up to date and goes on with it until all is quiet.
func (a *alarm) tell() {
	a.told = a.count
	a.health.Raise(a.id, "× "+strconv.Itoa(a.count))
	a.again()
}

func (a *alarm) again() {
	a.clock.AfterFunc(alarmPace, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		switch {
		case a.count > a.told:
			a.tell()
		case a.clock.Now().Sub(a.last) >= a.quiet:
			a.count, a.told = 0, 0
			a.health.Clear(a.id)
		default:
			a.again()
		}
	})
}
