package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/hal/dsp"
)

// TestMediaCommands lets support look into a call: levels and tones of each leg, and
// a recording, while the parties hear each other as before.
func TestMediaCommands(t *testing.T) {
	t.Parallel()
	needTool(t, "sox")
	d := startDemo(t)
	if out := d.cli("media"); !strings.Contains(out, "No calls") {
		t.Errorf("without calls: %s", out)
	}
	a, b := newHandset(d, "1001", toneA), newHandset(d, "1002", toneB).register()
	ours := a.call("1002")
	theirs := b.answers()
	up(t, ours)
	hears(t, "1001", ours, toneB)
	if out := d.cli("media"); strings.Count(out, "relayed") != 2 || strings.Count(out, "PCMA") != 2 {
		t.Errorf("two phones are not relayed:\n%s", out)
	}
	out := d.cli("media", "--levels")
	if strings.Count(out, "tone of 700 Hz") != 2 || strings.Count(out, "tone of 1100 Hz") != 2 {
		t.Errorf("the levels are\n%s", out)
	}
	// The caller's leg is the first that was opened.
	leg := strings.Fields(strings.Split(d.cli("media"), "\n")[1])[0]
	file := filepath.Join(t.TempDir(), "leg.wav")
	d.cli("media", "record", leg, file, "--for", "2s")
	for channel, hz := range map[string]float64{"1": toneA, "2": toneB} {
		mono := filepath.Join(t.TempDir(), "mono.wav")
		if out, err := exec.Command("sox", file, mono, "remix", channel).CombinedOutput(); err != nil {
			t.Fatalf("sox: %v %s", err, out)
		}
		pcm := readWAV(t, mono)
		if len(pcm) < 12000 || dsp.ToneLevel(pcm[4000:12000], hz) < dsp.Level(pcm[4000:12000])-0.5 {
			t.Errorf("channel %s has %d samples, and %.0f Hz is not alone in it", channel, len(pcm), hz)
		}
	}
	hears(t, "1001 afterwards", ours, toneB)
	hears(t, "1002 afterwards", theirs, toneA)
	if text := d.fails("media", "record", "nobody", file); !strings.Contains(text, "no such leg") {
		t.Errorf("for a leg that is not there: %s", text)
	}
}
