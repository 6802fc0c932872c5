package call_test

import (
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// watched is a talk of 0912, from outside, with 1002, and a supervisor's leg.
type watched struct {
	*bench
	t      *testing.T
	room   *calltest.Room
	phones map[string]*calltest.Phone
	called *calltest.Leg
	boss   *calltest.Leg
	over   atomic.Int32 // supervisors who have gone
}

func watch(t *testing.T) *watched {
	w := &watched{bench: &bench{caller: calltest.NewLeg("0912", clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})},
		t: t, room: &calltest.Room{}, phones: phones("1002", "1003", "1009"), boss: calltest.NewLeg("1009", clock.System())}
	w.call = call.New(call.Arrival{Leg: w.caller, From: call.Party{Number: "1002"}, To: "1002", Origin: call.Origin{Trunk: "telco"}, Language: "fa"},
		call.Options{Clock: clock.System(), Journal: w.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), NewRoom: func() call.Room { return w.room }})
	go func() { w.call.Run(ringing(w.phones)); close(w.done) }()
	w.called = <-w.phones["1002"].Rung
	w.called.Post(call.Answered{Leg: w.called.ID()})
	synctest.Wait()
	return w
}

func (w *watched) listen(how call.Manner) call.Listen {
	return call.Listen{By: w.boss, Who: call.Party{Number: "1009"}, Watches: "1002", How: how, Over: func() { w.over.Add(1) },
		Tone: func(how call.Manner) call.Program {
			if how == call.Barges {
				return call.Say("sound/beep")
			}
			return call.Program{}
		}}
}

// heard checks who hears the supervisor, and that he hears both and they each other.
func (w *watched) heard(byCaller, byAgent float64, agent *calltest.Leg) {
	w.t.Helper()
	synctest.Wait()
	if c, a := w.room.Hears("0912", "1009"), w.room.Hears(agent.Name, "1009"); c != byCaller || a != byAgent {
		w.t.Errorf("the caller hears him with %v, the agent with %v, want %v and %v", c, a, byCaller, byAgent)
	}
	w.hears(w.t, w.boss, "room")
	w.hears(w.t, w.caller, "room with "+agent.Name)
	w.hears(w.t, agent, "room with 0912")
}

func (w *watched) told() (list []string) {
	for _, s := range w.journal.Steps() {
		if s.Type == call.StepOverheard {
			list = append(list, s.Party.Number+" "+s.Value)
		}
	}
	return list
}

func TestListeningIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t)
		w.hears(t, w.caller, "with 1002-1")
		w.call.Post(w.listen(call.Listens))
		w.heard(0, 0, w.called)
		w.boss.Press('5')
		w.heard(0, 1, w.called)
		w.boss.Press('5')
		w.boss.Press('9')
		w.boss.Press('6')
		w.heard(1, 1, w.called)
		if v := w.call.Snapshot(); len(v.Listeners) != 1 || v.Listeners[0].How != call.Barges || v.Listeners[0].State != "up" || len(v.Legs) != 2 {
			t.Errorf("the board shows %+v", v)
		}
		if !slices.Contains(w.caller.Log(), "announced sound/beep") || !slices.Contains(w.called.Log(), "announced sound/beep") {
			t.Error("the parties heard no tone")
		}
		w.boss.Press('4')
		w.heard(0, 0, w.called)

		w.boss.End(call.Normal)
		w.hears(t, w.caller, "with 1002-1")
		w.hears(t, w.called, "with 0912")
		if want := []string{"1009 listen", "1009 whisper", "1009 barge", "1009 listen", "1009 over"}; !slices.Equal(w.told(), want) {
			t.Errorf("the ledger says %v", w.told())
		}
		if w.over.Load() != 1 || len(w.call.Snapshot().Listeners) != 0 {
			t.Errorf("he is told over %d times and shown as %v", w.over.Load(), w.call.Snapshot().Listeners)
		}
		w.caller.End(call.Normal)
		<-w.done
	})
}

// TestListeningThroughHoldAndTransfer: he stays with the call.
func TestListeningThroughHoldAndTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t)
		w.call.Post(w.listen(call.Whispers))
		w.heard(0, 1, w.called)
		w.called.Post(call.Held{Leg: w.called.ID()})
		w.hears(t, w.caller, "program default")
		w.boss.Press('4')
		w.hears(t, w.caller, "program default")
		w.boss.Press('5')
		w.called.Post(call.Resumed{Leg: w.called.ID()})
		w.heard(0, 1, w.called)

		var heard told
		w.boss.Post(call.Transfer{Leg: w.boss.ID(), To: "1003", Report: heard.report}) // is no party
		heard.was(t, call.NotAllowed)
		w.called.Post(call.Transfer{Leg: w.called.ID(), To: "1003"})
		next := <-w.phones["1003"].Rung
		w.hears(t, w.caller, "program default")
		next.Post(call.Answered{Leg: next.ID()})
		w.heard(0, 1, next)
		if w.over.Load() != 0 {
			t.Error("he was let go")
		}
		w.caller.End(call.Normal)
		<-w.done
		if _, ended := w.boss.Ended(); !ended || w.over.Load() != 1 {
			t.Error("he is still there when the call has ended")
		}
	})
}

// TestListeningByRinging rings the supervisor's phones.
func TestListeningByRinging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t)
		l := w.listen(call.Listens)
		l.By, l.Ring = nil, []call.Endpoint{w.phones["1009"], w.phones["1009"]}
		w.call.Post(l)
		first, second := <-w.phones["1009"].Rung, <-w.phones["1009"].Rung
		w.hears(t, w.caller, "with 1002-1")
		second.Post(call.Answered{Leg: second.ID()})
		w.hears(t, second, "room")
		if _, ended := first.Ended(); !ended {
			t.Error("the other phone still rings")
		}
		second.End(call.Normal)
		w.hears(t, w.caller, "with 1002-1")

		w.call.Post(l)
		rings := <-w.phones["1009"].Rung
		<-w.phones["1009"].Rung
		time.Sleep(time.Minute)
		if cause, _ := rings.Ended(); cause != call.NoAnswer || w.over.Load() != 2 {
			t.Errorf("it rang until %v", cause)
		}
		if strings.Count(strings.Join(w.told(), ","), "over") != 1 {
			t.Errorf("the ledger says %v", w.told())
		}
		w.caller.End(call.Normal)
		<-w.done
		w.call.Post(w.listen(call.Listens))
		if cause, _ := w.boss.Ended(); cause != call.Rejected || w.over.Load() != 3 {
			t.Errorf("who comes too late is told %v", cause)
		}
	})
}

// TestNothingToListenTo: where nobody talks nobody listens.
func TestNothingToListenTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t)
		w.called.Post(call.Transfer{Leg: w.called.ID(), To: "1003"})
		<-w.phones["1003"].Rung
		w.call.Post(w.listen(call.Listens))
		synctest.Wait()
		if cause, _ := w.boss.Ended(); cause != call.Rejected || w.over.Load() != 1 {
			t.Errorf("he is told %v", cause)
		}
		w.caller.End(call.Normal)
		<-w.done
	})
}
