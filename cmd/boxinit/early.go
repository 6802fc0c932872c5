//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pasokh/pasokh/firmware/disk"
	"github.com/pasokh/pasokh/firmware/slot"
)

// early goes from the initramfs over into the slot's root file system. It returns only
// if it cannot.
func early() error {
	for _, m := range []mount{
		{"proc", "/proc", "proc", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""},
		{"sysfs", "/sys", "sysfs", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""},
		{"devtmpfs", "/dev", "devtmpfs", unix.MS_NOSUID | unix.MS_NOEXEC, "mode=0755"},
	} {
		if err := m.do(); err != nil {
			return err
		}
	}
	if err := loadModules("/modules"); err != nil {
		say("%v", err) // the disk may be there all the same
	}
	name := chosen()
	found, err := waitForDisk(30 * time.Second)
	if err != nil {
		return err
	}
	part := found.Partition(name.Partition())
	if err := waitForFile(part, 10*time.Second); err != nil {
		return err
	}
	if err := (mount{part, "/slot", "vfat", unix.MS_RDONLY | unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC, ""}).do(); err != nil {
		return err
	}
	loop, err := attach("/slot/root.sqfs")
	if err != nil {
		return fmt.Errorf("slot %s: %w", name, err)
	}
	if err := (mount{loop, "/root", "squashfs", unix.MS_RDONLY | unix.MS_NODEV, ""}).do(); err != nil {
		return err
	}
	for _, dir := range []string{"/proc", "/sys", "/dev", "/slot"} {
		if err := unix.Mount(dir, "/root"+dir, "", unix.MS_MOVE, ""); err != nil {
			return fmt.Errorf("moving %s: %w", dir, err)
		}
	}
	// The initramfs stays in memory under the root: what was in it goes.
	if err := errors.Join(os.RemoveAll("/modules"), os.Remove("/init")); err != nil {
		say("%v", err)
	}
	if err := unix.Chdir("/root"); err != nil {
		return err
	}
	if err := unix.Mount(".", "/", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("moving the root: %w", err)
	}
	if err := errors.Join(unix.Chroot("."), unix.Chdir("/")); err != nil {
		return err
	}
	// The watchdog runs from here on, and goes on when its file is closed below: a version
	// whose process 1 hangs at once is reset like one that hangs later.
	if _, err := openDog(); err != nil {
		say("no watchdog yet: %v", err)
	}
	return syscall.Exec("/sbin/boxinit", []string{"boxinit", string(name)}, nil)
}

// chosen is the slot that the boot loader has started: U-Boot says it on the command line,
// a Raspberry Pi's firmware names the partition in the device tree.
func chosen() slot.Name {
	if slot.Name(param("pasokh.slot")) == slot.B {
		return slot.B
	}
	b, err := os.ReadFile("/proc/device-tree/chosen/bootloader/partition")
	if err == nil && len(b) == 4 && int(binary.BigEndian.Uint32(b)) == slot.B.Partition() {
		return slot.B
	}
	return slot.A
}

// mount is one file system.
type mount struct {
	source, target, kind string
	flags                uintptr
	data                 string
}

func (m mount) do() error {
	if err := os.MkdirAll(m.target, 0o755); err != nil && !errors.Is(err, unix.EROFS) {
		return err
	}
	err := unix.Mount(m.source, m.target, m.kind, m.flags, m.data)
	if errors.Is(err, unix.EBUSY) { // it is mounted already
		return nil
	}
	if err != nil {
		return fmt.Errorf("mounting %s on %s: %w", m.source, m.target, err)
	}
	return nil
}

// loadModules loads the drivers that a list names, in its order: each after those that
// it needs. One that does not fit this board costs nothing.
func loadModules(dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "list"))
	if err != nil {
		return err
	}
	var wrong []error
	for name := range strings.FieldsSeq(string(list)) {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		err = unix.FinitModule(int(f.Fd()), "", 0)
		f.Close()
		if err != nil && !errors.Is(err, unix.EEXIST) && !errors.Is(err, unix.ENODEV) {
			wrong = append(wrong, fmt.Errorf("module %s: %w", name, err))
		}
	}
	return errors.Join(wrong...)
}

// param is a setting of the kernel's command line, "" if it is not there.
func param(name string) string {
	line, err := os.ReadFile("/proc/cmdline")
	if err != nil {
		return ""
	}
	return setting(string(line), name)
}

// setting is the value of name=value in a line of words, "" if it is not there.
func setting(line, name string) string {
	for word := range strings.FieldsSeq(line) {
		if value, found := strings.CutPrefix(word, name+"="); found {
			return value
		}
	}
	return ""
}

// waitForDisk waits until the kernel has found the box's disk.
func waitForDisk(most time.Duration) (found disk.Found, err error) {
	for deadline := time.Now().Add(most); ; time.Sleep(50 * time.Millisecond) {
		if found, err = disk.Find(disk.Signature); err == nil || time.Now().After(deadline) {
			return found, err
		}
	}
}

func waitForFile(path string, most time.Duration) error {
	for deadline := time.Now().Add(most); ; time.Sleep(20 * time.Millisecond) {
		_, err := os.Stat(path)
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// attach makes a block device of a file, read-only, and returns its path.
func attach(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer control.Close()
	n, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
	if err != nil {
		return "", fmt.Errorf("a free loop device: %w", err)
	}
	device := fmt.Sprintf("/dev/loop%d", n)
	if err := waitForFile(device, 2*time.Second); err != nil {
		return "", err
	}
	loop, err := os.OpenFile(device, os.O_RDONLY, 0)
	if err != nil {
		return "", err
	}
	defer loop.Close()
	config := &unix.LoopConfig{Fd: uint32(file.Fd()), Info: unix.LoopInfo64{Flags: unix.LO_FLAGS_READ_ONLY}}
	if err := unix.IoctlLoopConfigure(int(loop.Fd()), config); err != nil {
		return "", fmt.Errorf("attaching %s: %w", path, err)
	}
	return device, nil
}
