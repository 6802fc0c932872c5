package queue

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
	"github.com/pasokh/pasokh/telephony/speech"
)

func TestCallerIsServed(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		if now := c.Sound.Now(); !strings.Contains(now, "queue-next") || !strings.HasSuffix(now, "default") || strings.Contains(now, "queue-joined") {
			t.Errorf("caller hears %q, want the position and then music", now)
		}
		l := h.rung("1001")
		if o := h.phones["1001"].Offer(); o.Caller.Name != "caller" || o.Called != "700" || len(o.Via) != 1 || o.Via[0] != "sales" {
			t.Errorf("the phone was told %+v", o)
		}
		h.states("1001 ringing, 1002 free")
		h.after(4 * time.Second)
		h.answer(l)
		if c.Sound.Now() != "with "+l.Name || l.Sound.Now() != "with 0912" {
			t.Errorf("caller hears %q, agent %q", c.Sound.Now(), l.Sound.Now())
		}
		b := h.floor.Board()
		if q := b.Queues[0]; q.Talking != 1 || len(q.Waiting) != 0 {
			t.Errorf("board while they talk: %+v", q)
		}
		if a := h.agent("1001"); a.State != "talking" || a.Call != c.call.ID() || a.Name != "Ali" || a.Queue != "700" {
			t.Errorf("agent while talking: %+v", a)
		}
		h.after(time.Minute)
		l.End(call.Normal)
		h.states("1001 wrap-up, 1002 free")
		if cause, ended := c.Ended(); !ended || cause != call.Normal || c.next != "" {
			t.Errorf("caller ended %v %v next %q", ended, cause, c.next)
		}
		h.after(10 * time.Second)
		h.states("1001 free, 1002 free")
		h.wantSteps(c,
			"queue-joined 1",
			"queue-announced 1",
			"queue-offered 1001: first free in the list; 1002 later in the list",
			"queue-connected 1001",
			"wrap-up 1001 10",
			"ready 1001")
	})
}

func TestUnansweredAndRefusedOffersGoOn(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		first := h.rung("1001")
		h.after(20 * time.Second)
		if cause, ended := first.Ended(); !ended || cause != call.NoAnswer {
			t.Errorf("first phone after the ring time: %v %v", ended, cause)
		}
		h.rung("1002").End(call.Rejected)
		h.states("1001 missed, 1002 missed")
		h.quiet("1001")
		h.after(5 * time.Second)
		h.answer(h.rung("1001"))
		c.End(call.Normal)
		h.states("1001 wrap-up, 1002 free")
		got := strings.Join(h.steps(c), "\n")
		for _, want := range []string{"queue-missed 1001 no-answer", "queue-missed 1002 rejected", "queue-connected 1001"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
	})
}

func TestAbandonWhileRinging(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		c.End(call.Normal)
		synctest.Wait()
		if cause, ended := l.Ended(); !ended || cause != call.Cancelled {
			t.Errorf("the agent's phone: ended %v %v", ended, cause)
		}
		h.states("1001 free, 1002 free")
		h.wantSteps(c, "queue-joined 1", "queue-announced 1",
			"queue-offered 1001: first free in the list; 1002 later in the list", "queue-left 1: abandoned")
	})
}

func TestWrapUpThenTheNextCaller(t *testing.T) {
	one := func(q *config.Queue) { q.Agents = config.QueueAgents("1001") }
	bubble(t, one, func(h *house) {
		a, b, c := h.arrive("a"), h.arrive("b"), h.arrive("c")
		h.answer(h.rung("1001"))
		if !strings.Contains(b.Sound.Now(), "queue-joined") || !strings.Contains(b.Sound.Now(), "number-2") {
			t.Errorf("b hears %q too soon after the last announcement", b.Sound.Now())
		}
		h.after(announceGap)
		if !strings.Contains(b.Sound.Now(), "queue-next") || !strings.Contains(c.Sound.Now(), "number-2") {
			t.Errorf("after the gap b hears %q and c %q", b.Sound.Now(), c.Sound.Now())
		}
		a.End(call.Normal)
		h.after(10*time.Second - time.Millisecond)
		h.quiet("1001")
		h.after(time.Millisecond)
		h.answer(h.rung("1001"))
		if b.Sound.Now() != "with 1001-2" {
			t.Errorf("b hears %q, want the agent", b.Sound.Now())
		}
		if w := h.floor.Board().Queues[0].Waiting; len(w) != 1 || w[0].Call != c.call.ID() || w[0].Position != 1 {
			t.Errorf("waiting: %+v", w)
		}
		b.End(call.Normal)
		c.End(call.Normal)
	})
}

func TestTwoCallersTwoAgents(t *testing.T) {
	bubble(t, keep, func(h *house) {
		a, b := h.arrive("a"), h.arrive("b")
		la, lb := h.rung("1001"), h.rung("1002")
		h.answer(lb)
		h.answer(la)
		if a.Sound.Now() != "with 1001-1" || b.Sound.Now() != "with 1002-1" {
			t.Errorf("a hears %q, b hears %q", a.Sound.Now(), b.Sound.Now())
		}
		if h.phones["1002"].Offer().Language != "fa" {
			t.Error("the agent's own language was not told")
		}
		a.End(call.Normal)
		b.End(call.Normal)
	})
}

func TestRingAllConnectsOneAgent(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Strategy = config.RingAll }, func(h *house) {
		c := h.arrive("c")
		one, two := h.rung("1001"), h.rung("1002")
		// Both pick up before the call has heard of either.
		one.Post(call.Answered{Leg: one.ID()})
		two.Post(call.Answered{Leg: two.ID()})
		h.states("1001 talking, 1002 free")
		h.excused(two)
		if c.Sound.Now() != "with 1001-1" {
			t.Errorf("caller hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

func TestAgentComesOnlineAndGoesBusy(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1003") }, func(h *house) {
		h.states("1003 offline")
		c := h.arrive("c")
		h.floor.Busy("1003", true)
		h.plug("1003", calltest.NewPhone("1003", clock.System()))
		h.states("1003 busy")
		h.quiet("1003")
		h.floor.Busy("1003", false)
		l := h.rung("1003")
		h.floor.Busy("1003", true) // he picks up another call meanwhile
		synctest.Wait()
		if cause, ended := l.Ended(); !ended || cause != call.Cancelled {
			t.Errorf("the withdrawn phone: ended %v %v", ended, cause)
		}
		h.floor.Busy("1003", false)
		h.answer(h.rung("1003"))
		h.plug("1003", nil)
		h.states("1003 talking")
		c.End(call.Normal)
		h.states("1003 offline")
	})
}

func TestLimits(t *testing.T) {
	limits := func(q *config.Queue) {
		q.Agents, q.MaxCallers, q.MaxWait = config.QueueAgents("1003"), 2, config.Duration(time.Minute)
	}
	bubble(t, limits, func(h *house) {
		a, b, c := h.arrive("a"), h.arrive("b"), h.arrive("c")
		h.after(time.Second)
		if cause, ended := c.Ended(); !ended || cause != call.Busy {
			t.Errorf("third caller: ended %v %v", ended, cause)
		}
		if log := strings.Join(c.Log(), "\n"); !strings.Contains(log, "queue-full") {
			t.Errorf("third caller was told\n%s", log)
		}
		h.wantSteps(c, "queue-refused: full")
		h.after(time.Minute)
		for _, x := range []*caller{a, b} {
			if cause, ended := x.Ended(); !ended || cause != call.NoAnswer {
				t.Errorf("%s: ended %v %v", x.Name, ended, cause)
			}
		}
		h.wantSteps(a, "queue-joined 1", "queue-announced 1", "queue-left 1: timeout")
	})
	bubble(t, func(q *config.Queue) { limits(q); q.Otherwise, q.MaxCallers = "1001", 0 }, func(h *house) {
		c := h.arrive("c")
		h.after(time.Minute)
		if c.next != "1001" {
			t.Errorf("after the longest wait the call goes to %q", c.next)
		}
	})
}

func TestApologiesCanBeSaid(t *testing.T) {
	known := map[string]bool{}
	for _, u := range speech.Catalogue() {
		known[u.Key] = true
	}
	for _, reason := range []acd.Reason{acd.Full, acd.Timeout, acd.Empty, acd.Closed} {
		if phrase, _ := apology(reason); !known[phrase] {
			t.Errorf("nobody can say %q", phrase)
		}
	}
}

func TestZeroLeaves(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Operator, q.Otherwise = "1009", "1008" }, func(h *house) {
		c := h.arrive("c")
		l := h.rung("1001")
		c.Press('5')
		c.Press('0')
		synctest.Wait()
		if _, ended := l.Ended(); !ended || c.next != "1009" {
			t.Errorf("agent's phone stopped: %v; next %q", ended, c.next)
		}
		h.states("1001 free, 1002 free")
	})
	bubble(t, keep, func(h *house) {
		c := h.arrive("c")
		c.Press('0')
		synctest.Wait()
		if _, ended := c.Ended(); ended {
			t.Error("0 ended the call although it leads nowhere")
		}
		c.End(call.Normal)
	})
}

func TestAnnouncementsRepeat(t *testing.T) {
	quiet := func(q *config.Queue) {
		q.Agents, q.AnnounceEvery = config.QueueAgents("1003"), config.Duration(30*time.Second)
	}
	bubble(t, quiet, func(h *house) {
		c := h.arrive("c")
		h.after(95 * time.Second)
		h.wantSteps(c, "queue-joined 1", "queue-announced 1", "queue-announced 1", "queue-announced 1", "queue-announced 1")
		c.End(call.Normal)
	})
}

func TestReload(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1003") }, func(h *house) {
		a, b := h.arrive("a"), h.arrive("b")
		next := h.config
		next.Queues = append([]config.Queue(nil), next.Queues...)
		next.Queues[0].Agents = config.QueueAgents("1001")
		h.floor.Reload(&next)
		h.answer(h.rung("1001"))
		if a.Sound.Now() != "with 1001-1" {
			t.Errorf("the first in line hears %q", a.Sound.Now())
		}
		gone := config.Config{Extensions: next.Extensions}
		h.floor.Reload(&gone)
		h.after(time.Second)
		h.wantSteps(b, "queue-joined 2", "queue-announced 2", "queue-left 1: closed")
		h.states("1001 talking")
		a.End(call.Normal)
		h.states("")
	})
}

func TestAgentHangsUpAtOnce(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("c")
		l := h.rung("1001")
		l.Post(call.Answered{Leg: l.ID()})
		l.End(call.Normal)
		synctest.Wait()
		// Either they talked for no time, or the caller goes back into line.
		if _, ended := c.Ended(); !ended && c.next != "700" {
			t.Errorf("caller hangs in the air: hears %q", c.Sound.Now())
		}
		h.states("1001 wrap-up, 1002 free")
	})
}

func TestClosedFloorSendsCallersAway(t *testing.T) {
	var left *caller
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1003") }, func(h *house) { left = h.arrive("c") })
	if left.cause != call.NoAnswer {
		t.Errorf("caller of a closing floor left with %v", left.cause)
	}
}

// TestHundredCalls lets callers and agents do as they like and looks for what
// they leave behind; the bubble itself fails if a goroutine stays.
func TestHundredCalls(t *testing.T) {
	many := func(q *config.Queue) {
		q.Agents = config.QueueAgents("1001", "1002")
		q.Strategy, q.MaxWait, q.MaxCallers = config.LongestIdle, config.Duration(5*time.Minute), 8
		q.Operator, q.AnnounceEvery = "1009", config.Duration(20*time.Second)
	}
	bubble(t, many, func(h *house) {
		some := func(r *rand.Rand, max int) time.Duration { return time.Duration(r.IntN(max*1000)) * time.Millisecond }
		for i, ext := range []string{"1001", "1002"} {
			phone, r := h.phones[ext], rand.New(rand.NewPCG(1, uint64(i)))
			go func() {
				for l := range phone.Rung {
					l.Post(call.Ringing{Leg: l.ID()})
					switch d := some(r, 30); r.IntN(4) {
					case 0:
						time.AfterFunc(d, func() { l.End(call.Busy) })
					case 1, 2:
						time.AfterFunc(d, func() { l.Post(call.Answered{Leg: l.ID()}) })
						time.AfterFunc(d+some(r, 60), func() { l.End(call.Normal) })
					}
				}
			}()
		}
		var all []*caller
		r := rand.New(rand.NewPCG(2, 2))
		for i := range 100 {
			c := h.arrive(fmt.Sprint("c", i))
			all = append(all, c)
			switch r.IntN(3) {
			case 0:
				time.AfterFunc(some(r, 120), func() { c.End(call.Normal) })
			case 1:
				time.AfterFunc(some(r, 400), func() { c.Press('0') })
			}
			h.after(some(r, 15))
		}
		h.after(time.Hour)
		results := map[call.StepType]int{}
		for _, c := range all {
			if _, ended := c.Ended(); !ended {
				t.Errorf("%s never ended", c.call)
			}
			last := call.StepType("")
			for _, s := range h.journal.Steps() {
				switch {
				case s.Call != c.call.ID():
				case s.Type == call.StepQueueConnected, s.Type == call.StepQueueLeft, s.Type == call.StepQueueRefused:
					if last != "" {
						t.Errorf("%s: %s after %s", c.call, s.Type, last)
					}
					last = s.Type
				}
			}
			results[last]++
		}
		if results[call.StepQueueConnected] < 10 || results[call.StepQueueLeft] < 10 || results[""] != 0 {
			t.Errorf("results: %v", results)
		}
		h.states("1001 free, 1002 free")
		if q := h.floor.Board().Queues[0]; len(q.Waiting) != 0 || q.Talking != 0 {
			t.Errorf("board: %+v", q)
		}
		close(h.phones["1001"].Rung)
		close(h.phones["1002"].Rung)
	})
}
