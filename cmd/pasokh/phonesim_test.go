package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
)

// TestCallerOnALineFromTheCommandLine is the README's way to play without a
// browser: phonesim calls in on a line, waits in the queue and hangs up.
func TestCallerOnALineFromTheCommandLine(t *testing.T) {
	d := startDemo(t)
	wav := filepath.Join(t.TempDir(), "heard.wav")
	out, err := exec.Command(program(t, "phonesim"), "line", "--env", demoEnv(d.dir), "--port", "fxo2", "--number", "03133557799",
		"--name", "Zahra", "--keys", "1", "--after", "4s", "--talk", "7s", "--record", wav).CombinedOutput()
	if err != nil {
		t.Fatalf("phonesim: %v\n%s", err, out)
	}
	var events []string
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var e struct{ Event string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		events = append(events, e.Event)
	}
	if !slices.Contains(events, "ringing") || !slices.Contains(events, "answered") || events[len(events)-1] != "idle" {
		t.Errorf("the line went through %v", events)
	}
	heard := readWAV(t, wav)
	welcome := speech.Phrase("en", "welcome") // line 2 is the English one
	if r := said(heard, units()[welcome.Sounds[0].Prompt]); r < 0.9 {
		t.Errorf("the English greeting was not heard: correlation %.2f", r)
	}
	d.becomes(5*time.Second, "record of the abandoned call", func(s api.State) bool {
		return len(s.Records) == 1 && s.Records[0].Result == "abandoned" && s.Records[0].Queue == "700" && s.Records[0].From.Name == "Zahra"
	})
}
