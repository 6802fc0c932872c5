package speech

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const rate = 8000

// loudness is the RMS of the parts of pcm that are within 40 dB of its loudest
// 10 ms, in dB below full scale, and its highest sample, 0 to 1.
func loudness(pcm []int16) (db, peak float64) {
	const window = rate / 100
	var power []float64
	loudest := 0.0
	for w := 0; w+window <= len(pcm); w += window {
		sum := 0.0
		for _, x := range pcm[w : w+window] {
			v := float64(x) / (1 << 15)
			sum, peak = sum+v*v, max(peak, math.Abs(v))
		}
		power = append(power, sum/window)
		loudest = max(loudest, sum/window)
	}
	sum, n := 0.0, 0
	for _, p := range power {
		if p > 0 && p > loudest/10_000 {
			sum, n = sum+p, n+1
		}
	}
	return 10 * math.Log10(sum/float64(n)), peak
}

func TestShippedPackIsWhole(t *testing.T) {
	if len(shipped) > 6<<20 {
		t.Errorf("the pack has %d bytes; 6 MiB is enough", len(shipped))
	}
	if _, err := Parse(shipped); err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages() {
		if m := Missing(lang); len(m) > 0 {
			t.Errorf("%s: units without a sound: %v; run go generate", lang, m)
		}
	}
	known := texts()
	others := map[string]float64{"sound/beep": -22, "sound/enter": -22, "sound/exit": -22}
	Units(func(name string, pcm []int16) {
		want, isOther := others[name]
		delete(others, name)
		length := float64(len(pcm)) / rate
		if !isOther {
			want = -18
			if known[name] == "" {
				t.Errorf("%s is not in the catalogue", name)
			}
			if length < 0.2 || length > 15 {
				t.Errorf("%s lasts %.2f s", name, length)
			}
			if words := len(strings.Fields(known[name])); length > 1.5+float64(words) {
				t.Errorf("%s lasts %.2f s for %d words", name, length, words)
			}
		}
		db, peak := loudness(pcm)
		if math.Abs(db-want) > 1.5 {
			t.Errorf("%s is at %.1f dB, want %.0f", name, db, want)
		}
		if peak > 0.97 {
			t.Errorf("%s peaks at %.2f", name, peak)
		}
	})
	if len(others) > 0 {
		t.Errorf("not shipped: %v", others)
	}
}

func sample() map[string][]int16 {
	return map[string][]int16{"fa/welcome": {0, 1000, -1000}, "en/my-own": {8, 16}, "sound/enter": make([]int16, 100)}
}

func TestPackRoundTrip(t *testing.T) {
	data := Build(sample())
	if !cmp.Equal(data, Build(sample())) {
		t.Error("equal sounds make different files")
	}
	p, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	p.Units(func(name string, pcm []int16) {
		names = append(names, name)
		for i, x := range sample()[name] {
			if off := math.Abs(float64(x - pcm[i])); off > 8+math.Abs(float64(x))/32 {
				t.Errorf("%s[%d]: %d became %d", name, i, x, pcm[i])
			}
		}
		if len(pcm) != len(sample()[name]) {
			t.Errorf("%s has %d samples", name, len(pcm))
		}
	})
	if want := []string{"en/my-own", "fa/welcome", "sound/enter"}; !cmp.Equal(names, want) {
		t.Errorf("sounds are %v, want %v", names, want)
	}
	if m := p.Missing("fa"); len(m) == 0 || strings.Contains(strings.Join(m, " "), "fa/welcome") {
		t.Errorf("missing are %v", m)
	}
}

// sealed is body with its checksum, so that what comes after it is looked at.
func sealed(body []byte) []byte {
	return binary.BigEndian.AppendUint32(body, crc32.ChecksumIEEE(body))
}

func TestParseRefuses(t *testing.T) {
	entry := func(name string, samples uint32) []byte {
		return binary.BigEndian.AppendUint32(append([]byte{byte(len(name))}, name...), samples)
	}
	pack := func(count uint32, parts ...[]byte) []byte {
		b := binary.BigEndian.AppendUint32([]byte(magic), count)
		for _, p := range parts {
			b = append(b, p...)
		}
		return sealed(b)
	}
	flipped := Build(sample())
	flipped[len(flipped)/2] ^= 1
	for _, c := range []struct {
		why  string
		data []byte
	}{
		{"no header", nil},
		{"no header", []byte("RIFF....WAVEfmt ....")},
		{"wrong checksum", flipped},
		{"more than", pack(maxSounds + 1)},
		{"cut short after", pack(2, entry("a/b", 1))},
		{"cut short after", pack(1, []byte{255})},
		{"no name", pack(1, entry("welcome", 1), []byte{0})},
		{"no name", pack(1, entry("../x", 1), []byte{0})},
		{"no name", pack(1, entry("a/"+strings.Repeat("b", maxName), 1), []byte{0})},
		{"out of order", pack(2, entry("a/b", 1), entry("a/b", 1), []byte{0, 0})},
		{"0 samples", pack(1, entry("a/b", 0))},
		{"samples, not", pack(1, entry("a/b", 1<<31))},
		{"a/b is cut short", pack(1, entry("a/b", 2), []byte{0})},
		{"too many", pack(1, entry("a/b", 1), []byte{0, 0})},
	} {
		if _, err := Parse(c.data); !errors.Is(err, ErrPack) || !strings.Contains(err.Error(), c.why) {
			t.Errorf("error is %v, want %q", err, c.why)
		}
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.pack")
	if _, err := Open(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrPack) || !strings.Contains(err.Error(), path) {
		t.Errorf("noise: %v", err)
	}
	if err := os.WriteFile(path, Build(sample()), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if m := p.Missing("en"); len(m) == 0 {
		t.Error("a pack of three sounds misses nothing")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Build(sample()))
	f.Add(Build(nil))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range [][]byte{data, sealed(append([]byte(magic), data...))} {
			p, err := Parse(d)
			if err != nil {
				continue
			}
			total := 0
			sounds := make(map[string][]int16)
			p.Units(func(name string, pcm []int16) { total += len(pcm); sounds[name] = pcm })
			if total > len(d) {
				t.Fatalf("%d samples out of %d bytes", total, len(d))
			}
			again, err := Parse(Build(sounds))
			if err != nil || !cmp.Equal(again.names, p.names) {
				t.Fatalf("written again: %v", err)
			}
		}
	})
}
