package tune

// bar is four beats: a chord that the harp takes apart, its bass, and up to four
// notes of melody on the beats; 0 is none.
type bar struct {
	bass   float64
	chord  [4]float64
	melody [4]float64
}

// verses are sixteen bars in D: two verses that differ in their second half.
var verses = []bar{
	{50, [4]float64{62, 66, 69, 73}, [4]float64{78, 0, 76, 0}},  // D major 7
	{47, [4]float64{59, 66, 69, 74}, [4]float64{74, 0, 0, 0}},   // B minor 7
	{43, [4]float64{62, 66, 71, 74}, [4]float64{71, 0, 74, 76}}, // G major 7
	{45, [4]float64{61, 64, 67, 69}, [4]float64{76, 0, 0, 0}},   // A 7
	{50, [4]float64{62, 66, 69, 73}, [4]float64{78, 0, 81, 0}},
	{54, [4]float64{61, 64, 66, 69}, [4]float64{81, 0, 78, 76}}, // F sharp minor 7
	{43, [4]float64{62, 66, 71, 74}, [4]float64{78, 0, 74, 0}},
	{45, [4]float64{62, 64, 67, 69}, [4]float64{76, 0, 0, 0}}, // A 7 suspended
	{47, [4]float64{62, 66, 69, 71}, [4]float64{74, 0, 78, 0}},
	{54, [4]float64{61, 64, 66, 69}, [4]float64{76, 0, 73, 0}},
	{43, [4]float64{62, 66, 71, 74}, [4]float64{74, 0, 71, 69}},
	{50, [4]float64{62, 66, 69, 74}, [4]float64{69, 0, 0, 0}},  // D
	{52, [4]float64{62, 64, 67, 71}, [4]float64{71, 0, 74, 0}}, // E minor 7
	{45, [4]float64{61, 64, 67, 69}, [4]float64{76, 0, 73, 0}},
	{43, [4]float64{62, 66, 71, 74}, [4]float64{74, 0, 0, 76}},
	{45, [4]float64{62, 64, 67, 69}, [4]float64{73, 0, 0, 0}},
}

// calm is at 88 beats a minute: 44 seconds.
func calm() []float64 {
	const beat = Rate * 60 / 88
	players := newBand(len(verses) * 4 * beat)
	for i, b := range verses {
		at := i * 4 * beat
		players.play(bass, at, b.bass, 0.5)
		for k, step := range [8]int{0, 1, 2, 3, 2, 3, 1, 2} {
			loudness := 0.16
			if k%2 == 0 {
				loudness = 0.2
			}
			players.play(harp, at+k*beat/2, b.chord[step], loudness)
		}
		for k, pitch := range b.melody {
			if pitch != 0 {
				players.play(piano, at+k*beat, pitch, 0.32)
			}
		}
	}
	return players.loop
}
