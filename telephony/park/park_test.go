package park

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// place is a lot with two slots, in which calls of 1001 are parked by 1002.
type place struct {
	*Lot
	t       *testing.T
	journal calltest.Journal
}

func lot(t *testing.T) *place {
	cfg := config.Default()
	cfg.Extensions = []config.Extension{{Number: "1002", Language: "fa"}}
	cfg.Parking = config.Parking{Number: "720", First: "701", Slots: 2, TimeOut: config.Duration(2 * time.Minute), Music: "default"}
	return &place{Lot: New(func() *config.Config { return cfg }), t: t}
}

// parked is a call that was sent to be parked.
type parked struct {
	caller, by *calltest.Leg
	next       string
	cause      call.Cause
	outcome    []call.Cause // told to who parks
	done       chan struct{}
}

// park lets 1002 answer a caller and send him to number.
func (p *place) park(caller, number string) *parked {
	p.t.Helper()
	k := &parked{caller: calltest.NewLeg(caller, clock.System()), done: make(chan struct{})}
	phone := calltest.NewPhone("1002-"+caller, clock.System())
	c := call.New(call.Arrival{Leg: k.caller, From: call.Party{Number: caller}, To: "1002"},
		call.Options{Clock: clock.System(), Journal: &p.journal, Log: slog.New(slog.DiscardHandler)})
	go func() {
		defer close(k.done)
		c.Run(func(c *call.Call) call.Cause {
			leg, _, _ := c.Ring("1002", []call.Endpoint{phone}, call.Offer{}, time.Minute)
			_ = c.Answer()
			_, _ = c.Talk(leg, "default")
			_, _, _ = c.Transferring()
			leg, k.next, k.cause = p.Park(c, number)
			if leg != nil {
				k.cause, _ = c.Talk(leg, "default")
			}
			return k.cause
		})
	}()
	k.by = <-phone.Rung
	k.by.Party = call.Party{Number: "1002", Name: "Sara"}
	k.by.Post(call.Answered{Leg: k.by.ID()})
	synctest.Wait()
	c.Post(call.Transfer{Leg: k.by.ID(), To: number, Report: func(c call.Cause) { k.outcome = append(k.outcome, c) }})
	synctest.Wait()
	return k
}

// fetch lets an extension dial a slot.
func (p *place) fetch(ext, slot string) (leg *calltest.Leg, ok bool) {
	leg = calltest.NewLeg(ext, clock.System())
	c := call.New(call.Arrival{Leg: leg, From: call.Party{Number: ext}, To: slot},
		call.Options{Clock: clock.System(), Journal: &p.journal, Log: slog.New(slog.DiscardHandler)})
	done := make(chan struct{})
	go func() {
		c.Run(func(c *call.Call) call.Cause {
			if ok = p.Fetch(c, slot); !ok {
				return call.NoAnswer
			}
			return call.Normal
		})
		close(done)
	}()
	<-done
	synctest.Wait()
	return leg, ok
}

func (p *place) last(want call.StepType, cause call.Cause, party string) {
	p.t.Helper()
	for _, s := range p.journal.Steps() {
		if s.Type == want && s.Cause == cause.String() && s.Party.Number == party {
			return
		}
	}
	p.t.Errorf("no step %s %s of %s in %v", want, cause, party, p.journal.Types())
}

func TestParkAndFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := lot(t)
		k := p.park("0912", "720")
		if heard := k.by.Sound.Now(); heard != "program fa/parked  fa/number-7 fa/number-0 fa/number-1" {
			t.Errorf("who parks hears %s", heard)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if cause, over := k.by.Ended(); !over || cause != call.Normal || len(k.outcome) != 1 || k.outcome[0] != call.Normal {
			t.Errorf("who parks is let go: %v, told %v", over, k.outcome)
		}
		if heard := k.caller.Sound.Now(); heard != "program default" {
			t.Errorf("the caller hears %s", heard)
		}
		if v, ok := p.Parked("701"); !ok || v.Party.Number != "0912" || v.By.Number != "1002" {
			t.Errorf("in 701 is %+v", v)
		}
		if _, ok := p.fetch("1003", "702"); ok {
			t.Error("somebody was in an empty slot")
		}
		leg, ok := p.fetch("1003", "701")
		if !ok || k.caller.Sound.Now() != "with 1003" || leg.Sound.Now() != "with 0912" {
			t.Errorf("%v: they hear %s and %s", ok, k.caller.Sound.Now(), leg.Sound.Now())
		}
		if _, ok := p.Parked("701"); ok {
			t.Error("the slot is still taken")
		}
		p.last(call.StepUnparked, call.Normal, "1003")
		leg.End(call.Normal)
		<-k.done
	})
}

func TestParkedCallersComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := lot(t)
		k := p.park("0912", "702")
		time.Sleep(2*time.Minute - time.Second)
		synctest.Wait()
		if _, ok := p.Parked("702"); !ok {
			t.Error("not in the slot that was named")
		}
		<-k.done // the script ends here; in the house the call goes on
		if k.next != "1002" || k.cause != call.CauseNone {
			t.Errorf("the call goes on to %q, %s", k.next, k.cause)
		}
		p.last(call.StepUnparked, call.NoAnswer, "1002")
	})
}

func TestParkedCallersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := lot(t)
		k := p.park("0912", "701")
		time.Sleep(time.Second)
		k.caller.End(call.Normal)
		<-k.done
		if _, ok := p.Parked("701"); ok {
			t.Error("the slot is still taken")
		}
		p.last(call.StepUnparked, call.Cancelled, "0912")
	})
}

func TestFullLot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := lot(t)
		all := []*parked{p.park("1", "720"), p.park("2", "720")}
		for _, number := range []string{"720", "701"} {
			k := p.park("3-"+number, number)
			<-k.done
			if k.cause != call.Busy || k.next != "" {
				t.Errorf("at %s: %s %s", number, k.cause, k.next)
			}
		}
		all[0].caller.End(call.Normal)
		<-all[0].done
		again := p.park("4", "720")
		if v, ok := p.Parked("701"); !ok || v.Party.Number != "4" {
			t.Errorf("the free slot has %+v", v)
		}
		again.caller.End(call.Normal)
		all[1].caller.End(call.Normal)
		<-again.done
		<-all[1].done
	})
}

// TestOnlyTransfersPark: who dials the parking has nobody to park.
func TestOnlyTransfersPark(t *testing.T) {
	p := lot(t)
	leg := calltest.NewLeg("1003", clock.System())
	c := call.New(call.Arrival{Leg: leg, To: "720"}, call.Options{Clock: clock.System(), Journal: &p.journal, Log: slog.New(slog.DiscardHandler)})
	c.Run(func(c *call.Call) call.Cause {
		if _, _, cause := p.Park(c, "720"); cause != call.NotAllowed {
			t.Errorf("parked: %s", cause)
		}
		return call.Normal
	})
}
