package media

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// levels are the steps in a sound: value and how long it lasted, in samples.
func levels(pcm []int16) (steps [][2]int) {
	for _, x := range pcm {
		if n := len(steps); n > 0 && steps[n-1][0] == int(x) {
			steps[n-1][1]++
		} else {
			steps = append(steps, [2]int{int(x), 1})
		}
	}
	return steps
}

// coded is the value that v has after G.711.
func coded(c Codec, v int16) int { return int(laws[c].linear[laws[c].bytes[uint16(v)>>2]]) }

func TestProgramHasNoGaps(t *testing.T) {
	for _, c := range []Codec{PCMA, PCMU} {
		e := newRig(t)
		e.library.Add("one", constant(1000, 250))
		e.library.Add("two", constant(-3000, 99))
		p := newParty(t, e, c)
		id := p.Play(call.Say("one", "two").Then(call.Sound{Pause: 15 * time.Millisecond}, call.Sound{Prompt: "one"}))
		e.ticks(5)
		want := [][2]int{{coded(c, 1000), 250}, {coded(c, -3000), 99}, {coded(c, 0), 120}, {coded(c, 1000), 250}, {coded(c, 0), 81}}
		if diff := cmp.Diff(want, levels(p.heard())); diff != "" {
			t.Error(c, diff)
		}
		if diff := cmp.Diff([]call.Event{call.Played{Leg: "leg", ID: id}}, p.events.take()); diff != "" {
			t.Error(c, diff)
		}
		e.ticks(1)
		if diff := cmp.Diff([][2]int{{coded(c, 0), 160}}, levels(p.heard())); diff != "" {
			t.Error("after the program:", diff)
		}
	}
}

func TestLoopPlaysUntilCut(t *testing.T) {
	e := newRig(t)
	e.library.Add("x", constant(1000, 100))
	p := newParty(t, e, PCMA)
	program := call.Say("x")
	program.Loop = true
	first := p.Play(program)
	e.ticks(20)
	if steps := levels(p.heard()); len(steps) != 1 || len(p.events.take()) != 0 {
		t.Errorf("a loop of one sound has steps %v", steps)
	}
	second := p.Play(call.Say("x"))
	p.Silence()
	p.Silence()
	want := []call.Event{call.Played{Leg: "leg", ID: first, Cut: true}, call.Played{Leg: "leg", ID: second, Cut: true}}
	if diff := cmp.Diff(want, p.events.take()); diff != "" {
		t.Error(diff)
	}
}

func TestMissingSoundsAreLeftOut(t *testing.T) {
	var log bytes.Buffer
	e := newRig(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	e.library.Add("here", constant(1000, 160))
	addMusic(e.library, constant(2000, 160))
	p := newParty(t, e, PCMA)
	p.Play(call.Say("gone", "here", "gone"))
	e.ticks(2)
	if steps := levels(p.heard()); steps[0] != [2]int{coded(PCMA, 1000), 160} || len(p.events.take()) != 1 {
		t.Errorf("heard %v", steps)
	}
	p.Play(call.Program{Sounds: []call.Sound{{Music: "custom"}}, Loop: true})
	e.ticks(1)
	if steps := levels(p.heard()); steps[0][0] != coded(PCMA, 2000) {
		t.Errorf("a lost music class plays %v, want the default", steps)
	}
	loop := call.Say("gone")
	loop.Loop = true
	p.Play(loop)
	e.ticks(1)
	if got := p.events.take(); len(got) != 2 {
		t.Errorf("a loop of nothing must end: %v", got)
	}
	if n := e.library.Missing(); n != 4 {
		t.Errorf("%d missing sounds counted, want 4", n)
	}
	if n := strings.Count(log.String(), "sound is missing"); n != 4 {
		t.Errorf("%d log lines:\n%s", n, log.String())
	}
}

func TestMusicIsTheSameForAll(t *testing.T) {
	e := newRig(t)
	ramp := make([]int16, 1000)
	for i := range ramp {
		ramp[i] = int16(i * 30)
	}
	addMusic(e.library, ramp)
	hold := call.Program{Sounds: []call.Sound{{Music: "default"}}}
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Play(hold)
	e.ticks(7)
	a.heard()
	b.heard()
	b.Play(hold)
	e.ticks(9)
	x, y := a.heard(), b.heard()
	if !slices.Equal(x, y) || len(x) != 9*160 {
		t.Error("two listeners of one class hear different places of it")
	}
	if len(levels(x)) < 100 {
		t.Error("the music stands still")
	}
}

func TestProgressTones(t *testing.T) {
	e := newRig(t)
	p := newParty(t, e, PCMA)
	p.Play(call.Program{Sounds: []call.Sound{{Tone: "busy"}}})
	e.ticks(75) // on 500, off 500, on 500 ms
	pcm := p.heard()
	if len(pcm) != 12000 {
		t.Fatalf("%d samples", len(pcm))
	}
	for i, on := range []bool{true, false, true} {
		if half := pcm[i*4000+200 : i*4000+3800]; dsp.ToneLevel(half, 425) > -20 != on {
			t.Errorf("half second %d: %.1f dBm0 of 425 Hz, want tone %v", i, dsp.ToneLevel(half, 425), on)
		}
	}
	p.Play(call.Program{Sounds: []call.Sound{{Tone: "dial"}}})
	e.ticks(110)
	if pcm := p.heard(); dsp.Purity(pcm, 425) < 0.99 {
		t.Errorf("dial tone is not clean where it repeats: %.3f", dsp.Purity(pcm, 425))
	}
}

func TestLineHearsAProgram(t *testing.T) {
	e := newRig(t)
	e.library.Add("x", constant(1000, 480))
	var v events
	s := e.NewLine("line", v.post)
	id := s.Play(call.Say("x"))
	var pcm []int16
	for range 6 {
		e.ticks(1)
		var f frame
		s.Pull(&f)
		pcm = append(pcm, f[:]...)
	}
	want := [][2]int{{0, 160}, {coded(PCMU, 1000), 480}, {0, 320}}
	if diff := cmp.Diff(want, levels(pcm)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]call.Event{call.Played{Leg: "line", ID: id}}, v.take()); diff != "" {
		t.Error(diff)
	}
}
