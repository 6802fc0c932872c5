package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// TestTheAgentsAndTheSupervisorsSide of a queue's call, on whole phones: the whisper is
// heard by the agent alone, a supervisor takes over and takes callers out, and what was
// done is on the page, at the console and in the ledger.
func TestTheAgentsAndTheSupervisorsSide(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Listening.Supervisors = []string{"1003"}
		q := &c.Queues[0]
		q.Language = "en"
		q.Whisper = config.AgentWhisper{Parts: []string{"queue", "wait"}, Confirm: true}
		q.Dispositions = map[string]string{"1": "Sold"}
		q.Survey = config.Survey{Questions: []string{"survey-satisfied"}}
		q.WrapUp = config.Duration(2 * time.Minute)
	})
	ha, hb, boss := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	queue := d.env["EXT_QUEUE"]

	// He is told of the call and does not take it by picking up; the caller has music.
	a := ha.call(queue)
	up(t, a)
	b := hb.answers()
	eventually(t, 10*time.Second, "the whisper", func() bool { return len(d.steps(d.state().Calls[0].ID)[call.StepWhispered]) == 1 })
	hearsMusic(t, "1001", a, toneB)
	if h := b.Audio().Measure(toneA, time.Second); h.Share > 0.02 {
		t.Errorf("the agent hears the caller before he took him: %.3f", h.Share)
	}
	if s := d.agent("1002"); s != "ringing" {
		t.Errorf("while he is told the agent is %s", s)
	}
	time.Sleep(4 * time.Second) // a person hears it out
	b.Audio().Press("1")
	hears(t, "1001", a, toneB)
	hears(t, "1002", b, toneA)
	wantSaid(t, b.Audio().Heard(), speech.Phrase("en", "whisper-confirm"))
	id := d.state().Calls[0].ID

	// A supervisor takes over: the agent is in his wrap-up and says what it was.
	ends(t, ha.call("*941002"), 15*time.Second, 403)
	c := boss.call("*941002")
	up(t, c)
	hears(t, "1001", a, toneC)
	hears(t, "1003", c, toneA)
	ends(t, b, 10*time.Second, 0)
	d.becomes(10*time.Second, "wrap-up", func(api.State) bool { return d.agent("1002") == "wrap-up" })
	ends(t, hb.call("*489"), 15*time.Second, 404) // no such code
	ends(t, hb.call("*481"), 15*time.Second, 0)
	d.becomes(10*time.Second, "wrap-up again", func(api.State) bool { return d.agent("1002") == "wrap-up" })
	c.Hangup()
	ends(t, a, 10*time.Second, 0)

	// The next caller waits; the console puts the agent to rest, the page has the
	// supervisor's phone ring for the caller.
	if got := d.cli("queue", "pause", "1002"); !strings.Contains(got, "done") {
		t.Errorf("pausing says %q", got)
	}
	d.becomes(5*time.Second, "paused agent", func(api.State) bool { return d.agent("1002") == "paused" })
	a = ha.call(queue)
	up(t, a)
	d.becomes(10*time.Second, "caller in line", func(s api.State) bool { return len(s.Floor.Queues[0].Waiting) == 1 })
	second := d.state().Floor.Queues[0].Waiting[0].Call
	if list := d.cli("queue", "agents"); !strings.Contains(list, "paused") || !strings.Contains(list, string(second)) {
		t.Errorf("the console lists\n%s", list)
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.do(map[string]any{"do": "click", "testid": "usher-1"})
	p.do(map[string]any{"do": "click", "testid": "manage-1002"})
	if to := os.Getenv("SCREENSHOTS"); to != "" {
		p.do(map[string]any{"do": "screenshot", "path": filepath.Join(to, "supervise.png"), "full": true})
	}
	p.do(map[string]any{"do": "click", "testid": "take-1"})
	c = boss.answers()
	hears(t, "1001", a, toneC)
	hears(t, "1003", c, toneA)
	p.do(map[string]any{"do": "click", "testid": "resume-1002"})
	d.becomes(5*time.Second, "agent who rests no more", func(api.State) bool { return d.agent("1002") != "paused" })
	p.do(map[string]any{"do": "quit"})
	c.Hangup()
	ends(t, a, 10*time.Second, 0)

	first := d.cli("calls", "show", string(id))
	for _, want := range []string{"is told who comes", "took the place of", "noted what the call was: “Sold”"} {
		if !strings.Contains(first, want) && !strings.Contains(first, strings.ReplaceAll(strings.ReplaceAll(want, "“", ""), "”", "")) {
			t.Errorf("the story has no %q:\n%s", want, first)
		}
	}
	if s := d.cli("calls", "show", string(second)); !strings.Contains(s, "took the caller out of the queue") {
		t.Errorf("the story of the second call:\n%s", s)
	}
}
