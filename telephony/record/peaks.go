package record

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/zaf/g711"
)

// Peaks is how loud a recording is over its length: of each channel the greatest sample
// of equal pieces, 0 to 100. The caller is the first channel, a conference has one.
type Peaks struct {
	Length   int64   `json:"length"` // ms
	Channels [][]int `json:"channels"`
}

// peakPieces is how many pieces a recording is drawn in.
const peakPieces = 480

// peakBlock is how many frames are read at once.
const peakBlock = 8192

// Peaks are those of a recording: computed once, and kept in a file beside the sound
// that goes with it. Those of one that goes on are not kept. The error is ErrUnknown
// when there is nothing to hear.
func (r *Room) Peaks(ctx context.Context, id string) (Peaks, error) {
	e, err := r.Find(ctx, id)
	if err != nil {
		return Peaks{}, err
	}
	var p Peaks
	if data, err := os.ReadFile(peaksPath(r.opts.Dir, id)); err == nil && json.Unmarshal(data, &p) == nil {
		return p, nil
	}
	f, err := os.Open(path(r.opts.Dir, id))
	if errors.Is(err, os.ErrNotExist) {
		return Peaks{}, ErrUnknown
	}
	if err != nil {
		return Peaks{}, err
	}
	defer f.Close()
	r.drawing.Lock() // one after another: an hour's file is read whole
	defer r.drawing.Unlock()
	if p, err = peaksOf(ctx, f); err != nil {
		return Peaks{}, fmt.Errorf("draw recording %s: %w", id, err)
	}
	if e.State == Kept {
		r.keepPeaks(id, p)
	}
	return p, nil
}

// keepPeaks writes the file, whole or not at all. It can be computed again.
func (r *Room) keepPeaks(id string, p Peaks) {
	data, err := json.Marshal(p)
	if err != nil {
		return
	}
	name := peaksPath(r.opts.Dir, id)
	fresh := name + ".new"
	if err := errors.Join(os.WriteFile(fresh, data, 0o600), os.Rename(fresh, name)); err != nil {
		r.opts.Log.Warn("what a recording looks like was not kept", "recording", id, "err", err)
		_ = os.Remove(fresh)
	}
}

// peaksPath is the file of a recording's peaks.
func peaksPath(dir, id string) string {
	name := path(dir, id)
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".peaks"
}

func peaksOf(ctx context.Context, f *os.File) (Peaks, error) {
	rate, channels, err := readHeader(f)
	if err != nil {
		return Peaks{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return Peaks{}, err
	}
	frames := max(0, info.Size()-headerSize) / int64(channels)
	p := Peaks{Length: frames * 1000 / int64(rate), Channels: make([][]int, channels)}
	for c := range p.Channels {
		p.Channels[c] = make([]int, peakPieces)
	}
	if frames == 0 {
		return p, nil
	}
	var loud [256]int
	for i := range loud {
		s := int(g711.DecodeAlawFrame(uint8(i)))
		loud[i] = min(100, max(s, -s)*100/32256) // 32256: the loudest of A-law
	}
	in := bufio.NewReaderSize(io.NewSectionReader(f, headerSize, frames*int64(channels)), peakBlock*channels)
	block := make([]byte, peakBlock*channels)
	for at := int64(0); at < frames; {
		if err := ctx.Err(); err != nil {
			return Peaks{}, err
		}
		n, err := io.ReadFull(in, block)
		for i := range n / channels * channels {
			piece := (at + int64(i/channels)) * peakPieces / frames
			if peaks := p.Channels[i%channels]; loud[block[i]] > peaks[piece] {
				peaks[piece] = loud[block[i]]
			}
		}
		at += int64(n / channels)
		if err != nil {
			break // the file became shorter
		}
	}
	return p, nil
}
