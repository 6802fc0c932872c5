package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/hajimehoshi/go-mp3"
)

// mp3Source reads an MP3 file (ISO 11172-3 and 13818-3, layer III) through a
// decoder that trusts its input: it panics on some files, takes any length of a
// tag for true, and seeks through the whole file when it can. So tags are skipped
// here, it is given a plain reader, and its panics are a broken file.
type mp3Source struct {
	decoder *mp3.Decoder
	trouble *failing
	half    int // the rate, when it is less than MPEG-1 has
	buf     []byte
}

// failing keeps the error of the reader below, which the decoder may swallow.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// quarterRate has bands of its own, which the decoder does not know.
const quarterRate = 8000

func openMP3(r io.Reader) (Source, error) {
	m := &mp3Source{trouble: &failing{r: r}, buf: make([]byte, 16<<10)}
	b := bufio.NewReaderSize(m.trouble, 32<<10)
	if err := skipTags(b); err != nil {
		return nil, m.reason(err)
	}
	if err := m.begin(b); err != nil {
		return nil, err
	}
	return m, nil
}

// begin makes the decoder, and repairs frames for it that it does not read right.
func (m *mp3Source) begin(b *bufio.Reader) (err error) {
	frames := struct{ io.Reader }{b}
	if first := firstHeader(b); first != 0 && first.half() {
		switch m.half = first.rate(); m.half {
		case quarterRate:
			return errQuarterRate.with(m.half)
		case 24000, 16000: // none of their frames is padded
		default:
			m.trouble = &failing{r: &halfRate{r: b, like: first}}
			frames.Reader = m.trouble
		}
	}
	defer func() {
		if recover() != nil {
			err = ErrBroken
		}
	}()
	if m.decoder, err = mp3.NewDecoder(frames); err != nil {
		return m.reason(err)
	}
	return nil
}

// skipTags passes the ID3v2 tags (pictures, titles) that a file begins with.
func skipTags(b *bufio.Reader) error {
	for range 8 {
		head, err := b.Peek(10)
		if err != nil || string(head[:3]) != "ID3" {
			return nil // too short even for a tag: the decoder says so
		}
		size := int64(head[6]&0x7f)<<21 | int64(head[7]&0x7f)<<14 | int64(head[8]&0x7f)<<7 | int64(head[9]&0x7f)
		if size += 10; head[5]&0x10 != 0 {
			size += 10 // a footer
		}
		if _, err := io.CopyN(io.Discard, b, size); err != nil {
			return err
		}
	}
	return nil
}

// reason is why the decoder stopped: the disk, or the file.
func (m *mp3Source) reason(error) error {
	if m.trouble.err != nil {
		return m.trouble.err
	}
	return ErrBroken
}

func (m *mp3Source) Rate() int {
	if m.half != 0 {
		return m.half
	}
	return m.decoder.SampleRate()
}

// Channels: the decoder makes two of one.
func (m *mp3Source) Channels() int { return 2 }

func (m *mp3Source) Read(dst []float32) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, ErrBroken
		}
	}()
	want := min(len(dst)/2*4, len(m.buf))
	got, err := io.ReadFull(m.decoder, m.buf[:want])
	for ; n < got/2; n++ {
		dst[n] = float32(int16(binary.LittleEndian.Uint16(m.buf[2*n:]))) / (1 << 15)
	}
	switch {
	case n > 0 && (err == nil || errors.Is(err, io.ErrUnexpectedEOF)):
		return n, nil
	case errors.Is(err, io.EOF) && m.trouble.err == nil:
		return 0, io.EOF
	}
	return 0, m.reason(err)
}
