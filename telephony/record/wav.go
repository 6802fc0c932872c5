package record

import (
	"encoding/binary"
	"errors"
	"io"
)

// A WAV file of A-law samples: the header is of one size, whatever is in it. Formats
// other than linear PCM have a fact chunk (RIFF New Multimedia Data Types, 1994).
const (
	headerSize = 58
	formatALaw = 6
	maxData    = 1<<32 - 1 - headerSize // RIFF sizes are 32 bits: 37 hours in stereo at 16 kHz
)

// header is the beginning of a file with data bytes of sound.
func header(rate, channels int, data int64) []byte {
	le := binary.LittleEndian
	h := make([]byte, 0, headerSize)
	h = append(h, "RIFF"...)
	h = le.AppendUint32(h, uint32(headerSize-8+data))
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, 18)
	h = le.AppendUint16(h, formatALaw)
	h = le.AppendUint16(h, uint16(channels))
	h = le.AppendUint32(h, uint32(rate))
	h = le.AppendUint32(h, uint32(rate*channels)) // bytes a second
	h = le.AppendUint16(h, uint16(channels))      // bytes of one moment
	h = le.AppendUint16(h, 8)                     // bits a sample
	h = le.AppendUint16(h, 0)                     // nothing more about the format
	h = append(h, "fact"...)
	h = le.AppendUint32(h, 4)
	h = le.AppendUint32(h, uint32(data/int64(channels)))
	h = append(h, "data"...)
	return le.AppendUint32(h, uint32(data))
}

// errHeader: not a file of this package.
var errHeader = errors.New("not a recording of this box")

// readHeader tells what a file of this package holds.
func readHeader(r io.ReaderAt) (rate, channels int, err error) {
	var h [headerSize]byte
	if _, err := r.ReadAt(h[:], 0); err != nil {
		return 0, 0, errors.Join(errHeader, err)
	}
	le := binary.LittleEndian
	channels, rate = int(le.Uint16(h[22:])), int(le.Uint32(h[24:]))
	if string(h[:4]) != "RIFF" || string(h[8:16]) != "WAVEfmt " || le.Uint16(h[20:]) != formatALaw || string(h[50:54]) != "data" ||
		channels != 1 && channels != 2 || rate != 8000 && rate != 16000 {
		return 0, 0, errHeader
	}
	return rate, channels, nil
}
