package queue

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// TestWhoIsLeftOnHoldRingsTheAgentBack: an agent who hangs up with the caller on hold is
// rung for him; one who does not answer then loses him to the line, of which he is first.
func TestWhoIsLeftOnHoldRingsTheAgentBack(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1001") }, func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		h.answer(l)
		other := h.arrive("0913")
		leave := func(l interface {
			ID() call.LegID
			Post(call.Event)
			End(call.Cause)
		}) {
			l.Post(call.Held{Leg: l.ID()})
			synctest.Wait()
			if c.Sound.Now() != "program default" {
				t.Errorf("on hold the caller hears %q", c.Sound.Now())
			}
			l.End(call.Normal)
		}
		leave(l)
		h.states("1001 talking")
		again := h.rung("1001")
		h.answer(again)
		if c.Sound.Now() != "with "+again.Name {
			t.Errorf("after the ring-back the caller hears %q", c.Sound.Now())
		}
		leave(again)
		h.rung("1001")
		h.after(20 * time.Second)
		if c.next != "700" {
			t.Errorf("he goes on to %q", c.next)
		}
		if c.call.Value("priority") == "" {
			t.Error("he is not first in line")
		}
		h.states("1001 wrap-up")
		other.End(call.Normal)
	})
}

// TestWhoIsHeldIsThanked for each half minute, over the music that goes on.
func TestWhoIsHeldIsThanked(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.HoldReminder = config.Duration(30 * time.Second) }, func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		h.answer(l)
		thanked := func() (n int) {
			for _, line := range c.Log() {
				if line == "hears program en/thanks default" {
					n++
				}
			}
			return n
		}
		h.after(time.Minute)
		l.Post(call.Held{Leg: l.ID()})
		h.after(30*time.Second - time.Millisecond)
		if n := thanked(); n != 0 {
			t.Errorf("thanked %d times before the time", n)
		}
		h.after(30*time.Second + time.Millisecond)
		if n := thanked(); n != 2 {
			t.Errorf("thanked %d times in a minute, want 2", n)
		}
		l.Post(call.Resumed{Leg: l.ID()})
		h.after(time.Minute)
		if n := thanked(); n != 2 || c.Sound.Now() != "with "+l.Name {
			t.Errorf("thanked %d times; then he hears %q", n, c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

// TestAnAgentWhoTalksHangsUpAsEver: only a hold that lasts to the end is one.
func TestAnAgentWhoTalksHangsUpAsEver(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		h.answer(l)
		l.Post(call.Held{Leg: l.ID()})
		l.Post(call.Resumed{Leg: l.ID()})
		l.End(call.Normal)
		h.after(time.Second)
		if _, ended := c.Ended(); !ended {
			t.Error("the caller's call goes on")
		}
		h.quiet("1001")
	})
}
