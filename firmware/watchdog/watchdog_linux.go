// Package watchdog feeds the board's hardware watchdog: a timer outside the processor
// that resets the board when nobody has fed it for a while, whatever has gone wrong.
//
// It is fed only while the box works, not while it merely runs: see the feeder's owner,
// cmd/boxinit. Once opened it cannot be stopped, so that a crash of process 1 ends in a
// reset too.
package watchdog

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Timeout is asked for; hardware that cannot takes what is nearest.
const Timeout = 15 * time.Second

// Dog is an open watchdog. Not safe for concurrent use.
type Dog struct{ f *os.File }

// Open starts the watchdog of the board.
func Open() (*Dog, error) {
	f, err := os.OpenFile("/dev/watchdog", os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	// WDIOC_SETTIMEOUT; not every driver can.
	_ = unix.IoctlSetPointerInt(int(f.Fd()), unix.WDIOC_SETTIMEOUT, int(Timeout/time.Second))
	return &Dog{f}, nil
}

// Feed gives the board another Timeout. A nil Dog needs none.
func (d *Dog) Feed() error {
	if d == nil {
		return nil
	}
	if _, err := d.f.Write([]byte{1}); err != nil {
		return fmt.Errorf("feeding the watchdog: %w", err)
	}
	return nil
}
