package call_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// heir is an arrived leg of an extension that is to replace another.
func heir(number string) *calltest.Leg {
	l := calltest.NewLeg(number+"-heir", clock.System())
	l.Party = call.Party{Number: number}
	return l
}

func gone(t *testing.T, l *calltest.Leg, want call.Cause) {
	t.Helper()
	synctest.Wait()
	if cause, over := l.Ended(); !over || cause != want {
		t.Errorf("%s is over: %v for %s, want %s", l.Name, over, cause, want)
	}
}

// TestAPartyIsReplaced lets 1003 take the place of either party of a talk.
func TestAPartyIsReplaced(t *testing.T) {
	for _, who := range []string{"caller", "called"} {
		synctest.Test(t, func(t *testing.T) {
			b, called := pair("1001", phones("1002"), "1002")
			goes, stays := b.caller, called
			if who == "called" {
				goes, stays = called, b.caller
			}
			by := heir("1003")
			b.call.Post(call.Replace{Leg: goes.ID(), By: by})
			b.hears(t, stays, "with 1003-heir")
			b.hears(t, by, "with "+stays.Name)
			gone(t, goes, call.Normal)
			by.Press('1') // goes to the call
			stays.End(call.Normal)
			b.ends(t, call.Normal)
			gone(t, by, call.Normal)
			steps := b.journal.Steps()
			i := slices.IndexFunc(steps, func(s call.Step) bool { return s.Type == call.StepTransferred })
			if i < 0 || steps[i].Value != "taken" || steps[i].Number != "1003" || steps[i].Leg != goes.ID() {
				t.Errorf("the journal says %+v", steps)
			}
		})
	}
}

// TestAnHeirThatIsNeverUp leaves the talk as it was.
func TestAnHeirThatIsNeverUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, called := pair("1001", phones("1002"), "1002")
		by := heir("1003")
		by.AutoAnswer = false
		b.call.Post(call.Replace{Leg: called.ID(), By: by})
		b.hears(t, b.caller, "with "+called.Name)
		by.End(call.ProtocolError)
		b.hears(t, b.caller, "with "+called.Name)
		late := heir("1004")
		late.AutoAnswer = false
		b.call.Post(call.Replace{Leg: called.ID(), By: late})
		synctest.Wait()
		called.End(call.Normal) // before 1004 is up
		b.ends(t, call.Normal)
		gone(t, late, call.Rejected)
	})
}

func TestWhatCannotBeReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, called := pair("1001", phones("1002"), "1002")
		nobody := heir("1003")
		b.call.Post(call.Replace{Leg: "nobody", By: nobody})
		gone(t, nobody, call.Rejected)
		called.End(call.Normal)
		b.ends(t, call.Normal)
		late := heir("1003")
		b.call.Post(call.Replace{Leg: called.ID(), By: late})
		gone(t, late, call.Rejected)
	})
	synctest.Test(t, func(t *testing.T) { // a caller whom nobody talks with
		b := start(func(c *call.Call) call.Cause { _ = c.Answer(); _ = c.Stay(); return call.Normal })
		by := heir("1003")
		b.call.Post(call.Replace{Leg: b.caller.ID(), By: by})
		gone(t, by, call.Rejected)
		b.caller.End(call.Normal)
		b.ends(t, call.Normal)
	})
}

func TestARingingPhoneIsPickedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := phones("1002")
		b := dialling("1001", set, "1002")
		rung := <-set["1002"].Rung
		rung.Post(call.Ringing{Leg: rung.ID()})
		by := heir("1003")
		b.call.Post(call.Replace{Leg: rung.ID(), By: by})
		b.hears(t, b.caller, "with 1003-heir")
		gone(t, rung, call.Elsewhere)
		by.End(call.Normal)
		b.ends(t, call.Normal)
		steps := b.journal.Steps()
		i := slices.IndexFunc(steps, func(s call.Step) bool { return s.Type == call.StepPickedUp })
		if i < 0 || steps[i].Party.Number != "1003" || steps[i].Agent != "1002" || steps[i].Value != string(rung.ID()) {
			t.Errorf("the journal says %+v", steps)
		}
	})
}

// TestPickUpCrossesTheAnswer: whoever is up first talks.
func TestPickUpCrossesTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := phones("1002")
		b := dialling("1001", set, "1002")
		rung := <-set["1002"].Rung
		by := heir("1003")
		by.AutoAnswer = false
		b.call.Post(call.Replace{Leg: rung.ID(), By: by})
		rung.Post(call.Answered{Leg: rung.ID()})
		b.hears(t, b.caller, "with "+rung.Name)
		gone(t, by, call.Elsewhere)
		rung.End(call.Normal)
		b.ends(t, call.Normal)
	})
}

// TestOnlyTheAgentPicksUp a phone that a hunt of a queue rings.
func TestOnlyTheAgentPicksUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := calltest.NewPhone("1002", clock.System())
		b := start(func(c *call.Call) call.Cause {
			h := c.NewHunt()
			h.Ring("1002", []call.Endpoint{phone}, call.Offer{})
			for {
				e, err := c.Next(clock.System().Now().Add(1 << 40))
				if err != nil {
					return call.Normal
				}
				if o := h.Handle(e); o.Answered != nil {
					cause, _ := c.Talk(o.Answered, "default")
					return cause
				}
			}
		})
		rung := <-phone.Rung
		other, own := heir("1003"), heir("1002")
		b.call.Post(call.Replace{Leg: rung.ID(), By: other})
		gone(t, other, call.Rejected)
		b.call.Post(call.Replace{Leg: rung.ID(), By: own})
		b.hears(t, b.caller, "with 1002-heir")
		gone(t, rung, call.Elsewhere)
		own.End(call.Normal)
		b.ends(t, call.Normal)
	})
}
