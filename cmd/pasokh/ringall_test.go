package main

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
)

// TestWhoPicksUpSecondIsTold: two phones ring for one caller and both pick up. One talks
// to the caller; the other hears that the call has gone, and is hung up.
func TestWhoPicksUpSecondIsTold(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		q := &c.Queues[0]
		q.Strategy, q.Agents, q.Language = config.RingAll, config.QueueAgents("1001", "1002"), config.English
		q.Whisper = config.AgentWhisper{Parts: []string{"queue"}}
		for i := range c.Extensions {
			c.Extensions[i].Language = ""
		}
	})
	one, two := newHandset(d, "1001", 600).register(), newHandset(d, "1002", 1400).register()
	caller := newHandset(d, "1003", 1000).call(d.env["EXT_QUEUE"])
	up(t, caller)
	first, second := one.ringing(), two.ringing()
	if err := first.Answer(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	if err := second.Answer(); err != nil {
		t.Fatal(err)
	}
	hears(t, "caller", caller, 600)
	hears(t, "first agent", first, 1000)
	ends(t, second, 10*time.Second, 0)
	if how := said(second.Audio().Heard(), units()["en/whisper-gone"]); how < 0.9 {
		t.Errorf("what the second agent heard is that the call has gone with %.2f", how)
	}
	hears(t, "caller, after it", caller, 600)
}
