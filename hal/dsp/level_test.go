package dsp

import (
	"math"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
)

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestLevels(t *testing.T) {
	pcm := sines(800, 1000, -10)
	if got := Level(pcm); !near(got, -10, .05) {
		t.Errorf("level of a sine of -10 dBm0: %.2f", got)
	}
	if got := ToneLevel(pcm, 1000); !near(got, -10, .05) {
		t.Errorf("tone level of a sine of -10 dBm0: %.2f", got)
	}
	if got := ToneLevel(pcm, 1500); got > -50 {
		t.Errorf("level 500 Hz beside the sine: %.2f", got)
	}
	if got := Purity(pcm, 1000); got < .999 {
		t.Errorf("purity of a sine: %.4f", got)
	}
	mixed := sines(800, 1000, -10, 2000, -10)
	if got := Purity(mixed, 1000); !near(got, .5, .01) {
		t.Errorf("purity of one of two equal sines: %.3f", got)
	}
	full := sines(800, 1000, OverloadLevel)
	if got := Level(full); !near(got, OverloadLevel, .05) {
		t.Errorf("full scale: %.2f", got)
	}
	for _, pcm := range [][]int16{nil, make([]int16, 160)} {
		if Level(pcm) != Silence || ToneLevel(pcm, 1000) != Silence || Purity(pcm, 1000) != 0 {
			t.Errorf("silence of %d samples has a level", len(pcm))
		}
	}
}

func TestToneRunsOnThroughFrames(t *testing.T) {
	tone := NewTone(ToneSpec{Sines: []Sine{{Hz: 441, Level: -10}}})
	want := sines(160*500, 441, -10)
	for n := range 500 {
		var f hal.Frame
		tone.Fill(&f)
		for i, x := range f {
			if d := int(x) - int(want[n*160+i]); d < -1 || d > 1 {
				t.Fatalf("sample %d is %d, a running sine has %d", n*160+i, x, want[n*160+i])
			}
		}
	}
}

func TestToneCadence(t *testing.T) {
	ms := time.Millisecond
	tone := NewTone(ToneSpec{Sines: []Sine{{Hz: 400, Level: -10}}, Cadence: hal.Cadence{400 * ms, 350 * ms, 225 * ms, 525 * ms}})
	var pcm []int16
	for range 75 * 2 {
		var f hal.Frame
		tone.Fill(&f)
		pcm = append(pcm, f[:]...)
	}
	at := 0
	for range 2 {
		for i, n := range []int{3200, 2800, 1800, 4200} {
			step := pcm[at : at+n]
			if level := Level(step); (i%2 == 0) != near(level, -10, .1) || (i%2 == 1) != (level == Silence) {
				t.Errorf("step %d at sample %d: %.1f dBm0", i, at, level)
			}
			at += n
		}
	}
}

func TestToneOfNothingIsSilent(t *testing.T) {
	for _, spec := range []ToneSpec{{}, {Sines: []Sine{{Hz: 400}}, Cadence: hal.Cadence{0, 0}}} {
		var f hal.Frame
		NewTone(spec).Fill(&f)
		if Level(f[:]) != Silence {
			t.Errorf("%+v sounds", spec)
		}
	}
}

func TestTonesAllocateNothing(t *testing.T) {
	tone := NewTone(ToneSpec{Sines: []Sine{{Hz: 350, Level: -13}, {Hz: 440, Level: -13}}, Cadence: hal.Cadence{time.Second, time.Second}})
	var f hal.Frame
	if n := testing.AllocsPerRun(200, func() {
		tone.Fill(&f)
		_ = ToneLevel(f[:], 350) + Purity(f[:], 440) + Level(f[:])
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func BenchmarkTone(b *testing.B) {
	tone := NewTone(ToneSpec{Sines: []Sine{{Hz: 350, Level: -13}, {Hz: 440, Level: -13}}})
	var f hal.Frame
	b.ReportAllocs()
	for b.Loop() {
		tone.Fill(&f)
	}
}
