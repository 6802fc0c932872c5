package call_test

import (
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// bench runs one call with a caller and a journal inside a synctest bubble.
type bench struct {
	caller  *calltest.Leg
	journal *calltest.Journal
	call    *call.Call
	done    chan struct{}
}

func start(script call.Script) *bench {
	b := &bench{caller: calltest.NewLeg("caller", clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
	b.call = call.New(call.Arrival{Leg: b.caller, From: call.Party{Number: "09121234567"}, To: "500", Language: "fa"},
		call.Options{Clock: clock.System(), Journal: b.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	go func() { b.call.Run(script); close(b.done) }()
	synctest.Wait()
	return b
}

func (b *bench) ends(t *testing.T, want call.Cause) {
	t.Helper()
	synctest.Wait()
	select {
	case <-b.done:
	case <-time.After(10 * time.Second):
		t.Fatal("the call did not end")
	}
	steps := b.journal.Steps()
	last := steps[len(steps)-1]
	if last.Type != call.StepEnded || last.Cause != want.String() {
		t.Errorf("last step is %s %s, want ended %s", last.Type, last.Cause, want)
	}
	for _, s := range steps[:len(steps)-1] {
		if s.Type == call.StepEnded {
			t.Error("the call ended twice in the journal")
		}
	}
}

func TestAskTakesAKeyDuringAndBeforeTheGreeting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var first, second byte
		var third error
		b := start(func(c *call.Call) call.Cause {
			c.Answer()
			first, _ = c.Ask(call.Say("fa/a", "fa/b"), time.Second)
			second, _ = c.Ask(call.Say("fa/c"), time.Second)
			_, third = c.Ask(call.Say("fa/d"), time.Second)
			return call.Normal
		})
		b.caller.Press('1')
		b.caller.Press('2')
		synctest.Wait()
		began := time.Now()
		b.ends(t, call.Normal)
		if first != '1' || second != '2' || !errors.Is(third, call.ErrTime) {
			t.Errorf("keys %q %q, third %v; want 1, 2 and a time-out", first, second, third)
		}
		if waited := time.Since(began); waited < time.Second {
			t.Errorf("third question waited %v, want a second after its end", waited)
		}
	})
}

func TestRingFirstAnswerWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, mobile := calltest.NewPhone("1002", clock.System()), calltest.NewPhone("1002m", clock.System())
		b := start(func(c *call.Call) call.Cause {
			leg, cause, err := c.Ring("1002", []call.Endpoint{desk, mobile}, call.Offer{Caller: c.Arrival().From}, 20*time.Second)
			if leg == nil {
				t.Errorf("nobody answered: %v %v", cause, err)
				return cause
			}
			c.Answer()
			cause, _ = c.Talk(leg, "default")
			return cause
		})
		first, second := <-desk.Rung, <-mobile.Rung
		first.Post(call.Ringing{Leg: first.ID()})
		synctest.Wait()
		if !slices.Contains(b.caller.Log(), "alert early=false") {
			t.Error("the caller was not told that the phone rings")
		}
		second.Post(call.Answered{Leg: second.ID()})
		first.Post(call.Answered{Leg: first.ID()}) // a second answer in the same moment
		synctest.Wait()
		if cause, ended := first.Ended(); !ended || cause != call.Elsewhere {
			t.Errorf("the losing phone ended with %v %v, want answered elsewhere", cause, ended)
		}
		if got := b.caller.Sound.Now(); got != "with "+second.Name {
			t.Errorf("caller hears %q", got)
		}
		second.Post(call.Held{Leg: second.ID()})
		synctest.Wait()
		if got := b.caller.Sound.Now(); got != "program default" {
			t.Errorf("held caller hears %q, want music", got)
		}
		second.Post(call.Resumed{Leg: second.ID()})
		synctest.Wait()
		if got := b.caller.Sound.Now(); got != "with "+second.Name {
			t.Errorf("resumed caller hears %q", got)
		}
		second.End(call.Normal)
		b.ends(t, call.Normal)
		want := []call.StepType{call.StepArrived, call.StepRinging, call.StepAnswered, call.StepAnswered,
			call.StepBridged, call.StepHeld, call.StepResumed, call.StepUnbridged, call.StepEnded}
		got := slices.DeleteFunc(b.journal.Types(), func(s call.StepType) bool { return s == call.StepUnringing })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCallerHearsEarlyMedia(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := calltest.NewPhone("1002", clock.System())
		b := start(func(c *call.Call) call.Cause {
			_, cause, _ := c.Ring("1002", []call.Endpoint{phone}, call.Offer{}, 20*time.Second)
			return cause
		})
		leg := <-phone.Rung
		leg.Post(call.Ringing{Leg: leg.ID()})
		leg.Post(call.Ringing{Leg: leg.ID(), Early: true})
		synctest.Wait()
		if !slices.Contains(b.caller.Log(), "alert early=true") || b.caller.Sound.Now() != "with "+leg.Name {
			t.Errorf("caller was told %q", b.caller.Log())
		}
		leg.End(call.Busy)
		b.ends(t, call.Busy)
	})
}

func TestRingTellsWhyNobodyAnswered(t *testing.T) {
	for _, tt := range []struct {
		name   string
		causes []call.Cause
		want   call.Cause
	}{
		{"busy says more than unreachable", []call.Cause{call.Unreachable, call.Busy}, call.Busy},
		{"rejected", []call.Cause{call.Rejected}, call.Rejected},
		{"nobody picks up", nil, call.NoAnswer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := max(1, len(tt.causes))
				var eps []call.Endpoint
				var phones []*calltest.Phone
				for range n {
					p := calltest.NewPhone(string(rune('a'+len(phones))), clock.System())
					phones, eps = append(phones, p), append(eps, p)
				}
				b := start(func(c *call.Call) call.Cause {
					_, cause, _ := c.Ring("1002", eps, call.Offer{}, 20*time.Second)
					return cause
				})
				for i, cause := range tt.causes {
					(<-phones[i].Rung).End(cause)
				}
				if tt.causes == nil {
					time.Sleep(21 * time.Second)
				}
				b.ends(t, tt.want)
				if cause, _ := b.caller.Ended(); cause != tt.want {
					t.Errorf("caller was released with %v", cause)
				}
			})
		})
	}
}

func TestCallerWhoGivesUpStopsThePhones(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := calltest.NewPhone("1002", clock.System())
		b := start(func(c *call.Call) call.Cause {
			_, cause, err := c.Ring("1002", []call.Endpoint{phone}, call.Offer{}, 20*time.Second)
			if !errors.Is(err, call.ErrGone) {
				t.Errorf("Ring returned %v, want ErrGone", err)
			}
			return cause
		})
		rung := <-phone.Rung
		b.caller.End(call.Cancelled)
		b.ends(t, call.Cancelled)
		if cause, ended := rung.Ended(); !ended || cause != call.Cancelled {
			t.Errorf("phone ended %v %v, want cancelled", cause, ended)
		}
	})
}

func TestPanicInAScriptEndsTheCallAndNotTheBox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(func(*call.Call) call.Cause { panic("script bug") })
		b.ends(t, call.InternalError)
	})
}

func TestReleaseFromOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(func(c *call.Call) call.Cause { c.Answer(); c.Stay(); return call.Normal })
		b.call.Post(call.Release{Cause: call.Shutdown})
		b.ends(t, call.Shutdown)
	})
}

func TestCauses(t *testing.T) {
	seen := map[string]bool{}
	for c := call.CauseNone; c <= call.Overload; c++ {
		if seen[c.String()] {
			t.Errorf("two causes are called %q", c)
		}
		seen[c.String()] = true
		if back, ok := call.ParseCause(c.String()); !ok || back != c {
			t.Errorf("%v does not survive its name", c)
		}
		if c.Text("fa") == "" || c.Text("en") == "" {
			t.Errorf("%v has no words", c)
		}
		if c != call.CauseNone && (c.Q850() < 1 || c.Q850() > 127) {
			t.Errorf("%v has Q.850 value %d", c, c.Q850())
		}
	}
}

// TestWhoHangsUpBeforeTheCallerIsUp: a line is answered some rings after the phone
// was; who has hung up by then is not waited for.
func TestWhoHangsUpBeforeTheCallerIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := calltest.NewPhone("1002", clock.System())
		ready := make(chan struct{})
		caller := calltest.NewLeg("line", clock.System())
		caller.AutoAnswer = false
		b := &bench{caller: caller, journal: &calltest.Journal{}, done: make(chan struct{})}
		b.call = call.New(call.Arrival{Leg: caller, To: "1002"}, call.Options{Clock: clock.System(), Journal: b.journal, Log: slog.New(slog.DiscardHandler)})
		go func() {
			b.call.Run(func(c *call.Call) call.Cause {
				leg, _, _ := c.Ring("1002", []call.Endpoint{phone}, call.Offer{}, time.Minute)
				close(ready)
				_ = c.Answer()
				cause, _ := c.Talk(leg, "default")
				return cause
			})
			close(b.done)
		}()
		leg := <-phone.Rung
		leg.Post(call.Answered{Leg: leg.ID()})
		<-ready
		leg.End(call.Normal)
		synctest.Wait()
		caller.Post(call.Answered{Leg: caller.ID()})
		b.ends(t, call.Normal)
	})
}
