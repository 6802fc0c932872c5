package main

import "math"

// signals are the sounds of conferences: chimes within the telephone's band that
// begin softly and die away, so that nothing can sound harsh.
func signals() map[string][]int16 {
	return map[string][]int16{
		"sound/beep":  level(chime(79), signalLevel),
		"sound/enter": level(chime(72, 79), signalLevel),
		"sound/exit":  level(chime(79, 72), signalLevel),
	}
}

// chime is a short row of strokes on a bell, each a sine with a little of its third
// harmonic. Pitch counts semitones, 69 is the A of 440 Hz.
func chime(pitches ...int) []float64 {
	const step = rate * 14 / 100
	sound := make([]float64, step*(len(pitches)+2))
	for i, pitch := range pitches {
		hz := 440 * math.Pow(2, float64(pitch-69)/12)
		strike(sound[i*step:], hz, 1, 0.09)
		strike(sound[i*step:], 3*hz, 0.08, 0.04)
	}
	return trim(sound)
}

// strike adds a sine that falls to a third in decay seconds.
func strike(sound []float64, hz, loudness, decay float64) {
	const attack = 0.005 // seconds
	for i := range sound {
		t := float64(i) / rate
		sound[i] += loudness * min(t/attack, 1) * math.Exp(-t/decay) * math.Sin(2*math.Pi*hz*t)
	}
}
