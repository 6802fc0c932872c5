package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/speech"
)

// TestSpeechByCommand: an amount of money is said in words and in sound, a unit that the
// box's own pack does not have either is told, and what cannot be said is refused.
func TestSpeechByCommand(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	file := filepath.Join(t.TempDir(), "said.wav")
	out := d.cli("speech", "say", "--lang", "fa", "--wav", file, "money", "125000 toman")
	var units []string
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		units = append(units, strings.Fields(line)[0])
	}
	if got, want := strings.Join(units, " "), "fa/number-100-o fa/number-20-o fa/number-5 fa/thousand fa/toman"; got != want {
		t.Errorf("said %s, want %s", got, want)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	samples := 0
	speech.Units(func(name string, pcm []int16) {
		for _, u := range units {
			if u == name {
				samples += len(pcm)
			}
		}
	})
	pcm, loud := parseWAV(t, data), 0.0
	for _, x := range pcm {
		loud += float64(x) * float64(x)
	}
	if math.Abs(float64(len(pcm)-samples)) > 160 || loud == 0 {
		t.Errorf("%d samples, the units have %d; their power is %g", len(pcm), samples, loud)
	}
	if out := d.cli("speech", "missing", "--lang", "fa"); out != "nothing is missing\n" {
		t.Errorf("missing: %s", out)
	}
	if out := d.cli("speech", "list", "--lang", "fa"); !strings.Contains(out, "2000  fa/welcome") || strings.Contains(out, "en/") {
		t.Errorf("list: %s", out)
	}
	for _, words := range [][]string{{"speech", "say", "money", "five camels"}, {"speech", "say", "smell", "5"}, {"speech"}} {
		if out := d.fails(words...); !strings.Contains(out, "ordinal") {
			t.Errorf("%v: %s", words, out)
		}
	}
}
