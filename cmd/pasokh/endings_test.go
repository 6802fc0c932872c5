package main

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pasokh/pasokh/firmware/chief"
	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/health"
)

// endedBox is process 1 that has seen ends.
type endedBox []chief.End

func (e endedBox) Box(context.Context) (chief.Box, error) { return chief.Box{Ends: e}, nil }

func TestEndsAreToldForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		board := health.NewBoard(clock.System(), &event.News{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go endings{clock.System(), slog.New(slog.NewTextHandler(io.Discard, nil)), board, endedBox{
			{At: now.Add(-time.Minute), How: "signal: killed"},
			{At: now.Add(-10 * time.Hour), How: "exit status 2"},
			{At: now.Add(-25 * time.Hour), How: "exit status 1"},
		}}.Run(ctx)
		told := func(want string) {
			t.Helper()
			synctest.Wait()
			var got string
			for _, p := range board.List() {
				got += p.ID + " " + p.Detail
			}
			if got != want {
				t.Fatalf("%q, want %q", got, want)
			}
		}
		last := now.Add(-time.Minute).Local().Format(time.DateTime) + " signal: killed"
		told("program-ended 2 × " + last)
		time.Sleep(14*time.Hour + time.Second)
		told("program-ended 1 × " + last)
		time.Sleep(10 * time.Hour)
		told("")
	})
}
