package country_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
)

func TestByCode(t *testing.T) {
	for _, code := range []string{"US", "UK", "GB", "DE", "FR", "IN", "TR", "AE", "IR"} {
		c, ok := country.ByCode(code)
		if !ok || c.Name == "" || len(c.Bell) == 0 || c.RingHz < 15 || c.FlashMin >= c.FlashMax || len(c.Disconnect) == 0 {
			t.Errorf("ByCode(%q) = %+v, %v", code, c, ok)
		}
		for _, tone := range c.Progress() {
			if len(tone.Spec.Sines) == 0 || (tone.Kind == dsp.DialTone) != (len(tone.Spec.Cadence) == 0) {
				t.Errorf("%s: %s tone is %+v", code, tone.Kind, tone.Spec)
			}
		}
	}
	if c, ok := country.ByCode("XX"); ok || len(c.Busy.Sines) == 0 {
		t.Errorf("an unknown code gave %+v, %v, want the international plan", c, ok)
	}
}

// listen runs a country's progress detector over a stretch of audio and tells
// what it heard.
func listen(c country.Country, next func(*hal.Frame), d time.Duration) (heard []dsp.ToneKind) {
	detector := dsp.NewProgressDetector(c.Progress())
	for at := time.Duration(0); at < d; at += hal.FrameTime {
		var f hal.Frame
		next(&f)
		if kind, ok := detector.Feed(&f); ok {
			heard = append(heard, kind)
		}
	}
	return heard
}

// skewed is a tone as a poor exchange sends it: off tune and off time.
func skewed(s dsp.ToneSpec, hz, level, times float64) dsp.ToneSpec {
	var out dsp.ToneSpec
	for _, sine := range s.Sines {
		out.Sines = append(out.Sines, dsp.Sine{Hz: sine.Hz + hz, Level: sine.Level + level})
	}
	for _, d := range s.Cadence {
		out.Cadence = append(out.Cadence, time.Duration(float64(d)*times))
	}
	return out
}

// TestEveryToneIsRecognised as itself and nothing else, also off tune, off
// time, quiet and noisy, whatever part of the cadence comes first.
func TestEveryToneIsRecognised(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var noise [50]hal.Frame
	for n := range noise {
		for i := range noise[n] {
			noise[n][i] = int16(r.NormFloat64() * dsp.Amplitude(-55) / math.Sqrt2)
		}
	}
	patience := map[dsp.ToneKind]time.Duration{
		dsp.DialTone: 4 * time.Second, dsp.BusyTone: 7 * time.Second, dsp.CongestionTone: 8 * time.Second, dsp.RingbackTone: 13 * time.Second,
	}
	for _, code := range country.Codes() {
		c, _ := country.ByCode(code)
		for _, tone := range c.Progress() {
			for _, how := range []struct {
				name             string
				hz, level, times float64
			}{{"nominal", 0, 0, 1}, {"sharp", 25, 0, 1}, {"flat", -25, 0, 1}, {"quiet", 0, -18, 1}, {"fast", 0, 0, .92}, {"slow", 0, 0, 1.08}} {
				g := dsp.NewTone(skewed(tone.Spec, how.hz, how.level, how.times))
				var skip hal.Frame
				for range r.IntN(40) {
					g.Fill(&skip)
				}
				heard := listen(c, func(f *hal.Frame) {
					*f = noise[r.IntN(len(noise))]
					g.Mix(f)
				}, patience[tone.Kind])
				if len(heard) != 1 || heard[0] != tone.Kind {
					t.Errorf("%s %s, %s: heard %v", code, tone.Kind, how.name, heard)
				}
			}
		}
	}
}

// TestToneUnderEcho: our own voice, echoed by the line, does not hide the busy
// tone that says that nobody listens.
func TestToneUnderEcho(t *testing.T) {
	c, _ := country.ByCode("IR")
	busy := dsp.NewTone(c.Busy)
	voice := dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 700, Level: -34}}, Cadence: hal.Cadence{300 * time.Millisecond, 170 * time.Millisecond}})
	heard := listen(c, func(f *hal.Frame) { busy.Fill(f); voice.Mix(f) }, 10*time.Second)
	if len(heard) != 1 || heard[0] != dsp.BusyTone {
		t.Errorf("heard %v", heard)
	}
}

// TestToneEchoed: a far end, or our own echo service, that sends the tone back
// a little later does not fill its pauses.
func TestToneEchoed(t *testing.T) {
	for _, code := range country.Codes() {
		c, _ := country.ByCode(code)
		busy, echo := dsp.NewTone(c.Busy), dsp.NewTone(skewed(c.Busy, 0, -16, 1))
		n := 0
		heard := listen(c, func(f *hal.Frame) {
			busy.Fill(f)
			if n++; n > 5 { // 100 ms
				echo.Mix(f)
			}
		}, 10*time.Second)
		if len(heard) != 1 || heard[0] != dsp.BusyTone {
			t.Errorf("%s: heard %v", code, heard)
		}
	}
}

// TestQuietToneAfterALoudOne is not taken for its echo.
func TestQuietToneAfterALoudOne(t *testing.T) {
	c, _ := country.ByCode("IR")
	loud, quiet := dsp.NewTone(skewed(c.Busy, 0, 8, 1)), dsp.NewTone(skewed(c.Busy, 0, -15, 1))
	n := 0
	heard := listen(c, func(f *hal.Frame) {
		if n++; n < 200 {
			loud.Fill(f)
		} else {
			*f = hal.Frame{}
			if n > 300 {
				quiet.Mix(f)
			}
		}
	}, 14*time.Second)
	if len(heard) != 2 {
		t.Errorf("heard %v, want busy twice", heard)
	}
}

func TestOneBeepIsNoTone(t *testing.T) {
	c, _ := country.ByCode("IR")
	n := 0
	beep := dsp.NewTone(c.Busy)
	heard := listen(c, func(f *hal.Frame) {
		*f = hal.Frame{}
		if n++; n < 75 { // a beep and a half
			beep.Mix(f)
		}
	}, 10*time.Second)
	if heard != nil {
		t.Errorf("heard %v", heard)
	}
}
