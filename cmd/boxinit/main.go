//go:build linux

// Command boxinit is process 1 of the box. It is the only program besides pasokh: there
// is no shell, no C library, nobody to log in.
//
// It runs twice at every start. As /init of the initramfs it loads the drivers of the
// disk, finds the slot that the boot loader has chosen, and goes over into the read-only
// root file system in it (early.go). As /sbin/boxinit of that one it makes the box: the
// owner's partition, the network, the time, the watchdog, and pasokh, which it starts
// without root's powers, looks after, and starts again (box.go). Pasokh asks it over a
// socket for what only root may do: see package firmware/chief.
//
// Process 1 never ends: what goes wrong is told on the console and in the kernel's log,
// and ends in a restart of the board, so that the boot loader can go back to the version
// that worked.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "boxinit is process 1 of the box; nothing else can run it")
		os.Exit(2)
	}
	defer restart("", func() any { return recover() })
	if _, err := os.Stat("/sbin/boxinit"); err != nil {
		say("%v", early())
	} else {
		say("%v", box())
	}
}

// restart tells of a panic and restarts the board. It never returns.
func restart(argument string, panicked func() any) {
	if p := panicked(); p != nil {
		say("panic: %v\n%s", p, debug.Stack())
	}
	time.Sleep(2 * time.Second) // for whoever reads the console
	unix.Sync()
	if argument != "" {
		reboot(argument)
	}
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
	for {
		time.Sleep(time.Hour)
	}
}

// say writes to the kernel's log, which the console shows.
func say(format string, args ...any) {
	if f, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0); err == nil {
		fmt.Fprintf(f, "<4>pasokh: "+format+"\n", args...)
		f.Close()
		return
	}
	fmt.Fprintf(os.Stderr, "pasokh: "+format+"\n", args...)
}
