package main

import (
	"os"
	"syscall"
)

// slack is by how much the kernel may be late with a sleep of less than a millisecond,
// in nanoseconds; of its own it takes 50 us.
//
// While anything runs, Go's monitor thread wants to be woken every 20 us, and at a
// hundred calls a second that was a tenth of the box's work. Nobody else sleeps for so
// short a time: sound goes by timers of whole milliseconds.
const slack = 200_000

// Of prctl(2).
const (
	setTimerSlack = 29
	getTimerSlack = 30
)

// unhurried gives the process its slack. Threads have it of the one that made them, and
// the monitor is there before main: the program begins once more, as the same process.
// Where that cannot be done it runs as it is.
func unhurried() {
	if now, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, getTimerSlack, 0, 0); e != 0 || now >= slack {
		return
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, slack, 0); e != 0 {
		return
	}
	if self, err := os.Executable(); err == nil {
		_ = syscall.Exec(self, os.Args, os.Environ())
	}
}
