package sound

import (
	"errors"
	"io"
	"time"

	"github.com/zaf/g711"
)

// Narrow is the whole tape as samples, 8000 a second. ErrLong is for one that lasts
// longer than most.
func (t *Tape) Narrow(most time.Duration) ([]int16, error) {
	if time.Duration(t.samples)*time.Second/narrowRate > most {
		return nil, ErrLong
	}
	pcm, page := make([]int16, 0, t.samples), make([]byte, PageSize)
	for n := range t.pages() {
		if err := t.ReadPage(MuLaw, n, page); err != nil {
			return nil, err
		}
		for _, b := range page[:min(PageSize, t.samples-len(pcm))] {
			pcm = append(pcm, g711.DecodeUlawFrame(b))
		}
	}
	return pcm, nil
}

// WAV is the tape as callers hear it, as a file of 16-bit samples that is made while
// it is read.
func (t *Tape) WAV() io.ReadSeeker {
	return &wavReader{tape: t, page: make([]byte, PageSize), have: -1}
}

// wavReader is a WAV file that is nowhere.
type wavReader struct {
	tape *Tape
	at   int64
	page []byte
	have int // which page is in page
}

func (w *wavReader) size() int64 { return PCMHeadSize + 2*int64(w.tape.samples) }

func (w *wavReader) Read(b []byte) (n int, err error) {
	if w.at >= w.size() {
		return 0, io.EOF
	}
	if w.at < PCMHeadSize {
		n = copy(b, PCMHead(narrowRate, 1, 2*int64(w.tape.samples))[w.at:])
		w.at += int64(n)
	}
	for ; n < len(b) && w.at < w.size(); n++ {
		i := int(w.at-PCMHeadSize) / 2
		if p := i / PageSize; p != w.have {
			if err := w.tape.ReadPage(MuLaw, p, w.page); err != nil {
				return n, err
			}
			w.have = p
		}
		x := uint16(g711.DecodeUlawFrame(w.page[i%PageSize]))
		b[n] = byte(x >> (8 * ((w.at - PCMHeadSize) & 1)))
		w.at++
	}
	return n, nil
}

func (w *wavReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += w.at
	case io.SeekEnd:
		offset += w.size()
	}
	if offset < 0 {
		return 0, errors.New("before the beginning")
	}
	w.at = offset
	return offset, nil
}
