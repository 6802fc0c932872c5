package figures

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"slices"
	"time"
)

// keptForm is the first byte of a kept day. It changes with what a Tally means, so that
// days that were counted otherwise are counted again.
const keptForm = 1

// errKept: a kept day is not what was once written.
var errKept = errors.New("damaged figures of a day")

// keptHead is how long the form, the digest of what the cells came from and the checksum
// of what follows are.
const keptHead = 1 + 8 + 4

// packDay writes the cells of a day.
func packDay(digest uint64, day time.Time, cells map[string]*Tally) ([]byte, bool) {
	w := make([]byte, keptHead)
	w[0] = keptForm
	binary.BigEndian.PutUint64(w[1:], digest)
	for _, key := range slices.Sorted(maps.Keys(cells)) {
		k, ok := cellFrom(key)
		if t := cells[key]; !ok || t.Lost > 0 || t.Waiting > 0 {
			return nil, false // such a day is not over, or is to be looked at itself
		}
		w = append(w, byte(k.kind))
		w = binary.AppendVarint(w, k.hour-day.Unix())
		for _, s := range []string{k.queue, k.agent, k.did, k.way} {
			w = append(binary.AppendUvarint(w, uint64(len(s))), s...)
		}
		w = cells[key].pack(w)
	}
	binary.BigEndian.PutUint32(w[9:], crc32.ChecksumIEEE(w[keptHead:]))
	return w, true
}

// digestOf is the digest of a kept day, 0 for one that is damaged or of another form.
func digestOf(data []byte) uint64 {
	if len(data) < keptHead || data[0] != keptForm || crc32.ChecksumIEEE(data[keptHead:]) != binary.BigEndian.Uint32(data[9:]) {
		return 0
	}
	return binary.BigEndian.Uint64(data[1:])
}

// unpackDay hands the cells of a kept day to f.
func unpackDay(data []byte, day time.Time, f func(cell, *Tally)) error {
	if digestOf(data) == 0 {
		return errKept
	}
	u := reader{data: data[keptHead:]}
	for len(u.data) > 0 && !u.bad {
		k := cell{kind: cellKind(u.data[0])}
		u.data = u.data[1:]
		k.hour = day.Unix() + u.number()
		k.queue, k.agent, k.did, k.way = u.text(), u.text(), u.text(), u.text()
		if t := u.tally(); !u.bad {
			f(k, t)
		}
	}
	if u.bad {
		return errKept
	}
	return nil
}

// pack writes a Tally: the sums with what is 0 left out, the longest wait and the maps.
func (t *Tally) pack(w []byte) []byte {
	sums := t.sums()
	var set uint32
	for i, p := range sums {
		if *p != 0 {
			set |= 1 << i
		}
	}
	w = binary.BigEndian.AppendUint32(w, set)
	for _, p := range sums {
		if *p != 0 {
			w = binary.AppendVarint(w, *p)
		}
	}
	w = binary.AppendVarint(w, t.WaitMax)
	w = binary.AppendUvarint(w, uint64(len(t.Overflow)))
	for _, reason := range slices.Sorted(maps.Keys(t.Overflow)) {
		w = append(binary.AppendUvarint(w, uint64(len(reason))), reason...)
		w = binary.AppendVarint(w, t.Overflow[reason])
	}
	w = binary.AppendUvarint(w, uint64(len(t.Waits)))
	for _, step := range slices.Sorted(maps.Keys(t.Waits)) {
		w = binary.AppendVarint(w, int64(step))
		w = binary.AppendVarint(w, t.Waits[step])
	}
	return w
}

// reader reads what was packed; bad once it has found something else.
type reader struct {
	data []byte
	bad  bool
}

func (u *reader) number() int64 {
	n, size := binary.Varint(u.data)
	return n * int64(u.take(size))
}

// count is how many things follow, each of one byte at least.
func (u *reader) count() int {
	n, size := binary.Uvarint(u.data)
	if u.take(size) == 0 || n > uint64(len(u.data)) {
		u.bad, u.data = true, nil
		return 0
	}
	return int(n)
}

// take goes on by the bytes of a number; 0 when there was none.
func (u *reader) take(size int) int {
	if size <= 0 {
		u.bad, u.data = true, nil
		return 0
	}
	u.data = u.data[size:]
	return 1
}

func (u *reader) text() string {
	n := u.count()
	s := string(u.data[:n])
	u.data = u.data[n:]
	return s
}

func (u *reader) tally() *Tally {
	t := &Tally{}
	if len(u.data) < 4 {
		u.bad, u.data = true, nil
		return t
	}
	set := binary.BigEndian.Uint32(u.data)
	u.data = u.data[4:]
	for i, p := range t.sums() {
		if set&(1<<i) != 0 {
			*p = u.number()
		}
	}
	t.WaitMax = u.number()
	if n := u.count(); n > 0 {
		t.Overflow = make(map[string]int64, n)
		for range n {
			reason := u.text()
			t.Overflow[reason] = u.number()
		}
	}
	if n := u.count(); n > 0 {
		t.Waits = make(Histogram, n)
		for range n {
			step := u.number()
			t.Waits[int(step)] = u.number()
		}
	}
	return t
}
