package exchange

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// TestListenByCode: a supervisor dials a code and the number of who talks.
func TestListenByCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		cfg := d.opts.Config()
		cfg.Listening = config.Listening{Supervisors: []string{"1003"}, Tones: []string{"barge"}}
		room := &calltest.Room{}
		d.opts.NewRoom = func() call.Room { return room }
		if told := d.does("1003", "*901002"); told != "en/nobody-there no-answer" {
			t.Errorf("with nobody talking he is told %q", told)
		}
		caller := d.dial("0912", "1002", call.Origin{Trunk: "telco"})
		rung := <-d.phone.Rung
		if told := d.does("1003", "*901002"); told != "en/nobody-there no-answer" {
			t.Errorf("while it rings he is told %q", told)
		}
		rung.Post(call.Answered{Leg: rung.ID()})
		synctest.Wait()
		for _, who := range []string{"1001", "1002"} { // no supervisor, and the party itself
			if told := d.does(who, "*901002"); told != "en/unknown-number not-allowed" {
				t.Errorf("%s is told %q", who, told)
			}
		}
		boss := d.dial("1003", "*911002", call.Origin{Extension: "1003"})
		if boss.Sound.Now() != "room" || room.Hears("0912 to 1002", boss.Name) != 0 || room.Hears(rung.Name, boss.Name) != 1 {
			t.Errorf("he hears %q", boss.Sound.Now())
		}
		if calls := d.Calls(); len(calls) != 1 || len(calls[0].Listeners) != 1 {
			t.Errorf("the board shows %+v", calls)
		}
		boss.Press('6')
		synctest.Wait()
		if room.Hears("0912 to 1002", boss.Name) != 1 {
			t.Error("the caller does not hear him")
		}
		boss.End(call.Normal)
		synctest.Wait()
		if caller.Sound.Now() != "with "+rung.Name {
			t.Errorf("the caller hears %q", caller.Sound.Now())
		}
		caller.End(call.Normal)
		time.Sleep(time.Second)
	})
}

// TestListenByThePage rings a supervisor's phone.
func TestListenByThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		d.opts.Config().Listening.Supervisors = []string{"1002", "1003"}
		d.opts.NewRoom = func() call.Room { return &calltest.Room{} }
		caller, other := d.dial("1001", "1002", call.Origin{Extension: "1001"}), (*calltest.Leg)(nil)
		other = <-d.phone.Rung
		id := d.Calls()[0].ID
		for _, c := range []struct {
			id   call.ID
			who  string
			want error
		}{{"none", "1003", ErrNoTalk}, {id, "1003", ErrNoTalk}, {id, "1001", ErrNotSupervisor}, {id, "9", ErrNotSupervisor}} {
			if err := d.Listen(c.id, c.who, call.Listens); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.who, err, c.want)
			}
		}
		other.Post(call.Answered{Leg: other.ID()})
		synctest.Wait()
		if err := d.Listen(id, "1002", call.Listens); !errors.Is(err, ErrNoTalk) {
			t.Errorf("a party listens to itself: %v", err)
		}
		if err := d.Listen(id, "1003", call.Listens); !errors.Is(err, ErrNoPhone) {
			t.Errorf("without a phone: %v", err)
		}
		caller.End(call.Normal)
		time.Sleep(time.Second)

		caller = d.dial("1001", "1003", call.Origin{Extension: "1001"}) // nobody there
		time.Sleep(time.Second)
		if _, over := caller.Ended(); !over {
			t.Error("1003 has a phone")
		}
	})
}
