package main

import (
	"context"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/webui/api"
)

// TestTransfers moves calls between SIP phones with REFER.
func TestTransfers(t *testing.T) {
	t.Parallel()
	box := startDemo(t)
	box.configure(func(c *config.Config) {
		c.Queues[0].WrapUp = 0
		for i := range c.Extensions {
			if c.Extensions[i].Number == "1003" {
				c.Extensions[i].RingFor = config.Duration(5 * time.Second)
			}
		}
	})
	for _, test := range []struct {
		name string
		run  func(*testing.T, *demo)
	}{
		{"blind by the called", blindByCalled}, {"blind by the caller", blindByCaller}, {"to nobody and back", failedTransfer},
		{"attended", attendedTransfer}, {"queue call", queueTransfer},
		{"attended to a phone that rings", ringingTransfer}, {"nobody answers", unansweredTransfer},
		{"a caller on a line", lineTransfer},
		{"nobody answers and the transferor has gone", abandonedTransfer},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, box.with(t))
			box.with(t).becomes(10*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
		})
	}
}

// outcome runs a transfer and wants it to come out with a status.
func outcome(t *testing.T, want int, transfer func(context.Context) (int, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if status, err := transfer(ctx); err != nil || status != want {
		t.Fatalf("the transfer came out with %d %v, want %d", status, err, want)
	}
}

func blind(c *phone.Call, to string) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) { return c.Transfer(ctx, to) }
}

// soon lets a phone answer its next call and hands the call over.
func soon(h *handset) <-chan *phone.Call {
	answered := make(chan *phone.Call, 1)
	go func() {
		c := <-h.rings
		_ = c.Answer()
		answered <- c
	}()
	return answered
}

func blindByCalled(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	target := soon(c)
	outcome(t, 200, blind(theirs, "1003"))
	third := <-target
	ends(t, theirs, 5*time.Second, 0)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", third, toneA)
	if third.From != "1001" {
		t.Errorf("1003 shows %s, want the caller 1001", third.From)
	}
	ours.Hangup()
	ends(t, third, 5*time.Second, 0)
	if r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal); r.Agent != "1003" {
		t.Errorf("the record names %s", r.Agent)
	} else if s := d.steps(r.Call)[call.StepTransferred]; len(s) != 1 || s[0].Number != "1003" || s[0].Party.Number != "1002" {
		t.Errorf("the ledger says %+v", s)
	}
}

func blindByCaller(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	target := soon(c)
	outcome(t, 200, blind(ours, "1003"))
	third := <-target
	ends(t, ours, 5*time.Second, 0)
	hears(t, "1002", theirs, toneC)
	hears(t, "1003", third, toneB)
	third.Hangup()
	ends(t, theirs, 5*time.Second, 0)
}

func failedTransfer(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	outcome(t, 404, blind(theirs, d.env["EXT_UNKNOWN"]))
	hears(t, "1001 again", ours, toneB)
	hears(t, "1002 again", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
}

func attendedTransfer(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hold(t, theirs, true)
	target := soon(c)
	consult := b.call("1003")
	up(t, consult)
	third := <-target
	hears(t, "1002 asks", consult, toneC)
	outcome(t, 200, func(ctx context.Context) (int, error) { return theirs.TransferTo(ctx, consult) })
	ends(t, theirs, 5*time.Second, 0)
	ends(t, consult, 5*time.Second, 0)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", third, toneA)
	third.Hangup()
	ends(t, ours, 5*time.Second, 0)
	if r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal); r.Agent != "1003" {
		t.Errorf("the record names %s", r.Agent)
	}
}

func queueTransfer(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call(d.env["EXT_QUEUE"])
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)
	target := soon(c)
	outcome(t, 200, blind(theirs, "1003"))
	third := <-target
	ends(t, theirs, 5*time.Second, 0)
	hears(t, "1001", ours, toneC)
	d.becomes(5*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
	ours.Hangup()
	ends(t, third, 5*time.Second, 0)
	if r := d.wantRecord("1001", d.env["EXT_QUEUE"], ledger.Answered, call.Normal); r.Agent != "1003" || r.Queue != "700" {
		t.Errorf("the record says queue %s, agent %s", r.Queue, r.Agent)
	}
}

// ringingTransfer: 1002 does not wait until 1003 answers.
func ringingTransfer(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hold(t, theirs, true)
	consult := b.call("1003")
	asked := c.ringing()
	happens(t, "ringing", 5*time.Second, consult.Rang())
	target := soon(c)
	outcome(t, 200, func(ctx context.Context) (int, error) { return theirs.TransferTo(ctx, consult) })
	third := <-target
	ends(t, asked, 5*time.Second, 487)
	ends(t, consult, 5*time.Second, 480)
	ends(t, theirs, 5*time.Second, 0)
	if h := third.Invite.GetHeader("Referred-By"); h == nil || h.Value() != "<sip:1002@"+d.env["SIP_DOMAIN"]+">" {
		t.Errorf("1003 is told of %v", h)
	}
	hears(t, "1001", ours, toneC)
	hears(t, "1003", third, toneA)
	ours.Hangup()
	ends(t, third, 5*time.Second, 0)
}

// unansweredTransfer goes back to the transferor, who waits for the outcome.
func unansweredTransfer(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	outcome(t, 480, blind(theirs, "1003"))
	ends(t, c.ringing(), 5*time.Second, 487)
	hears(t, "1001 again", ours, toneB)
	hears(t, "1002 again", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
}

// abandonedTransfer rings the transferor, who hung up without waiting.
func abandonedTransfer(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	go func() { _, _ = theirs.Transfer(context.Background(), "1003") }()
	third := c.ringing()
	theirs.Hangup()
	ends(t, third, 10*time.Second, 487)
	again := b.answers()
	hears(t, "1001", ours, toneB)
	hears(t, "1002, rung back", again, toneA)
	ours.Hangup()
	ends(t, again, 5*time.Second, 0)
	d.becomes(10*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	if s := d.steps(d.wantRecord("1001", "1002", ledger.Answered, call.Normal).Call)[call.StepReturned]; len(s) != 1 || s[0].Cause != call.NoAnswer.String() {
		t.Errorf("the ledger says %+v", s)
	}
}

// lineTransfer sends a caller on an analog line, who came through a queue, to a phone
// that is busy, and then to one that answers.
func lineTransfer(t *testing.T, d *demo) {
	const number = "02177112233"
	b, c := newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	d.callIn("fxo2", api.SimCall{Number: number})
	theirs := b.answers()
	d.call("POST", "/api/sim/lines/fxo2/talk", api.SimTone{Hz: toneCaller}, nil)
	hearsTone(t, "1002", theirs, toneCaller)
	go func() { c.ringing().Reject(486, "Busy Here") }()
	outcome(t, 486, blind(theirs, "1003"))
	hearsTone(t, "1002 again", theirs, toneCaller)
	target := soon(c)
	outcome(t, 200, blind(theirs, "1003"))
	third := <-target
	if third.From != number {
		t.Errorf("1003 shows %s", third.From)
	}
	ends(t, theirs, 5*time.Second, 0)
	hearsTone(t, "1003", third, toneCaller)
	d.becomes(5*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
	third.Hangup()
	d.line("fxo2", "idle")
	if r := d.wantRecord(number, "500", ledger.Answered, call.Normal); r.Agent != "1003" || r.Queue != "700" {
		t.Errorf("the record says queue %s, agent %s", r.Queue, r.Agent)
	}
}
