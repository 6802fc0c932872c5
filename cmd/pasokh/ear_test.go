package main

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
	"github.com/pasokh/pasokh/telephony/tune"
)

// The ears of the process tests: they tell what is in recorded audio.

// toneShare is the part of pcm's power within a few Hz of freq, over its loudest
// second: 1 is a pure tone.
func toneShare(pcm []int16, freq float64) float64 {
	best := 0.0
	const window = 8000
	for at := 0; at+window <= len(pcm); at += window / 2 {
		best = max(best, goertzelShare(pcm[at:at+window], freq))
	}
	return best
}

func goertzelShare(pcm []int16, freq float64) float64 {
	w := 2 * math.Cos(2*math.Pi*freq/8000)
	var s1, s2, power float64
	for _, v := range pcm {
		x := float64(v)
		s1, s2 = x+w*s1-s2, s1
		power += x * x
	}
	if power < 1000*float64(len(pcm)) { // quieter than about -60 dBm0: nothing there
		return 0
	}
	tone := s1*s1 + s2*s2 - w*s1*s2
	return tone / (power * float64(len(pcm)) / 2)
}

func wantTone(t *testing.T, who string, pcm []int16, freq float64) {
	t.Helper()
	if share := toneShare(pcm, freq); share < 0.5 {
		t.Errorf("%s: %.0f Hz has %.2f of the power in %.1f s of audio, want at least half", who, freq, share, float64(len(pcm))/8000)
	}
}

// units are the recorded prompt units the box speaks with.
func units() map[string][]int16 {
	all := map[string][]int16{}
	speech.Units(func(name string, pcm []int16) { all[name] = pcm })
	return all
}

// said is how well a unit is found in a recording: the best of its three loudest
// quarters of a second, because a machine that stands still for a moment tears a
// hole into one. Anything else that was said correlates up to about 0.6.
func said(recorded, unit []int16) float64 {
	const quarter = 2000
	parts := slices.Collect(slices.Chunk(unit, quarter))
	slices.SortFunc(parts, func(a, b []int16) int { return cmp.Compare(power(b), power(a)) })
	best := 0.0
	for _, part := range parts[:min(len(parts), 3)] {
		if best < 0.9 {
			best = max(best, correlation(recorded, part))
		}
	}
	return best
}

func power(pcm []int16) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum
}

// wantSaid checks that each prompt of a program is in the recording.
func wantSaid(t *testing.T, recorded []int16, p call.Program) {
	t.Helper()
	all := units()
	for _, s := range p.Sounds {
		if s.Prompt == "" {
			continue
		}
		unit, ok := all[s.Prompt]
		if !ok {
			t.Errorf("no prompt unit %s", s.Prompt)
			continue
		}
		if r := said(recorded, unit); r < 0.9 {
			t.Errorf("prompt %s is not in the recording: best correlation %.2f, want 0.9", s.Prompt, r)
		}
	}
}

func loudest(pcm []int16, n int) []int16 {
	if len(pcm) <= n {
		return pcm
	}
	best := 0
	for at := 0; at+n <= len(pcm); at += n / 4 {
		if power(pcm[at:at+n]) > power(pcm[best:best+n]) {
			best = at
		}
	}
	return pcm[best : best+n]
}

// correlation is the best normalised cross-correlation of unit in pcm, 0 to 1.
// It shares nothing; under the race detector it would be ten times slower.
//
//go:norace
func correlation(pcm, unit []int16) float64 {
	u := make([]float64, len(unit))
	uPower := 0.0
	for i, v := range unit {
		u[i] = float64(v)
		uPower += u[i] * u[i]
	}
	x := make([]float64, len(pcm))
	for i, v := range pcm {
		x[i] = float64(v)
	}
	best, xPower := 0.0, 0.0
	for i := 0; i < len(u) && i < len(x); i++ {
		xPower += x[i] * x[i]
	}
	for at := 0; at+len(u) < len(x); at++ {
		if xPower > 0.1*uPower/16 { // silence correlates with nothing
			window := x[at : at+len(u)]
			dot := 0.0
			for i, v := range u {
				dot += v * window[i]
			}
			if xPower > 0 {
				best = max(best, math.Abs(dot)/math.Sqrt(uPower*xPower))
			}
		}
		xPower += x[at+len(u)]*x[at+len(u)] - x[at]*x[at]
	}
	return best
}

var (
	calm   = sync.OnceValue(func() []int16 { return tune.Play("calm") })
	santur = sync.OnceValue(func() []int16 { return tune.Play("santur") })
)

// isMusic tells whether the last second heard is from the hold music, wherever
// the piece was.
func isMusic(heard []int16) bool {
	if len(heard) < 8000 {
		return false
	}
	last := loudest(heard[len(heard)-8000:], 1600)
	return correlation(calm(), last) > 0.9 || correlation(santur(), last) > 0.9
}
