package tune

import (
	"math"
	"testing"
	"time"
)

func db(pcm []int16) float64 {
	sum := 0.0
	for _, x := range pcm {
		sum += float64(x) * float64(x) / (1 << 30)
	}
	return 10 * math.Log10(sum/float64(len(pcm)))
}

// TestPieces: at their level, without a hole, and at the seam as inside.
func TestPieces(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			pcm := Play(name)
			if s := len(pcm) / Rate; s < 30 || s > 90 {
				t.Errorf("lasts %d s", s)
			}
			if l := db(pcm); math.Abs(l-level) > 0.5 {
				t.Errorf("at %.1f dB", l)
			}
			steepest, peak := 0.0, 0.0
			for i := 1; i < len(pcm); i++ {
				steepest = max(steepest, math.Abs(float64(pcm[i])-float64(pcm[i-1])))
				peak = max(peak, math.Abs(float64(pcm[i])))
			}
			if seam := math.Abs(float64(pcm[0]) - float64(pcm[len(pcm)-1])); seam > steepest/2 {
				t.Errorf("the seam steps by %.0f, the rest by at most %.0f", seam, steepest)
			}
			if peak > 30000 {
				t.Errorf("peaks at %.0f", peak)
			}
			for at := 0; at+Rate <= len(pcm); at += Rate / 2 {
				if l := db(pcm[at : at+Rate]); l < -42 {
					t.Errorf("a hole at %.1f s: %.0f dB", float64(at)/Rate, l)
				}
			}
		})
	}
	if Play("jazz") != nil {
		t.Error("there is no such piece")
	}
}

// TestInBand: nothing below or above what a telephone carries.
func TestInBand(t *testing.T) {
	for _, name := range Names() {
		pcm := Play(name)[:4*Rate]
		for _, hz := range []float64{50, 100, 150, 3500, 3700, 3900} {
			re, im := 0.0, 0.0
			for i, x := range pcm {
				w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(pcm)))
				s, c := math.Sincos(2 * math.Pi * hz * float64(i) / Rate)
				re, im = re+w*c*float64(x), im+w*s*float64(x)
			}
			if l := 20 * math.Log10(4*math.Hypot(re, im)/float64(len(pcm))/32768); l > -60 {
				t.Errorf("%s: %.0f dB at %.0f Hz", name, l, hz)
			}
		}
	}
}

func TestSoonPlayed(t *testing.T) {
	start := time.Now()
	for _, name := range Names() {
		Play(name)
	}
	t.Logf("both pieces in %v", time.Since(start))
}
