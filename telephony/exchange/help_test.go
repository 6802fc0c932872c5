package exchange

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// TestHelp: *0 in a talk rings both supervisors, and the first to answer whispers. The
// caller outside has no such key.
func TestHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		d.opts.Config().Listening.Supervisors = []string{"1001", "1003"}
		room := &calltest.Room{}
		d.opts.NewRoom = func() call.Room { return room }
		bosses := map[string]*calltest.Phone{"1001": calltest.NewPhone("1001", clock.System()), "1003": calltest.NewPhone("1003", clock.System())}
		d.AddDirectory(helpers(bosses))
		caller := d.dial("0912", "1002", call.Origin{Trunk: "telco"})
		agent := <-d.phone.Rung
		agent.Party = call.Party{Number: "1002"}
		agent.Post(call.Answered{Leg: agent.ID()})
		press := func(l *calltest.Leg) {
			l.Press('*')
			l.Press('0')
			synctest.Wait()
		}
		press(caller)
		if len(bosses["1001"].Rung)+len(bosses["1003"].Rung) != 0 {
			t.Error("the caller outside has rung a supervisor")
		}
		press(agent)
		press(agent) // impatient
		if len(bosses["1001"].Rung) != 1 || len(bosses["1003"].Rung) != 1 {
			t.Fatalf("%d and %d phones ring", len(bosses["1001"].Rung), len(bosses["1003"].Rung))
		}
		one, two := <-bosses["1001"].Rung, <-bosses["1003"].Rung
		two.Post(call.Answered{Leg: two.ID()})
		synctest.Wait()
		if cause, over := one.Ended(); !over || cause != call.Elsewhere {
			t.Errorf("the other phone: ended %v %s", over, cause)
		}
		if room.Hears(agent.Name, two.Name) != 1 || room.Hears(caller.Name, two.Name) != 0 {
			t.Error("who helps is not heard by the agent alone")
		}
		two.Press('6')
		synctest.Wait()
		if room.Hears(caller.Name, two.Name) != 1 {
			t.Error("he cannot join in")
		}
		two.End(call.Normal)
		synctest.Wait()
		if caller.Sound.Now() != "with "+agent.Name {
			t.Errorf("afterwards the caller hears %q", caller.Sound.Now())
		}
		caller.End(call.Normal)
		time.Sleep(time.Second)
	})
}

// helpers are supervisors' phones.
type helpers map[string]*calltest.Phone

func (h helpers) Endpoints(ext string) []call.Endpoint {
	if p := h[ext]; p != nil {
		return []call.Endpoint{p}
	}
	return nil
}
