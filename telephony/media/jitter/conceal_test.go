package jitter

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/telephony/speech"
)

// spoken is real speech of 8 kHz: prompts of the box, half a minute.
func spoken(t testing.TB) (pcm []int16) {
	t.Helper()
	long := 0
	speech.Units(func(name string, sound []int16) { // every eighth, of both languages
		if !strings.HasPrefix(name, "sound") && len(sound) > 8000 {
			if long++; long%8 == 0 {
				pcm = append(pcm, sound...)
			}
		}
	})
	if len(pcm) < 80000 {
		t.Fatalf("only %d samples of speech", len(pcm))
	}
	return pcm
}

// losses are which of n steps of 10 ms are lost: a share of all, alone or by twos.
func losses(n int, share float64, burst int) []bool {
	r := rand.New(rand.NewPCG(9, 1))
	lost := make([]bool, n)
	for i := 10; i+burst < n; i++ {
		if r.Float64() < share/float64(burst) {
			for k := range burst {
				lost[i+k] = true
			}
			i += burst
		}
	}
	return lost
}

// ours conceals the losses step by step.
func ours(pcm []int16, lost []bool) []int16 {
	c := newConcealer(1)
	out := make([]int16, len(pcm))
	for i, gone := range lost {
		f := out[i*step : (i+1)*step]
		if gone {
			c.fill(f)
		} else {
			copy(f, pcm[i*step:])
			c.real(f)
		}
	}
	return out
}

// theirs lets spandsp do it.
func theirs(t *testing.T, pcm []int16, lost []bool) []int16 {
	t.Helper()
	program := need.Build(t, "testdata/plc.c", "spandsp")
	var in []byte
	for i, gone := range lost {
		in = append(in, map[bool]byte{true: 1}[gone])
		for _, x := range pcm[i*step : (i+1)*step] {
			in = binary.LittleEndian.AppendUint16(in, uint16(x))
		}
	}
	cmd := exec.Command(program)
	cmd.Stdin = bytes.NewReader(in)
	data, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int16, len(data)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return out
}

// distance is how far the spectrum of what is heard is from what was said around
// the losses, in dB: the RMS over 16 bands of 20 ms windows that are not silent.
func distance(said, heard []int16, lost []bool) float64 {
	var sum, n float64
	for i := 1; i+1 < len(lost); i++ {
		if !lost[i] && !lost[i-1] {
			continue
		}
		a, b := bands(said[(i-1)*step:(i+1)*step]), bands(heard[(i-1)*step:(i+1)*step])
		if a[0] < 0 {
			continue
		}
		for k := range a {
			d := a[k] - b[k]
			sum += d * d
			n++
		}
	}
	return math.Sqrt(sum / n)
}

// bands are levels in dB from 125 to 3875 Hz; the first is negative for silence.
func bands(x []int16) (out [16]float64) {
	if energy(x) < float64(len(x))*300*300 {
		out[0] = -1
		return out
	}
	for k := range out {
		var power float64
		for _, hz := range []float64{125, 175, 225, 275} {
			f := hz + 250*float64(k) - 75
			var re, im float64
			for i, v := range x {
				w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(len(x)))
				re += w * float64(v) * math.Cos(2*math.Pi*f*float64(i)/8000)
				im += w * float64(v) * math.Sin(2*math.Pi*f*float64(i)/8000)
			}
			power += re*re + im*im
		}
		out[k] = 10 * math.Log10(power+1e8)
	}
	return out
}

// TestSpeech compares made-up sound with spandsp's, and with silence, on speech.
func TestSpeech(t *testing.T) {
	pcm := spoken(t)
	for _, c := range []struct {
		name  string
		share float64
		burst int
	}{{"5 %, 10 ms each", 0.05, 1}, {"5 %, 20 ms each", 0.05, 2}, {"10 %, 20 ms each", 0.1, 2}, {"5 %, 40 ms each", 0.05, 4}} {
		lost := losses(len(pcm)/step, c.share, c.burst)
		mute := append([]int16(nil), pcm...)
		for i, gone := range lost {
			if gone {
				clear(mute[i*step : (i+1)*step])
			}
		}
		we, they, none := distance(pcm, ours(pcm, lost), lost), distance(pcm, theirs(t, pcm, lost), lost), distance(pcm, mute, lost)
		t.Logf("%s: ours %.2f dB, spandsp's %.2f dB, silence %.2f dB", c.name, we, they, none)
		if we > they*1.02 {
			t.Errorf("%s: ours is %.2f dB from the speech, spandsp's %.2f dB", c.name, we, they)
		}
		if we > none*0.8 {
			t.Errorf("%s: ours is %.2f dB from the speech, silence %.2f dB", c.name, we, none)
		}
	}
}

// TestConcealmentEnds: nothing sounds for ever.
func TestConcealmentEnds(t *testing.T) {
	c := newConcealer(1)
	pcm := spoken(t)
	c.real(pcm[4000:4800])
	out := make([]int16, silence+step)
	c.fill(out)
	if energy(out[:fade]) == 0 || energy(out[silence:]) != 0 || c.sounding() {
		t.Error("a loss does not fade to silence")
	}
}
