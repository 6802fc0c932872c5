package queue

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// rated is a queue with a survey.
func rated(q *config.Queue) {
	q.Survey = config.Survey{Prompt: "survey", Questions: []string{"survey-satisfied", "quick"}}
}

// answers are the steps of surveys: "1001 1 5".
func (h *house) answers(c *caller) (list []string) {
	synctest.Wait()
	for _, s := range h.journal.Steps() {
		if s.Call == c.call.ID() && s.Type == call.StepSurvey {
			list = append(list, strings.Join([]string{s.Queue, s.Agent, s.Number, s.Value}, " "))
		}
	}
	return list
}

// TestTheCallerIsAsked: the agent is in his wrap-up while the caller answers.
func TestTheCallerIsAsked(t *testing.T) {
	bubble(t, rated, func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		h.answer(l)
		c.Press('3') // during the talk: no answer
		l.End(call.Normal)
		h.states("1001 wrap-up, 1002 free")
		if got := c.Sound.Now(); got != "program en/survey  en/survey-satisfied" {
			t.Errorf("the caller hears %q", got)
		}
		c.Press('9')
		h.after(time.Second)
		if got := c.Sound.Now(); !strings.Contains(got, "menu-invalid") {
			t.Errorf("after a wrong key the caller hears %q", got)
		}
		c.Press('5')
		h.after(time.Second) // says nothing to the second
		h.after(12 * time.Second)
		h.want(h.answers(c), "700 1001 1 5")
		if cause, ended := c.Ended(); !ended || cause != call.Normal {
			t.Errorf("the caller ended %v %v", ended, cause)
		}
	})
}

// TestWhoHangsUpIsNotAsked: neither is one whose agent's phone failed.
func TestWhoHangsUpIsNotAsked(t *testing.T) {
	bubble(t, rated, func(h *house) {
		a, b := h.arrive("a"), h.arrive("b")
		h.answer(h.rung("1001"))
		l := h.rung("1002")
		h.answer(l)
		a.End(call.Normal)
		l.End(call.Unreachable)
		h.after(time.Second)
		if _, ended := b.Ended(); !ended || strings.Contains(strings.Join(append(a.Log(), b.Log()...), "\n"), "survey") {
			t.Errorf("somebody was asked; b ended %v", ended)
		}
	})
}

func disposed(q *config.Queue) {
	q.Dispositions, q.DispositionWait = map[string]string{"1": "Sold"}, config.Duration(time.Minute)
}

// TestWrapUpWaitsForTheDisposition: for a minute beyond its ten seconds, and no longer
// than these once it is given.
func TestWrapUpWaitsForTheDisposition(t *testing.T) {
	bubble(t, disposed, func(h *house) {
		me := call.Party{Number: "1001"}
		want := func(what string, got, want error) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		want("before any call", h.floor.Dispose("1001", "", "1", me), ErrNoContact)
		a := h.arrive("a")
		h.answer(h.rung("1001"))
		a.End(call.Normal)
		h.after(69*time.Second + 999*time.Millisecond)
		h.states("1001 wrap-up, 1002 free")
		h.after(time.Millisecond)
		h.states("1001 free, 1002 free")

		b := h.arrive("b")
		h.answer(h.rung("1001"))
		b.End(call.Normal)
		h.after(4 * time.Second)
		want("a code that is not", h.floor.Dispose("1001", "", "2", me), ErrNoDisposition)
		want("another's call", h.floor.Dispose("1002", b.call.ID(), "1", me), ErrNoContact)
		want("the first call", h.floor.Dispose("1001", a.call.ID(), "1", me), ErrNoContact)
		want("in time", h.floor.Dispose("", b.call.ID(), "1", me), nil)
		h.after(6*time.Second - time.Millisecond)
		h.states("1001 wrap-up, 1002 free")
		h.after(time.Millisecond)
		h.states("1001 free, 1002 free")

		c := h.arrive("c")
		h.answer(h.rung("1001"))
		want("during the talk", h.floor.Dispose("1001", "", "1", me), nil)
		c.End(call.Normal)
		h.after(10 * time.Second)
		h.states("1001 free, 1002 free")
		h.want(h.events(call.StepDisposition), "disposition 1001 1 Sold", "disposition 1001 1 Sold")
		d := h.arrive("d")
		h.answer(h.rung("1001"))
		d.End(call.Normal)
		h.after(30 * time.Second)
		want("when only the wait is left", h.floor.Dispose("1001", "", "1", me), nil)
		h.states("1001 free, 1002 free")
	})
}

// An agent for whom somebody waits goes from his wrap-up straight to the next phone call:
// the one before is told that it is worked up.
func TestWrapUpEndsWithTheNextCall(t *testing.T) {
	bubble(t, agentFirst, func(h *house) {
		first := h.arrive("0911")
		talk := h.rung("1001")
		h.answer(talk)
		second := h.arrive("0912")
		h.after(time.Minute)
		talk.End(call.Normal)
		h.after(12 * time.Second)
		h.rung("1001")
		var began, over time.Time
		for _, s := range h.journal.Steps() {
			switch {
			case s.Call != first.call.ID():
			case s.Type == call.StepWrapUp:
				began = s.At
			case s.Type == call.StepWrapOver && s.Agent == "1001" && s.Queue == "700" && s.Value == "ringing":
				over = s.At
			}
		}
		if over.Sub(began) != 10*time.Second {
			t.Errorf("the wrap-up began at %v and ended at %v", began, over)
		}
		second.End(call.Normal)
	})
}
