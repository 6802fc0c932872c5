package main

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// TestTheAgentIsHelped: on whole phones an agent forgets a caller on hold, who is thanked
// for his patience, and is rung back; calls a supervisor for help whom the caller does not
// hear; and the caller answers the survey with his keys. Then the console sends agents off
// and back, and callers from queue to queue.
func TestTheAgentIsHelped(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	const second = "730"
	d.configure(func(c *config.Config) {
		c.Listening.Supervisors = []string{"1003"}
		q := &c.Queues[0]
		q.HoldReminder, q.WrapUp = config.Duration(10*time.Second), config.Duration(time.Second)
		q.Survey = config.Survey{Questions: []string{"survey-satisfied", "survey-satisfied"}}
		c.Queues = append(c.Queues, config.Queue{Number: second, Name: "Second", Strategy: config.Linear, Agents: config.QueueAgents("1003"), Music: "default",
			RingFor: config.Duration(20 * time.Second), WrapUp: config.Duration(time.Second)})
	})
	ha, hb, boss := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()

	a := ha.call(demoQueue)
	b := hb.answers()
	up(t, a)
	hears(t, "1001", a, toneB)
	id := d.state().Calls[0].ID
	hold(t, b, true)
	thanks := units()["fa/thanks"]
	eventually(t, 20*time.Second, "thanks for the caller's patience", func() bool {
		heard := a.Audio().Heard()
		return said(heard[max(0, len(heard)-3*8000):], thanks) > 0.9
	})
	hearsMusic(t, "1001, after he was thanked", a, toneB)
	b.Hangup()
	b = hb.answers() // rung back
	hears(t, "1001 again", a, toneB)
	hears(t, "1002 again", b, toneA)

	b.Audio().Press("*0")
	c := boss.answers()
	eventually(t, 10*time.Second, "the supervisor at the agent's ear", func() bool { return b.Audio().Measure(toneC, 500*time.Millisecond).Share > 0.2 })
	eventually(t, 10*time.Second, "the caller's tone at the supervisor", func() bool { return c.Audio().Measure(toneA, 500*time.Millisecond).Share > 0.2 })
	if share := a.Audio().Measure(toneC, time.Second).Share; share > 0.02 {
		t.Errorf("the caller hears the supervisor: %.3f", share)
	}
	c.Hangup()
	hears(t, "1002 alone", b, toneA)

	b.Hangup()
	for i, key := range []string{"4", "5"} {
		d.stage("1001", "survey "+demoQueue)
		eventually(t, 15*time.Second, "the question", func() bool { return len(d.steps(id)[call.StepSurvey]) == i })
		time.Sleep(time.Second) // a person thinks
		a.Audio().Press(key)
		eventually(t, 15*time.Second, "the answer", func() bool { return len(d.steps(id)[call.StepSurvey]) == i+1 })
	}
	ends(t, a, 15*time.Second, 0)
	wantSaid(t, a.Audio().Heard(), speech.Phrase("fa", "goodbye"))
	r := d.wantRecord("1001", demoQueue, ledger.Answered, call.Normal)
	if len(r.Visits) != 1 || r.Visits[0].Survey["1"] != "4" || r.Visits[0].Survey["2"] != "5" || r.Visits[0].Agent != "1002" {
		t.Errorf("the visit is %+v", r.Visits)
	}
	if helped := d.steps(id)[call.StepSupervised]; len(helped) == 0 || helped[0].Value != "help" || helped[0].Agent != "1002" {
		t.Errorf("of the help the ledger knows %+v", helped)
	}

	supervise := func(agent, what, want string) {
		t.Helper()
		d.call("POST", "/api/agents/"+agent, api.Supervise{Do: what}, nil)
		d.becomes(10*time.Second, agent+" "+want, func(api.State) bool { return d.agent(agent) == want })
	}
	supervise("1002", "log-out", "logged-out")
	refused := ha.call(demoQueue)
	ends(t, refused, 20*time.Second, 0)
	wantSaid(t, refused.Audio().Heard(), speech.Phrase("fa", "no-agents"))
	supervise("1002", "log-in", "free")
	supervise("1002", "pause", "paused")
	a = ha.call(demoQueue)
	up(t, a)
	d.becomes(10*time.Second, "a caller in line", func(s api.State) bool { return len(waiting(s)) == 1 })
	id = waiting(d.state())[0].Call
	d.call("POST", "/api/calls/"+string(id)+"/queue", api.Usher{Do: "move", Queue: second}, nil)
	c = boss.answers()
	hears(t, "1001 in the other queue", a, toneC)
	c.Hangup()
	ends(t, a, 10*time.Second, 0)
	supervise("1002", "resume", "free")
	eventually(t, 10*time.Second, "both visits", func() bool {
		for _, r := range d.state().Records {
			if r.Call == id {
				return len(r.Visits) == 2 && r.Visits[0].Outcome == ledger.VisitOverflow && r.Visits[0].Reason == "moved" && r.Visits[1].Queue == second && r.Visits[1].Agent == "1003"
			}
		}
		return false
	})
}
