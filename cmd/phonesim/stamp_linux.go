package main

import (
	"net"
	"syscall"
	"time"
	"unsafe"
)

// stampArrivals lets the kernel say when packets came: when they are read depends on how
// busy this program is.
func stampArrivals(c *net.UDPConn) {
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
		})
	}
}

// arrival is when a packet with this control message came.
func arrival(control []byte) time.Time {
	list, err := syscall.ParseSocketControlMessage(control)
	if err == nil && len(list) > 0 && list[0].Header.Type == syscall.SO_TIMESTAMPNS && len(list[0].Data) >= int(unsafe.Sizeof(syscall.Timespec{})) {
		return time.Unix((*syscall.Timespec)(unsafe.Pointer(&list[0].Data[0])).Unix())
	}
	return time.Now()
}

// nap sleeps more exactly than the runtime's timers.
func nap(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil)
}
