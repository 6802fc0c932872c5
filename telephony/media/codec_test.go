package media

import (
	"math"
	"testing"

	"github.com/zaf/g711"
)

func TestTablesSayWhatTheCodecSays(t *testing.T) {
	for x := math.MinInt16; x <= math.MaxInt16; x++ {
		f := frame{int16(x)}
		var b [len(f)]byte
		if PCMA.encode(b[:], &f); b[0] != g711.EncodeAlawFrame(int16(x)) {
			t.Fatalf("A-law of %d is %#x", x, b[0])
		}
		if PCMU.encode(b[:], &f); b[0] != g711.EncodeUlawFrame(int16(x)) {
			t.Fatalf("mu-law of %d is %#x", x, b[0])
		}
	}
	for b := range 256 {
		var a, u [1]int16
		PCMA.decode(a[:], []byte{byte(b)})
		PCMU.decode(u[:], []byte{byte(b)})
		if a[0] != g711.DecodeAlawFrame(uint8(b)) || u[0] != g711.DecodeUlawFrame(uint8(b)) {
			t.Fatalf("byte %#x decodes to %d and %d", b, a[0], u[0])
		}
	}
}

func TestCodecNames(t *testing.T) {
	for _, c := range []Codec{PCMU, PCMA, G722} {
		if got, ok := ParseCodec(c.String()); !ok || got != c {
			t.Errorf("ParseCodec(%q) = %v, %v", c, got, ok)
		}
	}
	if _, ok := ParseCodec("opus"); ok {
		t.Error("ParseCodec took a codec that we do not speak")
	}
}
