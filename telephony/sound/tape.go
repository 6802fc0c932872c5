package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pasokh/pasokh/telephony/media/g722"
	"github.com/zaf/g711"
)

// A tape file is a page of head and then, for every PageSize bytes of sound, one
// page in each codec, the last ones filled up with silence. The head, integers
// being big endian:
//
//	magic    "PASOKH\x00\x02"
//	samples  uint32, bytes of sound in each codec: 8000 a second
const (
	tapeMagic = "PASOKH\x00\x02"
	headSize  = 4096
)

// PageSize is how many bytes of one codec lie together in a tape: 4.096 seconds.
const PageSize = 32 << 10

// Track is one of the codecs of a tape, all of 8000 bytes a second.
type Track uint8

// The tracks.
const (
	MuLaw  Track = iota // ITU-T G.711
	ALaw                // ITU-T G.711
	Wide                // ITU-T G.722, 16 kHz
	tracks = 3
)

// ErrTape is a file that is no tape, or a damaged one.
var ErrTape = errors.New("not a tape")

// Tape is a converted sound on the disk. It is safe for concurrent use. A tape
// whose file was removed can still be read until it is closed or forgotten.
type Tape struct {
	file    *os.File
	samples int
}

// OpenTape opens a converted sound. The error wraps ErrTape for a wrong file.
func OpenTape(path string) (*Tape, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t, err := readTape(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

func readTape(f *os.File) (*Tape, error) {
	var head [12]byte
	if _, err := f.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	t := &Tape{file: f, samples: int(binary.BigEndian.Uint32(head[8:]))}
	if string(head[:8]) != tapeMagic || t.samples <= 0 || t.samples > maxSamples || info.Size() < headSize+int64(t.pages())*tracks*PageSize {
		return nil, ErrTape
	}
	return t, nil
}

// Samples is the length at 8000 a second: the bytes of each track.
func (t *Tape) Samples() int { return t.samples }

func (t *Tape) pages() int { return (t.samples + PageSize - 1) / PageSize }

// ReadPage reads the n-th page of a track, from 0, into dst, which is PageSize
// long. It waits for the disk.
func (t *Tape) ReadPage(track Track, n int, dst []byte) error {
	if n < 0 || n >= t.pages() || track >= tracks || len(dst) != PageSize {
		return fmt.Errorf("%w: page %d of track %d", ErrTape, n, track)
	}
	_, err := t.file.ReadAt(dst, headSize+int64(n*tracks+int(track))*PageSize)
	return err
}

// Close gives the file back.
func (t *Tape) Close() error { return t.file.Close() }

// tapeWriter writes a tape from samples of masterRate.
type tapeWriter struct {
	file   *os.File
	narrow *Resampler
	coder  *g722.Coder
	half   []float32 // the last sound at 8000 a second
	pcm    []int16   // the last sound at 16000, even in number
	tracks [tracks][]byte
	total  int
}

func newTapeWriter(f *os.File) (*tapeWriter, error) {
	_, err := f.WriteAt(make([]byte, headSize), 0)
	return &tapeWriter{file: f, narrow: NewResampler(masterRate, narrowRate), coder: g722.NewCoder()}, err
}

// write takes the next samples.
func (w *tapeWriter) write(samples []float32) error {
	w.half = w.narrow.Write(w.half[:0], samples)
	w.laws()
	for _, x := range samples {
		w.pcm = append(w.pcm, fixed(x))
	}
	w.wide(len(w.pcm) &^ 1)
	return w.pages(PageSize)
}

func (w *tapeWriter) laws() {
	for _, x := range w.half {
		y := fixed(x)
		w.tracks[MuLaw] = append(w.tracks[MuLaw], g711.EncodeUlawFrame(y))
		w.tracks[ALaw] = append(w.tracks[ALaw], g711.EncodeAlawFrame(y))
	}
}

func (w *tapeWriter) wide(n int) {
	at := len(w.tracks[Wide])
	w.tracks[Wide] = append(w.tracks[Wide], make([]byte, n/2)...)
	w.coder.Encode(w.tracks[Wide][at:], w.pcm[:n])
	w.pcm = w.pcm[:copy(w.pcm, w.pcm[n:])]
}

// pages writes every page of which there are at least so many bytes.
func (w *tapeWriter) pages(least int) error {
	for len(w.tracks[MuLaw]) >= least && len(w.tracks[Wide]) >= least {
		n := min(PageSize, len(w.tracks[MuLaw]))
		page := w.total / PageSize
		for i := range w.tracks {
			t := w.tracks[i]
			full := t[:n]
			if n < PageSize {
				quiet := [tracks]byte{MuLaw: g711.EncodeUlawFrame(0), ALaw: g711.EncodeAlawFrame(0)}[i]
				full = append(bytes.Clone(full), bytes.Repeat([]byte{quiet}, PageSize-n)...)
			}
			if _, err := w.file.WriteAt(full, headSize+int64(page*tracks+i)*PageSize); err != nil {
				return err
			}
			w.tracks[i] = t[:copy(t, t[n:])]
		}
		if w.total += n; n < PageSize {
			return nil
		}
	}
	return nil
}

// finish writes the end and, once everything before is on the disk, the head.
func (w *tapeWriter) finish() error {
	w.half = w.narrow.Flush(w.half[:0])
	w.laws()
	if len(w.pcm)%2 == 1 {
		w.pcm = append(w.pcm, 0)
	}
	w.wide(len(w.pcm))
	n := min(len(w.tracks[MuLaw]), len(w.tracks[Wide]))
	for i := range w.tracks {
		w.tracks[i] = w.tracks[i][:n]
	}
	if err := w.pages(1); err != nil {
		return err
	}
	if err := w.file.Sync(); err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint32([]byte(tapeMagic), uint32(w.total))
	if _, err := w.file.WriteAt(head, 0); err != nil {
		return err
	}
	return w.file.Sync()
}

// fixed is a sample as 16 bits.
func fixed(x float32) int16 { return int16(min(max(x*(1<<15), -1<<15), 1<<15-1)) }
