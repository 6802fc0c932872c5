package exchange

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// TestGreet rings a phone, says something to who answers, and hangs up.
func TestGreet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		for _, ext := range []string{"1003", "9"} { // no phone, no extension
			if _, err := d.Greet(ext, call.Say("en/welcome")); !errors.Is(err, ErrNoPhone) {
				t.Errorf("%s: %v, want that it has no phone", ext, err)
			}
		}
		id, err := d.Greet("1002", call.Say("en/welcome"))
		if err != nil {
			t.Fatal(err)
		}
		leg := <-d.phone.Rung
		if calls := d.Calls(); len(calls) != 1 || calls[0].ID != id || calls[0].Stage != "test" {
			t.Errorf("the board shows %+v", calls)
		}
		leg.Post(call.Answered{Leg: leg.ID()})
		time.Sleep(time.Second)
		if cause, over := leg.Ended(); !over || cause != call.Normal || !heard(leg.Log(), "hears program en/welcome") {
			t.Errorf("over %v for %v, the phone: %v", over, cause, leg.Log())
		}

		if _, err := d.Greet("1002", call.Say("en/welcome")); err != nil {
			t.Fatal(err)
		}
		busy := <-d.phone.Rung
		busy.End(call.Busy)
		time.Sleep(time.Second)
		if last := d.journal.Steps()[len(d.journal.Steps())-1]; last.Type != call.StepEnded || last.Cause != call.Busy.String() || len(d.Calls()) != 0 {
			t.Errorf("a busy phone ends it so: %+v", last)
		}

		d.opts.Config().System.MaxCalls = 1
		if _, err := d.Greet("1002", call.Say("en/welcome")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Greet("1002", call.Say("en/welcome")); !errors.Is(err, ErrFull) {
			t.Errorf("beyond the limit: %v", err)
		}
		(<-d.phone.Rung).End(call.Rejected)
		time.Sleep(time.Second)
	})
}

func heard(log []string, line string) bool {
	for _, l := range log {
		if l == line {
			return true
		}
	}
	return false
}
