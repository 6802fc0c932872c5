package clock

import (
	"context"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// Punctual is c with a Sleep that wakes up on time, if c is System; any other clock is
// returned as it is. The runtime waits for its timers in epoll_wait, which counts in
// milliseconds: in a process that has nothing else to do they are late by most of one.
// A timer of the kernel is late by less than a tenth.
func Punctual(c Clock) Clock {
	if _, ok := c.(system); !ok {
		return c
	}
	return punctual{idle: make(chan *os.File, 16)}
}

type punctual struct {
	system
	idle chan *os.File // timers of the kernel that nobody sleeps on
}

func (p punctual) Sleep(ctx context.Context, t time.Time) bool {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err() == nil
	}
	var f *os.File
	select {
	case f = <-p.idle:
	default:
		if f = newTimer(); f == nil {
			return p.system.Sleep(ctx, t)
		}
	}
	if setTimer(f, d) != nil {
		f.Close()
		return p.system.Sleep(ctx, t)
	}
	cancel := context.AfterFunc(ctx, func() { f.Close() })
	var times [8]byte
	_, err := f.Read(times[:])
	if !cancel() || err != nil {
		f.Close()
		return ctx.Err() == nil && p.system.Sleep(ctx, t)
	}
	select {
	case p.idle <- f:
	default:
		f.Close()
	}
	return true
}

const monotonic = 1 // CLOCK_MONOTONIC

// newTimer is a timer that the runtime's poller watches, nil if the kernel has none.
func newTimer() *os.File {
	fd, _, e := syscall.RawSyscall(syscall.SYS_TIMERFD_CREATE, monotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if e != 0 {
		return nil
	}
	return os.NewFile(fd, "timer")
}

func setTimer(f *os.File, d time.Duration) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	spec := struct{ interval, value syscall.Timespec }{value: syscall.NsecToTimespec(int64(d))}
	var e syscall.Errno
	if err := conn.Control(func(fd uintptr) {
		_, _, e = syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
	}); err != nil {
		return err
	}
	if e != 0 {
		return e
	}
	return nil
}
