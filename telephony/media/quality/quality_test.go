package quality

import (
	"math"
	"testing"
	"time"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.2f, want %.2f ± %.2f", what, got, want, within)
	}
}

// A path with nothing wrong, at the default values of every parameter, is rated 93.2, which
// is a MOS of 4.41 (G.107 7.7, annex B). The figures here were compared with those that
// published programs of others give for the same Recommendations, whose text is not free
// to copy; G.711 with concealment has an Ie of 0 and a Bpl of 25.1, G.729A with VAD 11 and
// 19.0 (G.113 appendix I, table I.1), G.722 at 64 kbit/s 13 on the scale up to 129.
func TestDefaultValues(t *testing.T) {
	for _, name := range []string{"PCMA", "PCMU"} {
		near(t, "R of "+name, codecs[name].rating(Path{}), 93.2, 0.01)
		mos, _ := MOS(name, Path{})
		near(t, "MOS of "+name, mos, 4.41, 0.005)
		near(t, "R of "+name+" with 5 % loss", codecs[name].rating(Path{Loss: 0.05}), 93.2-95*5/(5+25.1), 0.01)
	}
	near(t, "R of G.729A", codecs["G729"].rating(Path{}), 93.2-11, 0.01)
	near(t, "R of G.729A with 5 % loss", codecs["G729"].rating(Path{Loss: 0.05}), 93.2-11-84*5/(5+19.), 0.01)
}

// The pairs of G.107 table B.1, and that of the default values.
func TestScoreOfARating(t *testing.T) {
	for r, mos := range map[float64]float64{93.2: 4.41, 90: 4.34, 80: 4.03, 70: 3.60, 60: 3.10, 50: 2.58, 0: 1, -20: 1, 100: 4.5, 120: 4.5} {
		near(t, "MOS", score(r), mos, 0.01)
	}
}

// Ratings of G.711 by delay with echo loss at its default (TIA TSB-116, after G.107;
// its best is the 94.2 of the older default, one more than today's).
func TestRatingByDelay(t *testing.T) {
	for ms, want := range map[int]float64{0: 94, 50: 93, 100: 92, 150: 90, 200: 87, 250: 80, 300: 74, 350: 68, 400: 63, 450: 59} {
		got := codecs["PCMA"].rating(Path{Delay: time.Duration(ms) * time.Millisecond})
		near(t, time.Duration(ms*1e6).String(), got+1, want, 1)
	}
}

// Planning values for loss: G.113 appendix I gives G.711 with concealment 5, 7, 10,
// 15 and 25 at 1, 2, 3, 5 and 10 percent, in the older list of whole steps.
func TestImpairmentByLoss(t *testing.T) {
	for percent, want := range map[float64]float64{0: 0, 1: 5, 2: 7, 3: 10, 5: 15, 10: 25} {
		near(t, "Ie,eff of G.711", codecs["PCMA"].impairment(Path{Loss: percent / 100}), want, 2.2)
	}
	near(t, "Ie,eff of G.729A", codecs["G729"].impairment(Path{}), 11, 0)
	near(t, "Ie,eff of G.729A at 2 %", codecs["G729"].impairment(Path{Loss: 0.02}), 19, 0.2)
}

func TestBurstsAreWorse(t *testing.T) {
	alone := codecs["PCMA"].impairment(Path{Loss: 0.05, Burst: 1})
	bursts := codecs["PCMA"].impairment(Path{Loss: 0.05, Burst: 3})
	if random := codecs["PCMA"].impairment(Path{Loss: 0.05, Burst: 1 / 0.95}); math.Abs(random-alone) > 1e-9 {
		t.Errorf("random loss impairs by %.2f, single packets by %.2f", random, alone)
	}
	if bursts <= alone {
		t.Errorf("bursts of three impair by %.2f, single packets by %.2f", bursts, alone)
	}
}

func TestWidebandIsRatedAmongItsOwn(t *testing.T) {
	near(t, "R of G.722", codecs["G722"].rating(Path{}), 116/1.29, 0.01)
	clean, _ := MOS("G722", Path{})
	near(t, "MOS of G.722", clean, 4.34, 0.01)
}

func TestMOSFallsAndStaysInBounds(t *testing.T) {
	for name := range codecs {
		last := 5.
		for loss := -0.1; loss < 1.2; loss += 0.01 {
			mos, ok := MOS(name, Path{Loss: loss, Delay: 80 * time.Millisecond})
			if !ok || mos < 1 || mos > 4.5 || mos > last {
				t.Fatalf("%s with %.0f %% loss: MOS %.2f after %.2f", name, 100*loss, mos, last)
			}
			last = mos
		}
		last = 5
		for d := -time.Second; d < 20*time.Second; d += 10 * time.Millisecond {
			mos, _ := MOS(name, Path{Delay: d})
			if mos < 1 || mos > last+1e-9 {
				t.Fatalf("%s after %s: MOS %.2f after %.2f", name, d, mos, last)
			}
			last = mos
		}
	}
	if _, ok := MOS("opus", Path{}); ok {
		t.Error("a codec without published figures has a MOS")
	}
}
