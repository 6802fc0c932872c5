package call_test

import (
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// told collects what a transferor is told.
type told struct {
	mu     sync.Mutex
	causes []call.Cause
}

func (t *told) report(c call.Cause) { t.mu.Lock(); t.causes = append(t.causes, c); t.mu.Unlock() }

func (t *told) was(tb testing.TB, want ...call.Cause) {
	tb.Helper()
	synctest.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Equal(t.causes, want) {
		tb.Errorf("transferor was told %v, want %v", t.causes, want)
	}
}

// ringing is a script that rings phones by their numbers, transfers and all.
func ringing(phones map[string]*calltest.Phone) call.Script {
	ring := func(c *call.Call, number string) call.Cause {
		leg, cause, err := c.Ring(number, []call.Endpoint{phones[number]}, call.Offer{Caller: c.From()}, 20*time.Second)
		switch {
		case err != nil:
			return call.Cancelled
		case leg != nil:
			_ = c.Answer()
			cause, _ = c.Talk(leg, "default")
			return cause
		}
		if by, _ := c.TransferFailed(cause); by != nil {
			cause, _ = c.Talk(by, "default")
		}
		return cause
	}
	return func(c *call.Call) call.Cause {
		cause := ring(c, c.Arrival().To)
		for {
			to, leg, ok := c.Transferring()
			switch {
			case !ok:
				return cause
			case leg != nil:
				cause, _ = c.Talk(leg, "default")
			default:
				cause = ring(c, to)
			}
		}
	}
}

// pair starts a call from one leg to a phone, and answers it.
func pair(from string, phones map[string]*calltest.Phone, to string) (*bench, *calltest.Leg) {
	b := dialling(from, phones, to)
	leg := <-phones[to].Rung
	leg.Post(call.Answered{Leg: leg.ID()})
	synctest.Wait()
	return b, leg
}

// dialling starts a call from one leg to a phone, which rings.
func dialling(from string, phones map[string]*calltest.Phone, to string) *bench {
	b := &bench{caller: calltest.NewLeg(from, clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
	b.call = call.New(call.Arrival{Leg: b.caller, From: call.Party{Number: from}, To: to, Language: "fa"},
		call.Options{Clock: clock.System(), Journal: b.journal, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	go func() { b.call.Run(ringing(phones)); close(b.done) }()
	synctest.Wait()
	return b
}

func phones(numbers ...string) map[string]*calltest.Phone {
	m := make(map[string]*calltest.Phone)
	for _, n := range numbers {
		m[n] = calltest.NewPhone(n, clock.System())
	}
	return m
}

func (b *bench) hears(t *testing.T, l *calltest.Leg, want string) {
	t.Helper()
	synctest.Wait()
	if got := l.Sound.Now(); got != want {
		t.Errorf("%s hears %q, want %q", l.Name, got, want)
	}
}

func TestBlindTransferByEitherParty(t *testing.T) {
	for _, by := range []string{"caller", "called"} {
		t.Run(by, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				set := phones("1002", "1003")
				b, called := pair("1001", set, "1002")
				from, stays := b.caller, called
				if by == "called" {
					from, stays = called, b.caller
				}
				var heard told
				from.Post(call.Transfer{Leg: from.ID(), To: "1003", Report: heard.report})
				target := <-set["1003"].Rung
				b.hears(t, stays, "program default")
				target.Post(call.Ringing{Leg: target.ID()})
				b.hears(t, stays, "program ringback")
				heard.was(t, call.CauseNone)
				if got := set["1003"].Offer().Caller.Number; got != stays.Party.Number {
					t.Errorf("target is called by %q", got)
				}
				target.Post(call.Answered{Leg: target.ID()})
				b.hears(t, stays, "with "+target.Name)
				heard.was(t, call.CauseNone, call.Normal)
				if _, ended := from.Ended(); !ended {
					t.Error("the transferor is still there")
				}
				if _, ended := stays.Ended(); ended {
					t.Error("the party that should stay was hung up")
				}
				stays.End(call.Normal)
				b.ends(t, call.Normal)
				if _, ended := target.Ended(); !ended {
					t.Error("the target was left alone")
				}
			})
		})
	}
}

func TestFailedTransferGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := phones("1002", "1003")
		b, called := pair("1001", set, "1002")
		var heard told
		called.Post(call.Transfer{Leg: called.ID(), To: "1003", Report: heard.report})
		(<-set["1003"].Rung).End(call.Busy)
		b.hears(t, b.caller, "with "+called.Name)
		heard.was(t, call.Busy)
		called.Post(call.Transfer{Leg: called.ID(), To: "1003", Report: heard.report}) // once more
		target := <-set["1003"].Rung
		target.Post(call.Answered{Leg: target.ID()})
		heard.was(t, call.Busy, call.Normal)
		target.End(call.Normal)
		b.ends(t, call.Normal)
		if n := slices.Index(b.journal.Types(), call.StepReturned); n < 0 {
			t.Error("the journal does not tell that the call went back")
		}
	})
}

func TestPartyGoesDuringTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := phones("1002", "1003")
		b, called := pair("1001", set, "1002")
		var heard told
		called.Post(call.Transfer{Leg: called.ID(), To: "1003", Report: heard.report})
		target := <-set["1003"].Rung
		b.caller.End(call.Normal)
		b.ends(t, call.Normal)
		heard.was(t, call.Cancelled)
		for _, l := range []*calltest.Leg{called, target} {
			if _, ended := l.Ended(); !ended {
				t.Errorf("%s was left", l.Name)
			}
		}
	})
}

// TestAttendedTransfer lets 1002 join whom it talks with in two calls, each of
// which it made or took.
func TestAttendedTransfer(t *testing.T) {
	for _, name := range []string{"consulted", "was called twice"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				set := phones("1002", "1003")
				first, mine := pair("1001", set, "1002")
				var second *bench
				var other, stays *calltest.Leg
				if name == "consulted" {
					second, stays = pair("1002", set, "1003")
					other = second.caller
				} else {
					second, other = pair("1004", set, "1002")
					stays = second.caller
				}
				var heard told
				mine.Post(call.Transfer{Leg: mine.ID(), To: "1003", With: other.ID(), In: second.call, Report: heard.report})
				first.hears(t, first.caller, "with "+stays.Name)
				first.hears(t, stays, "with "+first.caller.Name)
				heard.was(t, call.Normal)
				second.ends(t, call.Normal)
				for _, l := range []*calltest.Leg{mine, other} {
					if _, ended := l.Ended(); !ended {
						t.Errorf("the transferor's %s was left", l.Name)
					}
				}
				stays.End(call.Normal)
				first.ends(t, call.Normal)
				if _, ended := first.caller.Ended(); !ended {
					t.Error("the first caller was left")
				}
			})
		})
	}
}

// slow is a leg that takes its time to end.
type slow struct{ *calltest.Leg }

func (l slow) Hangup(c call.Cause) {
	time.AfterFunc(100*time.Millisecond, func() { l.Leg.Hangup(c) })
}

func TestAttendedTransferOfACallThatStillRingsIsBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := phones("1002", "1003")
		first, mine := pair("1001", set, "1002")
		second := &bench{caller: calltest.NewLeg("1002b", clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
		second.call = call.New(call.Arrival{Leg: slow{second.caller}, To: "1003"},
			call.Options{Clock: clock.System(), Journal: second.journal, Log: slog.New(slog.DiscardHandler)})
		go func() { second.call.Run(ringing(set)); close(second.done) }()
		consulted := <-set["1003"].Rung
		mine.Post(call.Transfer{Leg: mine.ID(), To: "1003", With: second.caller.ID(), In: second.call})
		target := <-set["1003"].Rung
		if _, ended := consulted.Ended(); !ended {
			t.Error("the target is rung while it still rings for the transferor")
		}
		target.Post(call.Answered{Leg: target.ID()})
		first.hears(t, first.caller, "with "+target.Name)
		second.ends(t, call.Normal)
		if _, ended := consulted.Ended(); !ended {
			t.Error("the target still rings for the transferor")
		}
		target.End(call.Normal)
		first.ends(t, call.Normal)
	})
}

func TestWhatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, called := pair("1001", phones("1002"), "1002")
		called.End(call.Normal)
		b.ends(t, call.Normal)
		var heard told
		b.call.Post(call.Transfer{Leg: "x", Report: heard.report})
		heard.was(t, call.NotAllowed)
		stray := calltest.NewLeg("stray", clock.System())
		b.call.Post(call.Yielded{Leg: stray})
		if _, ended := stray.Ended(); !ended {
			t.Error("a leg that nobody took is still up")
		}
	})
}
