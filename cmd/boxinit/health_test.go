//go:build linux

package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/watchdog"
)

// counter is a dog and a program.
type counter struct {
	fed, kicked int
	lastFed     time.Time
	firstKick   time.Time
}

func (c *counter) Feed() error { c.fed++; c.lastFed = time.Now(); return nil }
func (c *counter) Kick() {
	if c.kicked++; c.kicked == 1 {
		c.firstKick = time.Now()
	}
}

// live has health look at a pasokh for so long.
func live(most time.Duration, ask func(time.Duration) error) *counter {
	var c counter
	began := time.Now()
	h := newHealth(func(context.Context) error { return ask(time.Since(began)) })
	ctx, cancel := context.WithCancel(context.Background())
	go h.feed(ctx, &c)
	go h.watch(ctx, &c)
	time.Sleep(most)
	cancel()
	synctest.Wait()
	return &c
}

func TestABoxThatWorksIsFedAndLeftAlone(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		c := live(time.Hour, func(time.Duration) error { return nil })
		if c.kicked != 0 || time.Since(c.lastFed) > watchdog.Timeout/2 {
			t.Errorf("kicked %d times, last fed %v ago", c.kicked, time.Since(c.lastFed))
		}
	})
}

// TestABoxThatDoesNotAnswer is started anew, again and again, and at last starves.
func TestABoxThatDoesNotAnswer(t *testing.T) {
	for name, dies := range map[string]time.Duration{"from its start": 0, "after ten minutes": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				c := live(time.Hour, func(up time.Duration) error {
					if dies == 0 || up >= dies {
						return errors.New("no answer")
					}
					return nil
				})
				last := began.Add(max(dies, grace)) // that it counted as well
				near := func(what string, at time.Time, want time.Duration) {
					if off := at.Sub(last.Add(want)); off.Abs() > 2*askEvery {
						t.Errorf("%s %v after it was well, want %v", what, at.Sub(last), want)
					}
				}
				near("first kicked", c.firstKick, kickAfter)
				near("last fed", c.lastFed, resetAfter)
				if most := int((time.Hour-max(dies, grace))/(kickAfter+grace)) + 1; c.kicked < 2 || c.kicked > most {
					t.Errorf("kicked %d times, want 2 to %d", c.kicked, most)
				}
			})
		})
	}
}

// TestAPauseIsNoIllness: a pasokh that is well again in time is not touched.
func TestAPauseIsNoIllness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := live(time.Hour, func(up time.Duration) error {
			if at := up % (10 * time.Minute); at > 5*time.Minute && at < 5*time.Minute+kickAfter-2*askEvery {
				return errors.New("no answer")
			}
			return nil
		})
		if c.kicked != 0 || time.Since(c.lastFed) > watchdog.Timeout/2 {
			t.Errorf("kicked %d times, last fed %v ago", c.kicked, time.Since(c.lastFed))
		}
	})
}
