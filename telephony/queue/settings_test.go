package queue

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// TestTheCoreKnowsAllOfTheConfiguration: the names of the two rooms are the same.
func TestTheCoreKnowsAllOfTheConfiguration(t *testing.T) {
	for i, s := range config.QueueStrategies() {
		if string(acd.Strategies()[i]) != string(s) {
			t.Errorf("%s is %s in the core", s, acd.Strategies()[i])
		}
	}
	q := config.Queue{Number: "700", Strategy: config.Skills, Agents: []config.QueueAgent{{Extension: "1001", Tier: 1, Weight: 2, Skills: map[string]int{"en": 3}, Dynamic: true}},
		Skills: []config.SkillNeed{{After: config.Duration(time.Second), Needs: map[string]int{"en": 1}}}, JoinEmpty: []string{"paused"}, KeepPlace: config.Duration(time.Minute)}
	s := Settings(&q)
	if m := s.Agents[0]; m.Agent != "1001" || m.Tier != 1 || m.Weight != 2 || m.Skills["en"] != 3 || !m.Dynamic {
		t.Errorf("the agent is %+v", m)
	}
	if s.Skills[0].After != time.Second || s.JoinEmpty[0] != acd.Paused || s.KeepPlace != time.Minute {
		t.Errorf("the queue is %+v", s)
	}
}

func TestMidnightIsThatOfTheBox(t *testing.T) {
	c := config.Config{System: config.System{TimeZone: "Asia/Tehran"}}
	at := midnight(time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC), &c) // 00:30 of the 23rd there
	if want := time.Date(2026, 11, 23, 20, 30, 0, 0, time.UTC); !at.Equal(want) {
		t.Errorf("the next midnight is %v, want %v", at, want)
	}
}

func TestASupervisorSetsAndMoves(t *testing.T) {
	two := func(q *config.Queue) { q.Agents, q.OnFull, q.MaxCallers = config.QueueAgents("1001"), "1008", 2 }
	bubble(t, two, func(h *house) {
		h.floor.Set("1001", "700", acd.Pause, "2", call.Party{})
		h.states("1001 paused")
		a, b, full := h.arrive("a"), h.arrive("b"), h.arrive("c")
		if full.next != "1008" {
			t.Errorf("the third caller goes to %q", full.next)
		}
		h.floor.Move(b.call.ID(), "", true, call.Party{})
		synctest.Wait()
		if w := h.floor.Board().Queues[0].Waiting; w[0].Call != b.call.ID() || w[0].Priority != 1 {
			t.Errorf("in line are %+v", w)
		}
		h.floor.Set("1001", "", acd.Resume, "", call.Party{})
		h.answer(h.rung("1001"))
		if b.Sound.Now() != "with 1001-1" {
			t.Errorf("b hears %q", b.Sound.Now())
		}
		b.End(call.Normal)
		h.states("1001 wrap-up")
		h.floor.WrapUp("1001", 0, call.Party{})
		h.answer(h.rung("1001"))
		a.End(call.Normal)
	})
}

func TestADroppedLineIsTakenUpAgain(t *testing.T) {
	keeps := func(q *config.Queue) {
		q.Agents, q.KeepPlace = config.QueueAgents("1003"), config.Duration(time.Minute)
	}
	bubble(t, keeps, func(h *house) {
		a, b := h.arrive("0912"), h.arrive("0913")
		h.after(10 * time.Second)
		a.End(call.NetworkFailure)
		h.after(30 * time.Second)
		again := h.arrive("0912")
		h.wantSteps(again, "queue-joined 1", "queue-announced 1")
		again.End(call.Normal)
		b.End(call.Normal)
	})
}
