package media

import (
	"slices"

	"github.com/pasokh/pasokh/hal"
	"github.com/zaf/g711"
)

// Codec is how sound is written into packets. All of them make 64 kbit/s and count
// RTP time at 8000 a second: one byte per tick (RFC 3551 4.5.2, 4.5.14).
type Codec uint8

// The codecs.
const (
	PCMU Codec = iota // ITU-T G.711 mu-law
	PCMA              // ITU-T G.711 A-law
	G722              // ITU-T G.722, the only wide one: 16 kHz
	codecs

	// linearCodec is what sounds of the library are decoded from where samples are
	// needed: the one of the laws that can say zero.
	linearCodec = PCMU
)

// lawCodecs is how many of the codecs are laws of G.711, the first ones.
const lawCodecs = G722

// codecNames are the names in SDP (RFC 3551 6).
var codecNames = [codecs]string{"PCMU", "PCMA", "G722"}

// String is the codec's name in SDP.
func (c Codec) String() string { return codecNames[c] }

// ParseCodec is the codec with that name in SDP.
func ParseCodec(name string) (Codec, bool) {
	i := slices.Index(codecNames[:], name)
	return Codec(max(0, i)), i >= 0
}

// payloadType is the static payload type (RFC 3551 6).
func (c Codec) payloadType() uint8 { return [codecs]uint8{0, 8, 9}[c] }

// wide tells whether its sound is of 16 kHz.
func (c Codec) wide() bool { return c == G722 }

func (c Codec) band() band {
	if c.wide() {
		return wideBand
	}
	return narrowBand
}

// alike tells whether packets of one codec become packets of the other byte by byte.
func (c Codec) alike(other Codec) bool { return c == other || !c.wide() && !other.wide() }

// law is a codec as tables. Neither law looks at the two lowest bits of a
// sample, so tables of 16 KB do, which stay in a small processor's cache.
type law struct {
	linear [256]int16
	bytes  [1 << 14]byte // by the upper fourteen bits
}

var laws = makeLaws()

func makeLaws() *[lawCodecs]law {
	var t [lawCodecs]law
	encode := [lawCodecs]func(int16) uint8{PCMU: g711.EncodeUlawFrame, PCMA: g711.EncodeAlawFrame}
	decode := [lawCodecs]func(uint8) int16{PCMU: g711.DecodeUlawFrame, PCMA: g711.DecodeAlawFrame}
	for c := range t {
		for b := range 256 {
			t[c].linear[b] = decode[c](uint8(b))
		}
		for x := range t[c].bytes {
			t[c].bytes[x] = encode[c](int16(uint16(x << 2)))
		}
	}
	return &t
}

// encode writes f into dst, which holds at least a frame of bytes.
func (c Codec) encode(dst []byte, f *hal.Frame) {
	t := &laws[c].bytes
	dst = dst[:len(f)]
	for i, x := range f {
		dst[i] = t[uint16(x)>>2]
	}
}

// Decode reads samples of packets for a jitter buffer.
func (t *law) Decode(pcm []int16, data []byte) {
	pcm = pcm[:len(data)]
	for i, b := range data {
		pcm[i] = t.linear[b]
	}
}

// decode reads one sample per byte of src into dst.
func (c Codec) decode(dst []int16, src []byte) { laws[c].Decode(dst, src) }

// silence is the byte of a sample of silence; in G.722 that of the least step.
func (c Codec) silence() byte {
	if c.wide() {
		return 0xfa
	}
	return laws[c].bytes[0]
}
