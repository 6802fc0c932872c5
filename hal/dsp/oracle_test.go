package dsp

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/hal"
)

// tool finds a program that checks our work, or skips the test; in CI every
// tool must be there.
// scratch is where the oracle is built.
var scratch string

var buildOracle = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "oracle")
	out, err := exec.Command("gcc", "-O2", "-o", path, "testdata/oracle.c", "-lspandsp").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return path, nil
})

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "dsp-oracle")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// oracle runs spandsp (testdata/oracle.c) with pcm as its input.
func oracle(t testing.TB, pcm []int16, args ...string) []byte {
	t.Helper()
	need.Program(t, "gcc")
	path, err := buildOracle()
	if err != nil {
		need.Missing(t, "spandsp's headers are not installed: "+path)
	}
	return pipe(t, path, bytesOf(pcm), args...)
}

func pipe(t testing.TB, name string, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
	}
	return out
}

func bytesOf(pcm []int16) []byte {
	b := make([]byte, 0, 2*len(pcm))
	for _, x := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

func samplesOf(b []byte) []int16 {
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm
}

// frames cuts pcm into frames, the last one filled up with silence.
func frames(pcm []int16) func(func(*hal.Frame) bool) {
	return func(yield func(*hal.Frame) bool) {
		for len(pcm) > 0 {
			var f hal.Frame
			pcm = pcm[copy(f[:], pcm):]
			if !yield(&f) {
				return
			}
		}
	}
}

// sines is n samples of sines of given frequencies and levels.
func sines(n int, pairs ...float64) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		var y float64
		for k := 0; k < len(pairs); k += 2 {
			y += Amplitude(pairs[k+1]) * math.Sin(2*math.Pi*pairs[k]*float64(i)/hal.Rate)
		}
		pcm[i] = Sample(y)
	}
	return pcm
}

// addNoise adds white noise of a level in dBm0.
func addNoise(pcm []int16, dBm0 float64, seed uint64) []int16 {
	r := rand.New(rand.NewPCG(seed, 1))
	sigma := Amplitude(dBm0) / math.Sqrt2
	out := make([]int16, len(pcm))
	for i, x := range pcm {
		out[i] = Sample(float64(x) + sigma*r.NormFloat64())
	}
	return out
}

// speech has espeak-ng say text in a voice and sox bring it to the line's
// format.
func speech(t testing.TB, voice, text string) []int16 {
	t.Helper()
	wav := pipe(t, need.Program(t, "espeak-ng"), nil, "-v", voice, "-s", "160", "--stdout", text)
	raw := pipe(t, need.Program(t, "sox"), wav, "-t", "wav", "-", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-", "gain", "-n", "-3", "sinc", "300-3400")
	return samplesOf(raw)
}
