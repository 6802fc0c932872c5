package main

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// state is the board as the command line reads it.
func (d *demo) state() api.State {
	d.t.Helper()
	var s api.State
	d.call("GET", "/api/state", nil, &s)
	return s
}

// becomes polls the board until ok.
func (d *demo) becomes(limit time.Duration, what string, ok func(api.State) bool) {
	d.t.Helper()
	eventually(d.t, limit, what, func() bool { return ok(d.state()) })
}

func (d *demo) agent(number string) string {
	for _, a := range d.state().Floor.Agents {
		if a.Extension == number {
			return a.State
		}
	}
	return ""
}

// stage is where the only call is.
func stage(s api.State) string {
	if len(s.Calls) != 1 {
		return ""
	}
	return s.Calls[0].Stage
}

// steps are the types of a call's steps in the ledger, and the steps.
func (d *demo) steps(id call.ID) map[call.StepType][]call.Step {
	d.t.Helper()
	var story api.Story
	d.call("GET", "/api/calls/"+string(id), nil, &story)
	by := map[call.StepType][]call.Step{}
	for _, s := range story.Steps {
		by[s.Type] = append(by[s.Type], s)
	}
	return by
}

func (d *demo) heard(port string) []int16 {
	d.t.Helper()
	kind := "lines"
	if strings.HasPrefix(port, "fxs") {
		kind = "phones"
	}
	var data []byte
	d.call("GET", "/api/sim/"+kind+"/"+port+"/heard.wav", nil, &data)
	return parseWAV(d.t, data)
}

func (d *demo) cli(args ...string) string {
	d.t.Helper()
	out, err := exec.Command(program(d.t, "pasokh"), append(args, "--data", d.dir)...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("pasokh %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// TestTheWalk carries one call through the whole house: from a telephone line to
// an agent's SIP phone, watched on the page, told by the ledger.
func TestTheWalk(t *testing.T) {
	const (
		number, name = "02188776655", "Ali Rezaei"
		callerHz     = 1000
		agentHz      = 1400
	)
	d := startDemo(t)
	agent := startBaresip(d, "B", agentHz)

	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.sees("phone-1002", "1002")
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "free", "timeout": 10000})
	p.do(map[string]any{"do": "wait", "testid": "line-fxo1", "state": "idle", "timeout": 10000})

	// The central office rings line 1 and sends caller ID between the rings.
	p.do(map[string]any{"do": "fill", "testid": "trial-number", "value": number})
	p.do(map[string]any{"do": "fill", "testid": "trial-name", "value": name})
	p.do(map[string]any{"do": "click", "testid": "trial-call"})
	p.do(map[string]any{"do": "wait", "testid": "line-fxo1", "state": "ringing", "timeout": 10000})
	p.sees("line-fxo1", name)
	d.becomes(10*time.Second, "menu", func(s api.State) bool { return stage(s) == "menu 500" })
	id := d.state().Calls[0].ID
	if from := d.state().Calls[0].From; from.Number != number || from.Name != name {
		t.Errorf("caller is %v, want %s <%s>", from, name, number)
	}
	p.do(map[string]any{"do": "wait", "testid": "line-fxo1", "state": "in-call", "timeout": 10000})

	// The agent is free, so the queue must be held up to be heard: he is on
	// another call first, in the conference room.
	agent.do("dial", "sip:800@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	d.becomes(10*time.Second, "busy agent", func(api.State) bool { return d.agent("1002") == "busy" })

	// The caller presses 1 and waits: position and music, in the line's language.
	time.Sleep(3 * time.Second) // of greeting, as a caller would
	p.do(map[string]any{"do": "click", "testid": "trial-key-1"})
	p.sees("queue-700", name)
	d.becomes(10*time.Second, "announced position", func(api.State) bool { return len(d.steps(id)[call.StepQueueAnnounced]) > 0 })
	eventually(t, 40*time.Second, "hold music", func() bool { return isMusic(d.heard("fxo1")) })
	agent.do("hangup", "")

	// The agent's phone rings, shows who calls, and answers.
	ring := agent.wait("CALL_INCOMING", 20*time.Second)
	if !strings.Contains(ring.Peer, number) || ring.Name != name {
		t.Errorf("the agent's phone shows %q %q, want %s %s", ring.Peer, ring.Name, number, name)
	}
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "ringing", "timeout": 10000})
	agent.do("accept", "")
	agent.wait("CALL_ESTABLISHED", 10*time.Second)
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "talking", "timeout": 10000})
	d.call("POST", "/api/sim/lines/fxo1/talk", map[string]int{"hz": callerHz}, nil)
	time.Sleep(4 * time.Second)

	// In Persian, from right to left, and still live.
	p.do(map[string]any{"do": "lang", "lang": "fa"})
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "talking", "timeout": 10000})

	// The far end hangs up: the loop opens.
	p.do(map[string]any{"do": "click", "testid": "trial-hangup"})
	agent.wait("CALL_CLOSED", 10*time.Second)
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "wrap-up", "timeout": 10000})
	p.do(map[string]any{"do": "wait", "testid": "line-fxo1", "state": "idle", "timeout": 10000})
	p.do(map[string]any{"do": "wait", "testid": "agent-1002", "state": "free", "timeout": 20000})
	p.do(map[string]any{"do": "wait", "testid": "record-row", "contains": "", "timeout": 10000})
	p.do(map[string]any{"do": "wav", "testid": "trial-audio"})
	p.do(map[string]any{"do": "quit"})

	// Both directions carried audio.
	wantTone(t, "what the agent heard", agent.heard(), callerHz)
	heard := d.heard("fxo1")
	wantTone(t, "what the caller heard", heard, agentHz)
	wantSaid(t, heard, speech.Phrase("fa", "welcome"))
	wantSaid(t, heard, speech.Phrase("fa", "queue-next"))

	// The ledger has every step, in order, with its reason.
	steps := d.steps(id)
	for _, kind := range []call.StepType{call.StepArrived, call.StepRouted, call.StepAnswered, call.StepSaid, call.StepPressed,
		call.StepQueueJoined, call.StepQueueAnnounced, call.StepQueueOffered, call.StepRinging, call.StepQueueConnected,
		call.StepBridged, call.StepUnbridged, call.StepEnded, call.StepWrapUp, call.StepReady} {
		if len(steps[kind]) == 0 {
			t.Errorf("the ledger has no %q", kind)
		}
	}
	for _, kind := range []call.StepType{call.StepRouted, call.StepQueueOffered} {
		for _, s := range steps[kind] {
			if s.Reason == "" {
				t.Errorf("step %q has no reason", kind)
			}
		}
	}
	want := []string{string(id), number, "700", "1002", "answered"}
	before := d.cli("calls")
	for _, w := range want {
		if !strings.Contains(before, w) {
			t.Errorf("pasokh calls does not show %q:\n%s", w, before)
		}
	}
	record := d.state().Records[0]
	for _, r := range d.state().Records {
		if r.Call == id {
			record = r
		}
	}
	if wait, talk := record.Wait.D(), record.Talk.D(); wait < 8*time.Second || wait > 40*time.Second || talk < 3*time.Second || talk > 20*time.Second || record.Ring.D() <= 0 {
		t.Errorf("record says wait %v, ring %v, talk %v", record.Wait.D(), record.Ring.D(), record.Talk.D())
	}

	// After a restart it is still there.
	d.stop()
	d.start()
	if after := d.cli("calls"); after != before {
		t.Errorf("calls before the restart:\n%s\nafter:\n%s", before, after)
	}
	if story := d.cli("calls", "show", string(id)); !strings.Contains(story, number) || !strings.Contains(story, "1002") {
		t.Errorf("the story is\n%s", story)
	}
}
