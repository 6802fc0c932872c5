package exchange

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/call/calltest"
)

// TestTakeOver: a supervisor takes the place of 1002, by code or while he listens in. The
// caller talks on, and the phone of 1002 is hung up.
func TestTakeOver(t *testing.T) {
	for _, how := range []string{"code", "key"} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesks(t)
			d.opts.Config().Listening.Supervisors = []string{"1003"}
			d.opts.NewRoom = func() call.Room { return &calltest.Room{} }
			if told := d.does("1001", "*941002"); told != "en/unknown-number not-allowed" {
				t.Errorf("who is no supervisor is told %q", told)
			}
			if told := d.does("1003", "*941002"); told != "en/nobody-there no-answer" {
				t.Errorf("with nobody talking he is told %q", told)
			}
			if told := d.does("1003", "*93700"); told != "en/nobody-there no-answer" {
				t.Errorf("with nobody waiting he is told %q", told)
			}
			if told := d.does("1001", "*93700"); told != "en/unknown-number not-allowed" {
				t.Errorf("who may not take callers is told %q", told)
			}
			caller := d.dial("0912", "1002", call.Origin{Trunk: "telco"})
			agent := <-d.phone.Rung
			agent.Post(call.Answered{Leg: agent.ID()})
			synctest.Wait()
			code := "*941002"
			if how == "key" {
				code = "*901002"
			}
			boss := d.dial("1003", code, call.Origin{Extension: "1003"})
			if how == "key" {
				boss.Press('7')
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if caller.Sound.Now() != "with "+boss.Name || boss.Sound.Now() != "with "+caller.Name {
				t.Errorf("by %s: the caller hears %q, the supervisor %q", how, caller.Sound.Now(), boss.Sound.Now())
			}
			if cause, over := agent.Ended(); !over || cause != call.Normal {
				t.Errorf("by %s: the agent's phone ended %v %s", how, over, cause)
			}
			if calls := d.Calls(); len(calls) != 1 || len(calls[0].Listeners) != 0 {
				t.Errorf("by %s: the board shows %+v", how, calls)
			}
			if !slices.ContainsFunc(d.journal.Steps(), func(s call.Step) bool {
				return s.Type == call.StepSupervised && s.Value == "took-over" && s.Agent == "1002" && s.Party.Number == "1003"
			}) {
				t.Errorf("by %s: not in the journal", how)
			}
			boss.End(call.Normal)
			time.Sleep(time.Second)
			if _, over := caller.Ended(); !over {
				t.Errorf("by %s: the caller's call goes on", how)
			}
		})
	}
}

// TestTakeOverTooLate: the agent hangs up at the same moment; nobody is left behind.
func TestTakeOverTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesks(t)
		d.opts.Config().Listening.Supervisors = []string{"1003"}
		d.opts.NewRoom = func() call.Room { return &calltest.Room{} }
		caller := d.dial("0912", "1002", call.Origin{Trunk: "telco"})
		agent := <-d.phone.Rung
		agent.Post(call.Answered{Leg: agent.ID()})
		synctest.Wait()
		boss := d.dial("1003", "*901002", call.Origin{Extension: "1003"})
		boss.Press('7')
		agent.End(call.Normal)
		time.Sleep(time.Second)
		synctest.Wait()
		for name, leg := range map[string]*calltest.Leg{"caller": caller, "supervisor": boss} {
			if _, over := leg.Ended(); !over && len(d.Calls()) == 0 {
				t.Errorf("the %s is left behind", name)
			}
		}
		caller.End(call.Normal)
		time.Sleep(time.Second)
		synctest.Wait()
		if _, over := boss.Ended(); !over || len(d.Calls()) != 0 {
			t.Errorf("the supervisor ended %v; calls %+v", over, d.Calls())
		}
	})
}
