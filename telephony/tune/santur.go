package tune

// The scale of the mode of Shur on D: its second step is a koron, a quarter tone
// flat of E, which no keyboard of the West can play.
var shur = [...]float64{62, 63.5, 65, 67, 69, 70, 72, 74, 75.5, 77, 79}

// phrases are eight bars of six quavers each, by steps of shur; -1 is a rest. They
// come down to D as that mode likes to.
var phrases = [...][6]int{
	{3, 4, 3, 2, 1, 2}, {3, -1, 4, 3, -1, -1},
	{4, 5, 4, 3, 2, 3}, {4, -1, 3, 2, -1, -1},
	{6, 5, 4, 5, 4, 3}, {4, 3, 2, 3, 2, 1},
	{2, 3, 2, 1, 0, 1}, {0, -1, -1, 0, -1, -1},
	{7, -1, 6, 7, 8, 7}, {6, 5, 6, 4, -1, -1},
	{5, 6, 5, 4, 3, 4}, {3, -1, 4, 3, 2, -1},
	{4, 3, 2, 3, 2, 1}, {2, 1, 0, 1, -1, -1},
	{1, 2, 3, 2, 1, 0}, {0, -1, -1, -1, -1, -1},
}

// santur is a hammered dulcimer at 96 quavers a minute: 60 seconds. Long notes are
// struck again and again, ever softer, as its hammers do.
func santur() []float64 {
	const quaver = Rate * 60 / 96
	players := newBand(len(phrases) * 6 * quaver)
	for i, phrase := range phrases {
		at := i * 6 * quaver
		for k, step := range phrase {
			if k%3 == 0 { // the hand that keeps time
				players.play(struck, at+k*quaver, shur[0]-12*float64(1-k/3%2), 0.22)
				players.play(struck, at+k*quaver+quaver/2, shur[4]-12, 0.1)
			}
			if step < 0 {
				continue
			}
			loudness := 0.4
			if k == 0 {
				loudness = 0.5
			}
			players.play(struck, at+k*quaver, shur[step], loudness)
			rests := 0
			for j := k + 1; j < len(phrase) && phrase[j] < 0; j++ {
				rests++
			}
			for n := 1; n <= 4*rests; n++ {
				loudness *= 0.8
				players.play(struck, at+k*quaver+quaver/2+n*quaver/4, shur[step], loudness)
			}
		}
	}
	return players.loop
}
