package queue

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// events are the steps of some types: "queue-withdrawn 1001 cancelled".
func (h *house) events(types ...call.StepType) (list []string) {
	synctest.Wait()
	for _, s := range h.journal.Steps() {
		if slices.Contains(types, s.Type) {
			line := string(s.Type)
			for _, part := range []string{s.Agent, s.Cause, s.Value, s.Reason} {
				if part != "" {
					line += " " + part
				}
			}
			list = append(list, line)
		}
	}
	return list
}

func (h *house) want(got []string, want ...string) {
	h.Helper()
	if !slices.Equal(got, want) {
		h.Errorf("%q, want %q", got, want)
	}
}

func TestAStopInterruptsThoseInLine(t *testing.T) {
	bubble(t, keep, func(h *house) {
		c := h.arrive("0912")
		h.rung("1001")
		c.call.Post(call.Release{Cause: call.Shutdown})
		h.want(h.events(call.StepQueueWithdrawn, call.StepQueueLeft), "queue-withdrawn 1001 cancelled", "queue-left 1 interrupted")
	})
}

func TestEveryOfferEndsInTheJournal(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Strategy = config.RingAll }, func(h *house) {
		c := h.arrive("0912")
		h.rung("1001")
		h.answer(h.rung("1002"))
		c.End(call.Normal)
		h.want(h.events(call.StepQueueWithdrawn, call.StepQueueConnected), "queue-withdrawn 1001 answered-elsewhere", "queue-connected 1002")
	})
}

func TestWhatAgentsDoIsNoted(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Agents = config.QueueAgents("1001") }, func(h *house) {
		c := h.arrive("0912")
		h.answer(h.rung("1001"))
		c.End(call.Normal)
		h.after(3 * time.Second)
		h.plug("1001", nil) // his phone goes off while he wraps up
		h.after(time.Minute)
		h.want(h.events(call.StepAgent), "agent 1001 free", "agent 1001 ringing", "agent 1001 talking", "agent 1001 wrap-up", "agent 1001 offline")
		for _, s := range h.journal.Steps() {
			if s.Type == call.StepAgent && (s.Call != "" || s.At.IsZero()) {
				t.Errorf("an agent's own step is of a call, or of no time: %+v", s)
			}
		}
	})
}
