package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ErrNone: no disk of ours is there (yet).
var ErrNone = errors.New("no disk with the box's partitions")

// Found is a disk that the kernel knows.
type Found struct {
	Name  string // "mmcblk0"
	Table Table
}

// Find looks for the disk with a signature. One that can be taken out, such as the USB
// stick that somebody has just flashed, counts only if there is no other.
func Find(signature uint32) (Found, error) {
	names, err := filepath.Glob("/sys/block/*")
	if err != nil {
		return Found{}, err
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(removable(a)+a, removable(b)+b) })
	for _, path := range names {
		name := filepath.Base(path)
		f, err := os.Open("/dev/" + name)
		if err != nil {
			continue
		}
		t, err := Read(f)
		f.Close()
		if err == nil && t.Signature == signature && t.Partitions[DataPartition-1].Type == Linux {
			return Found{name, t}, nil
		}
	}
	return Found{}, ErrNone
}

// removable is "0" for a disk that is built in.
func removable(path string) string {
	b, err := os.ReadFile(filepath.Join(path, "removable"))
	if err != nil {
		return "1"
	}
	return strings.TrimSpace(string(b))
}

// Device is the path of the whole disk.
func (f Found) Device() string { return "/dev/" + f.Name }

// Partition is the path of a partition, 1 to 4.
func (f Found) Partition(n int) string {
	between := ""
	if last := f.Name[len(f.Name)-1]; last >= '0' && last <= '9' {
		between = "p"
	}
	return f.Device() + between + strconv.Itoa(n)
}

// Sectors is the size of the disk.
func (f Found) Sectors() (uint64, error) {
	b, err := os.ReadFile("/sys/block/" + f.Name + "/size")
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64)
}

// Grow has the data partition take the rest of the disk, and tells the kernel. Its file
// system stays as it is until GrowFS.
func (f *Found) Grow() (grown bool, err error) {
	sectors, err := f.Sectors()
	if err != nil {
		return false, err
	}
	t, more := f.Table.Grown(sectors)
	if !more {
		return false, nil
	}
	d, err := os.OpenFile(f.Device(), os.O_WRONLY|os.O_SYNC, 0)
	if err != nil {
		return false, err
	}
	defer d.Close()
	if _, err := d.WriteAt(t.Bytes(), 0); err != nil { // one sector: old or new, never half
		return false, fmt.Errorf("writing the partition table: %w", err)
	}
	p := t.Partitions[DataPartition-1]
	if err := resize(d, DataPartition, int64(p.Start)*SectorSize, int64(p.Count)*SectorSize); err != nil {
		return false, fmt.Errorf("the kernel keeps the old size until the next start: %w", err)
	}
	f.Table = t
	return true, nil
}

// GrowFS has the mounted ext4 file system take the whole of its partition; the kernel
// does it while the file system is in use. It costs nothing where nothing is to be done.
func GrowFS(mounted string, size int64) error {
	dir, err := os.Open(mounted)
	if err != nil {
		return err
	}
	defer dir.Close()
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(dir.Fd()), &st); err != nil {
		return err
	}
	return resizeFS(dir, uint64(size)/uint64(st.Bsize))
}
