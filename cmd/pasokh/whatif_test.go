package main

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/figures"
	"github.com/pasokh/pasokh/telephony/whatif"
	"github.com/pasokh/pasokh/webui/api"
)

// TestWhatIf: a short day with a restart in it, on whole phones; played unchanged it has
// the figures of the report, and with other settings others.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		q := &c.Queues[0]
		q.Agents, q.Strategy, q.RingFor, q.WrapUp = config.QueueAgents("1002", "1003"), config.Linear, config.Duration(5*time.Second), config.Duration(2*time.Second)
	})
	queue := d.env["EXT_QUEUE"]
	caller, second := newHandset(d, "1001", toneA), newHandset(d, "1001", toneA)
	ha, hb := newHandset(d, "1002", toneB).register(), newHandset(d, "1003", toneC).register()
	free := func() {
		d.becomes(20*time.Second, "free agents", func(api.State) bool { return d.agent("1002") == "free" && d.agent("1003") == "free" })
	}
	serve := func(from, by *handset) {
		c := from.call(queue)
		up(t, c)
		a := by.answers()
		time.Sleep(time.Second)
		a.Hangup()
		ends(t, c, 10*time.Second, 0)
	}
	free()
	serve(caller, ha)
	d.becomes(10*time.Second, "wrap-up", func(api.State) bool { return d.agent("1002") == "wrap-up" })
	serve(caller, hb) // the other one wraps up
	free()
	serve(caller, hb) // the first lets it ring
	free()
	d.cli("queue", "pause", "1002")
	d.cli("queue", "pause", "1003")
	c := second.call(queue)
	up(t, c)
	d.becomes(10*time.Second, "a caller in line", func(s api.State) bool { return len(s.Floor.Queues[0].Waiting) == 1 })
	time.Sleep(time.Second)
	c.Hangup()
	d.cli("queue", "resume", "1002")
	d.stop()
	d.start()
	ha = newHandset(d, "1002", toneB).register()
	newHandset(d, "1003", toneC).register()
	d.becomes(20*time.Second, "the agents after the restart", func(api.State) bool { return d.agent("1002") == "free" && d.agent("1003") == "paused" })
	serve(caller, ha)
	d.becomes(20*time.Second, "a free agent", func(api.State) bool { return d.agent("1002") == "free" })

	var found whatif.Comparison
	d.call("GET", "/api/whatif?day=today", nil, &found)
	var report figures.Report
	d.call("GET", "/api/reports?period=today", nil, &report)
	if !found.Exact || !found.Closes || found.Runs != 1 {
		t.Errorf("the day does not come out again: from %v on, %+v", found.Differs, found)
	}
	if report.Total.Values["answered"] != 4 || report.Total.Values["abandoned"] != 1 || report.Total.Values["rona"] == 0 {
		t.Errorf("the day was %v", report.Total.Values)
	}
	running := map[string]bool{"logged-in": true, "paused": true, "occupancy": true, "utilisation": true} // go on while we ask
	for _, f := range found.Figures {
		want, ok := report.Total.Values[f.ID]
		switch {
		case ok != (f.Mean != nil) || ok != (f.Real != nil):
			t.Errorf("%s: %v, in the report %v", f.ID, f.Mean, want)
		case ok && running[f.ID] && math.Abs(*f.Mean-want) > 0.05*want+0.01:
			t.Errorf("%s is %v and comes out as %v", f.ID, want, *f.Mean)
		case ok && !running[f.ID] && (*f.Mean != want || *f.Real != want):
			t.Errorf("%s is %v and comes out as %v", f.ID, want, *f.Mean)
		}
	}
	said := d.cli("whatif", "--day", "today", "--queue", queue)
	if !strings.Contains(said, "exactly as it was") {
		t.Errorf("the console says\n%s", said)
	}
	said = d.cli("whatif", "--day", "today", "--queue", queue, "--strategy", "ring-all", "--agents", "+1", "--callback", "on", "--runs", "5", "--lang", "fa")
	for _, text := range []string{"۵ بار اجرا", "شبیه‌سازی", "کاپلان–مایر", "تماس برگشتی"} {
		if !strings.Contains(said, text) {
			t.Errorf("no %q in\n%s", text, said)
		}
	}
	// A whole configuration: the one in force leaves the day as it was, another does not.
	draft, settings := filepath.Join(t.TempDir(), "draft.yaml"), d.cli("config", "export")
	played := func(yaml string) string {
		write(t, draft, yaml)
		return d.cli("whatif", "--day", "today", "--draft", draft)
	}
	same, other := played(settings), played(strings.Replace(settings, "wrap_up: 2s", "wrap_up: 4s", 1))
	if !strings.Contains(same, "exactly as it was") || other == same {
		t.Errorf("as it is:\n%s\nwith a longer wrap-up:\n%s", same, other)
	}
	d.call("GET", "/api/whatif?day=today&agents=%2B1", nil, &found)
	for _, f := range found.Figures {
		if f.ID == "abandoned" && *f.Mean >= 1 {
			t.Errorf("with an agent more %v give up", *f.Mean)
		}
	}
	for args, want := range map[string]string{"--day today --agents 1001": "cannot", "--day 2020-01-01": "Nothing of that day", "--day today --queue 799": "no such queue"} {
		if said := d.fails(append([]string{"whatif"}, strings.Fields(args)...)...); !strings.Contains(said, want) {
			t.Errorf("%s: %s", args, said)
		}
	}
}

// TestADraftIsAChange: a whole configuration in place of that of a day.
func TestADraftIsAChange(t *testing.T) {
	live := config.Default()
	live.Queues = []config.Queue{{Number: "700", RingFor: config.Duration(20 * time.Second), Agents: config.QueueAgents("1001")}}
	draft := config.Default()
	draft.Queues = []config.Queue{{Number: "700", RingFor: config.Duration(10 * time.Second), Strategy: config.RingAll, Agents: config.QueueAgents("1001", "1002"), OnTimeout: "701",
		OnFull: "1001", Callback: config.Callback{Key: "2", OfferAfter: config.Duration(time.Minute)}}, {Number: "701", RingFor: config.Duration(10 * time.Second)}}
	c := draftChange(draft, live)
	queues := c.Queues(time.Now(), nil)
	if len(queues) != 2 || queues[0].Strategy != acd.RingAll || len(queues[0].Agents) != 2 {
		t.Errorf("queues: %+v", queues)
	}
	door := c.Doors["700"]
	if door.RingFor != 10*time.Second || !door.Callback || door.OfferAfter != time.Minute || door.Leads[acd.Timeout] != "701" || door.Leads[acd.Full] != "" {
		t.Errorf("door: %+v", door)
	}
	if door := draftChange(live, live).Doors["700"]; door.RingFor != 0 || door.Callback {
		t.Errorf("the door as it was: %+v", door)
	}
}
