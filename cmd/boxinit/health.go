//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

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

// health is whether pasokh works.
type health struct {
	ask  func(context.Context) error // nil when it works
	seen atomic.Int64                // when it was last well, as nanoseconds since the start
	born time.Time
}

func newHealth(ask func(context.Context) error) *health { return &health{ask: ask, born: time.Now()} }

// askPasokh asks pasokh itself: it calls itself by SIP, writes to its store and looks at
// its media clock.
func askPasokh() func(context.Context) error {
	var d net.Dialer
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", filepath.Join(ownerDir, "pasokh.sock"))
	}, DisableKeepAlives: true}}
	return func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://pasokh/local/well", nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
			return fmt.Errorf("pasokh is unwell: %s", text)
		}
		return nil
	}
}

// well asks once.
func (h *health) well(ctx context.Context) error {
	if err := h.ask(ctx); err != nil {
		return err
	}
	h.seen.Store(int64(time.Since(h.born)))
	return nil
}

// unwellFor is how long pasokh has not been well; its start counts from grace on.
func (h *health) unwellFor() time.Duration {
	return time.Since(h.born) - max(time.Duration(h.seen.Load()), grace)
}

// watch asks again and again, and has pasokh started anew when it does not answer.
func (h *health) watch(ctx context.Context, program interface{ Kick() }) error {
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

// feed feeds the watchdog while the box works, until ctx ends.
func (h *health) feed(ctx context.Context, dog interface{ Feed() error }) {
	ticker := time.NewTicker(watchdog.Timeout / 5)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if h.unwellFor() < resetAfter {
			_ = dog.Feed() // a watchdog that cannot be fed resets the board
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// openDog opens the watchdog unless the command line says pasokh.wdt=off, for machines
// whose emulation resets at once.
func openDog() (*watchdog.Dog, error) {
	if param("pasokh.wdt") == "off" {
		return nil, nil
	}
	return watchdog.Open()
}
