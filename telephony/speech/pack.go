package speech

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/zaf/g711"
)

//go:generate go run ../../cmd/mkprompts -o prompts.pack -script prompts.tsv

//go:embed prompts.pack
var shipped []byte

// A pack file is, integers being big endian:
//
//	magic     "PASOKH\x00\x01"
//	count     uint32
//	count of  name length uint8, name, sound length in samples uint32;
//	          names ascend strictly
//	sounds    G.711 A-law, 8000 samples per second, in the order of the names
//	checksum  uint32, CRC-32 (IEEE) of everything before it
const (
	magic      = "PASOKH\x00\x01"
	maxSounds  = 10_000
	maxName    = 64
	maxSamples = 10 * 60 * 8000 // of one sound: ten minutes
	maxFile    = 64 << 20
)

// ErrPack is a prompt pack that is damaged or not one.
var ErrPack = errors.New("bad prompt pack")

// Pack is a set of sounds: prompts ("fa/welcome") and signals ("sound/enter"). It is
// never changed once made.
type Pack struct {
	names []string
	law   map[string][]byte
}

// Shipped is the pack in the program.
func Shipped() *Pack {
	p, err := Parse(shipped)
	if err != nil {
		return &Pack{} // a broken build: Missing names every unit
	}
	return p
}

// Units hands every shipped sound to f: see Pack.Units.
func Units(f func(name string, pcm []int16)) { Shipped().Units(f) }

// Missing are the units that lang needs and that are not shipped.
func Missing(lang string) []string { return Shipped().Missing(lang) }

// Open reads a pack that replaces or adds sounds.
func Open(path string) (*Pack, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open prompt pack: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read prompt pack %s: %w", path, err)
	}
	p, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("prompt pack %s: %w", path, err)
	}
	return p, nil
}

// Parse reads a pack from data, which the pack keeps. The error wraps ErrPack.
func Parse(data []byte) (*Pack, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrPack, maxFile)
	}
	if len(data) < len(magic)+8 || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no header", ErrPack)
	}
	body, sum := data[:len(data)-4], binary.BigEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return nil, fmt.Errorf("%w: wrong checksum", ErrPack)
	}
	count := binary.BigEndian.Uint32(body[len(magic):])
	if count > maxSounds {
		return nil, fmt.Errorf("%w: %d sounds, more than %d", ErrPack, count, maxSounds)
	}
	p := &Pack{law: make(map[string][]byte)}
	rest := body[len(magic)+4:]
	var lengths []int
	last := ""
	for range count {
		if len(rest) < 1 || len(rest) < 1+int(rest[0])+4 {
			return nil, fmt.Errorf("%w: list of sounds is cut short after %q", ErrPack, last)
		}
		end := 1 + int(rest[0])
		name, length := string(rest[1:end]), binary.BigEndian.Uint32(rest[end:])
		rest = rest[end+4:]
		switch {
		case !validName(name):
			return nil, fmt.Errorf("%w: %q is no name of a sound", ErrPack, name)
		case name <= last:
			return nil, fmt.Errorf("%w: %q after %q is out of order", ErrPack, name, last)
		case length == 0 || length > maxSamples:
			return nil, fmt.Errorf("%w: %s has %d samples, not 1 to %d", ErrPack, name, length, maxSamples)
		}
		p.names, lengths, last = append(p.names, name), append(lengths, int(length)), name
	}
	for i, name := range p.names {
		if len(rest) < lengths[i] {
			return nil, fmt.Errorf("%w: %s is cut short", ErrPack, name)
		}
		p.law[name], rest = rest[:lengths[i]:lengths[i]], rest[lengths[i]:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes too many", ErrPack, len(rest))
	}
	return p, nil
}

// validName: a family and a key of lower-case letters, digits and hyphens.
func validName(name string) bool {
	family, key, ok := strings.Cut(name, "/")
	return ok && len(name) <= maxName && family != "" && key != "" && strings.Trim(family+key, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Build writes a pack file of sounds of 8000 samples per second. Equal sounds
// make equal files.
func Build(sounds map[string][]int16) []byte {
	names := slices.Sorted(maps.Keys(sounds))
	out := append([]byte(magic), binary.BigEndian.AppendUint32(nil, uint32(len(names)))...)
	for _, name := range names {
		out = append(out, byte(len(name)))
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(sounds[name])))
	}
	for _, name := range names {
		for _, x := range sounds[name] {
			out = append(out, g711.EncodeAlawFrame(x))
		}
	}
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out))
}

// Units hands every sound to f, in order of the names. f may keep pcm.
func (p *Pack) Units(f func(name string, pcm []int16)) {
	for _, name := range p.names {
		pcm := make([]int16, len(p.law[name]))
		for i, b := range p.law[name] {
			pcm[i] = g711.DecodeAlawFrame(b)
		}
		f(name, pcm)
	}
}

// Missing are the names of the catalogue's units in lang that are not in p.
func (p *Pack) Missing(lang string) []string {
	var missing []string
	for _, u := range Catalogue() {
		if u.Text(lang) == "" {
			continue
		}
		if _, ok := p.law[name(lang, u.Key)]; !ok {
			missing = append(missing, name(lang, u.Key))
		}
	}
	return missing
}
