package media

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
)

// shard is a 20 ms clock and the streams that live on it.
type shard struct {
	clock clock.Clock
	log   *slog.Logger
	// now is how many samples of time have passed; it stands still while there
	// are no streams.
	now atomic.Int64

	mu      sync.Mutex
	streams atomic.Pointer[[]*Stream] // never changed once stored
	wake    chan struct{}
	crew    *crew

	// Touched by the tick only.
	bound, alone []*Stream
}

func newShard(c clock.Clock, log *slog.Logger) *shard {
	sh := &shard{clock: c, log: log, wake: make(chan struct{}, 1), crew: newCrew()}
	sh.streams.Store(new([]*Stream))
	return sh
}

func (sh *shard) list() []*Stream { return *sh.streams.Load() }

func (sh *shard) add(s *Stream) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	next := append(slices.Clone(sh.list()), s)
	sh.streams.Store(&next)
	select {
	case sh.wake <- struct{}{}:
	default:
	}
}

func (sh *shard) remove(s *Stream) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	next := slices.DeleteFunc(slices.Clone(sh.list()), func(x *Stream) bool { return x == s })
	sh.streams.Store(&next)
}

// run ticks on an absolute grid while there are streams and sleeps while there
// are none.
func (sh *shard) run(ctx context.Context) {
	defer sh.crew.start()()
	for {
		select {
		case <-sh.wake:
		case <-ctx.Done():
			return
		}
		for grid := clock.NewGrid(sh.clock, hal.FrameTime); len(sh.list()) > 0; {
			_, skipped, ok := grid.Wait(ctx)
			if !ok {
				return
			}
			if skipped > 0 {
				sh.log.Warn("the machine stood still", "frames", skipped)
			}
			sh.tick(1 + skipped)
		}
	}
}

// tick moves all streams on: first everybody is heard, then everybody is spoken
// to. Streams that have nothing to do with another in this tick are split among the
// processors. steps is more than one after the machine stood still: time went on, but
// the sound of it is not sent late.
func (sh *shard) tick(steps int) {
	now := sh.now.Add(int64(steps * hal.FrameSamples))
	sh.bound, sh.alone = sh.bound[:0], sh.alone[:0]
	for _, s := range sh.list() {
		switch {
		case !s.begin(now):
		case s.alone:
			sh.alone = append(sh.alone, s)
		default:
			sh.bound = append(sh.bound, s)
		}
	}
	shift := sh.crew.begin(sh.alone, now)
	for _, s := range sh.bound {
		s.listen(now)
	}
	for _, s := range sh.bound {
		s.speak(now)
	}
	shift.finish()
}
