//go:build linux

package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pasokh/pasokh/firmware/disk"
	"github.com/pasokh/pasokh/firmware/slot"
)

// ownerID is the user and group that pasokh runs as.
const ownerID = 1000

// openData mounts the owner's partition, grown to the end of the disk. One that cannot
// be mounted is made anew: a box that answers without its data is worth more than one
// that does not start, and there are backups.
func (m *machine) openData() error {
	if grown, err := m.disk.Grow(); err != nil {
		m.log.Warn("growing the data partition", "error", err)
	} else if grown {
		m.log.Info("the data partition has grown")
	}
	part := m.disk.Partition(disk.DataPartition)
	data := mount{part, "/data", "ext4", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME, "errors=remount-ro,commit=15"}
	err := data.do()
	if err != nil {
		m.log.Error("the data partition cannot be read; it is made anew", "error", err)
		if err := freshData(part); err != nil {
			return err
		}
		if err := data.do(); err != nil {
			return err
		}
	}
	size := int64(m.disk.Table.Partitions[disk.DataPartition-1].Count) * disk.SectorSize
	if err := disk.GrowFS("/data", size); err != nil {
		m.log.Warn("growing the data file system", "error", err)
	}
	if _, err := os.Stat(filepath.Join(boxDir, "forget")); err == nil {
		m.log.Warn("forgetting everything, as asked")
		if err := forget("/data"); err != nil {
			return err
		}
	}
	for _, dir := range []string{ownerDir, boxDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	return os.Chown(ownerDir, ownerID, ownerID)
}

// freshData writes the empty file system that every slot carries. It grows when it is
// mounted.
func freshData(part string) error {
	from, err := os.Open("/usr/share/pasokh/data.img.gz")
	if err != nil {
		return err
	}
	defer from.Close()
	unpacked, err := gzip.NewReader(from)
	if err != nil {
		return err
	}
	to, err := os.OpenFile(part, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, unpacked)
	return errors.Join(err, to.Sync(), to.Close())
}

// forget empties the owner's partition, mounted at dir. The mark that asks for it, in
// process 1's folder, goes last: a loss of power goes on with it at the next start.
func forget(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	own := filepath.Base(boxDir)
	for _, e := range list {
		if name := e.Name(); name != own && name != "lost+found" {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	unix.Sync()
	return os.RemoveAll(filepath.Join(dir, own))
}

// mark makes an empty file that outlives a loss of power.
func mark(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// closeData leaves the file system clean.
func (m *machine) closeData() {
	unix.Sync()
	if err := unix.Mount("", "/data", "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		m.log.Warn("closing the data partition", "error", err)
	}
}

// openSlot opens a slot's partition. For reading, what the kernel remembers of it is
// forgotten first.
func (m *machine) openSlot(n slot.Name, write bool) (*os.File, error) {
	part := m.disk.Partition(n.Partition())
	if write {
		return os.OpenFile(part, os.O_WRONLY, 0)
	}
	f, err := os.Open(part)
	if err != nil {
		return nil, err
	}
	if err := disk.Forget(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// rawDisk opens the whole disk for each access: a write has reached it when it returns.
type rawDisk struct{ path string }

func (d rawDisk) ReadAt(b []byte, at int64) (int, error) {
	f, err := os.Open(d.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(b, at)
}

func (d rawDisk) WriteAt(b []byte, at int64) (int, error) {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_SYNC, 0)
	if err != nil {
		return 0, err
	}
	n, err := f.WriteAt(b, at)
	return n, errors.Join(err, f.Sync(), f.Close())
}

// writableBoot mounts the boot partition so that it can be written.
func (m *machine) writableBoot() (done func() error, err error) {
	b := mount{m.disk.Partition(1), "/boot", "vfat", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_SYNCHRONOUS, ""}
	if err := b.do(); err != nil {
		return nil, err
	}
	return func() error { unix.Sync(); return unix.Unmount("/boot", 0) }, nil
}

// mostNice lets the program put itself before other work: 20 less the nice value (-11) that
// it wants, as setrlimit(2) counts.
const mostNice = 20 + 11

// pasokh is the program's command, without root's powers: of those it keeps the one to
// listen on ports below 1024.
func (m *machine) pasokh() *exec.Cmd {
	cmd := exec.Command("/usr/bin/pasokh", "serve", "--data", ownerDir)
	cmd.Dir = ownerDir
	cmd.Env = []string{"HOME=" + ownerDir, "TMPDIR=/tmp", "PASOKH_CHIEF=1", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: ownerID, Gid: ownerID},
		AmbientCaps: []uintptr{unix.CAP_NET_BIND_SERVICE},
		Setsid:      true,
	}
	return cmd
}

// setClock sets the clock forward to a time that has surely passed: boards without a
// battery wake in 1970, and certificates and records need better.
func (m *machine) setClock(least time.Time) {
	if !m.clock.Now().Before(least) {
		return
	}
	tv := unix.NsecToTimeval(least.UnixNano())
	if err := unix.Settimeofday(&tv); err != nil {
		m.log.Warn("setting the clock", "error", err)
	}
}

// reboot restarts the board with an argument for its firmware.
func reboot(argument string) {
	p, err := unix.BytePtrFromString(argument)
	if err != nil {
		return
	}
	restart2(p)
}

func uptime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano()).Round(time.Millisecond)
}

// kernelLog writes lines to the kernel's log, which keeps the last of them in memory and
// shows them on the console.
type kernelLog struct{}

func (kernelLog) Write(b []byte) (int, error) {
	f, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	const most = 900 // a record of the kernel's log has at most 1024 bytes
	fmt.Fprintf(f, "<5>%s\n", bytes.TrimRight(b[:min(len(b), most)], "\n"))
	return len(b), nil
}
