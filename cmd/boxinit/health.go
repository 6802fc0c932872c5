//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/supervise"
	"github.com/pasokh/pasokh/firmware/watchdog"
)

// How long pasokh may be unwell.
const (
	askEvery = 5 * time.Second
	// grace is for its start, after the board's and after its own.
	grace = 90 * time.Second
	// kickAfter has it started again; resetAfter leaves the watchdog to reset the board.
	kickAfter  = time.Minute
	resetAfter = 4 * time.Minute
)

// health is whether pasokh works, as it says itself when it is asked: it calls itself by
// SIP, writes to its store and looks at its media clock.
type health struct {
	http http.Client
	seen atomic.Int64 // when it was last well, as nanoseconds since the start
	born time.Time
}

func newHealth() *health {
	var d net.Dialer
	h := &health{born: time.Now()}
	h.http.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", filepath.Join(ownerDir, "pasokh.sock"))
	}, DisableKeepAlives: true}
	return h
}

// well asks once.
func (h *health) well(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pasokh/local/well", nil)
	if err != nil {
		return err
	}
	res, err := h.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return fmt.Errorf("pasokh is unwell: %s", text)
	}
	h.seen.Store(int64(time.Since(h.born)))
	return nil
}

// unwellFor is how long pasokh has not been well; its start counts from grace on.
func (h *health) unwellFor() time.Duration {
	return time.Since(h.born) - max(time.Duration(h.seen.Load()), grace)
}

// watch asks again and again, and has pasokh started anew when it does not answer.
func (h *health) watch(ctx context.Context, program *supervise.Supervisor) error {
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	var kicked time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		asked, done := context.WithTimeout(ctx, askEvery)
		err := h.well(asked)
		done()
		if err != nil && h.unwellFor() >= kickAfter && time.Since(kicked) >= kickAfter+grace {
			kicked = time.Now()
			program.Kick()
		}
	}
}

// feed feeds the watchdog while the box works.
func (h *health) feed(dog *watchdog.Dog) {
	for {
		if h.unwellFor() < resetAfter {
			_ = dog.Feed() // a watchdog that cannot be fed resets the board
		}
		time.Sleep(watchdog.Timeout / 5)
	}
}

// openDog opens the watchdog unless the command line says pasokh.wdt=off, for machines
// whose emulation resets at once.
func openDog(log *slog.Logger) *watchdog.Dog {
	if param("pasokh.wdt") == "off" {
		return nil
	}
	dog, err := watchdog.Open()
	if err != nil {
		log.Warn("no watchdog", "error", err)
		return nil
	}
	return dog
}
