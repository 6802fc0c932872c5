package webtest

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/network"
	"github.com/pasokh/pasokh/firmware/update"
)

// Chief is process 1 of an appliance that nobody has: it remembers what it was asked for,
// and shows it. Its methods are safe for concurrent use.
type Chief struct {
	// Refusal is what it says to all that it is to do; set it before it is used.
	Refusal error

	mu    sync.Mutex
	asked []string
	box   chief.Box
}

// Asked is what was asked for, in order.
func (c *Chief) Asked() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.asked...)
}

func (c *Chief) ask(what string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what)
	return c.Refusal
}

// change does what was asked for to the box, unless it is to refuse it.
func (c *Chief) change(what string, do func(*chief.Box)) error {
	if err := c.ask(what); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	do(&c.box)
	return nil
}

// Box is a board with a program that has ended once.
func (c *Chief) Box(context.Context) (chief.Box, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.box
	b.Board, b.Version, b.Slot, b.Ends = "test", "test", "a", []chief.End{{How: "signal: killed"}}
	return b, nil
}

// Update reads the bundle, which waits for a restart then.
func (c *Chief) Update(_ context.Context, bundle io.Reader) error {
	if c.Refusal != nil {
		return c.ask("update")
	}
	n, err := io.Copy(io.Discard, bundle)
	if err != nil {
		return err
	}
	return c.change("update", func(b *chief.Box) {
		b.Update = update.Progress{Version: "newer", Written: n, Size: n, Waiting: true}
	})
}

// Restart has the box started just now.
func (c *Chief) Restart(context.Context) error {
	return c.change("restart", func(b *chief.Box) { b.Started, b.Update = time.Now(), update.Progress{} })
}

// TryNetwork shows the settings, and until when they wait for somebody.
func (c *Chief) TryNetwork(_ context.Context, s network.Settings, within time.Duration) error {
	return c.change("network", func(b *chief.Box) {
		until := time.Now().Add(within)
		b.Network = network.State{Interface: "eth0", Address: "192.0.2.10/24", How: "dhcp", Settings: s, Until: &until}
		if s.Fixed() {
			b.Network.Address, b.Network.How = s.Address.String(), "fixed"
		}
	})
}

// ConfirmNetwork keeps what is tried.
func (c *Chief) ConfirmNetwork(context.Context) error {
	return c.change("confirm", func(b *chief.Box) { b.Network.Until = nil })
}

// Forget forgets nothing.
func (c *Chief) Forget(context.Context) error { return c.ask("forget") }
