package slot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
)

// Where Raw keeps its copies on the disk, in bytes from its start: before the first
// partition, where no file system writes. board/*/boot.cmd has the same numbers in
// sectors of 512 bytes.
const (
	rawFirst  = 2032 * 512
	rawSecond = 2040 * 512
	rawSize   = 1024
)

// Disk is the whole disk, opened so that a write has reached it when it returns.
type Disk interface {
	io.ReaderAt
	io.WriterAt
}

// Raw is the state as U-Boot reads and writes it: two copies, each a U-Boot environment
// of 1024 bytes with its CRC-32 (`env import -c`, `env export -c`). The newer one by its
// sequence number counts; a change replaces the older one, so that at any moment one
// copy is whole.
type Raw struct{ Disk Disk }

// copy is one copy: seq is 10000000 or more, hexadecimal, so that U-Boot can compare the
// numbers as texts.
type rawCopy struct {
	at    int64
	seq   uint32
	state State
	whole bool
}

// firstSeq has eight digits, as all that follow.
const firstSeq = 0x10000000

// Read is the newer copy that is whole.
func (r Raw) Read() (State, error) {
	newer, _, err := r.copies()
	if err != nil {
		return State{}, err
	}
	if !newer.whole {
		return State{}, ErrLost
	}
	return newer.state, nil
}

// Write replaces the older copy and reads it again.
func (r Raw) Write(s State) error {
	newer, older, err := r.copies()
	if err != nil {
		return err
	}
	seq := uint32(firstSeq)
	if newer.whole {
		seq = newer.seq + 1
	}
	text := encode(s, seq)
	if _, err := r.Disk.WriteAt(text, older.at); err != nil {
		return fmt.Errorf("writing the slots' state: %w", err)
	}
	back := make([]byte, rawSize)
	if _, err := r.Disk.ReadAt(back, older.at); err != nil {
		return fmt.Errorf("reading the slots' state again: %w", err)
	}
	if !bytes.Equal(back, text) {
		return fmt.Errorf("the disk did not keep the slots' state at byte %d", older.at)
	}
	return nil
}

// Restart is always "": U-Boot looks at every start.
func (Raw) Restart(State) string { return "" }

// copies are both copies, the newer one first.
func (r Raw) copies() (newer, older rawCopy, err error) {
	for i, at := range []int64{rawFirst, rawSecond} {
		b := make([]byte, rawSize)
		if _, err := r.Disk.ReadAt(b, at); err != nil {
			return newer, older, fmt.Errorf("reading the slots' state: %w", err)
		}
		c := decode(b)
		c.at = at
		if i == 0 || c.whole && (!newer.whole || c.seq > newer.seq) {
			newer, older = c, newer
		} else {
			older = c
		}
	}
	return newer, older, nil
}

// encode is a copy as U-Boot reads it: CRC-32 of what follows, "name=value" texts ended
// by a zero each, and one more zero; filled with zeros.
func encode(s State, seq uint32) []byte {
	b := make([]byte, rawSize)
	text := fmt.Sprintf("active=%s\x00left=%d\x00seq=%08x\x00try=%s\x00", s.Active, s.Left, seq, orNone(s.Try))
	copy(b[4:], text)
	binary.LittleEndian.PutUint32(b, crc32.ChecksumIEEE(b[4:]))
	return b
}

// none stands for no slot: U-Boot drops variables that are empty.
const none = "none"

func orNone(n Name) string {
	if n == "" {
		return none
	}
	return string(n)
}

// decode reads a copy; what is no whole one is not whole.
func decode(b []byte) (c rawCopy) {
	if len(b) != rawSize || binary.LittleEndian.Uint32(b) != crc32.ChecksumIEEE(b[4:]) {
		return c
	}
	for field := range strings.SplitSeq(string(b[4:]), "\x00") {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "active":
			c.state.Active = Name(value)
		case "try":
			if value != none {
				c.state.Try = Name(value)
			}
		case "left":
			n, err := strconv.ParseUint(value, 16, 8)
			if err != nil || n > Tries {
				return rawCopy{}
			}
			c.state.Left = int(n)
		case "seq":
			n, err := strconv.ParseUint(value, 16, 32)
			if err != nil || n < firstSeq {
				return rawCopy{}
			}
			c.seq = uint32(n)
		}
	}
	c.whole = c.seq != 0 && c.state.Active.valid() && (c.state.Try == "" || c.state.Try == c.state.Active.Other())
	return c
}
