package media

import (
	"github.com/pasokh/pasokh/hal"
	"github.com/zaf/g711"
)

// Codec is how sound is written into packets: ITU-T G.711, one byte per sample.
type Codec uint8

// The codecs.
const (
	PCMU Codec = iota // mu-law
	PCMA              // A-law
	codecs

	// linearCodec is what sounds of the library are decoded from where samples are
	// needed: the one of the two that can say zero.
	linearCodec = PCMU
)

// String is the codec's name in SDP (RFC 3551 6).
func (c Codec) String() string {
	if c == PCMA {
		return "PCMA"
	}
	return "PCMU"
}

// ParseCodec is the codec with that name in SDP.
func ParseCodec(name string) (Codec, bool) {
	switch name {
	case "PCMU":
		return PCMU, true
	case "PCMA":
		return PCMA, true
	}
	return 0, false
}

// payloadType is the static payload type (RFC 3551 6).
func (c Codec) payloadType() uint8 {
	if c == PCMA {
		return 8
	}
	return 0
}

// law is a codec as tables. Neither law looks at the two lowest bits of a
// sample, so tables of 16 KB do, which stay in a small processor's cache.
type law struct {
	linear [256]int16
	bytes  [1 << 14]byte // by the upper fourteen bits
}

var laws = makeLaws()

func makeLaws() *[codecs]law {
	var t [codecs]law
	encode := [codecs]func(int16) uint8{PCMU: g711.EncodeUlawFrame, PCMA: g711.EncodeAlawFrame}
	decode := [codecs]func(uint8) int16{PCMU: g711.DecodeUlawFrame, PCMA: g711.DecodeAlawFrame}
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

// decode reads one sample per byte of src into dst.
func (c Codec) decode(dst []int16, src []byte) {
	t := &laws[c].linear
	dst = dst[:len(src)]
	for i, b := range src {
		dst[i] = t[b]
	}
}

// silence is the byte of a sample of silence.
func (c Codec) silence() byte { return laws[c].bytes[0] }
