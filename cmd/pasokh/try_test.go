package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// TestTriedAndThenCalled tries a call out, then makes it: the caller is told the same,
// and hears the same.
func TestTriedAndThenCalled(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	file := filepath.Join(t.TempDir(), "tried.wav")
	tried := d.cli("try", "--from", "1001", "--to", d.env["EXT_IVR"], "--keys", "0", "--phones", "1003=busy", "--wav", file)
	a := newHandset(d, "1001", toneA)
	c := a.call(d.env["EXT_IVR"])
	up(t, c)
	time.Sleep(4 * time.Second) // of the greeting
	heard := c.Audio().Heard()
	c.Hangup()
	d.becomes(10*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
	story := d.story(d.record("1001", d.env["EXT_IVR"]).Call)

	for i, line := range strings.Split(strings.TrimSpace(story), "\n")[:3] {
		_, sentence, _ := strings.Cut(line, " ")
		if sentence != "" && !strings.Contains(tried, sentence) {
			t.Errorf("line %d of the real call is not in the trial: %q\n%s", i, sentence, tried)
		}
	}
	want := readWAV(t, file)
	if len(want) < 32000 || len(heard) < 28000 {
		t.Fatalf("%d samples tried, %d heard", len(want), len(heard))
	}
	if r := said(heard, want[8000:24000]); r < 0.9 {
		t.Errorf("what was tried sounds like what was heard with %.2f", r)
	}

	d.configure(func(c *config.Config) { // a queue that never opens, but for its switch
		c.Hours = append(c.Hours, config.Hours{Name: "Never"})
		c.Queues[0].Night = config.Night{Switch: "*28", Hours: "Never", Destination: "1001"}
	})
	for _, try := range []struct {
		stands string
		closed bool
	}{{"--on=", true}, {"--day=*28", false}, {"--on=*28", true}} {
		told := d.cli("try", "--from", "1003", "--to", d.env["EXT_QUEUE"], try.stands)
		if strings.Contains(told, "went to Reception") != try.closed {
			t.Errorf("try %s: closed is not %v\n%s", try.stands, try.closed, told)
		}
	}
}
