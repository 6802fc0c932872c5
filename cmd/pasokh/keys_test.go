package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/ledger"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// TestKeys presses the keys of desk phones.
func TestKeys(t *testing.T) {
	t.Parallel()
	box := startDemo(t)
	box.configure(func(c *config.Config) {
		c.Queues[0].WrapUp = 0
		c.Parking.Slots, c.Parking.TimeOut = 1, config.Duration(10*time.Second)
	})
	for _, test := range []struct {
		name string
		run  func(*testing.T, *demo)
	}{
		{"park with baresip and fetch", parkAndFetch}, {"nobody fetches", parkTimeOut}, {"the lot is full", fullLot},
		{"pick up", pickUp}, {"log out and in", dutyKey}, {"the night", nightKey},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, box.with(t))
			box.with(t).becomes(10*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
		})
	}
}

// parkAndFetch lets baresip park its caller with REFER.
func parkAndFetch(t *testing.T, d *demo) {
	parker := startBaresip(d, "B", toneB)
	a, c := newHandset(d, "1001", toneA), newHandset(d, "1003", toneC)
	ours := a.call("1002")
	parker.wait("CALL_INCOMING", 10*time.Second)
	parker.do("accept", "")
	up(t, ours)
	hears(t, "1001", ours, toneB)
	parker.do("transfer", "sip:"+demoPark+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	d.stage("1001", "parked 701")
	hearsMusic(t, "1001", ours, toneB)
	d.becomes(10*time.Second, "parker let go", func(s api.State) bool { return len(s.Calls) == 1 && len(s.Calls[0].Legs) == 1 })
	fetched := c.call("701")
	up(t, fetched)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", fetched, toneA)
	fetched.Hangup()
	ends(t, ours, 5*time.Second, 0)
	r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal)
	steps := d.steps(r.Call)
	if p, u := steps[call.StepParked], steps[call.StepUnparked]; len(p) != 1 || p[0].Party.Number != "1002" || len(u) != 1 || u[0].Party.Number != "1003" || r.Agent != "1003" {
		t.Errorf("the ledger says %+v, then %+v, and names %s", p, u, r.Agent)
	}
}

func parkTimeOut(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	outcome(t, 200, blind(theirs, "701"))
	ends(t, theirs, 10*time.Second, 0)
	wantSaid(t, theirs.Audio().Heard(), speech.Phrase("fa", "parked"))
	back := b.answers() // after 10 s
	if back.From != "1001" {
		t.Errorf("1002 shows %s", back.From)
	}
	hears(t, "1001", ours, toneB)
	ours.Hangup()
	ends(t, back, 5*time.Second, 0)
	r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal)
	if story := d.cli("calls", "show", string(r.Call)); !regexp.MustCompile(`Nobody took the caller out of slot 701 for 1\d seconds, so the call went back to`).MatchString(story) {
		t.Errorf("the story says\n%s", story)
	}
}

func fullLot(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)
	first := a.call("1002")
	theirs := b.answers()
	up(t, first)
	outcome(t, 200, blind(theirs, demoPark))
	second := c.call("1002")
	theirs = b.answers()
	up(t, second)
	outcome(t, 486, blind(theirs, demoPark))
	hears(t, "1003 again", second, toneB)
	second.Hangup()
	first.Hangup()
	ends(t, theirs, 5*time.Second, 0)
	d.becomes(5*time.Second, "end of all calls", func(s api.State) bool { return len(s.Calls) == 0 })
	ends(t, c.call("701"), 10*time.Second, 480) // nobody is there any more
}

func pickUp(t *testing.T, d *demo) {
	a, b, c := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC)
	ours := a.call("1002")
	rings := b.ringing()
	theirs := c.call("*81002")
	up(t, ours)
	ends(t, rings, 5*time.Second, 487)
	hears(t, "1001", ours, toneC)
	hears(t, "1003", theirs, toneA)
	theirs.Hangup()
	ends(t, ours, 5*time.Second, 0)
	if r := d.wantRecord("1001", "1002", ledger.Answered, call.Normal); r.Agent != "1003" {
		t.Errorf("the record names %s", r.Agent)
	}
}

// dials calls a code and waits for the box to say what it says.
func (h *handset) dials(d *demo, code, prompt string) {
	h.t.Helper()
	c := h.call(code)
	ends(h.t, c, 15*time.Second, 0)
	wantSaid(h.t, c.Audio().Heard(), speech.Phrase("fa", prompt))
}

func dutyKey(t *testing.T, d *demo) {
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	b.dials(d, "*45", "logged-out")
	if is := d.agent("1002"); is != "logged-out" {
		t.Errorf("the agent is %s", is)
	}
	refused := a.call(demoQueue)
	ends(t, refused, 20*time.Second, 0)
	wantSaid(t, refused.Audio().Heard(), speech.Phrase("fa", "no-agents"))
	ends(t, a.call("*45"), 20*time.Second, 403) // 1001 is no agent, and cannot speak for 1002
	b.dials(d, "*45"+demoQueue, "logged-in")
	b.dials(d, "*46*2", "paused")
	ours := a.call(demoQueue)
	up(t, ours)
	d.becomes(10*time.Second, "waiting caller", func(s api.State) bool { return len(s.Floor.Queues[0].Waiting) == 1 })
	b.dials(d, "*46", "ready")
	theirs := b.answers()
	hears(t, "1002", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
}

func nightKey(t *testing.T, d *demo) {
	a, c := newHandset(d, "1001", toneA).register(), newHandset(d, "1003", toneC)
	c.dials(d, demoNight, "switch-on")
	rings := func(number string) {
		d.call("POST", "/api/sim/lines/fxo1/call", api.SimCall{Number: number, Release: api.LoopDrop}, nil)
	}
	rings("02177112233")
	night := a.answers()
	if night.From != "02177112233" {
		t.Errorf("1001 shows %s", night.From)
	}
	night.Hangup()
	d.line("fxo1", "idle")
	_ = d.tryCall("POST", "/api/sim/lines/fxo1/hangup", nil, nil) // unless its caller has already
	c.dials(d, demoNight, "switch-off")
	d.cli("switch", demoNight, "on")
	if v := d.state().Switches; len(v) != 1 || !v[0].On || v[0].At.IsZero() {
		t.Errorf("the board shows %+v", v)
	}
	d.fails("switch", "*99", "on")
	d.cli("switch", demoNight, "off")
	r := d.record("1003", demoNight)
	if story := d.cli("calls", "show", string(r.Call)); !strings.Contains(story, "turned the switch Night off") {
		t.Errorf("the story says\n%s", story)
	}
	d.becomes(10*time.Second, "free line", func(s api.State) bool { return s.Simulator.Lines[0].State == "idle" })
	rings("02177112244")
	d.stage("02177112244", "menu 500")
	d.call("POST", "/api/sim/lines/fxo1/hangup", nil, nil)
	d.line("fxo1", "idle")
}

// TestKeysSurviveARestart: who has logged out stays out, and the night goes on.
func TestKeysSurviveARestart(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	b := newHandset(d, "1002", toneB).register()
	b.dials(d, "*45", "logged-out")
	b.dials(d, demoNight, "switch-on")
	d.stop()
	d.start()
	if is := d.agent("1002"); is != "logged-out" {
		t.Errorf("after the restart the agent is %s", is)
	}
	newHandset(d, "1003", toneC).dials(d, demoNight, "switch-off")
	b.dials(d, "*45", "logged-in")
}

// TestLampsOfKeys lets SIPp watch the lamps of keys as a phone's key module does.
func TestLampsOfKeys(t *testing.T) {
	t.Parallel()
	needTool(t, "sipp")
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		c.Queues[0].Agents = append(c.Queues[0].Agents, config.QueueAgent{Extension: "1001"})
	})
	watcher, other := newHandset(d, "1001", toneA).register(), newHandset(d, "1002", toneB).register()
	dial := func(h *handset, code string) func() { return func() { ends(t, h.call(code), 15*time.Second, 0) } }
	var parked func()
	for _, key := range []struct {
		number, first, second string
		turn, back            func()
	}{
		{"*28", "terminated", "confirmed", dial(other, "*28"), dial(watcher, "*28")},
		{"*45", "confirmed", "terminated", dial(watcher, "*45"), dial(watcher, "*45700")},
		{"*46700", "terminated", "confirmed", dial(watcher, "*46"), dial(watcher, "*46700")},
		{"701", "terminated", "confirmed", func() {
			ours := newHandset(d, "1003", toneC).call("1002")
			theirs := other.answers()
			up(t, ours)
			outcome(t, 200, blind(theirs, "701"))
			parked = ours.Hangup
		}, func() { parked() }},
	} {
		seen, ended := watchKey(d, key.number, key.first, key.second)
		seen(1)
		key.turn()
		seen(2)
		key.back()
		if err := <-ended; err != nil {
			t.Errorf("SIPp at %s: %v", key.number, err)
		}
	}
}

// watchKey subscribes SIPp to a number for 1001. seen waits for so many NOTIFYs.
func watchKey(d *demo, number, first, second string) (seen func(n int), ended chan error) {
	t := d.t
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "key.xml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "key.xml"), strings.NewReplacer("[domain]", d.env["SIP_DOMAIN"], "[secret]", d.env["PASS_A"],
		"[key]", number, "[pattern]", regexp.QuoteMeta(number), "[first]", first, "[second]", second).Replace(string(text)))
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	sipp := exec.CommandContext(ctx, "sipp", "-sf", "key.xml", "-m", "1", "-i", "127.0.0.1", "-nostdin", "-timeout", "50s", "-timeout_error",
		"-trace_err", "-error_file", "errors", "-trace_msg", "-message_file", "messages", d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	sipp.Dir = dir
	ended = make(chan error, 1)
	go func() {
		out, err := sipp.CombinedOutput()
		if err != nil {
			errors, _ := os.ReadFile(filepath.Join(dir, "errors"))
			t.Logf("%s\n%s", out, errors)
		}
		ended <- err
	}()
	return func(n int) {
		t.Helper()
		eventually(t, 15*time.Second, "change of the lamp of "+number, func() bool {
			trace, err := os.ReadFile(filepath.Join(dir, "messages"))
			return err == nil && bytes.Count(trace, []byte("\nNOTIFY sip:1001@")) >= n
		})
	}, ended
}
