package queue

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// wishing is a queue with an agent, who is busy, and callbacks by key 2.
func wishing(q *config.Queue) { agentFirst(q); q.Callback.Key = "2" }

// wishes is a house where the only agent talks.
func wishes(t *testing.T, change func(*config.Queue), test func(h *house, talk *caller)) {
	bubble(t, change, func(h *house) {
		h.config.System.Country = "IR"
		cfg := h.config
		h.floor.Reload(&cfg)
		synctest.Wait()
		talk := h.arrive("09110000000")
		h.answer(h.rung("1001"))
		test(h, talk)
	})
}

func (c *caller) keys(keys string) {
	for _, k := range []byte(keys) {
		c.Press(k)
		synctest.Wait()
	}
}

func (h *house) place(number string) int {
	synctest.Wait()
	for _, w := range h.floor.Board().Queues[0].Waiting {
		if w.Callback && w.Party.Number == number {
			return w.Position
		}
	}
	return 0
}

func TestCallerAsksToBeCalledBack(t *testing.T) {
	wishes(t, wishing, func(h *house, talk *caller) {
		first, second := h.arrive("+989121234567"), h.arrive("09130000000")
		h.after(time.Second)
		first.keys("2")
		hears(t, first.Leg, "en/callback-number", "en/number-0 en/number-9 en/number-1 en/number-2", "en/callback-right")
		first.keys("1")
		hears(t, first.Leg, "en/callback-kept")
		h.after(5 * time.Second)
		if _, ended := first.Ended(); !ended {
			t.Error("the caller was not let go")
		}
		if h.place("09121234567") != 1 {
			t.Errorf("waiting: %+v", h.floor.Board().Queues[0].Waiting)
		}
		// He is called before who came after him.
		h.customer("09121234567")
		talk.End(call.Normal)
		h.after(10 * time.Second)
		h.answer(h.rung("1001"))
		h.after(2 * time.Second)
		h.answer(h.rung("09121234567"))
		h.states("1001 talking")
		if strings.HasPrefix(second.Sound.Now(), "with") {
			t.Error("the second was served first")
		}
		if got := h.life(first.call.ID()); got != "requested, dialled 1001, answered, connected 1001" {
			t.Errorf("told: %s", got)
		}
		if got := h.steps(first); got[len(got)-1] != "queue-left 1: callback" {
			t.Errorf("steps: %q", got)
		}
		second.End(call.Normal)
	})
}

func TestCallerKeysInAnotherNumber(t *testing.T) {
	wishes(t, wishing, func(h *house, talk *caller) {
		c := h.arrive("")
		h.after(time.Second)
		c.keys("2")
		hears(t, c.Leg, "en/callback-key-in")
		c.keys("00447700900123#") // abroad
		hears(t, c.Leg, "en/callback-not-there")
		c.keys("09091234567#") // costs extra
		c.keys("02188776655")
		h.after(between)
		hears(t, c.Leg, "en/callback-right")
		c.keys("2")
		c.keys("02188776656#1")
		h.after(5 * time.Second)
		if h.place("02188776656") != 1 {
			t.Errorf("waiting: %+v", h.floor.Board().Queues[0].Waiting)
		}
		talk.End(call.Normal)
	})
}

func TestWhoSaysNothingWaitsOn(t *testing.T) {
	wishes(t, wishing, func(h *house, talk *caller) {
		c := h.arrive("09121234567")
		h.after(time.Second)
		c.keys("2")
		h.after(time.Minute)
		c.keys("9") // of no meaning any more
		if h.place("09121234567") != 0 || !strings.HasSuffix(c.Sound.Now(), "default") {
			t.Errorf("he hears %q", c.Sound.Now())
		}
		c.keys("2*")
		talk.End(call.Normal)
		h.after(10 * time.Second)
		h.answer(h.rung("1001"))
		c.keys("1")
		if c.Sound.Now() != "with 1001-2" {
			t.Errorf("he hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

// TestAnAgentEndsTheWish: who is served while he keys is not called back too.
func TestAnAgentEndsTheWish(t *testing.T) {
	wishes(t, wishing, func(h *house, talk *caller) {
		c := h.arrive("09121234567")
		talk.End(call.Normal)
		h.after(9 * time.Second)
		c.keys("2")
		h.after(time.Second)
		h.answer(h.rung("1001"))
		c.keys("1")
		if c.Sound.Now() != "with 1001-2" || h.place("09121234567") != 0 {
			t.Errorf("he hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

func TestTheKeyIsOffered(t *testing.T) {
	after := func(q *config.Queue) { wishing(q); q.Callback.OfferAfter = config.Duration(30 * time.Second) }
	wishes(t, after, func(h *house, talk *caller) {
		c := h.arrive("09121234567")
		h.after(29 * time.Second)
		if strings.Contains(strings.Join(c.Log(), " "), "callback-offer") {
			t.Error("offered too soon")
		}
		h.after(2 * time.Second)
		hears(t, c.Leg, "en/callback-offer-before en/number-2")
		c.End(call.Normal)
		talk.End(call.Normal)
	})
}

func TestASupervisorAsksForACallback(t *testing.T) {
	wishes(t, wishing, func(h *house, talk *caller) {
		later := time.Now().Add(time.Hour)
		id, err := h.floor.CallBack("700", "09121234567", "Omid", later)
		if err != nil || h.place("09121234567") != 1 {
			t.Fatalf("%v %v", id, err)
		}
		if _, err := h.floor.CallBack("700", "09121234567", "", time.Time{}); err != ErrRefused {
			t.Errorf("twice: %v", err)
		}
		for _, number := range []string{"110", "00447700900123", "0909123", "12", "09", "*21#", ""} {
			if _, err := h.floor.CallBack("700", number, "", time.Time{}); err != ErrBarred {
				t.Errorf("%q: %v", number, err)
			}
		}
		talk.End(call.Normal)
		h.after(time.Minute)
		h.quiet("1001") // it is not the time yet
		if h.floor.CallBackNow(id) != nil || h.floor.CallBackNow("nobody") != ErrGone {
			t.Error("not called now")
		}
		agent := h.rung("1001")
		if h.floor.Withdraw(id) != nil {
			t.Error("not withdrawn")
		}
		synctest.Wait()
		if _, ended := agent.Ended(); !ended || h.place("09121234567") != 0 {
			t.Error("it still rings")
		}
		h.states("1001 free")
	})
}
