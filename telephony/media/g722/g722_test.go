package g722

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os/exec"
	"testing"

	"github.com/pasokh/pasokh/firmware/need"
)

// sounds are what the codec is tried with, 2 s each at 16 kHz.
func sounds() map[string][]int16 {
	const n = 2 * Rate
	noise := rand.New(rand.NewPCG(7, 22))
	make16 := func(f func(i int) float64) []int16 {
		pcm := make([]int16, n)
		for i := range pcm {
			pcm[i] = int16(max(min(f(i), 32767), -32768))
		}
		return pcm
	}
	sine := func(hz float64) func(int) float64 {
		return func(i int) float64 { return math.Sin(2 * math.Pi * hz * float64(i) / Rate) }
	}
	low, high := sine(440), sine(5000)
	return map[string][]int16{
		"silence": make16(func(int) float64 { return 0 }),
		"tones":   make16(func(i int) float64 { return 8000*low(i) + 4000*high(i) }),
		"noise":   make16(func(int) float64 { return noise.NormFloat64() * 3000 }),
		"bursts":  make16(func(i int) float64 { return noise.NormFloat64() * 12000 * float64(i/1600%2) }),
		"limits":  make16(func(i int) float64 { return 40000 * low(i) }),
		"square":  make16(func(i int) float64 { return 65000 * (float64(i/37%2) - 0.5) }),
		"sweep": make16(func(i int) float64 {
			t := float64(i) / Rate
			return 15000 * math.Sin(2*math.Pi*(50*t+1900*t*t))
		}),
	}
}

func encode(pcm []int16) []byte {
	out := make([]byte, len(pcm)/2)
	NewCoder().Encode(out, pcm)
	return out
}

func decode(data []byte) []int16 {
	out := make([]int16, 2*len(data))
	NewDecoder().Decode(out, data)
	return out
}

// oracle builds spandsp's codec and returns a way to run it.
func oracle(t *testing.T) func(mode string, in []byte) []byte {
	t.Helper()
	program := need.Build(t, "testdata/oracle.c", "spandsp")
	return func(mode string, in []byte) []byte {
		cmd := exec.Command(program, mode)
		cmd.Stdin = bytes.NewReader(in)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("oracle %s: %v", mode, err)
		}
		return out
	}
}

func bytesOf(pcm []int16) []byte {
	b := make([]byte, 0, 2*len(pcm))
	for _, x := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

// TestSameAsAnother compares every bit with an implementation of others.
func TestSameAsAnother(t *testing.T) {
	run := oracle(t)
	for name, pcm := range sounds() {
		theirs := run("encode", bytesOf(pcm))
		if ours := encode(pcm); !bytes.Equal(ours, theirs) {
			t.Errorf("%s: encoded differently from byte %d of %d", name, firstDifference(ours, theirs), len(theirs))
		}
		wantSame(t, name, decode(theirs), run("decode", theirs))
	}
	// Bytes that no coder makes must do no harm either.
	wild := make([]byte, 32000)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range wild {
		wild[i] = byte(random.Uint32())
	}
	wantSame(t, "random bytes", decode(wild), run("decode", wild))
}

// wantSame compares samples, but for those at the limits: there spandsp's sound
// turns over to the other sign, ours stays at the limit as 6.2.2.5 wants.
func wantSame(t *testing.T, name string, ours []int16, theirs []byte) {
	t.Helper()
	if len(theirs) != 2*len(ours) {
		t.Fatalf("%s: decoded to %d samples, want %d", name, len(ours), len(theirs)/2)
	}
	for i, x := range ours {
		limited := x == math.MaxInt16 || x == math.MinInt16
		if y := int16(binary.LittleEndian.Uint16(theirs[2*i:])); x != y && !limited {
			t.Fatalf("%s: sample %d is %d, want %d", name, i, x, y)
		}
	}
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// delay is that of coder and decoder together: the two filters.
const delay = 22

// TestQuality measures what comes back. G.711 gives 38 dB at these levels, and
// nothing at all above 4 kHz.
func TestQuality(t *testing.T) {
	for _, c := range []struct {
		hz    float64
		least float64 // dB
	}{{300, 36}, {1000, 36}, {3000, 33}, {5000, 18}, {6800, 15}} {
		pcm := make([]int16, Rate)
		for i := range pcm {
			pcm[i] = int16(10000 * math.Sin(2*math.Pi*c.hz*float64(i)/Rate))
		}
		back := decode(encode(pcm))
		var signal, error float64
		for i := 1600; i < len(pcm)-delay; i++ {
			d := float64(back[i+delay]) - float64(pcm[i])
			signal += float64(pcm[i]) * float64(pcm[i])
			error += d * d
		}
		db := 10 * math.Log10(signal/error)
		t.Logf("%.0f Hz: %.1f dB", c.hz, db)
		if db < c.least {
			t.Errorf("%.0f Hz comes back with %.1f dB, want %.0f", c.hz, db, c.least)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	pcm, data := make([]int16, 320), make([]byte, 160)
	c, d := NewCoder(), NewDecoder()
	if n := testing.AllocsPerRun(100, func() { c.Encode(data, pcm); d.Decode(pcm, data) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// FuzzDecode looks for bytes that upset a decoder.
func FuzzDecode(f *testing.F) {
	f.Add(encode(sounds()["bursts"][:3200]))
	f.Fuzz(func(t *testing.T, data []byte) {
		pcm := decode(data)
		NewCoder().Encode(data, pcm)
	})
}

// One operation is 20 ms of sound.

func BenchmarkEncode(b *testing.B) {
	pcm, data, c := sounds()["noise"][:320], make([]byte, 160), NewCoder()
	b.ReportAllocs()
	for b.Loop() {
		c.Encode(data, pcm)
	}
}

func BenchmarkDecode(b *testing.B) {
	data, pcm, d := encode(sounds()["noise"][:320]), make([]int16, 320), NewDecoder()
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(pcm, data)
	}
}
