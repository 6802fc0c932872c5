package main

import (
	"context"
	"fmt"
	"sync"
)

// house runs rooms in layers: what stands above is stopped before what it stands
// on, so that calls end while their media and their ledger still work.
type house struct {
	layers []*layer
	failed chan error // the first room that ended by itself
}

type layer struct {
	ctx    context.Context
	cancel context.CancelFunc
	rooms  sync.WaitGroup
}

func newHouse() *house { return &house{failed: make(chan error, 1)} }

// raise begins a layer above all others.
func (h *house) raise() {
	l := &layer{}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	h.layers = append(h.layers, l)
}

// start runs a room in the top layer. A room that ends before it is told to
// brings the house down with its error.
func (h *house) start(name string, run func(context.Context) error) {
	l := h.layers[len(h.layers)-1]
	l.rooms.Go(func() {
		err := run(l.ctx)
		if l.ctx.Err() != nil && err == nil {
			return
		}
		if err == nil {
			err = fmt.Errorf("ended by itself")
		}
		select {
		case h.failed <- fmt.Errorf("%s: %w", name, err):
		default:
		}
	})
}

// stop ends the layers from the top down.
func (h *house) stop() {
	for i := len(h.layers) - 1; i >= 0; i-- {
		h.layers[i].cancel()
		h.layers[i].rooms.Wait()
	}
}
