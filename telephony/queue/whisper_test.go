package queue

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// whispering is a queue that whispers.
func whispering(parts ...string) func(*config.Queue) {
	return func(q *config.Queue) { q.Whisper.Parts = parts }
}

func confirmed(q *config.Queue) {
	q.Whisper = config.AgentWhisper{Parts: []string{"queue"}, Confirm: true}
}

// TestOnlyTheAgentHearsTheWhisper: the caller keeps his music until it is over.
func TestOnlyTheAgentHearsTheWhisper(t *testing.T) {
	bubble(t, whispering("queue", "wait", "keyed", "today"), func(h *house) {
		first := h.arrive("0912")
		h.rung("1001")
		first.End(call.Normal)
		synctest.Wait()
		c := h.arrive("0912")
		c.call.Learn("keyed", "42")
		h.rung("1001").End(call.Rejected)
		l := h.rung("1002")
		h.after(12 * time.Second)
		l.Post(call.Answered{Leg: l.ID()})
		synctest.Wait()
		const want = "program fa/number-7 fa/number-0 fa/number-0  fa/whisper-waited fa/number-10 fa/whisper-seconds " +
			" fa/whisper-keyed fa/number-4 fa/number-2  fa/whisper-today fa/number-2"
		if got := l.Sound.Now(); got != want {
			t.Errorf("the agent hears\n%q, want\n%q", got, want)
		}
		if got := c.Sound.Now(); !strings.HasSuffix(got, " default") {
			t.Errorf("the caller hears %q meanwhile, want music", got)
		}
		h.states("1001 free, 1002 ringing")
		h.after(5 * time.Second)
		if c.Sound.Now() != "with "+l.Name || l.Sound.Now() != "with 0912" {
			t.Errorf("then the caller hears %q, the agent %q", c.Sound.Now(), l.Sound.Now())
		}
		c.End(call.Normal)
		h.after(time.Second)
		if got := h.events(call.StepWhispered, call.StepQueueConnected); strings.Join(got, ", ") != "whispered 1002, queue-connected 1002" {
			t.Errorf("steps: %v", got)
		}
	})
}

// TestWhoHangsUpInTheWhisperMissed: the next agent has his turn, the caller keeps his place.
func TestWhoHangsUpInTheWhisperMissed(t *testing.T) {
	bubble(t, whispering("queue"), func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		l.Post(call.Answered{Leg: l.ID()})
		l.End(call.Normal)
		h.answerAfter(h.rung("1002"), time.Second)
		if c.Sound.Now() != "with 1002-1" {
			t.Errorf("the caller hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
		h.after(time.Second)
		h.wantSteps(c, "queue-joined 1", "queue-announced 1", "queue-offered 1001: first free in the list; 1002 later in the list",
			"queue-missed 1001 rejected", "queue-offered 1002: first free in the list; 1001 resting after a missed call, 5s left", "queue-connected 1002", "wrap-up 1002 10")
	})
}

func TestCallerGivesUpInTheWhisper(t *testing.T) {
	bubble(t, whispering("queue"), func(h *house) {
		c := h.arrive("0912")
		l := h.rung("1001")
		l.Post(call.Answered{Leg: l.ID()})
		c.End(call.Normal)
		synctest.Wait()
		if cause, ended := l.Ended(); !ended || cause != call.Cancelled {
			t.Errorf("the agent's phone: ended %v %v", ended, cause)
		}
		h.states("1001 free, 1002 free")
	})
}

// TestTheAgentConfirms: without his key the caller is for somebody else.
func TestTheAgentConfirms(t *testing.T) {
	bubble(t, confirmed, func(h *house) {
		c := h.arrive("0912")
		mailbox := h.rung("1001")
		h.answerAfter(mailbox, whisperFor-time.Millisecond)
		if _, ended := mailbox.Ended(); ended || c.Sound.Now() == "with 1001-1" {
			t.Errorf("before his time is over: ended %v, the caller hears %q", ended, c.Sound.Now())
		}
		h.after(time.Millisecond)
		if cause, ended := mailbox.Ended(); !ended || cause != call.NoAnswer {
			t.Errorf("who does not confirm: ended %v %v", ended, cause)
		}
		l := h.rung("1002")
		h.answerAfter(l, 10*time.Second)
		l.Press('5')
		synctest.Wait()
		if c.Sound.Now() == "with 1002-1" {
			t.Error("another key has confirmed")
		}
		l.Press(takeKey)
		synctest.Wait()
		if c.Sound.Now() != "with 1002-1" {
			t.Errorf("the caller hears %q", c.Sound.Now())
		}
		c.End(call.Normal)
	})
}

// TestWhoConfirmsFirstHasTheCaller: of two who ring together and both listen.
func TestWhoConfirmsFirstHasTheCaller(t *testing.T) {
	bubble(t, func(q *config.Queue) { confirmed(q); q.Strategy = config.RingAll }, func(h *house) {
		c := h.arrive("0912")
		one, two := h.rung("1001"), h.rung("1002")
		h.answerAfter(one, 0)
		h.answerAfter(two, time.Second)
		two.Press(takeKey)
		one.Press(takeKey)
		h.states("1001 free, 1002 talking")
		h.excused(one)
		if c.Sound.Now() != "with 1002-1" || two.Sound.Now() != "with 0912" {
			t.Errorf("the caller hears %q, the agent %q", c.Sound.Now(), two.Sound.Now())
		}
		c.End(call.Normal)
	})
}

// TestWhoseWhisperIsOverFirstHasTheCaller: of two who ring together and are both told; the
// other one's keys and his end do not touch the talk.
func TestWhoseWhisperIsOverFirstHasTheCaller(t *testing.T) {
	bubble(t, func(q *config.Queue) { q.Whisper.Parts, q.Strategy = []string{"queue"}, config.RingAll }, func(h *house) {
		c := h.arrive("0912")
		one, two := h.rung("1001"), h.rung("1002")
		h.answerAfter(one, calltest.PromptTime)
		h.answer(two)
		h.after(2 * calltest.PromptTime) // one has heard 7, 0 and 0
		h.states("1001 talking, 1002 free")
		two.Press(takeKey)
		h.excused(two)
		if c.Sound.Now() != "with 1001-1" || one.Sound.Now() != "with 0912" {
			t.Errorf("the caller hears %q, the agent %q", c.Sound.Now(), one.Sound.Now())
		}
		c.End(call.Normal)
		h.after(time.Second)
		if got := strings.Join(h.events(call.StepQueueConnected, call.StepQueueWithdrawn), ", "); got != "queue-withdrawn 1002 answered-elsewhere, queue-connected 1001" {
			t.Errorf("steps: %s", got)
		}
	})
}

// excused checks that an agent who picked up is told that the caller is not his, and is
// hung up after it with the cause that somebody else has him.
func (h *house) excused(l *calltest.Leg) {
	h.Helper()
	synctest.Wait()
	if _, ended := l.Ended(); ended || !strings.HasSuffix(l.Sound.Now(), "/whisper-gone") {
		h.Errorf("%s is not told: ended %v, hears %q", l.Name, ended, l.Sound.Now())
	}
	h.after(calltest.PromptTime)
	if cause, ended := l.Ended(); !ended || cause != call.Elsewhere {
		h.Errorf("%s: ended %v %v", l.Name, ended, cause)
	}
}

// answerAfter lets an agent pick up and time go by.
func (h *house) answerAfter(l *calltest.Leg, d time.Duration) {
	h.answer(l)
	h.after(d)
}
