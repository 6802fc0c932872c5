package record

import (
	"os"
	"sync"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

const (
	ticks    = 50                     // of the media clock in a second
	waiting  = 16000 * 2              // samples that wait for the writer: a second of wide stereo
	shortest = 100 * time.Millisecond // gap that is marked
	silences = 200 * time.Hour        // more than any call lasts
)

// take is one recording that goes on. It is the tap of a leg.
type take struct {
	room *Room
	tell call.Sink // of its end when nobody asked for that; nil: nobody is told
	mono bool

	mu      sync.Mutex // held for a copy, never while the disk is written
	cur     []int16    // left and right in turn, not taken by the writer yet
	rate    int        // 0 before the first frame
	turned  bool       // the one tapped is on the right
	paused  bool
	ended   bool
	why     string // it ended early
	frames  int64  // kept so far
	dropped int64
	since   time.Time // paused
	entry   Entry

	// Touched by the writer only.
	spare  []int16
	file   *os.File
	size   int64 // of the sound written
	marked int64 // and in the header
	head   time.Time
}

var _ call.Take = (*take)(nil)

// Name is the recording's ID.
func (t *take) Name() string { return t.entry.ID }

// Frame keeps 20 ms.
func (t *take) Frame(said, heard []int16) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paused || t.ended {
		return
	}
	if t.rate == 0 {
		t.rate = len(said) * ticks
	}
	n, channels := t.rate/ticks, 2
	if t.mono {
		channels = 1
	}
	at := len(t.cur)
	if at+n*channels > cap(t.cur) {
		t.dropped++
		return
	}
	t.frames++
	t.cur = t.cur[:at+n*channels]
	if t.mono {
		fill(t.cur[at:], heard, 1, n)
		return
	}
	if t.turned {
		said, heard = heard, said
	}
	if len(said) == n && len(heard) == n {
		both := t.cur[at : at+2*n]
		for i, x := range said {
			both[2*i], both[2*i+1] = x, heard[i]
		}
		return
	}
	fill(t.cur[at:], said, 2, n)
	fill(t.cur[at+1:], heard, 2, n)
}

// fill writes n samples of a frame, step apart. One of the other rate, after a transfer
// from a wide phone to a narrow one, is halved or doubled on the way.
func fill(out, frame []int16, step, n int) {
	switch {
	case len(frame) == n:
		for i, x := range frame {
			out[i*step] = x
		}
	case len(frame) == 2*n:
		for i := range n {
			out[i*step] = int16((int32(frame[2*i]) + int32(frame[2*i+1])) / 2)
		}
	case 2*len(frame) == n:
		for i, x := range frame {
			next := frame[min(i+1, len(frame)-1)]
			out[2*i*step], out[(2*i+1)*step] = x, int16((int32(x)+int32(next))/2)
		}
	}
}

// With notes who takes part.
func (t *take) With(talk call.Talk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a := talk.Agent; a != "" && len(t.entry.With) < maxWith && !contains(t.entry.With, a) {
		t.entry.With = append(t.entry.With, a)
	}
}

// Pause leaves out what follows, and marks where.
func (t *take) Pause(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paused == on || t.ended {
		return
	}
	t.paused = on
	if on {
		t.since = t.room.opts.Clock.Now()
		return
	}
	t.mark()
}

// mark notes the gap that is over. The caller holds t.mu.
func (t *take) mark() {
	if gap := t.room.opts.Clock.Now().Sub(t.since); gap >= shortest && gap < silences && len(t.entry.Gaps) < maxGaps {
		t.entry.Gaps = append(t.entry.Gaps, Gap{At: t.frames * 1000 / ticks, Lasts: gap.Milliseconds()})
	}
}

// Turn lets the parties change sides.
func (t *take) Turn() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turned = !t.turned
}

// End ends the recording; the writer does the rest.
func (t *take) End() { t.stop("") }

// stop ends it early, for a reason.
func (t *take) stop(why string) {
	t.mu.Lock()
	lost := !t.ended && why != ""
	if !t.ended {
		t.ended, t.why = true, why
	}
	t.mu.Unlock()
	if lost && t.tell != nil {
		t.tell.Post(call.Lost{Name: t.entry.ID})
	}
	t.room.poke()
}

// piece is what the writer takes at a time.
func (t *take) piece() (samples []int16, rate int, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	samples = t.cur
	t.cur, t.spare = t.spare[:0], samples
	return samples, t.rate, t.ended
}
