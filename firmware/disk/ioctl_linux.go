package disk

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the kernel's headers call these (linux/blkpg.h, ext4.h).
const (
	blkpg           = 0x1269
	blkpgResize     = 3
	ext4ResizeFS    = 0x40086610
	blkFlushBuffers = 0x1261
)

// blkpgPartition is struct blkpg_partition, with its names of device and label, which
// the kernel does not look at.
type blkpgPartition struct {
	start, length int64
	number        int32
	_, _          [64]byte
}

// blkpgArg is struct blkpg_ioctl_arg.
type blkpgArg struct {
	op, flags, length int32
	data              *blkpgPartition
}

// resize tells the kernel that a partition has become longer, also while it is in use.
func resize(d *os.File, number int, start, length int64) error {
	p := &blkpgPartition{start: start, length: length, number: int32(number)}
	arg := &blkpgArg{op: blkpgResize, length: int32(unsafe.Sizeof(*p)), data: p}
	err := ioctl(d, blkpg, unsafe.Pointer(arg))
	runtime.KeepAlive(p)
	return err
}

func resizeFS(dir *os.File, blocks uint64) error {
	return ioctl(dir, ext4ResizeFS, unsafe.Pointer(&blocks))
}

// Forget drops what the kernel remembers of a block device, so that the next read comes
// from the disk itself.
func Forget(d *os.File) error { return ioctl(d, blkFlushBuffers, nil) }

func ioctl(f *os.File, request uint, arg unsafe.Pointer) error {
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, f.Fd(), uintptr(request), uintptr(arg)); e != 0 {
		return os.NewSyscallError("ioctl", e)
	}
	return nil
}
