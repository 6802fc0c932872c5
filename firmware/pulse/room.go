package pulse

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/health"
)

// every is how often it feels.
const every = 30 * time.Second

// Options are what the room needs from the house.
type Options struct {
	Clock  clock.Clock
	Health *health.Board
	Phones func() int // how many are registered now
	Stat   string     // empty: /proc/stat
}

// Room feels the pulse.
type Room struct {
	opts   Options
	phones crowd
	cpu    load
}

// New makes a room.
func New(o Options) *Room {
	if o.Stat == "" {
		o.Stat = "/proc/stat"
	}
	return &Room{opts: o}
}

// Run feels until ctx ends.
func (r *Room) Run(ctx context.Context) error {
	grid := clock.NewGrid(r.opts.Clock, every)
	for {
		if _, _, ok := grid.Wait(ctx); !ok {
			return nil
		}
		n := r.opts.Phones()
		r.tell("phones-lost", r.phones.feel(n), fmt.Sprintf("%d / %d", n, r.phones.most))
		busy, idle, ok := times(r.opts.Stat)
		if ok {
			r.tell("cpu-busy", r.cpu.feel(busy, idle), fmt.Sprintf("%d %%", r.cpu.percent))
		}
	}
}

func (r *Room) tell(kind string, wrong bool, detail string) {
	if wrong {
		r.opts.Health.Raise(kind, detail)
	} else {
		r.opts.Health.Clear(kind)
	}
}

// How a crowd is judged: half of it, and so many at least, lost within this many looks
// are a problem until three quarters are back, or until it has lasted so long that it
// must be meant.
const (
	leastLost = 4
	lookBack  = 20 // ten minutes
	givenUp   = 24 * 60 * 2
)

// crowd is a number of things that should not fall at once.
type crowd struct {
	past []int // the last looks
	most int   // of those before it fell
	lost int   // looks since; 0: it has not
}

// feel looks at the number now and tells whether too many are lost.
func (c *crowd) feel(n int) bool {
	if c.lost > 0 {
		if c.lost++; 4*n < 3*c.most && c.lost < givenUp {
			return true
		}
		c.lost, c.past = 0, nil
	}
	c.past = append(c.past, n)
	c.past = c.past[max(0, len(c.past)-lookBack):]
	c.most = 0
	for _, p := range c.past {
		c.most = max(c.most, p)
	}
	if c.most-n >= leastLost && 2*n <= c.most {
		c.lost = 1
	}
	return c.lost > 0
}

// How a processor is judged, over so many looks.
const (
	loadLooks = 10 // five minutes
	tooBusy   = 90 // percent
	restedBy  = 75
)

// load is how busy the processor is.
type load struct {
	past    [][2]uint64 // busy and idle ticks, as of the last looks
	percent int
	wrong   bool
}

// feel takes the ticks as of now, and tells whether it has no rest.
func (l *load) feel(busy, idle uint64) bool {
	l.past = append(l.past, [2]uint64{busy, idle})
	if len(l.past) <= loadLooks {
		return false
	}
	l.past = l.past[len(l.past)-loadLooks-1:]
	b, i := busy-l.past[0][0], idle-l.past[0][1]
	if b+i == 0 {
		return l.wrong
	}
	l.percent = int(100 * b / (b + i))
	l.wrong = l.percent >= tooBusy || l.wrong && l.percent > restedBy
	return l.wrong
}

// times are the ticks of all processors together (proc_stat(5)): user, nice, system,
// idle, iowait, irq, softirq, steal.
func times(path string) (busy, idle uint64, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, false
	}
	line, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, 0, false
	}
	for i, f := range fields[1:9] {
		n, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			return 0, 0, false
		}
		if i == 3 || i == 4 {
			idle += n
		} else {
			busy += n
		}
	}
	return busy, idle, true
}
