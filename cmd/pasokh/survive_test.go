package main

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// A phone that was registered before a restart is called after it though it has
// not registered again.
func TestPhonesSurviveARestart(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	called := newHandset(d, "1002", toneB).register()
	d.stop()
	d.start()
	if p := d.state().Phones; len(p) != 1 || p[0].Extension != "1002" {
		t.Fatalf("after the restart the board shows %+v", p)
	}
	ours := newHandset(d, "1001", toneA).call("1002")
	theirs := called.answers()
	up(t, ours)
	hears(t, "1002", theirs, toneA)
	ours.Hangup()
	ends(t, theirs, 5*time.Second, 0)
	d.becomes(5*time.Second, "end of the call", func(s api.State) bool { return len(s.Calls) == 0 })
}
