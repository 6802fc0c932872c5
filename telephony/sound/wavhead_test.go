package sound

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// TestHeadsAreReadAgain: what the heads say is what a reader of files finds.
func TestHeadsAreReadAgain(t *testing.T) {
	for name, c := range map[string]struct {
		head  func(rate, channels int, data int64) []byte
		size  int
		width int
	}{"PCM": {PCMHead, PCMHeadSize, 2}, "A-law": {ALawHead, ALawHeadSize, 1}} {
		for _, rate := range []int{8000, 16000} {
			for _, channels := range []int{1, 2} {
				const moments = 100
				head := c.head(rate, channels, int64(moments*channels*c.width))
				if len(head) != c.size {
					t.Errorf("%s: head of %d bytes", name, len(head))
				}
				file := append(head, make([]byte, moments*channels*c.width+7)...) // the rest is no sound
				src, err := Open(bytes.NewReader(file))
				if err != nil || src.Rate() != rate || src.Channels() != channels {
					t.Fatalf("%s, %d Hz, %d channels: %v %v", name, rate, channels, src, err)
				}
				got := 0
				for buf := make([]float32, 64); err == nil; {
					var n int
					n, err = src.Read(buf)
					got += n
				}
				if !errors.Is(err, io.EOF) || got != moments*channels {
					t.Errorf("%s, %d Hz, %d channels: %d samples, %v", name, rate, channels, got, err)
				}
			}
		}
	}
}
