package main

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
)

// TestPhonesMoveCalls by answering 302 and by INVITE with Replaces.
func TestPhonesMoveCalls(t *testing.T) {
	t.Parallel()
	box := startDemo(t)
	box.configure(func(c *config.Config) { c.Queues[0].WrapUp = 0 })
	for _, test := range []struct {
		name string
		run  func(*testing.T, *demo)
	}{
		{"sent elsewhere", sentElsewhere}, {"sent in a circle", sentInACircle}, {"a queue call sent elsewhere", queueCallSentElsewhere}, {"picked up", pickedUp},
		{"taken over", takenOver}, {"a queue call taken over", queueCallTakenOver},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, box.with(t))
			box.with(t).becomes(20*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
		})
	}
}

// story is a call's, in one string.
func (d *demo) story(id call.ID) string {
	d.t.Helper()
	return d.cli("calls", "show", string(id))
}

// running is the call that a number has made and that goes on.
func (d *demo) running(number string) (id call.ID) {
	d.t.Helper()
	d.becomes(20*time.Second, "call of "+number, func(s api.State) bool {
		for _, c := range s.Calls {
			if c.From.Number == number {
				id = c.ID
			}
		}
		return id != ""
	})
	return id
}

// wantRecordOf waits for the record of just that call: others were between the same two.
func (d *demo) wantRecordOf(id call.ID, result ledger.Result, cause call.Cause) (found ledger.Record) {
	d.t.Helper()
	d.becomes(20*time.Second, "record of "+string(id), func(s api.State) bool {
		for _, r := range s.Records {
			if r.Call == id {
				found = r
				return true
			}
		}
		return false
	})
	if found.Result != result || found.Cause != cause.String() {
		d.t.Errorf("the record says %s (%s), want %s (%s)", found.Result, found.Cause, result, cause)
	}
	return found
}

func sentElsewhere(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	b.ringing().Redirect("<sip:1003@somewhere.example>", sip.NewHeader("Diversion", "<sip:1002@here>;reason=time-of-day"))
	third := c.answers()
	up(t, ours)
	id := d.running("1001")
	hears(t, "1001", ours, toneC)
	hears(t, "1003", third, toneA)
	if h := third.Invite.GetHeader("Diversion"); h == nil || !strings.Contains(h.Value(), "<sip:1002@"+d.env["SIP_DOMAIN"]+">;reason=time-of-day") {
		t.Errorf("1003 is told %v", h)
	}
	third.Hangup()
	ends(t, ours, 20*time.Second, 0)
	d.becomes(20*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	r := d.wantRecordOf(id, ledger.Answered, call.Normal)
	if s := d.steps(r.Call)[call.StepDiverted]; len(s) != 1 || s[0].Party.Number != "1002" || s[0].Number != "1003" || s[0].Reason != "time-of-day" {
		t.Errorf("the ledger says %+v", s)
	}
	if story := d.story(r.Call); !strings.Contains(story, "1003") || r.Agent != "1003" {
		t.Errorf("agent %s in the record of\n%s", r.Agent, story)
	}
}

func sentInACircle(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	b.ringing().Redirect("<sip:1003@x>")
	c.ringing().Redirect("<sip:1002@x>")
	ends(t, ours, 20*time.Second, 480)
}

// queueCallSentElsewhere stays in the queue, and the ledger knows why the agent did not
// take it.
func queueCallSentElsewhere(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call(d.env["EXT_QUEUE"])
	b.ringing().Redirect("<sip:1003@x>")
	d.becomes(20*time.Second, "1002 has missed it", func(api.State) bool { return d.agent("1002") == "missed" })
	d.stage("1001", "queue "+d.env["EXT_QUEUE"])
	select {
	case <-c.rings:
		t.Error("1003 rings, who is not in the queue")
	default:
	}
	ours.Hangup()
	d.becomes(20*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	r := d.record("1001", d.env["EXT_QUEUE"])
	if s := d.steps(r.Call)[call.StepQueueMissed]; len(s) != 1 || s[0].Agent != "1002" || s[0].Cause != call.Moved.String() {
		t.Errorf("the ledger says %+v", s)
	}
	d.becomes(60*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
}

func pickedUp(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)
	ours := a.call("1002")
	rung := b.ringing()
	happens(t, "ringing", 20*time.Second, ours.Rang())
	taken := c.takes(rung.Replaces() + ";early-only")
	up(t, ours)
	up(t, taken)
	id := d.running("1001")
	ends(t, rung, 20*time.Second, 487)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", taken, toneA)
	ours.Hangup()
	ends(t, taken, 20*time.Second, 0)
	d.becomes(20*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	if r := d.wantRecordOf(id, ledger.Answered, call.Normal); r.Agent != "1003" {
		t.Errorf("the record is %+v", r)
	}
}

func takenOver(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	taken := c.takes(theirs.Replaces(), sip.NewHeader("Referred-By", "<sip:1002@"+d.env["SIP_DOMAIN"]+">"))
	up(t, taken)
	id := d.running("1001")
	ends(t, theirs, 20*time.Second, 0)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", taken, toneA)
	taken.Hangup()
	ends(t, ours, 20*time.Second, 0)
	d.becomes(20*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	r := d.wantRecordOf(id, ledger.Answered, call.Normal)
	if s := d.steps(r.Call)[call.StepTransferred]; len(s) != 1 || s[0].Value != "taken" || r.Agent != "1003" {
		t.Errorf("agent %s, the ledger says %+v", r.Agent, s)
	}
}

// queueCallTakenOver frees the agent whose call it was.
func queueCallTakenOver(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)
	ours := a.call(d.env["EXT_QUEUE"])
	rung := b.ringing()
	ends(t, c.takes(rung.Replaces()), 20*time.Second, 603) // it is offered to 1002
	if err := rung.Answer(); err != nil {
		t.Fatal(err)
	}
	hears(t, "1001", ours, toneB)
	taken := c.takes(rung.Replaces(), sip.NewHeader("Referred-By", "<sip:1002@"+d.env["SIP_DOMAIN"]+">"))
	up(t, taken)
	ends(t, rung, 20*time.Second, 0)
	hears(t, "1001", ours, toneC)
	d.becomes(20*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
	ours.Hangup()
	ends(t, taken, 20*time.Second, 0)
}
