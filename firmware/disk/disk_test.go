package disk

import (
	"bytes"
	"errors"
	"testing"
)

func TestTable(t *testing.T) {
	table := Lay(Signature, 16<<20, 96<<20, 1)
	want := [4]Partition{{FAT16, 2048, 32768}, {FAT16, 34816, 196608}, {FAT16, 231424, 196608}, {Linux, 428032, 2048}}
	if table.Partitions != want {
		t.Errorf("%+v", table.Partitions)
	}
	back, err := Read(bytes.NewReader(table.Bytes()))
	if err != nil || back != table {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := Read(bytes.NewReader(make([]byte, SectorSize))); !errors.Is(err, ErrNoTable) {
		t.Error("zeros are a table:", err)
	}
	if _, more := table.Grown(430080); more {
		t.Error("grows on a disk of its own size")
	}
	grown, more := table.Grown(1 << 33)
	if last := grown.Partitions[3]; !more || uint64(last.Start)+uint64(last.Count) > 1<<32 || last.Count < 1<<31 {
		t.Errorf("on a disk of 4 TB: %+v", last)
	}
	if grown, _ = table.Grown(1000000); grown.Partitions[3].Count != 571392 {
		t.Errorf("%+v", grown.Partitions[3])
	}
}

func FuzzRead(f *testing.F) {
	f.Add(Lay(Signature, 1, 1, 1).Bytes(), uint64(1<<20))
	f.Fuzz(func(t *testing.T, b []byte, sectors uint64) {
		table, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		grown, more := table.Grown(sectors)
		if last := grown.Partitions[3]; more && uint64(last.Start)+uint64(last.Count) > sectors {
			t.Errorf("%+v beyond a disk of %d sectors", last, sectors)
		}
		if again, err := Read(bytes.NewReader(grown.Bytes())); err != nil || again.Signature != grown.Signature {
			t.Errorf("%+v, %v", again, err)
		}
	})
}
