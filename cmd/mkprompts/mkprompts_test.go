package main

import (
	"encoding/binary"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pasokh/pasokh/firmware/need"
)

// TestScriptIsCurrent: the texts that the committed pack was made of are those
// of today's catalogue.
func TestScriptIsCurrent(t *testing.T) {
	committed, err := os.ReadFile("../../telephony/speech/prompts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(committed), scriptOf(lines())); d != "" {
		t.Errorf("texts have changed; run go generate ./telephony/speech\n%s", d)
	}
}

func TestSpeakIsReproducible(t *testing.T) {
	need.Program(t, "espeak-ng")
	for _, l := range []line{{"en/busy", "en", "busy", "busy"}, {"fa/first", "fa", "اول", "اول"}} {
		once, err := l.speak(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again, err := l.speak(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(once, again) {
			t.Errorf("%s differs from one time to the next", l.name)
		}
		if len(once) < rate/5 || len(once) > rate {
			t.Errorf("%s has %d samples", l.name, len(once))
		}
	}
	if _, err := (line{"fa/x", "fa", "…", " "}).speak(t.Context()); err == nil {
		t.Error("silence was taken for speech")
	}
}

func TestMissingEspeakIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := line{"en/busy", "en", "busy", "busy"}.speak(t.Context())
	if err == nil || !strings.Contains(err.Error(), "apt-get install espeak-ng") {
		t.Errorf("error is %v", err)
	}
}

func TestSpell(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"en", "You are number,", "You are number,"},
		{"fa", "بیست و", "بیستُ"},
		{"fa", "نه", "[[n'oh]]"},
		{"fa", "نهم", "نهم"},
		{"fa", "از تماس شما سپاسگزاریم.", "از تماسِ شما سپاسگزاریم."},
	} {
		if got := spell(c.lang, c.text); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestSpellingFits: every correction is of something that is said.
func TestSpellingFits(t *testing.T) {
	said := map[string]bool{}
	for _, l := range lines() {
		said[l.text] = true
	}
	for text := range wordsAlone {
		if !said[text] {
			t.Errorf("%s is never said", text)
		}
	}
}

func sine(hz float64, from int, seconds float64) []float64 {
	out := make([]float64, int(seconds*float64(from)))
	for i := range out {
		out[i] = 0.5 * math.Sin(2*math.Pi*hz*float64(i)/float64(from))
	}
	return out
}

func TestTelephoneBand(t *testing.T) {
	for _, from := range []int{8000, 22050} {
		for _, c := range []struct{ hz, least, most float64 }{ // gain in dB
			{60, -999, -20}, {100, -999, -20}, {300, -1, 1}, {1000, -0.2, 0.2}, {3200, -1, 1}, {3600, -999, -20},
			{4600, -999, -30}, {7000, -999, -30}, {10_000, -999, -30},
		} {
			if c.hz > float64(from)/2 {
				continue
			}
			in := sine(c.hz, from, 0.5)
			out := telephoneBand(in, from)
			if len(out) != rate/2 {
				t.Fatalf("%d samples of half a second", len(out))
			}
			gain := 10 * math.Log10(meanSquare(out[rate/10:rate*4/10])/meanSquare(in))
			if gain < c.least || gain > c.most {
				t.Errorf("%.0f Hz at %d: %.1f dB, want %.1f to %.1f", c.hz, from, gain, c.least, c.most)
			}
		}
	}
}

func TestTrim(t *testing.T) {
	silence := make([]float64, rate)
	word := sine(440, rate, 0.5)
	in := append(append(append(append(append([]float64(nil), silence...), word...), silence...), word...), silence...)
	out := trim(in)
	if got, want := float64(len(out))/rate, 0.02+0.5+0.03+0.3+0.02+0.5+0.03; math.Abs(got-want) > 0.021 {
		t.Errorf("%.3f s are left, want %.3f", got, want)
	}
	if out[0] != 0 || out[len(out)-1] != 0 {
		t.Error("the edges are not faded")
	}
	if got := trim(silence); len(got) != 0 {
		t.Errorf("%d samples of silence are left", len(got))
	}
	if got := trim(nil); len(got) != 0 {
		t.Errorf("%d samples of nothing are left", len(got))
	}
}

func TestLevel(t *testing.T) {
	loud := func(pcm []int16) float64 {
		sum := 0.0
		for _, x := range pcm {
			sum += float64(x) * float64(x) / (1 << 30)
		}
		return 10 * math.Log10(sum/float64(len(pcm)))
	}
	in := sine(440, rate, 1)
	if got := loud(level(in, -18)); math.Abs(got+18) > 0.1 {
		t.Errorf("level is %.2f dB", got)
	}
	if got := loud(level(append(in, make([]float64, rate)...), -18)); math.Abs(got+21) > 0.1 {
		t.Errorf("with as much silence it is %.2f dB: silence must not count", got)
	}
	for _, x := range level(in, 20) {
		if x > 32000 || x < -32000 {
			t.Fatalf("clipped: %d", x)
		}
	}
	if level(make([]float64, rate), -18) != nil {
		t.Error("silence has a level")
	}
}

func TestReadWAV(t *testing.T) {
	wav := []byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00data\xff\xff\xff\x7f")
	wav = binary.LittleEndian.AppendUint16(wav, 0x4000)
	wav = append(wav, 0x00, 0xc0, 0x01) // and half a sample
	samples, hz, err := readWAV(wav)
	if err != nil || hz != 22050 || !cmp.Equal(samples, []float64{0.5, -0.5}) {
		t.Errorf("%v at %d, %v", samples, hz, err)
	}
	for at, wrong := range map[int]byte{0: 'X', 20: 7, 22: 2, 34: 8, 36: 'L', 25: 0x00, 26: 0x55} {
		bad := append([]byte(nil), wav...)
		bad[at] = wrong
		if _, _, err := readWAV(bad); err == nil {
			t.Errorf("byte %d = %d was accepted", at, wrong)
		}
	}
	if _, _, err := readWAV(wav[:40]); err == nil {
		t.Error("half a header was accepted")
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00data\x02\x00\x00\x00\x01\x02"))
	f.Fuzz(func(t *testing.T, data []byte) {
		samples, hz, err := readWAV(data)
		if err == nil && (hz < 8000 || len(samples) > len(data)/2) {
			t.Fatalf("%d samples at %d of %d bytes", len(samples), hz, len(data))
		}
	})
}

// TestSignalsStayInBand: nothing of a chime is below or above what a telephone carries,
// and nothing near clipping.
func TestSignalsStayInBand(t *testing.T) {
	dry := chime(72, 79)
	if out := telephoneBand(dry, rate); math.Abs(10*math.Log10(meanSquare(out)/meanSquare(dry))) > 0.5 {
		t.Errorf("the telephone takes %.2f dB of a chime", 10*math.Log10(meanSquare(out)/meanSquare(dry)))
	}
	for name, pcm := range signals() {
		for _, x := range pcm {
			if x > 28000 || x < -28000 {
				t.Errorf("%s peaks at %d", name, x)
				break
			}
		}
	}
}
