package queue

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// closed is a queue whose only agent has no phone but is there.
func closed(q *config.Queue) { q.Agents = config.QueueAgents("1003") }

// TestOneOfTwoSupervisorsTakesTheCaller: both phones ring, who is up first has him.
func TestOneOfTwoSupervisorsTakesTheCaller(t *testing.T) {
	bubble(t, closed, func(h *house) {
		c := h.arrive("0912")
		for _, ext := range []string{"1001", "1002"} {
			if err := h.floor.Take(c.call.ID(), ext); err != nil {
				t.Fatal(err)
			}
		}
		one, two := h.rung("1001"), h.rung("1002")
		two.Party.Number = "1002"
		two.Post(call.Answered{Leg: two.ID()})
		one.Post(call.Answered{Leg: one.ID()})
		synctest.Wait()
		if cause, ended := one.Ended(); !ended || cause != call.Elsewhere {
			t.Errorf("who was second: ended %v %v", ended, cause)
		}
		if c.Sound.Now() != "with 1002-1" || len(h.floor.Board().Queues[0].Waiting) != 0 {
			t.Errorf("the caller hears %q; the board says %+v", c.Sound.Now(), h.floor.Board().Queues[0])
		}
		if err := h.floor.Take(c.call.ID(), "1001"); err != ErrGone {
			t.Errorf("taking him again: %v", err)
		}
		two.End(call.Normal)
		h.after(time.Second)
		h.want(h.events(call.StepSupervised, call.StepQueueLeft), "supervised took", "queue-left 1 taken")
		if cause, ended := c.Ended(); !ended || cause != call.Normal {
			t.Errorf("the caller ended %v %v", ended, cause)
		}
	})
}

// TestASupervisorJoinsAndAnAgentIsTooLate: the agent who picks up at the same moment is
// hung up, and is not talking for the floor.
func TestASupervisorJoinsAndAnAgentIsTooLate(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		agent := h.rung("1001")
		boss := calltest.NewLeg("1009", clock.System())
		if to := h.floor.First("700"); to != c.call {
			t.Fatalf("first in line is %v", to)
		}
		c.call.Post(call.Join{By: boss})
		agent.Post(call.Answered{Leg: agent.ID()})
		h.after(time.Second)
		if c.Sound.Now() != "with 1009" {
			t.Errorf("the caller hears %q", c.Sound.Now())
		}
		if _, ended := agent.Ended(); !ended {
			t.Error("the agent's phone is still up")
		}
		if a := h.agent("1001"); a.State == string(acd.Talking) || a.State == string(acd.Ringing) {
			t.Errorf("the agent is %s", a.State)
		}
		boss.End(call.Normal)
	})
}

// TestATakerDoesNotAnswer: the caller waits on.
func TestATakerDoesNotAnswer(t *testing.T) {
	bubble(t, closed, func(h *house) {
		c := h.arrive("0912")
		if err := h.floor.Take(c.call.ID(), "1009"); err != ErrNoPhone {
			t.Errorf("without a phone: %v", err)
		}
		_ = h.floor.Take(c.call.ID(), "1001")
		l := h.rung("1001")
		h.after(takeRing)
		if cause, ended := l.Ended(); !ended || cause != call.NoAnswer {
			t.Errorf("the phone that rang: ended %v %v", ended, cause)
		}
		if w := h.floor.Board().Queues[0].Waiting; len(w) != 1 || !strings.HasSuffix(c.Sound.Now(), "default") {
			t.Errorf("in line are %+v; the caller hears %q", w, c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

// TestWhatASupervisorCannotDo is refused with its reason.
func TestWhatASupervisorCannotDo(t *testing.T) {
	bubble(t, keep, func(h *house) {
		by := call.Party{Name: "owner"}
		for what, is := range map[string][2]error{
			"no agent":      {h.floor.Set("1009", "", acd.Pause, "", by), ErrNoAgent},
			"another queue": {h.floor.Set("1001", "701", acd.Pause, "", by), ErrNoAgent},
			"no wrap-up":    {h.floor.WrapUp("1001", 0, by), ErrNoWrap},
			"no caller":     {h.floor.Move("x", "", true, by), ErrGone},
			"log out":       {h.floor.Set("1001", "700", acd.LogOut, "", by), nil},
			"gone":          {h.floor.Take("x", "1001"), ErrGone},
		} {
			if is[0] != is[1] {
				t.Errorf("%s: %v, want %v", what, is[0], is[1])
			}
		}
		h.want([]string{h.agent("1001").State}, "logged-out")
		if err := h.floor.Set("1001", "", acd.Pause, "", by); err != ErrOut {
			t.Errorf("a rest of who is logged out: %v", err)
		}
		c := h.arrive("0912")
		if err := h.floor.Move(c.call.ID(), "799", false, by); err != ErrNoQueue {
			t.Errorf("to a queue that is not: %v", err)
		}
		c.End(call.Normal)
	})
}
