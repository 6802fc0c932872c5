package call_test

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// waiting is a call whose caller waits a minute for somebody.
func waiting() *bench {
	return start(func(c *call.Call) call.Cause {
		_ = c.Answer()
		leg, err := c.Await(c.Clock().Now().Add(time.Minute))
		switch {
		case errors.Is(err, call.ErrTime):
			return call.NoAnswer
		case err != nil:
			return call.Cancelled
		}
		cause, _ := c.Talk(leg, "default")
		return cause
	})
}

// giver is a call of number that gives its caller to another.
func giver(number string, to *bench) (*bench, *calltest.Leg) {
	leg := heir(number)
	b := &bench{caller: leg, journal: &calltest.Journal{}, done: make(chan struct{})}
	b.call = call.New(call.Arrival{Leg: leg, From: call.Party{Number: number}, To: "701"},
		call.Options{Clock: clock.System(), Journal: b.journal, Log: slog.New(slog.DiscardHandler)})
	go func() {
		b.call.Run(func(c *call.Call) call.Cause { return c.Give(to.call, call.Join{By: c.Caller()}) })
		close(b.done)
	}()
	return b, leg
}

func TestSomebodyJoinsTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := waiting()
		g, leg := giver("1003", b)
		<-g.done
		b.hears(t, leg, "with "+b.caller.Name)
		b.hears(t, b.caller, "with "+leg.Name)
		_, late := giver("1004", b)
		gone(t, late, call.Rejected)
		leg.End(call.Normal)
		b.ends(t, call.Normal)
	})
}

func TestOnlyOneJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := waiting()
		first := heir("1003")
		first.AutoAnswer = false
		b.call.Post(call.Join{By: first})
		second := heir("1004")
		b.call.Post(call.Join{By: second})
		gone(t, second, call.Busy)
		first.End(call.Cancelled) // before it was up: others may come
		third := heir("1005")
		b.call.Post(call.Join{By: third})
		b.hears(t, third, "with "+b.caller.Name)
		b.caller.End(call.Normal)
		b.ends(t, call.Normal)
		gone(t, third, call.Normal)
	})
}

func TestNobodyJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := waiting()
		slow := heir("1003")
		slow.AutoAnswer = false
		time.Sleep(59 * time.Second)
		b.call.Post(call.Join{By: slow})
		synctest.Wait()
		time.Sleep(2 * time.Second)
		gone(t, slow, call.Rejected)
		b.ends(t, call.NoAnswer)
		late := heir("1004")
		b.call.Post(call.Join{By: late})
		gone(t, late, call.Rejected)
	})
}

// TestALegThatEndsWhileItIsGiven is known to be gone by who gets it.
func TestALegThatEndsWhileItIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := waiting()
		leg := heir("1003")
		leg.Attach(&heap{}) // the call that it came by
		leg.End(call.Cancelled)
		b.call.Post(call.Join{By: leg})
		synctest.Wait()
		next := heir("1004")
		b.call.Post(call.Join{By: next})
		b.hears(t, next, "with "+b.caller.Name)
		b.caller.End(call.Normal)
		b.ends(t, call.Normal)
	})
}

func TestTheTransferorIsTold(t *testing.T) {
	for _, held := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			phone := calltest.NewPhone("1002", clock.System())
			var took time.Duration
			b := start(func(c *call.Call) call.Cause {
				leg, _, _ := c.Ring("1002", []call.Endpoint{phone}, call.Offer{}, time.Minute)
				_ = c.Answer()
				_, _ = c.Talk(leg, "default")
				_, _, _ = c.Transferring()
				begin := c.Clock().Now()
				_ = c.TellTransferor(call.Say("en/parked"), time.Second)
				took = c.Clock().Now().Sub(begin)
				c.Transferred()
				_ = c.Stay()
				return call.Normal
			})
			leg := <-phone.Rung
			leg.Post(call.Answered{Leg: leg.ID()})
			synctest.Wait()
			if held {
				leg.Post(call.Held{Leg: leg.ID()})
			}
			told := call.CauseNone
			b.call.Post(call.Transfer{Leg: leg.ID(), To: "720", Report: func(c call.Cause) { told = c }})
			synctest.Wait()
			time.Sleep(calltest.PromptTime)
			gone(t, leg, call.Normal)
			want := calltest.PromptTime
			if held {
				want = 0
			}
			if took != want || told != call.Normal {
				t.Errorf("held %v: told for %v, outcome %s", held, took, told)
			}
			b.caller.End(call.Normal)
			b.ends(t, call.Normal)
		})
	}
}
