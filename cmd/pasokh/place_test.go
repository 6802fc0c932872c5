package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui/api"
)

// newCustomer is a SIPp that is about to call; it is gone with the test.
func newCustomer(d *demo, from string, p callPlan) *caller {
	d.t.Helper()
	c := &caller{callPlan: p, dir: d.t.TempDir(), from: from, ports: freePorts(d.t, 8), done: make(chan struct{})}
	if err := c.begins(d); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		c.drops()
		<-c.done
		if d.t.Failed() {
			d.t.Logf("SIPp of %s: %v %s %+v", c.Number, c.end, c.complains(), c.said)
		}
	})
	return c
}

// keys are presses of so many keys, the first after a while.
func keys(first int, digits string) (list []press) {
	for i, k := range digits {
		list = append(list, press{Key: string(k), After: 500})
		if i == 0 {
			list[0].After = first
		}
	}
	return list
}

// waiting are those in line of the demo's queue.
func waiting(s api.State) []queue.CallerView { return s.Floor.Queues[0].Waiting }

// TestPlacesAreKept: the line of a SIPp drops while he waits, he calls again, and is where
// he was, before one who came after him; another SIPp keys in the number at which he wants
// to be called back, and the SIPp that has that number is.
func TestPlacesAreKept(t *testing.T) {
	t.Parallel()
	needTool(t, "sipp")
	d := startDemo(t)
	from := telco()
	server := fmt.Sprintf("%s:%d", from, freePort(t))
	const did, dropped, patient, asks, other = "02188776611", "09121110001", "09121110002", "09121110003", "09125557788"
	d.configure(func(c *config.Config) {
		c.Media.Timeout = config.Duration(5 * time.Second)
		c.Trunks = []config.Trunk{{Name: "telco", Servers: []string{server}, Transport: config.UDP, Sources: []string{from},
			CallerID: "02188776600", DIDs: map[string]string{did: demoQueue}}}
		c.Routes = []config.Route{{Name: "out", Prefix: "09", Trunks: []string{"telco"}}}
		q := &c.Queues[0]
		q.KeepPlace, q.WrapUp = config.Duration(time.Minute), config.Duration(time.Second)
		q.Callback = config.Callback{Key: "2", Gap: config.Duration(30 * time.Second)}
	})
	calledBack(t, server)

	// Nobody is at the agent's phone. The second caller comes while the first one's line fails.
	first := newCustomer(d, from, callPlan{Number: dropped, DID: did, Patience: 60000, Talks: true})
	d.becomes(10*time.Second, "the first caller", func(s api.State) bool { return len(waiting(s)) == 1 })
	second := newCustomer(d, from, callPlan{Number: patient, DID: did, Patience: 90000, Talks: true})
	d.becomes(10*time.Second, "the second caller", func(s api.State) bool { return len(waiting(s)) == 2 })
	first.drops()
	d.becomes(20*time.Second, "the end of the dropped line", func(s api.State) bool {
		return len(waiting(s)) == 1 && waiting(s)[0].Party.Number == patient
	})
	again := newCustomer(d, from, callPlan{Number: dropped, DID: did, Patience: 60000, Talks: true})
	d.becomes(10*time.Second, "the first caller in his place", func(s api.State) bool {
		return len(waiting(s)) == 2 && waiting(s)[0].Party.Number == dropped && waiting(s)[0].Position == 1 && waiting(s)[1].Position == 2
	})

	// The third one wants to be called at another number.
	newCustomer(d, from, callPlan{Number: asks, DID: did, Patience: 60000, Talks: true, Presses: append(append(keys(2000, "2"), keys(2000, "2")...), append(keys(1500, other+"#"), keys(2000, "1")...)...)})
	d.becomes(40*time.Second, "the place of who is to be called", func(s api.State) bool { return len(waiting(s)) == 3 && waiting(s)[2].Callback })

	// The agent comes and serves them in their order.
	agent := newHandset(d, demoUserB, toneB).register()
	for i, number := range []string{dropped, patient, other} {
		talk := agent.answers()
		if talk.From != number {
			t.Errorf("call %d at the agent is from %s, want %s", i, talk.From, number)
		}
		switch i { // who is hung up on before he has heard anything is back in line
		case 0:
			eventually(t, 10*time.Second, "the agent's tone", func() bool { return again.ear.hearing(toneB) })
		case 1:
			eventually(t, 10*time.Second, "the agent's tone", func() bool { return second.ear.hearing(toneB) })
		case 2:
			d.becomes(20*time.Second, "the customer at his other number", func(s api.State) bool {
				return len(s.Calls) == 1 && len(s.Calls[0].Legs) == 2 && s.Calls[0].Legs[1].State == "up"
			})
			hears(t, "the agent, by the echo of SIPp", talk, toneB)
		}
		talk.Hangup()
	}
	back := d.recordOf(other, func(r ledger.Record) bool { return r.Origin == (call.Origin{}) })
	if back.Result != ledger.Answered {
		t.Errorf("the call back: %+v", back)
	}
	r := d.recordOf(dropped, func(r ledger.Record) bool { return r.Result == ledger.Answered })
	if j := d.steps(r.Call)[call.StepQueueJoined]; len(j) != 1 || j[0].Reason != "kept" || j[0].Value != "1" {
		t.Errorf("the second call of the first caller: %+v", j)
	}
	if r := d.recordOf(asks, func(ledger.Record) bool { return true }); len(r.Visits) != 1 || r.Visits[0].Outcome != ledger.VisitCallback || r.Visits[0].Callback != "connected" {
		t.Errorf("who asked: %+v", r.Visits)
	}
}

// recordOf waits for a record of a number.
func (d *demo) recordOf(number string, is func(ledger.Record) bool) (found ledger.Record) {
	d.t.Helper()
	eventually(d.t, 15*time.Second, "record of "+number, func() bool {
		var list api.Records
		d.call("GET", "/api/records?number="+number, nil, &list)
		for _, r := range list.Records {
			if is(r) {
				found = r
				return true
			}
		}
		return false
	})
	return found
}
