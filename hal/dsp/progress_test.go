package dsp

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
)

// plans are tones as different countries have them; country tests them all.
var plans = []ProgressTone{
	{DialTone, ToneSpec{Sines: []Sine{{425, -13}}}},
	{BusyTone, ToneSpec{Sines: []Sine{{425, -13}}, Cadence: hal.Cadence{time.Second / 2, time.Second / 2}}},
	{CongestionTone, ToneSpec{Sines: []Sine{{425, -13}}, Cadence: hal.Cadence{time.Second / 4, time.Second / 4}}},
	{RingbackTone, ToneSpec{Sines: []Sine{{425, -13}}, Cadence: hal.Cadence{time.Second, 4 * time.Second}}},
	{DialTone, ToneSpec{Sines: []Sine{{350, -16}, {440, -16}}}},
	{BusyTone, ToneSpec{Sines: []Sine{{480, -16}, {620, -16}}, Cadence: hal.Cadence{time.Second / 2, time.Second / 2}}},
	{CongestionTone, ToneSpec{Sines: []Sine{{400, -13}}, Cadence: hal.Cadence{time.Second / 5, time.Second / 5}}},
	{RingbackTone, ToneSpec{Sines: []Sine{{440, -16}, {480, -16}}, Cadence: hal.Cadence{2 * time.Second, 4 * time.Second}}},
}

func progressIn(pcm []int16) (heard []ToneKind) {
	d := NewProgressDetector(plans)
	for f := range frames(pcm) {
		if kind, ok := d.Feed(f); ok {
			heard = append(heard, kind)
		}
	}
	return heard
}

// melody plays notes of plucked strings, two at a time, in the range of the
// tones, with the beat of the busy tone.
func melody(seconds int) []int16 {
	pcm := make([]int16, seconds*hal.Rate)
	notes := []float64{392, 440, 415.3, 466.2, 349.2, 523.3, 440, 493.9}
	for i := range pcm {
		beat := i / (hal.Rate / 2)
		age := float64(i%(hal.Rate/2)) / hal.Rate
		var y float64
		for h := 1.0; h <= 4; h++ {
			for _, hz := range []float64{notes[beat%8], notes[(beat/2+3)%8] / 2} {
				y += math.Exp(-3*age*h) / h * math.Sin(2*math.Pi*hz*h*float64(i)/hal.Rate)
			}
		}
		pcm[i] = Sample(y * Amplitude(-16))
	}
	return pcm
}

func TestNoProgressToneInSpeechAndMusic(t *testing.T) {
	for voice, text := range passage {
		if heard := progressIn(speech(t, voice, strings.Repeat(text, 3))); heard != nil {
			t.Errorf("%s speech was taken for %v", voice, heard)
		}
	}
	if heard := progressIn(melody(60)); heard != nil {
		t.Errorf("music was taken for %v", heard)
	}
	if heard := progressIn(addNoise(make([]int16, 30*hal.Rate), -25, 1)); heard != nil {
		t.Errorf("noise was taken for %v", heard)
	}
}

func TestProgressToneIsToldAgainAfterABreak(t *testing.T) {
	d := NewProgressDetector(plans[:4])
	var heard []ToneKind
	run := func(tone *Tone, frames int) {
		for range frames {
			var f hal.Frame
			if tone != nil {
				tone.Mix(&f)
			}
			if kind, ok := d.Feed(&f); ok {
				heard = append(heard, kind)
			}
		}
	}
	run(NewTone(plans[1].Spec), 400)
	run(nil, 200)
	run(NewTone(plans[1].Spec), 400)
	if len(heard) != 2 || heard[0] != BusyTone || heard[1] != BusyTone {
		t.Errorf("heard %v, want busy twice", heard)
	}
}

// TestHeldNoteIsNoDialTone: one sine of a pair is not the pair, and a note that
// swells is not an exchange.
func TestHeldNoteIsNoDialTone(t *testing.T) {
	for _, c := range []struct {
		name string
		plan []ProgressTone
		pcm  []int16
	}{
		{"440 Hz for 350 + 440", plans[4:5], sines(10*hal.Rate, 440, -12)},
		{"busy rhythm of 480 Hz for 480 + 620", plans[5:6], renderTone(ToneSpec{Sines: []Sine{{480, -12}}, Cadence: plans[5].Spec.Cadence}, 10)},
		{"swelling 430 Hz for 425", plans[:1], sines(10*hal.Rate, 430, -12, 430.7, -24)},
	} {
		d := NewProgressDetector(c.plan)
		for f := range frames(c.pcm) {
			if kind, ok := d.Feed(f); ok {
				t.Errorf("%s: heard %s", c.name, kind)
			}
		}
	}
}

func TestDTMFAndFaxAreNoProgressTone(t *testing.T) {
	s := NewDTMFSender()
	s.SetTimes(500*time.Millisecond, 500*time.Millisecond)
	for _, pcm := range [][]int16{
		sendKeys(t, s, "1234567890"),
		renderTone(ToneSpec{Sines: []Sine{{1100, -10}}, Cadence: hal.Cadence{time.Second / 2, 3 * time.Second}}, 20),
		renderTone(ToneSpec{Sines: []Sine{{950, -10}}, Cadence: hal.Cadence{330 * time.Millisecond, time.Second}}, 20),
	} {
		if heard := progressIn(pcm); heard != nil {
			t.Errorf("heard %v", heard)
		}
	}
}

// renderTone renders seconds of a tone.
func renderTone(spec ToneSpec, seconds int) (pcm []int16) {
	tone := NewTone(spec)
	for range seconds * 50 {
		var f hal.Frame
		tone.Fill(&f)
		pcm = append(pcm, f[:]...)
	}
	return pcm
}

func TestProgressAllocatesNothing(t *testing.T) {
	d, tone := NewProgressDetector(plans), NewTone(plans[1].Spec)
	if n := testing.AllocsPerRun(500, func() {
		var f hal.Frame
		tone.Fill(&f)
		d.Feed(&f)
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func BenchmarkProgressDetector(b *testing.B) {
	d := NewProgressDetector(plans[:4])
	var f hal.Frame
	copy(f[:], sines(160, 425, -13))
	b.ReportAllocs()
	for b.Loop() {
		d.Feed(&f)
	}
}
