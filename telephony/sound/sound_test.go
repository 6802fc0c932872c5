package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/media/g722"
	"github.com/zaf/g711"
)

var raceEnabled bool // the race detector makes everything slow

// sox makes a file of sound that this package had no hand in.
func sox(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(need.Program(t, "sox"), args...).CombinedOutput(); err != nil {
		t.Fatalf("sox %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// convert makes a tape of a file.
func convert(t *testing.T, path string, loudness float64) (*Tape, Converted, error) {
	t.Helper()
	src, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	info, _ := src.Stat()
	dir := t.TempDir()
	scratch, _ := os.Create(filepath.Join(dir, "scratch"))
	target, _ := os.Create(filepath.Join(dir, "tape"))
	defer scratch.Close()
	defer target.Close()
	last := 0.0
	done, err := Convert(context.Background(), Job{Source: src, Size: info.Size(), Scratch: scratch, Target: target, Loudness: loudness,
		Progress: func(p float64) {
			if p < last || p > 1 {
				t.Errorf("progress goes from %v to %v", last, p)
			}
			last = p
		}})
	if err != nil {
		return nil, done, err
	}
	tape, err := OpenTape(target.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tape.Close() })
	return tape, done, nil
}

// pcm is a track of a tape as samples of 1, at its own rate.
func pcm(t *testing.T, tape *Tape, track Track) (samples []float64, rate int) {
	t.Helper()
	var data []byte
	page := make([]byte, PageSize)
	for n := range tape.pages() {
		if err := tape.ReadPage(track, n, page); err != nil {
			t.Fatal(err)
		}
		data = append(data, page...)
	}
	data = data[:tape.Samples()]
	var fixed []int16
	rate = 8000
	switch track {
	case Wide:
		rate = 16000
		fixed = make([]int16, 2*len(data))
		g722.NewDecoder().Decode(fixed, data)
	case ALaw:
		fixed = decodeLaw(data, g711.DecodeAlawFrame)
	default:
		fixed = decodeLaw(data, g711.DecodeUlawFrame)
	}
	for _, x := range fixed {
		samples = append(samples, float64(x)/(1<<15))
	}
	return samples, rate
}

// power is the mean square of the sine of hz within samples.
func power(samples []float64, rate int, hz float64) float64 {
	re, im := sine(samples, rate, hz)
	return (re*re + im*im) / 2
}

// rest is the mean square of what is in samples besides a sine of hz.
func rest(samples []float64, rate int, hz float64) float64 {
	re, im := sine(samples, rate, hz)
	left := make([]float64, len(samples))
	for i, x := range samples {
		at := 2 * math.Pi * hz * float64(i) / float64(rate)
		left[i] = x - re*math.Cos(at) - im*math.Sin(at)
	}
	return meanSquare(left)
}

// sine is the sine of hz within samples.
func sine(samples []float64, rate int, hz float64) (re, im float64) {
	w := 0.0
	for i, x := range samples {
		win := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(samples)))
		re += win * x * math.Cos(2*math.Pi*hz*float64(i)/float64(rate))
		im += win * x * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))
		w += win
	}
	return 2 * re / w, 2 * im / w
}

func decibel(power float64) float64 { return 10 * math.Log10(power) }

func meanSquare(samples []float64) (sum float64) {
	for _, x := range samples {
		sum += x * x
	}
	return sum / float64(len(samples))
}

// TestEveryKindOfFile: a tone of 1000 Hz that sox wrote is the same tone after the
// way through the box, whatever the file was.
func TestEveryKindOfFile(t *testing.T) {
	kinds := map[string][]string{
		"8 bit":       {"-r", "8000", "-b", "8", "-e", "unsigned-integer"},
		"16 bit":      {"-r", "44100", "-b", "16"},
		"24 bit":      {"-r", "48000", "-b", "24"},
		"32 bit":      {"-r", "96000", "-b", "32"},
		"192 kHz":     {"-r", "192000", "-b", "24", "-c", "2"},
		"4 kHz":       {"-r", "4000", "-b", "16"},
		"odd rate":    {"-r", "22051", "-b", "16"},
		"float":       {"-r", "48000", "-b", "32", "-e", "floating-point"},
		"double":      {"-r", "48000", "-b", "64", "-e", "floating-point"},
		"A-law":       {"-r", "8000", "-e", "a-law"},
		"mu-law":      {"-r", "8000", "-e", "mu-law"},
		"stereo":      {"-r", "44100", "-b", "16", "-c", "2"},
		"5.1":         {"-r", "48000", "-b", "24", "-c", "6"}, // sox writes more than two channels as extensible
		"eight times": {"-r", "11025", "-b", "16", "-c", "8"},
	}
	for name, how := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "x.wav")
			sox(t, append(append([]string{"-n"}, how...), path, "synth", "3", "sine", "1000", "vol", "0.3")...)
			tape, done, err := convert(t, path, MusicLoudness)
			if err != nil {
				t.Fatal(err)
			}
			if d := done.Length.Seconds(); math.Abs(d-3) > 0.01 {
				t.Errorf("length %v, want 3 s", done.Length)
			}
			for _, track := range []Track{MuLaw, ALaw, Wide} {
				x, rate := pcm(t, tape, track)
				x = x[rate/2 : len(x)-rate/2]
				all, tone := decibel(meanSquare(x)), decibel(power(x, rate, 1000))
				if math.Abs(all-MusicLoudness) > 0.7 {
					t.Errorf("track %d: level %.1f dB, want %.0f", track, all, MusicLoudness)
				}
				if all-tone > 0.2 {
					t.Errorf("track %d: the tone is %.2f dB below all that is there", track, all-tone)
				}
			}
		})
	}
}

// TestMP3: files that LAME wrote, of constant and variable rate, with a tag in
// front that looks like sound, of MPEG-1, MPEG-2 and MPEG-2.5, are read.
func TestMP3(t *testing.T) {
	for _, name := range []string{"tone.mp3", "tone-mono.mp3", "tone-tag.mp3", "tone-24.mp3", "tone-half.mp3", "tone-half-joint.mp3",
		"tone-16.mp3", "tone-12.mp3", "tone-11.mp3"} {
		t.Run(name, func(t *testing.T) {
			tape, done, err := convert(t, filepath.Join("testdata", name), MusicLoudness)
			if err != nil {
				t.Fatal(err)
			}
			if d := done.Length.Seconds(); d < 2 || d > 2.3 { // an MP3 has more silence at its ends
				t.Errorf("length %v, want 2 s", done.Length)
			}
			x, rate := pcm(t, tape, Wide)
			x = x[rate/2 : rate*3/2]
			if all, tone := decibel(meanSquare(x)), decibel(power(x, rate, 1000)); all-tone > 0.2 || math.Abs(all-MusicLoudness) > 1 {
				t.Errorf("%.1f dB, of which the tone %.1f dB", all, tone)
			}
		})
	}
}

// TestResampler measures the filter: flat where speech is, and nothing of what is
// above the band comes back inside it.
func TestResampler(t *testing.T) {
	for _, rates := range [][2]int{{44100, 16000}, {48000, 16000}, {192000, 16000}, {22051, 16000}, {16000, 8000}, {11025, 16000}, {8000, 16000}, {4000, 16000}} {
		from, to := rates[0], rates[1]
		t.Run(fmt.Sprint(from, " to ", to), func(t *testing.T) {
			t.Parallel()
			half := float64(min(from, to)) / 2
			worst := 0.0
			for hz := 60.0; hz <= half*0.874; hz += half / 17 {
				in, out := 0.5, play(from, to, hz)
				worst = max(worst, math.Abs(decibel(power(out, to, hz)/(in*in/2))))
				if other := decibel(rest(out, to, hz) / power(out, to, hz)); other > -60 {
					t.Errorf("%.0f Hz: other sounds %.1f dB", hz, other)
				}
			}
			if worst > 0.5 {
				t.Errorf("passband off by %.2f dB", worst)
			}
			least := math.Inf(1)
			for hz := half * 1.001; hz < float64(from)/2; hz += float64(from) / 2 / 23 {
				least = min(least, decibel(0.125)-decibel(meanSquare(play(from, to, hz))))
			}
			if from > to && least < 60 {
				t.Errorf("aliases only %.1f dB down", least)
			}
			t.Logf("passband within %.3f dB, aliases %.1f dB down", worst, least)
		})
	}
}

// play is a sine of amplitude a half after the resampler, without its ends.
func play(from, to int, hz float64) []float64 {
	r := NewResampler(from, to)
	in := make([]float32, from/2)
	for i := range in {
		in[i] = float32(0.5 * math.Sin(2*math.Pi*hz*float64(i)/float64(from)))
	}
	out := r.Flush(r.Write(nil, in))
	x := make([]float64, 0, len(out))
	for _, y := range out[to/8 : len(out)-to/8] {
		x = append(x, float64(y))
	}
	return x
}

func TestResamplerKeepsTime(t *testing.T) {
	for _, from := range []int{4000, 8000, 11025, 16000, 44100, 48000, 192000} {
		r := NewResampler(from, 16000)
		in := make([]float32, from)
		in[from/2] = 1
		out := r.Flush(r.Write(nil, in))
		best := 0
		for i, x := range out {
			if x > out[best] {
				best = i
			}
		}
		if len(out) != 16000 || best < 7999 || best > 8001 {
			t.Errorf("from %d: %d samples, the click at %d", from, len(out), best)
		}
	}
}

// TestLoudness: the cases of EBU Tech 3341 that concern one channel. A sine at the
// level L of each of two channels there is 3 dB more in one here.
func TestLoudness(t *testing.T) {
	type stretch struct{ level, seconds float64 }
	for want, parts := range map[float64][]stretch{
		-23:    {{-23, 20}},
		-33:    {{-33, 20}},
		-23.01: {{-36, 10}, {-23, 60}, {-36, 10}},
		-23.02: {{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}},
	} {
		for _, rate := range []int{16000, 48000} {
			m := NewMeter(rate)
			for _, p := range parts {
				x := make([]float32, int(p.seconds*float64(rate)))
				for i := range x {
					x[i] = float32(math.Pow(10, (p.level+3.01)/20) * math.Sin(2*math.Pi*1000*float64(i)/float64(rate)))
				}
				m.Write(x)
			}
			if got := m.Loudness(); math.Abs(got-want) > 0.1 {
				t.Errorf("%v at %d Hz: %.2f LUFS, want %.0f", parts, rate, got, want)
			}
		}
	}
	if l := NewMeter(16000).Loudness(); !math.IsInf(l, -1) {
		t.Errorf("nothing has %v LUFS", l)
	}
}

// TestLevelledAlike: a whispering and a shouting file, and one with a very loud
// beat, come out equally loud and below the ceiling.
func TestLevelledAlike(t *testing.T) {
	for name, effects := range map[string][]string{
		"quiet": {"synth", "8", "pinknoise", "vol", "0.03"},
		"loud":  {"synth", "8", "pinknoise", "gain", "-n", "0"},
		"beats": {"synth", "8", "pinknoise", "vol", "0.02", ":"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.wav")
			if name == "beats" {
				sox(t, "-n", "-r", "44100", "-b", "16", path, "synth", "8", "sine", "300", "tremolo", "1", "99", "overdrive", "20", "gain", "-n", "-1", "pad", "1", "1")
			} else {
				sox(t, append([]string{"-n", "-r", "44100", "-b", "16", path}, effects...)...)
			}
			tape, _, err := convert(t, path, MusicLoudness)
			if err != nil {
				t.Fatal(err)
			}
			x, rate := pcm(t, tape, Wide)
			m, peak := NewMeter(rate), 0.0
			for _, y := range x {
				m.Write([]float32{float32(y)})
				peak = max(peak, math.Abs(y))
			}
			if l := m.Loudness(); math.Abs(l-MusicLoudness) > 1 {
				t.Errorf("%.1f LUFS, want %.0f", l, MusicLoudness)
			}
			if 20*math.Log10(peak) > truePeak+0.5 {
				t.Errorf("peak at %.1f dB", 20*math.Log10(peak))
			}
		})
	}
}

// TestLimiter: peaks stay below the ceiling, even those between the samples, and
// what is below it is not touched.
func TestLimiter(t *testing.T) {
	const rate, ceiling = 16000, 0.5
	in := make([]float32, 2*rate)
	for i := range in {
		loud := 0.3
		if i > rate/2 && i < rate {
			loud = 1.4
		}
		in[i] = float32(loud * math.Sin(2*math.Pi*4000*float64(i)/rate+math.Pi/4)) // peaks between samples
	}
	l := newLimiter(rate, ceiling)
	out := l.flush(l.write(nil, in))
	if len(out) != len(in) {
		t.Fatalf("%d samples of %d", len(out), len(in))
	}
	for i := range 7000 {
		if math.Abs(float64(out[i]-in[i])) > 1e-3 {
			t.Fatalf("sample %d: %v became %v", i, in[i], out[i])
		}
	}
	r := NewResampler(rate, 8*rate)
	peak := float32(0)
	for _, x := range r.Write(nil, out) {
		peak = max(peak, x, -x)
	}
	if peak > ceiling*1.03 {
		t.Errorf("true peak %v above %v", peak, ceiling)
	}
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	wav := func(name string, args ...string) string {
		path := filepath.Join(dir, name)
		sox(t, append([]string{"-n", "-r", "8000", "-b", "16"}, append([]string{path}, args...)...)...)
		return path
	}
	raw := func(name, text string) string {
		path := filepath.Join(dir, name)
		os.WriteFile(path, []byte(text), 0o600)
		return path
	}
	for name, c := range map[string]struct{ path, code string }{
		"text":    {raw("a.txt", "this is a letter to my aunt"), "unknown-format"},
		"empty":   {raw("b.wav", ""), "unknown-format"},
		"ogg":     {raw("c.mp3", "OggS, and so on and so on"), "other-format"},
		"head":    {raw("d.wav", "RIFF\x00\x00\x00\x00WAVEfmt "), "broken-file"},
		"adpcm":   {wav("e.wav", "synth", "1", "sine", "400"), ""},
		"silence": {wav("f.wav", "trim", "0", "2"), "silent-file"},
		"blink":   {wav("g.wav", "synth", "0.02", "sine", "400"), "too-short"},
		"no mp3":  {raw("h.mp3", "ID3\x04\x00\x00\x00\x00\x00\x05hello"+strings.Repeat("x", 3000)), "broken-file"},
		"low":     {"testdata/tone-low.mp3", "mp3-quarter-rate"}, // of MPEG-2.5
		"a lie":   {raw("i.mp3", "ID3\x04\x00\x00\x7f\x7f\x7f\x7fhello"), "broken-file"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "adpcm" {
				path := filepath.Join(dir, "adpcm.wav")
				sox(t, c.path, "-e", "ms-adpcm", path)
				c.path, c.code = path, "bad-format"
			}
			_, _, err := convert(t, c.path, MusicLoudness)
			var r *Refusal
			if !errors.As(err, &r) || r.Code != c.code || r.EN == "" || r.FA == "" || strings.Contains(r.EN+r.FA, "%") {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// TestCutShort: a WAV file whose end is missing is heard as far as it goes.
func TestCutShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	sox(t, "-n", "-r", "16000", "-b", "16", path, "synth", "4", "sine", "500")
	if err := os.Truncate(path, 64001); err != nil {
		t.Fatal(err)
	}
	_, done, err := convert(t, path, MusicLoudness)
	if err != nil || math.Abs(done.Length.Seconds()-2) > 0.01 {
		t.Errorf("%v %v, want 2 s", done.Length, err)
	}
}

// TestHourInLittleMemory: 60 minutes go through with the memory of seconds, and a
// minute more is too long.
func TestHourInLittleMemory(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("an hour of sound")
	}
	path := filepath.Join(t.TempDir(), "hour.wav")
	sox(t, "-n", "-r", "8000", "-b", "8", path, "synth", "3599", "sine", "500", "vol", "0.5")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	_, done, err := convert(t, path, MusicLoudness)
	runtime.ReadMemStats(&after)
	if err != nil || math.Round(done.Length.Seconds()) != 3599 {
		t.Fatalf("%v %v", done.Length, err)
	}
	if grown := float64(after.Sys-before.Sys) / 1e6; grown > 20 {
		t.Errorf("took %.1f MB", grown)
	}
	long := filepath.Join(t.TempDir(), "long.wav")
	sox(t, "-n", "-r", "4000", "-b", "8", long, "synth", "3601", "sine", "500")
	if _, _, err := convert(t, long, MusicLoudness); !errors.Is(err, ErrLong) {
		t.Errorf("3601 s: %v, want ErrLong", err)
	}
}

// FuzzOpen: whatever a file holds, it is read within bounds or refused.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x44\xac\x00\x00\x10\xb1\x02\x00\x04\x00\x10\x00data\x08\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08"))
	f.Add([]byte("RIFF\x24\x00\x00\x00WAVEfmt \x12\x00\x00\x00\x03\x00\x01\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x20\x00\x00\x00data\xff\xff\xff\xff\x00\x00\xc0\x7f\x00\x00\x80\x7f"))
	f.Add(append([]byte{0xff, 0xfb, 0x90, 0x64}, bytes.Repeat([]byte{0x55}, 900)...))
	f.Add([]byte("ID3\x04\x00\x00\x00\x00\x00\x00\xff\xf3\x40\xc4"))
	for _, name := range []string{"tone.mp3", "tone-half.mp3", "tone-11.mp3"} {
		if song, err := os.ReadFile("testdata/" + name); err == nil {
			f.Add(song[:4000])
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		src, err := Open(bytes.NewReader(data))
		if err != nil {
			var r *Refusal
			if !errors.As(err, &r) {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		if err := checkShape(src.Rate(), src.Channels()); err != nil {
			t.Fatal(err)
		}
		buf := make([]float32, 512*src.Channels())
		for range 10000 {
			n, err := src.Read(buf)
			for _, x := range buf[:n] {
				if x != x || x > 8 || x < -8 {
					t.Fatalf("sample %v", x)
				}
			}
			if err != nil {
				var r *Refusal
				if !errors.Is(err, io.EOF) && !errors.As(err, &r) {
					t.Fatal(err)
				}
				return
			}
		}
	})
}

// FuzzTape: a file that is no tape is refused, and pages outside of one too.
func FuzzTape(f *testing.F) {
	f.Add([]byte(tapeMagic+"\x00\x00\x00\x08"), 0)
	f.Fuzz(func(t *testing.T, data []byte, page int) {
		path := filepath.Join(t.TempDir(), "x")
		os.WriteFile(path, data, 0o600)
		tape, err := OpenTape(path)
		if err != nil {
			return
		}
		defer tape.Close()
		_ = tape.ReadPage(ALaw, page, make([]byte, PageSize))
	})
}

func decodeLaw(data []byte, law func(uint8) int16) (samples []int16) {
	for _, b := range data {
		samples = append(samples, law(b))
	}
	return samples
}
