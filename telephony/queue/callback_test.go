package queue

import (
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
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

func (h *house) originate(a call.Arrival) (*call.Call, func(Step)) {
	c := call.Originate(a, call.Options{Clock: clock.System(), Journal: h.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	h.begun = append(h.begun, c)
	return c, func(first Step) {
		h.calls.Go(func() { c.Run(func(c *call.Call) call.Cause { _, cause := first(c); return cause }) })
	}
}

// reach finds the phones of customers among those of agents; a second trunk has its own.
func (h *house) reach(number, _ string) ([]call.Endpoint, call.Offer, bool) {
	return append(h.endpoints(number), h.endpoints(number+" again")...), call.Offer{Called: number}, false
}

// customer gives a number a phone that can be called.
func (h *house) customer(number string) *calltest.Phone {
	p := calltest.NewPhone(number, clock.System())
	h.plug(number, p)
	return p
}

// callBack puts a number in line and waits until the floor knows.
func (h *house) callBack(number string) {
	h.floor.inbox.post(request{event: acd.CallbackAsked{Call: "asking", Queue: "700", Number: number}})
	synctest.Wait()
}

// life is the words of the callback's life on the call that asked.
func (h *house) life(id call.ID) string {
	synctest.Wait()
	var list []string
	for _, s := range h.journal.Steps() {
		if s.Call == id && s.Type == call.StepCallback {
			word := s.Value
			for _, part := range []string{s.Agent, s.Cause} {
				if part != "" {
					word += " " + part
				}
			}
			list = append(list, word)
		}
	}
	return strings.Join(list, ", ")
}

func hears(t *testing.T, l *calltest.Leg, want ...string) {
	t.Helper()
	synctest.Wait()
	log := strings.Join(l.Log(), "\n")
	for _, w := range want {
		if !strings.Contains(log, w) {
			t.Errorf("%s has not heard %q:\n%s", l.Name, w, log)
		}
	}
}

func agentFirst(q *config.Queue) { q.Agents = config.QueueAgents("1001") }

func customerFirst(q *config.Queue) { agentFirst(q); q.Callback.CustomerFirst = true }

func TestAgentFirstIsCalledBack(t *testing.T) {
	bubble(t, agentFirst, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		agent := h.rung("1001")
		if o := h.phones["1001"].Offer(); o.Caller.Number != "0912" || o.Called != "700" {
			t.Errorf("the agent's phone was told %+v", o)
		}
		h.quiet("0912")
		h.answer(agent)
		hears(t, agent, "en/callback", "en/number-9")
		h.quiet("0912") // before he has heard whom
		h.after(time.Second)
		customer := h.rung("0912")
		hears(t, agent, "ringback")
		h.answer(customer)
		if customer.Sound.Now() != "with "+agent.Name {
			t.Errorf("the customer hears %q, the agent %q", customer.Sound.Now(), agent.Sound.Now())
		}
		h.states("1001 talking")
		if w := h.floor.Board().Queues[0].Waiting; len(w) != 0 {
			t.Errorf("still waiting: %+v", w)
		}
		h.after(time.Minute)
		agent.End(call.Normal)
		h.states("1001 wrap-up")
		if _, ended := customer.Ended(); !ended {
			t.Error("the customer was not hung up")
		}
		if got := h.life("asking"); got != "requested, dialled 1001, answered, connected 1001" {
			t.Errorf("told: %s", got)
		}
		if len(h.floor.recalls)+len(h.floor.visits) != 0 {
			t.Errorf("left over: %d recalls, %d visits", len(h.floor.recalls), len(h.floor.visits))
		}
	})
}

func TestCustomerFirstIsCalledBack(t *testing.T) {
	bubble(t, customerFirst, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		customer := h.rung("0912")
		h.states("1001 reserved")
		h.quiet("1001")
		h.answer(customer)
		hears(t, customer, "en/callback-hello", "en/callback-hold")
		agent := h.rung("1001")
		h.answer(agent)
		if customer.Sound.Now() != "with "+agent.Name {
			t.Errorf("the customer hears %q", customer.Sound.Now())
		}
		customer.End(call.Normal)
		h.states("1001 wrap-up")
		if got := h.life("asking"); got != "requested, dialled 1001, answered, connected 1001" {
			t.Errorf("told: %s", got)
		}
	})
}

func TestCustomerFirstWaitsForAnotherAgent(t *testing.T) {
	two := func(q *config.Queue) { q.Callback.CustomerFirst = true }
	bubble(t, two, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		customer := h.rung("0912")
		h.answer(customer)
		h.rung("1001").End(call.Rejected)
		h.answer(h.rung("1002"))
		if customer.Sound.Now() != "with 1002-1" {
			t.Errorf("the customer hears %q", customer.Sound.Now())
		}
		h.states("1001 missed, 1002 talking")
		customer.End(call.Normal)
		h.states("1001 missed, 1002 wrap-up")
	})
}

func TestCustomerDoesNotAnswer(t *testing.T) {
	bubble(t, agentFirst, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		for try := range 2 {
			if try > 0 {
				h.after(5*time.Minute - 2*time.Second)
				h.quiet("1001")
				h.after(2 * time.Second)
			}
			agent := h.rung("1001")
			h.answer(agent)
			h.after(time.Second)
			customer := h.rung("0912")
			h.after(customerRings)
			if cause, ended := customer.Ended(); !ended || cause != call.NoAnswer {
				t.Errorf("the customer's phone: %v %v", cause, ended)
			}
			h.after(time.Second)
			hears(t, agent, "en/callback-failed")
			if _, ended := agent.Ended(); !ended {
				t.Error("the agent was not let go")
			}
			h.states("1001 free")
		}
		if got := h.life("asking"); got != "requested, dialled 1001, failed no-answer, dialled 1001, failed no-answer, expired" {
			t.Errorf("told: %s", got)
		}
		h.after(time.Hour)
		h.quiet("1001")
	})
}

func TestAgentHangsUpWhileTheCustomerIsDialled(t *testing.T) {
	bubble(t, keep, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		first := h.rung("1001")
		h.answer(first)
		h.after(time.Second)
		customer := h.rung("0912")
		first.End(call.Normal)
		synctest.Wait()
		if _, ended := customer.Ended(); !ended {
			t.Error("the customer's phone still rings")
		}
		second := h.rung("1002")
		h.answer(second)
		h.after(time.Second)
		h.answer(h.rung("0912"))
		if second.Sound.Now() != "with 0912-2" {
			t.Errorf("the second agent hears %q", second.Sound.Now())
		}
	})
}

func TestTheNextTrunkIsTried(t *testing.T) {
	bubble(t, customerFirst, func(h *house) {
		h.customer("0912")
		h.customer("0912 again")
		h.callBack("0912")
		h.rung("0912").End(call.NetworkFailure)
		h.answer(h.rung("0912 again"))
		h.answer(h.rung("1001"))
		h.states("1001 talking")
	})
	bubble(t, customerFirst, func(h *house) {
		h.customer("0912")
		h.customer("0912 again")
		h.callBack("0912")
		h.rung("0912").End(call.Busy) // the next would reach the same phone
		h.quiet("0912 again")
		h.states("1001 free")
	})
}

func TestAMachineDoesNotConfirm(t *testing.T) {
	confirm := func(q *config.Queue) { customerFirst(q); q.Callback.Confirm, q.Callback.Tries = true, 1 }
	bubble(t, confirm, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		machine := h.rung("0912")
		h.answer(machine)
		hears(t, machine, "en/callback-press")
		h.after(confirmWithin + time.Second)
		if _, ended := machine.Ended(); !ended {
			t.Error("the machine was not hung up")
		}
		h.states("1001 free")
		h.callBack("0912")
		person := h.rung("0912")
		h.answer(person)
		h.quiet("1001")
		person.Press('1')
		h.answer(h.rung("1001"))
		if person.Sound.Now() != "with 1001-1" {
			t.Errorf("the customer hears %q", person.Sound.Now())
		}
	})
}

func TestWhoIsCalledBackCallsHimself(t *testing.T) {
	bubble(t, agentFirst, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		agent := h.rung("1001")
		h.answer(agent)
		h.after(time.Second)
		customer := h.rung("0912")
		c := h.arrive("0912")
		if _, ended := customer.Ended(); !ended {
			t.Error("his other phone still rings")
		}
		if _, ended := agent.Ended(); !ended {
			t.Error("the agent was not let go")
		}
		h.answer(h.rung("1001"))
		if c.Sound.Now() != "with 1001-2" {
			t.Errorf("he hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
		if got := h.life("asking"); got != "requested, dialled 1001, merged" {
			t.Errorf("told: %s", got)
		}
	})
}

func TestCallbackOnlyInItsHours(t *testing.T) {
	hours := func(q *config.Queue) { agentFirst(q); q.Callback.From, q.Callback.Until = "08:00", "20:00" }
	bubble(t, hours, func(h *house) { // it is midnight, the first of January 2000
		h.customer("0912")
		h.callBack("0912")
		h.after(8*time.Hour - time.Second)
		h.quiet("1001")
		h.after(2 * time.Second)
		h.rung("1001").End(call.Rejected)
		h.plug("1001", nil)
		h.after(13 * time.Hour)
		h.plug("1001", calltest.NewPhone("1001", clock.System()))
		h.quiet("1001")
	})
}

func TestCallbackOutlivesARestart(t *testing.T) {
	bubble(t, agentFirst, func(h *house) {
		h.customer("0912")
		h.callBack("0912")
		agent := h.rung("1001")
		h.answer(agent)
		h.after(time.Second)
		h.rung("0912")
		h.stop()
		h.start()
		if _, ended := agent.Ended(); !ended {
			t.Error("the call of before still goes on")
		}
		h.answer(h.rung("1001"))
		h.after(time.Second)
		h.answer(h.rung("0912"))
		h.states("1001 talking")
		if got := h.life("asking"); !strings.HasSuffix(got, "connected 1001") || strings.Count(got, "dialled") != 2 {
			t.Errorf("told: %s", got)
		}
	})
}

// TestNeverMoreDialsThanAgents lets seeds decide what everybody does.
func TestNeverMoreDialsThanAgents(t *testing.T) {
	for seed := range uint64(40) {
		first := seed%2 == 0
		change := func(q *config.Queue) {
			q.Callback.CustomerFirst, q.Callback.Confirm, q.WrapUp = first, seed%3 == 0, config.Duration(time.Second)
		}
		bubble(t, change, func(h *house) { h.storm(seed) })
	}
}

// storm has customers and agents do what a seed says, and then waits until all is over.
func (h *house) storm(seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	numbers := []string{"0911", "0912", "0913", "0914"}
	for _, n := range numbers {
		h.customer(n)
	}
	var agents, customers []*calltest.Leg
	look := func() {
		synctest.Wait()
		for ext, p := range h.phones {
			for {
				select {
				case l := <-p.Rung:
					if strings.HasPrefix(ext, "1") {
						agents = append(agents, l)
					} else {
						customers = append(customers, l)
					}
					continue
				default:
				}
				break
			}
		}
		ended := func(l *calltest.Leg) bool { _, e := l.Ended(); return e }
		agents, customers = slices.DeleteFunc(agents, ended), slices.DeleteFunc(customers, ended)
		if len(customers) > 2 {
			h.Fatalf("seed %d: %d customers on the phone for 2 agents", seed, len(customers))
		}
	}
	act := func(legs []*calltest.Leg) {
		if len(legs) == 0 {
			return
		}
		l := legs[rnd.IntN(len(legs))]
		switch rnd.IntN(5) {
		case 0, 1, 2:
			l.Post(call.Answered{Leg: l.ID()})
		case 3:
			l.Press('1')
		case 4:
			l.End([]call.Cause{call.Normal, call.Busy, call.NetworkFailure}[rnd.IntN(3)])
		}
	}
	asked := 0
	for range 200 {
		switch rnd.IntN(6) {
		case 0:
			if asked < 30 {
				asked++
				h.callBack(numbers[rnd.IntN(len(numbers))])
			}
		case 1, 2:
			act(agents)
		case 3, 4:
			act(customers)
		case 5:
			time.Sleep(time.Duration(rnd.IntN(8000)) * time.Millisecond)
		}
		look()
	}
	for range 300 { // everybody answers, then hangs up
		for _, l := range append(agents, customers...) {
			l.Post(call.Answered{Leg: l.ID()})
			l.Press('1')
		}
		time.Sleep(20 * time.Second)
		look()
		if rnd.IntN(2) == 0 {
			for _, l := range customers {
				l.End(call.Normal)
			}
		}
		time.Sleep(time.Minute)
		look()
	}
	for _, l := range append(agents, customers...) {
		l.End(call.Normal)
	}
	h.after(time.Hour)
	look()
	h.states("1001 free, 1002 free")
	if len(h.floor.recalls)+len(h.floor.visits)+len(h.floor.Board().Queues[0].Waiting) != 0 {
		h.Errorf("seed %d: left over: %d recalls, %d visits, waiting %+v", seed, len(h.floor.recalls), len(h.floor.visits), h.floor.Board().Queues[0].Waiting)
	}
}
