package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pasokh/pasokh/webui/api"
)

// TestHowACallSoundsNow: levels, tones, loss and jitter of each leg of a running call, by
// the interface and in the call's story on the page; the talk goes on unharmed.
func TestHowACallSoundsNow(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	caller, _, _, _ := talking(d)
	time.Sleep(2 * time.Second)
	id := string(d.state().Calls[0].ID)
	var now api.CallSound
	d.call("GET", "/api/calls/"+id+"/sound", nil, &now)
	if len(now.Legs) != 2 {
		t.Fatalf("%+v", now)
	}
	for i, tones := range [][2]float64{{1000, 1400}, {1400, 1000}} {
		l := now.Legs[i]
		if l.Says.Tone < tones[0]-5 || l.Says.Tone > tones[0]+5 || l.Hears.Tone < tones[1]-5 || l.Hears.Tone > tones[1]+5 ||
			l.Says.Silent || l.Says.Level < -20 || l.Quality == nil || l.Quality.From.Packets < 50 {
			t.Errorf("leg %d, which says %.0f Hz: %+v", i, tones[0], l)
		}
	}
	if err := d.tryCall("GET", "/api/calls/nothing/sound", nil, nil); err == nil {
		t.Error("a call that is not there has a sound")
	}
	p := openPage(t, d.env)
	p.do(map[string]any{"do": "signin"})
	p.do(map[string]any{"do": "click", "testid": "explain-now"})
	p.do(map[string]any{"do": "wait", "testid": "level-says", "contains": "1000 Hz"})
	p.do(map[string]any{"do": "wait", "testid": "level-hears", "contains": "1400 Hz"})
	p.do(map[string]any{"do": "wait", "testid": "way-from", "contains": " ms"})
	p.do(map[string]any{"do": "axe"})
	if dir := os.Getenv("PASOKH_PICTURES"); dir != "" {
		p.do(map[string]any{"do": "screenshot", "path": filepath.Join(dir, "sound.png")})
	}
	p.do(map[string]any{"do": "quit"})
	hears(t, "1001", caller, 1400)
	if h := caller.Audio().Measure(0, 0); h.Lost != 0 || h.Breaks != 0 {
		t.Errorf("the caller missed %d packets and heard %d breaks", h.Lost, h.Breaks)
	}
}
