package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/pasokh/pasokh/telephony/sound"
)

// headerSize is the same whatever is in a file.
const headerSize = sound.ALawHeadSize

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
	if channels != 1 && channels != 2 || rate != 8000 && rate != 16000 || string(h[:4]) != "RIFF" || string(h[50:54]) != "data" ||
		!bytes.Equal(h[8:46], sound.ALawHead(rate, channels, 0)[8:46]) {
		return 0, 0, errHeader
	}
	return rate, channels, nil
}
