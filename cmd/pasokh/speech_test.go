package main

import (
	"context"
	"encoding/json"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/webui/api"
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

// TestPromptRecordedAtAPhone: a supervisor dials the code and the number of a prompt,
// hears it, speaks (a tone), hears what he said, keeps it, and everybody hears it from
// then on. Who is no supervisor needs a PIN, and there is none.
func TestPromptRecordedAtAPhone(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.configure(func(c *config.Config) { c.Listening.Supervisors = []string{"1001"} })
	a := newHandset(d, "1001", toneA)
	hears := func(c *phone.Call, what string, hz int, last time.Duration) {
		t.Helper()
		eventually(t, 20*time.Second, what, func() bool {
			h := c.Audio().Measure(hz, last)
			return h.Share > 0.8 && h.Level > 300
		})
	}
	c := a.call("*772000")
	up(t, c)
	hears(c, "the tone to speak after", 784, 100*time.Millisecond)
	from := c.Audio().Measure(0, 0).Seconds
	eventually(t, 10*time.Second, "two seconds of speech", func() bool { return c.Audio().Measure(0, 0).Seconds > from+2 })
	c.Audio().Press("#")
	hears(c, "his own words", toneA, time.Second)
	c.Audio().Press("1")
	ends(t, c, 20*time.Second, 0)
	eventually(t, 20*time.Second, "the new prompt", func() bool {
		list := d.cli("sounds", "list")
		return strings.Contains(list, "fa/welcome (1001)") && strings.Contains(list, "ready")
	})
	if story := d.cli("calls", "show", string(d.record("1001", "*772000").Call)); !strings.Contains(story, "recorded the prompt fa/welcome anew") {
		t.Errorf("the story is\n%s", story)
	}
	c = a.call("*772000")
	up(t, c)
	hears(c, "the new prompt", toneA, time.Second)
	c.Hangup()
	ends(t, newHandset(d, "1002", toneB).call("*77"), 5*time.Second, 403)
}

// TestGapsAreNamed: a box that lacks units names them, with their numbers, and the
// command fails.
func TestGapsAreNamed(t *testing.T) {
	box := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(api.SoundList{Prompts: []api.Prompt{{Unit: "en/busy", Number: "1001", Missing: true},
			{Unit: "fa/welcome", Number: "2000"}, {Unit: "fa/busy", Number: "2001", Text: "مشغول", Missing: true}}})
	}))
	defer box.Close()
	c := &client{http: http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", box.Listener.Addr().String())
	}}}}
	var out strings.Builder
	if err := listPrompts(t.Context(), c, "fa", true, &out); err == nil || err.Error() != "units without a sound: 1" || out.String() != "2001  fa/busy  مشغول\n" {
		t.Errorf("%v:\n%s", err, out.String())
	}
}
