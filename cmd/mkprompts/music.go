package main

import "math"

// music is everything that is played and not spoken: the hold music and the
// signals of conferences. It is made of sine waves that begin softly and die
// away, all within the telephone's band, so that nothing can sound harsh.
func music() map[string][]int16 {
	return map[string][]int16{
		"music/default": level(holdMusic(), musicLevel),
		"sound/beep":    level(chime(79), musicLevel),
		"sound/enter":   level(chime(72, 79), musicLevel),
		"sound/exit":    level(chime(79, 72), musicLevel),
	}
}

// instrument is how a note sounds.
type instrument struct {
	partials []float64 // strength of the fundamental and its overtones
	attack   float64   // seconds
	decay    float64   // seconds until the fundamental has fallen to a third; overtones fall sooner
}

var (
	piano  = instrument{[]float64{1, 0.45, 0.12, 0.06}, 0.012, 1.3} // an electric one
	harp   = instrument{[]float64{1, 0.3, 0.1}, 0.005, 0.55}
	bass   = instrument{[]float64{0.7, 1, 0.5, 0.15}, 0.02, 1.6}
	chimes = instrument{[]float64{1, 0, 0.08}, 0.005, 0.09}
)

// play adds a note to a loop: what sounds beyond its end is heard at its
// beginning, which makes the loop seamless. Pitch counts semitones, 69 is the A
// of 440 Hz.
func (in instrument) play(loop []float64, start, pitch int, loudness float64) {
	fundamental := 440 * math.Pow(2, float64(pitch-69)/12)
	for k, strength := range in.partials {
		hz := fundamental * float64(k+1)
		if hz < lowest || hz > highest {
			continue
		}
		decay := in.decay / (1 + 0.6*float64(k))
		length := int(7 * decay * rate)
		for i := range length {
			t := float64(i) / rate
			rise := min(t/in.attack, 1)
			x := loudness * strength * rise * math.Exp(-t/decay) * math.Sin(2*math.Pi*hz*t)
			loop[(start+i)%len(loop)] += x
		}
	}
}

// bar is four beats of the hold music: a chord that the harp takes apart, its
// bass, and up to four notes of melody on the beats; 0 is none.
type bar struct {
	bass   int
	chord  [4]int
	melody [4]int
}

// tune is twelve bars in D: a verse, and the second half of another.
var tune = []bar{
	{50, [4]int{62, 66, 69, 73}, [4]int{78, 0, 76, 0}},  // D major 7
	{47, [4]int{59, 66, 69, 74}, [4]int{74, 0, 0, 0}},   // B minor 7
	{43, [4]int{62, 66, 71, 74}, [4]int{71, 0, 74, 76}}, // G major 7
	{45, [4]int{61, 64, 67, 69}, [4]int{76, 0, 0, 0}},   // A 7
	{50, [4]int{62, 66, 69, 73}, [4]int{78, 0, 81, 0}},
	{54, [4]int{61, 64, 66, 69}, [4]int{81, 0, 78, 76}}, // F sharp minor 7
	{43, [4]int{62, 66, 71, 74}, [4]int{78, 0, 74, 0}},
	{45, [4]int{62, 64, 67, 69}, [4]int{76, 0, 0, 0}},  // A 7 suspended
	{52, [4]int{62, 64, 67, 71}, [4]int{71, 0, 74, 0}}, // E minor 7
	{45, [4]int{61, 64, 67, 69}, [4]int{76, 0, 73, 0}},
	{43, [4]int{62, 66, 71, 74}, [4]int{74, 0, 0, 76}},
	{45, [4]int{62, 64, 67, 69}, [4]int{73, 0, 0, 0}},
}

// holdMusic is the tune at 88 beats a minute: 33 seconds that begin again unheard.
func holdMusic() []float64 {
	const beat = rate * 60 / 88
	loop := make([]float64, len(tune)*4*beat)
	for i, b := range tune {
		at := i * 4 * beat
		bass.play(loop, at, b.bass, 0.5)
		for k, step := range [8]int{0, 1, 2, 3, 2, 3, 1, 2} {
			loudness := 0.16
			if k%2 == 0 {
				loudness = 0.2
			}
			harp.play(loop, at+k*beat/2, b.chord[step], loudness)
		}
		for k, pitch := range b.melody {
			if pitch != 0 {
				piano.play(loop, at+k*beat, pitch, 0.32)
			}
		}
	}
	return room(loop)
}

// room adds the reflections of a small room to a loop.
func room(dry []float64) []float64 {
	wet := make([]float64, len(dry))
	copy(wet, dry)
	for _, echo := range []struct{ seconds, loudness float64 }{{0.031, 0.2}, {0.047, 0.16}, {0.073, 0.12}, {0.113, 0.09}, {0.179, 0.06}} {
		shift := int(echo.seconds * rate)
		for i, x := range dry {
			wet[(i+shift)%len(wet)] += echo.loudness * x
		}
	}
	return wet
}

// chime is a short row of chimes.
func chime(pitches ...int) []float64 {
	const step = rate * 14 / 100
	sound := make([]float64, step*(len(pitches)+2))
	for i, pitch := range pitches {
		chimes.play(sound, i*step, pitch, 1)
	}
	return trim(sound)
}
