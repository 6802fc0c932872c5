package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/call"
)

// TestInLine: a phone waits in a queue and hears exactly what the queue is to say, in this
// order: the welcome, where he is, a question that he answers by keys, a message, his
// place on demand. Then silence, music again, and by 0 the echo that is the operator here.
func TestInLine(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) {
		q := &c.Queues[0]
		q.Operator, q.AnnounceEvery = demoEcho, config.Duration(time.Hour)
		q.Prompts = map[string]string{"welcome": "welcome"}
		q.Messages = config.Messages{Prompts: []string{"call-later"}, After: config.Duration(30 * time.Second), Every: config.Duration(time.Hour)}
		q.Collect = config.Collect{Prompt: "conference-pin", Least: 4, Most: 8}
		q.Keys = map[string]string{"5": config.KeyPosition}
	})
	c := newHandset(d, "1001", toneA).call(demoQueue)
	up(t, c)
	id := d.stage("1001", "queue "+demoQueue).ID
	seconds := func(n int) int { return n * 8000 }
	listen := func(n int) int { // hears so many samples more
		until := len(c.Audio().Heard()) + n
		eventually(t, 40*time.Second, "sound", func() bool { return len(c.Audio().Heard()) >= until })
		return until
	}
	says := func(kind call.StepType, value string, n int) {
		t.Helper()
		eventually(t, 45*time.Second, value, func() bool {
			found := 0
			for _, s := range d.steps(id)[kind] {
				if strings.Contains(s.Value, value) {
					found++
				}
			}
			return found >= n
		})
	}
	says(call.StepSaid, "fa/conference-pin", 1)
	listen(seconds(4))
	c.Audio().Press("4711#")
	says(call.StepLearnt, "4711", 1)
	says(call.StepSaid, "fa/call-later", 1)
	listen(seconds(4))
	c.Audio().Press("5")
	says(call.StepQueueAnnounced, "1", 2)
	told := listen(seconds(7))
	c.Audio().Press("*")
	quiet := listen(seconds(2))
	heard := c.Audio().Heard()
	if p := power(heard[quiet-8000:quiet]) / 8000; p > 100 {
		t.Errorf("silence has a power of %.0f", p)
	}
	c.Audio().Press("#")
	listen(seconds(2))
	eventually(t, 10*time.Second, "music again", func() bool { return isMusic(c.Audio().Heard()) })
	c.Audio().Press("0")
	hearsTone(t, "who pressed 0", c, toneA)
	c.Hangup()

	// What was said, in its order: each unit is found behind the one before it.
	all, from := units(), 0
	for _, name := range []string{"welcome", "queue-joined", "queue-next", "thanks", "conference-pin", "call-later", "queue-next", "thanks"} {
		at, found := firstPlaceOf(heard[from:told], loudest(all["fa/"+name], 2000))
		if !found {
			t.Fatalf("no %s after %.1f s", name, float64(from)/8000)
		}
		from += at
		t.Logf("%-15s at %.1f s", name, float64(from)/8000)
	}
}

// firstPlaceOf is where a part is first in a whole.
func firstPlaceOf(whole, part []int16) (at int, found bool) {
	const step = 8000
	for from := 0; from+len(part) < len(whole); from += step {
		if at, like := placeOf(whole[from:min(from+step+len(part), len(whole))], part); like > 0.9 {
			return from + at, true
		}
	}
	return 0, false
}
