package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/health"
)

// endsFor is how long an end of this program stays on the board of what is wrong.
const endsFor = 24 * time.Hour

// endings tells people that this program has ended without being asked to: process 1 keeps
// how. None comes while it runs, so it asks once.
type endings struct {
	clock  clock.Clock
	log    *slog.Logger
	health *health.Board
	chief  interface {
		Box(context.Context) (chief.Box, error)
	}
}

// Run shows the ends of the last day until each is a day old.
func (e endings) Run(ctx context.Context) error {
	b, err := e.chief.Box(ctx)
	if err != nil {
		e.log.Warn("how the program ended before is not known", "err", err)
	}
	list := b.Ends // newest first
	for {
		for len(list) > 0 && e.clock.Now().Sub(list[len(list)-1].At) >= endsFor {
			list = list[:len(list)-1]
		}
		if len(list) == 0 {
			e.health.Clear("program-ended")
			<-ctx.Done()
			return nil
		}
		e.health.Raise("program-ended", fmt.Sprintf("%d × %s %s", len(list), list[0].At.Local().Format(time.DateTime), list[0].How))
		if !e.clock.Sleep(ctx, list[len(list)-1].At.Add(endsFor)) {
			return nil
		}
	}
}
