package main

import (
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

const toneCaller = 1000

// TestLines calls in on analog lines, without a page.
func TestLines(t *testing.T) {
	t.Parallel()
	box := startDemo(t)
	box.configure(func(c *config.Config) { c.Queues[0].WrapUp = 0 })
	for _, release := range []api.Release{api.BusyTone, api.Reversal} {
		t.Run(string(release), func(t *testing.T) { releasedBy(t, box.with(t), release) })
	}
	t.Run("abandoned while ringing", func(t *testing.T) { abandoned(t, box.with(t)) })
	t.Run("first come, first served", func(t *testing.T) { twoInQueue(t, box.with(t)) })
}

// callIn lets a caller ring a line, hear the greeting and press 1.
func (d *demo) callIn(port string, c api.SimCall) {
	d.t.Helper()
	caller := func(what string, ok func(api.SimLine) bool) {
		d.t.Helper()
		eventually(d.t, 20*time.Second, what+" at the caller on "+port, func() bool {
			var l api.SimLine
			d.call("GET", "/api/sim/lines/"+port, nil, &l)
			return ok(l)
		})
	}
	caller("free line", func(l api.SimLine) bool { return l.State == "idle" })
	d.call("POST", "/api/sim/lines/"+port+"/call", c, nil)
	caller("answer", func(l api.SimLine) bool { return l.State == "answered" })
	answered := d.stage(c.Number, "menu 500").Legs[0].Since
	d.becomes(10*time.Second, "greeting", func(s api.State) bool { return s.Now.Sub(answered) > 3*time.Second })
	for range 5 { // a person presses again when nothing happens; a machine that stands still loses keys
		d.call("POST", "/api/sim/lines/"+port+"/press", api.SimKeys{Digits: "1"}, nil)
		for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if slices.ContainsFunc(d.state().Calls, func(s call.Snapshot) bool { return s.From.Number == c.Number && s.Stage == "queue 700" }) {
				return
			}
		}
	}
	d.t.Fatalf("%s does not come to the queue", c.Number)
}

// stage waits until the call from number is there and returns it.
func (d *demo) stage(number, stage string) (found call.Snapshot) {
	d.t.Helper()
	d.becomes(20*time.Second, number+" in "+stage, func(s api.State) bool {
		for _, c := range s.Calls {
			if c.From.Number == number && c.Stage == stage {
				found = c
				return true
			}
		}
		return false
	})
	return found
}

func (d *demo) line(port, state string) {
	d.t.Helper()
	d.becomes(10*time.Second, port+" "+state, func(s api.State) bool {
		for _, l := range s.Lines {
			if l.Port == port {
				return string(l.State) == state
			}
		}
		return false
	})
}

func releasedBy(t *testing.T, d *demo, release api.Release) {
	number := map[api.Release]string{api.BusyTone: "02177001122", api.Reversal: "02177003344"}[release]
	agent := newHandset(d, "1002", toneB).register()
	d.callIn("fxo2", api.SimCall{Number: number, Name: "J SMITH", Release: release})
	theirs := agent.answers()
	if theirs.From != number || theirs.Name != "J SMITH" {
		t.Errorf("the agent sees %q <%s>", theirs.Name, theirs.From)
	}
	d.call("POST", "/api/sim/lines/fxo2/talk", api.SimTone{Hz: toneCaller}, nil)
	hearsTone(t, "agent", theirs, toneCaller)
	eventually(t, 8*time.Second, "agent's tone on the line", func() bool {
		pcm := d.heard("fxo2")
		return goertzelShare(pcm[max(0, len(pcm)-4000):], toneB) > 0.8
	})
	wantSaid(t, d.heard("fxo2"), speech.Phrase("en", "welcome"))
	d.call("POST", "/api/sim/lines/fxo2/hangup", nil, nil)
	ends(t, theirs, 10*time.Second, 0)
	d.line("fxo2", "idle")
	if r := d.wantRecord(number, "500", ledger.Answered, call.Normal); r.Agent != "1002" || r.Queue != "700" {
		t.Errorf("the record says queue %s, agent %s", r.Queue, r.Agent)
	}
}

func abandoned(t *testing.T, d *demo) {
	const number = "02177005566"
	agent := newHandset(d, "1002", toneB).register()
	d.callIn("fxo1", api.SimCall{Number: number})
	theirs := agent.ringing()
	d.call("POST", "/api/sim/lines/fxo1/hangup", nil, nil)
	ends(t, theirs, 10*time.Second, 487)
	d.line("fxo1", "idle")
	d.wantRecord(number, "500", ledger.Abandoned, call.Normal)
	d.becomes(5*time.Second, "free agent", func(api.State) bool { return d.agent("1002") == "free" })
}

// twoInQueue has two callers wait for an agent who is on the phone.
func twoInQueue(t *testing.T, d *demo) {
	const first, second = "02177007788", "02177009900"
	agent := newHandset(d, "1002", toneB).register()
	own := agent.call(d.env["EXT_ECHO"])
	up(t, own)
	d.callIn("fxo1", api.SimCall{Number: first})
	d.callIn("fxo2", api.SimCall{Number: second})
	id := d.stage(second, "queue 700").ID
	d.becomes(10*time.Second, "announced position", func(api.State) bool { return len(d.steps(id)[call.StepQueueAnnounced]) > 0 })
	eventually(t, 40*time.Second, "hold music on line 2", func() bool { return isMusic(d.heard("fxo2")) })
	wantSaid(t, d.heard("fxo2"), speech.Position("en", 2))
	own.Hangup()

	for _, number := range []string{first, second} {
		var theirs *phone.Call
		if theirs = agent.answers(); theirs.From != number {
			t.Fatalf("the agent gets %s, want %s first", theirs.From, number)
		}
		d.becomes(5*time.Second, "talking agent", func(api.State) bool { return d.agent("1002") == "talking" })
		theirs.Hangup()
		d.wantRecord(number, "500", ledger.Answered, call.Normal)
	}
	d.line("fxo1", "idle")
	d.line("fxo2", "idle")
}
