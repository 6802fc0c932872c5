package call_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// TestFarewell: who is let go hears why and is hung up after it. The talk of the others
// goes on; his keys ask for nothing in it, and it ends without him.
func TestFarewell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phones := map[string]*calltest.Phone{"1001": calltest.NewPhone("1001", clock.System()), "1002": calltest.NewPhone("1002", clock.System())}
		b := &bench{caller: calltest.NewLeg("caller", clock.System()), journal: &calltest.Journal{}, done: make(chan struct{})}
		asked := ""
		b.call = call.New(call.Arrival{Leg: b.caller, To: "700"}, call.Options{Clock: clock.System(), Journal: b.journal, Log: slog.New(slog.DiscardHandler),
			Help: func(_ *call.Call, by call.Leg, _ string) bool { asked = string(by.ID()); return true }})
		go func() {
			b.call.Run(func(c *call.Call) call.Cause {
				_ = c.Answer()
				legs := make(map[string]call.Leg)
				for _, ext := range []string{"1001", "1002"} {
					legs[ext], _, _ = c.Ring(ext, []call.Endpoint{phones[ext]}, call.Offer{}, time.Minute)
				}
				c.Farewell(legs["1002"], call.Say("fa/goodbye"), call.Elsewhere)
				cause, _ := c.Talk(legs["1001"], "default")
				return cause
			})
			close(b.done)
		}()
		up := <-phones["1001"].Rung
		up.Post(call.Answered{Leg: up.ID()})
		let := <-phones["1002"].Rung
		let.Post(call.Answered{Leg: let.ID()})
		b.hears(t, let, "program fa/goodbye")
		b.hears(t, up, "with caller")
		let.Press('*')
		synctest.Wait()
		if asked != "" {
			t.Errorf("%s has asked for help", asked)
		}
		time.Sleep(calltest.PromptTime)
		gone(t, let, call.Elsewhere)
		b.hears(t, b.caller, "with "+up.Name)
		up.Press('*')
		synctest.Wait()
		if asked != string(up.ID()) {
			t.Error("who talks could not ask for help")
		}
		up.End(call.Normal)
		b.ends(t, call.Normal)
	})
}
