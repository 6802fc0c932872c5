//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/beevik/ntp"
	"golang.org/x/sys/unix"
)

// timeServers are asked in turn.
var timeServers = []string{"pool.ntp.org", "time.cloudflare.com", "ir.pool.ntp.org"}

const (
	askTimeEvery = 30 * time.Minute
	retryTime    = 30 * time.Second
	// jumpFrom is the error from which the clock is set; a smaller one is slewed away.
	jumpFrom = 500 * time.Millisecond
)

// keepClock keeps the clock right by SNTP (RFC 4330), and remembers the time for a start
// without a network.
func (m *machine) keepClock(ctx context.Context) error {
	for i := 0; ; i++ {
		wait := retryTime
		answer, err := ntp.QueryWithOptions(timeServers[i%len(timeServers)], ntp.QueryOptions{Timeout: 5 * time.Second})
		if err == nil && answer.Validate() == nil {
			wait = askTimeEvery
			m.correct(answer.ClockOffset)
		}
		m.rememberTime()
		if !m.clock.Sleep(ctx, m.clock.Now().Add(wait)) {
			return nil
		}
	}
}

func (m *machine) correct(by time.Duration) {
	if by.Abs() < jumpFrom {
		tv := unix.NsecToTimeval(by.Nanoseconds())
		if err := adjust(tv); err == nil {
			return
		}
	}
	m.log.Info("the clock is set", "by", by.Round(time.Millisecond))
	tv := unix.NsecToTimeval(time.Now().Add(by).UnixNano())
	if err := unix.Settimeofday(&tv); err != nil {
		m.log.Warn("setting the clock", "error", err)
	}
}

// adjust has the kernel make up for a small error slowly, so that no second is missing
// or comes twice (ADJ_OFFSET_SINGLESHOT).
func adjust(by unix.Timeval) error {
	const singleshot = 0x8001
	t := unix.Timex{Modes: singleshot}
	t.Offset = by.Sec*1e6 + by.Usec
	_, err := unix.Adjtimex(&t)
	return err
}

// rememberTime touches a file, whose time is the clock's floor at the next start.
func (m *machine) rememberTime() {
	path := filepath.Join(boxDir, "clock")
	now := m.clock.Now()
	if err := os.Chtimes(path, now, now); err != nil {
		_ = os.WriteFile(path, nil, 0o600) // a full disk keeps no time
	}
}
