package media

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// crew is the goroutines, one for each further processor, that help the clock with
// streams that need nobody else's: those that hear music, and those that are relayed and
// listened to for keys. Whoever is free takes the next few.
type crew struct {
	calls chan shift // nil while there is no helper
	turn  uint32     // the tick's
	// next is the turn, and in the lower half the first stream that nobody has taken.
	next atomic.Uint64
	left atomic.Int64
	done chan struct{} // has something in it when helpers were called and none is left
}

// shift is a tick's work for a crew.
type shift struct {
	crew    *crew
	turn    uint32
	streams []*Stream
	now     int64
	called  bool
}

const (
	handful = 16          // streams that are taken at once
	many    = 4 * handful // for which it is worth to call for help
)

func newCrew() *crew { return &crew{done: make(chan struct{}, 1)} }

// start has the helpers ready until stop.
func (c *crew) start() (stop func()) {
	helpers := runtime.GOMAXPROCS(0) - 1
	if helpers == 0 {
		return func() {}
	}
	calls := make(chan shift, helpers)
	var all sync.WaitGroup
	for range helpers {
		all.Go(func() {
			for sh := range calls {
				sh.work()
			}
		})
	}
	c.calls = calls
	return func() { c.calls = nil; close(calls); all.Wait() }
}

// begin calls for help with streams, which must not change until finish.
func (c *crew) begin(streams []*Stream, now int64) shift {
	c.turn++
	c.next.Store(uint64(c.turn) << 32)
	c.left.Store(int64(len(streams)))
	sh := shift{c, c.turn, streams, now, c.calls != nil && len(streams) >= many}
	for i := 0; sh.called && i < cap(c.calls); i++ {
		select {
		case c.calls <- sh:
		default: // they have not even come to the last one
		}
	}
	return sh
}

// finish does what nobody has taken and waits for the rest.
func (sh shift) finish() {
	sh.work()
	if sh.called {
		<-sh.crew.done
	}
}

// work hears and speaks to streams until none is left to take, or the turn is over: then
// the streams may be those of another tick, and are not looked at.
func (sh shift) work() {
	c := sh.crew
	for {
		next := c.next.Load()
		from := int(uint32(next))
		if uint32(next>>32) != sh.turn || from >= len(sh.streams) {
			return
		}
		if !c.next.CompareAndSwap(next, next+handful) {
			continue
		}
		some := sh.streams[from:min(from+handful, len(sh.streams))]
		for _, s := range some {
			s.listen(sh.now)
			s.speak(sh.now)
		}
		if c.left.Add(-int64(len(some))) == 0 && sh.called {
			c.done <- struct{}{}
		}
	}
}
