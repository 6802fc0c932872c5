package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/zaf/g711"
)

// Formats of WAV files (RFC 2361 and Microsoft's mmreg.h).
const (
	formatPCM        = 1
	formatFloat      = 3
	formatALaw       = 6
	formatMuLaw      = 7
	formatExtensible = 0xfffe // the real one is in the first bytes of a GUID
)

// wavSource reads the data chunk of a WAV file.
type wavSource struct {
	r              *bufio.Reader
	rate, channels int
	left           int64 // bytes of the data chunk; what is said to be endless ends with the file
	size           int   // bytes of a sample
	sample         func(b []byte) float32
	buf            []byte
}

// openWAV reads up to the first sample; the twelve bytes before the first chunk
// have been read.
func openWAV(r io.Reader) (Source, error) {
	w := &wavSource{r: bufio.NewReaderSize(r, 32<<10)}
	for {
		var head [8]byte
		if _, err := io.ReadFull(w.r, head[:]); err != nil {
			return nil, brokenOr(err)
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			if err := w.format(size); err != nil {
				return nil, err
			}
		case "data":
			if w.sample == nil {
				return nil, ErrBroken
			}
			if w.left = size; size == 0 || size == math.MaxUint32 { // written to a pipe, or RF64
				w.left = math.MaxInt64
			}
			return w, nil
		default:
			if _, err := io.CopyN(io.Discard, w.r, size+size&1); err != nil {
				return nil, brokenOr(err)
			}
		}
	}
}

// format reads the format chunk.
func (w *wavSource) format(size int64) error {
	const short, long, longest = 16, 40, 1 << 16
	if size < short || size > longest {
		return ErrBroken
	}
	b := make([]byte, size+size&1)
	if _, err := io.ReadFull(w.r, b); err != nil {
		return brokenOr(err)
	}
	le := binary.LittleEndian
	kind, block, bits := int(le.Uint16(b)), int(le.Uint16(b[12:])), int(le.Uint16(b[14:]))
	if kind == formatExtensible && size >= long {
		kind = int(le.Uint16(b[24:]))
	}
	w.channels, w.rate = int(le.Uint16(b[2:])), int(min(le.Uint32(b[4:]), math.MaxInt32))
	if err := checkShape(w.rate, w.channels); err != nil {
		return err
	}
	// Samples of 12 or 20 bits sit in the upper bits of whole bytes.
	w.size = block / w.channels
	if w.size*w.channels != block || (bits+7)/8 != w.size {
		return errFormat.with(kind, bits)
	}
	if w.sample = reader(kind, w.size); w.sample == nil {
		return errFormat.with(kind, bits)
	}
	return nil
}

// reader reads one sample of a format, nil for one that is not known.
func reader(kind, size int) func([]byte) float32 {
	le := binary.LittleEndian
	switch [2]int{kind, size} {
	case [2]int{formatPCM, 1}:
		return func(b []byte) float32 { return float32(int(b[0])-128) / (1 << 7) }
	case [2]int{formatPCM, 2}:
		return func(b []byte) float32 { return float32(int16(le.Uint16(b))) / (1 << 15) }
	case [2]int{formatPCM, 3}:
		return func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}
	case [2]int{formatPCM, 4}:
		return func(b []byte) float32 { return float32(int32(le.Uint32(b))) / (1 << 31) }
	case [2]int{formatFloat, 4}:
		return func(b []byte) float32 { return sane(float64(math.Float32frombits(le.Uint32(b)))) }
	case [2]int{formatFloat, 8}:
		return func(b []byte) float32 { return sane(math.Float64frombits(le.Uint64(b))) }
	case [2]int{formatALaw, 1}:
		return func(b []byte) float32 { return float32(g711.DecodeAlawFrame(b[0])) / (1 << 15) }
	case [2]int{formatMuLaw, 1}:
		return func(b []byte) float32 { return float32(g711.DecodeUlawFrame(b[0])) / (1 << 15) }
	}
	return nil
}

// sane is a sample of a file that may hold anything: some 18 dB above full scale
// is still a level, more is not.
func sane(x float64) float32 {
	const most = 8
	if math.IsNaN(x) {
		return 0
	}
	return float32(min(max(x, -most), most))
}

func (w *wavSource) Rate() int     { return w.rate }
func (w *wavSource) Channels() int { return w.channels }

// Read gives whole moments. A file that was cut short is heard as far as it goes.
func (w *wavSource) Read(dst []float32) (int, error) {
	moment := w.size * w.channels
	want := int64(len(dst) / w.channels * moment)
	want = min(want, w.left-w.left%int64(moment))
	if want == 0 {
		return 0, io.EOF
	}
	if int64(len(w.buf)) < want {
		w.buf = make([]byte, want)
	}
	got, err := io.ReadFull(w.r, w.buf[:want])
	w.left -= int64(got)
	if err != nil {
		if w.left = 0; !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err
		}
	}
	n := got / moment * w.channels
	for i := range n {
		dst[i] = w.sample(w.buf[i*w.size:])
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// brokenOr is ErrBroken for a file that ends too soon.
func brokenOr(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrBroken
	}
	return err
}
