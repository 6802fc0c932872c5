package webtest

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/network"
)

// Chief is process 1 of an appliance that nobody has: it does nothing, and remembers what
// it was asked for. Its methods are safe for concurrent use.
type Chief struct {
	// Refusal is what it says to everything; set it before it is used.
	Refusal error

	mu    sync.Mutex
	asked []string
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

// Box is a board with a program that has ended once.
func (c *Chief) Box(context.Context) (chief.Box, error) {
	return chief.Box{Board: "test", Version: "test", Slot: "a", Ends: []chief.End{{How: "signal: killed"}}}, c.Refusal
}

// Update reads the bundle, unless it is to refuse it.
func (c *Chief) Update(_ context.Context, bundle io.Reader) error {
	if err := c.ask("update"); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, bundle)
	return err
}

// Restart restarts nothing.
func (c *Chief) Restart(context.Context) error { return c.ask("restart") }

// TryNetwork moves nothing.
func (c *Chief) TryNetwork(context.Context, network.Settings, time.Duration) error {
	return c.ask("network")
}

// ConfirmNetwork keeps nothing.
func (c *Chief) ConfirmNetwork(context.Context) error { return c.ask("confirm") }

// Forget forgets nothing.
func (c *Chief) Forget(context.Context) error { return c.ask("forget") }
