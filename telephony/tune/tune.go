// Package tune plays the box's own hold music from notes, so that it has some that
// belongs to nobody else: a calm piece, and one of plucked strings in a Persian mode.
//
// The instruments are sums of sines that begin softly and die away, all within the
// telephone's band, so that nothing can sound harsh. What sounds beyond the end of a
// piece is heard at its beginning: it loops unheard. Everything is computed when it
// is asked for, in less time than it takes to ring once; nothing is shared.
package tune

import "math"

// Rate is the samples a second of every piece.
const Rate = 8000

// The band of a telephone (ITU-T G.712), in Hz.
const lowest, highest = 200, 3400

// level is the mean level of a piece in dB below full scale.
const level = -22

// Names are the pieces, in the order in which the box plays them by itself.
func Names() []string { return []string{"calm", "santur"} }

// Play is a piece, nil for one that there is not.
func Play(name string) []int16 {
	switch name {
	case "calm":
		return levelled(room(calm()))
	case "santur":
		return levelled(room(santur()))
	}
	return nil
}

// instrument is how a note sounds.
type instrument struct {
	partials []float64 // strength of the fundamental and its overtones
	attack   float64   // seconds
	decay    float64   // seconds until the fundamental has fallen to a third; overtones fall sooner
	beating  float64   // Hz between the strings of one course; 0 is a single string
}

var (
	piano  = &instrument{partials: []float64{1, 0.45, 0.12, 0.06}, attack: 0.012, decay: 1.3} // an electric one
	harp   = &instrument{partials: []float64{1, 0.3, 0.1}, attack: 0.005, decay: 0.55}
	bass   = &instrument{partials: []float64{0.7, 1, 0.5, 0.15}, attack: 0.02, decay: 1.6}
	struck = &instrument{partials: []float64{1, 0.6, 0.35, 0.2, 0.1}, attack: 0.003, decay: 0.7, beating: 0.9}
)

// band plays notes into a loop. A note that comes again is not computed again.
type band struct {
	loop  []float64
	notes map[*instrument]map[float64][]float64 // by pitch, of loudness 1
}

func newBand(samples int) *band {
	return &band{make([]float64, samples), make(map[*instrument]map[float64][]float64)}
}

// play adds a note. Pitch counts semitones, 69 is the A of 440 Hz; the koron of
// Persian music lies between them.
func (b *band) play(in *instrument, start int, pitch, loudness float64) {
	notes := b.notes[in]
	if notes == nil {
		notes = make(map[float64][]float64)
		b.notes[in] = notes
	}
	note := notes[pitch]
	if note == nil {
		note = in.note(pitch)
		notes[pitch] = note
	}
	for at := start % len(b.loop); len(note) > 0; at = 0 {
		part := b.loop[at:min(at+len(note), len(b.loop))]
		for i := range part {
			part[i] += loudness * note[i]
		}
		note = note[len(part):]
	}
}

// note is a note of loudness 1 until it has died away.
func (in *instrument) note(pitch float64) []float64 {
	fundamental := 440 * math.Pow(2, (pitch-69)/12)
	out := make([]float64, int(6*in.decay*Rate))
	for k, strength := range in.partials {
		for _, string := range in.strings() {
			if hz := fundamental*float64(k+1) + string; hz >= lowest && hz <= highest {
				in.ring(out, hz, strength/float64(len(in.strings())), in.decay/(1+0.6*float64(k)))
			}
		}
	}
	return out
}

func (in *instrument) strings() []float64 {
	if in.beating == 0 {
		return []float64{0}
	}
	return []float64{-in.beating / 2, in.beating / 2}
}

// ring adds a sine that dies away: a number that turns and shrinks.
func (in *instrument) ring(note []float64, hz, loudness, decay float64) {
	sin, cos := math.Sincos(2 * math.Pi * hz / Rate)
	shrink := math.Exp(-1 / (decay * Rate))
	sin, cos = sin*shrink, cos*shrink
	re, im := loudness, 0.0
	attack := in.attack * Rate
	for i := range note[:int(6*decay*Rate)] {
		x := im
		if float64(i) < attack {
			x *= float64(i) / attack
		}
		note[i] += x
		re, im = re*cos-im*sin, re*sin+im*cos
	}
}

// room adds the reflections of a small room to a loop.
func room(dry []float64) []float64 {
	wet := append([]float64(nil), dry...)
	for _, echo := range []struct{ seconds, loudness float64 }{{0.031, 0.2}, {0.047, 0.16}, {0.073, 0.12}, {0.113, 0.09}, {0.179, 0.06}} {
		at := int(echo.seconds * Rate)
		for _, x := range dry {
			wet[at] += echo.loudness * x
			if at++; at == len(wet) {
				at = 0
			}
		}
	}
	return wet
}

// levelled is a loop at the level of all music.
func levelled(loop []float64) []int16 {
	sum := 0.0
	for _, x := range loop {
		sum += x * x
	}
	gain := math.Pow(10, level/20.0) / math.Sqrt(sum/float64(len(loop)))
	pcm := make([]int16, len(loop))
	for i, x := range loop {
		pcm[i] = int16(math.Round(32767 * math.Tanh(x*gain))) // no note is so loud that it bends audibly
	}
	return pcm
}
