//go:build linux

package main

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// restart2 is LINUX_REBOOT_CMD_RESTART2, which golang.org/x/sys has no argument for.
func restart2(argument *byte) {
	_, _, _ = unix.Syscall6(unix.SYS_REBOOT, unix.LINUX_REBOOT_MAGIC1, unix.LINUX_REBOOT_MAGIC2, unix.LINUX_REBOOT_CMD_RESTART2, uintptr(unsafe.Pointer(argument)), 0, 0)
}
