package sim

import (
	"slices"
	"sync"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
)

// How much may wait: frames in each direction, events for a slow reader and
// more of them if they cannot be told in fewer.
const (
	maxFrames  = 4
	maxEvents  = 64
	maxBacklog = 256
)

// port is what both kinds have.
type port struct {
	id     string
	kind   hal.Kind
	events chan hal.Event
	ready  chan struct{} // holds one token when a frame may be waiting
	done   chan struct{} // closed with the port

	mu      sync.Mutex // guards all below, and the line with both its ends
	line    *loop.Line
	now     time.Time // of the present step
	fromBox queue
	toBox   queue
	audio   Audio
	active  bool // the box was sending audio
	backlog []hal.Event
	closed  bool
}

// Audio counts what went wrong between the line's pace and the reader's.
type Audio struct {
	Overruns  uint64 // frames from the line that nobody read in time
	Underruns uint64 // steps for which the box had stopped giving audio
	Dropped   uint64 // frames of the box that came too early
}

func newPort(id string, kind hal.Kind) port {
	return port{
		id: id, kind: kind,
		events: make(chan hal.Event, maxEvents),
		ready:  make(chan struct{}, 1),
		done:   make(chan struct{}),
	}
}

// ID implements hal.Port.
func (p *port) ID() string { return p.id }

// Kind implements hal.Port.
func (p *port) Kind() hal.Kind { return p.kind }

// Events implements hal.Port.
func (p *port) Events() <-chan hal.Event { return p.events }

// ReadFrame implements hal.Port.
func (p *port) ReadFrame(f *hal.Frame) error {
	for {
		p.mu.Lock()
		ok, closed := p.toBox.pop(f), p.closed
		p.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed:
			return hal.ErrClosed
		}
		select {
		case <-p.ready:
		case <-p.done:
		}
	}
}

// WriteFrame implements hal.Port.
func (p *port) WriteFrame(f *hal.Frame) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return hal.ErrClosed
	}
	if !p.fromBox.push(f) {
		p.audio.Dropped++
	}
	return nil
}

// Audio tells the port's counters.
func (p *port) Audio() Audio {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.audio
}

// send gives the box's next frame to the line.
func (p *port) send(voice []float64) {
	var f hal.Frame
	if p.fromBox.pop(&f) {
		p.active = true
	} else if p.active {
		p.active = false
		p.audio.Underruns++
	}
	for i, x := range f {
		voice[i] = float64(x)
	}
}

// receive gives the line's frame to the box.
func (p *port) receive(voice []float64) {
	var f hal.Frame
	for i, x := range voice {
		f[i] = dsp.Sample(x)
	}
	if !p.toBox.push(&f) {
		p.audio.Overruns++
	}
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// post tells an event. What the reader has no room for waits; there, a state
// event replaces the one of its kind, and hook events are kept.
func (p *port) post(e hal.Event) {
	e.At = p.now
	if len(p.backlog) > 0 && !isHook(e.Kind) {
		p.backlog = slices.DeleteFunc(p.backlog, func(old hal.Event) bool { return old.Kind == e.Kind })
	}
	if len(p.backlog) < maxBacklog {
		p.backlog = append(p.backlog, e)
	}
	p.flush()
}

func (p *port) flush() {
	for len(p.backlog) > 0 {
		select {
		case p.events <- p.backlog[0]:
			p.backlog = p.backlog[:copy(p.backlog, p.backlog[1:])]
		default:
			return
		}
	}
}

func isHook(k hal.EventKind) bool {
	return k == hal.Hook || k == hal.FlashHook || k == hal.PulseDigit
}

// shut ends the port's life after its line has reached its safe state.
func (p *port) shut() {
	p.flush()
	p.closed = true
	close(p.done)
	close(p.events)
}

// queue is a ring of frames.
type queue struct {
	frames  [maxFrames]hal.Frame
	head, n int
}

// push adds a frame; false means that the oldest had to go for it.
func (q *queue) push(f *hal.Frame) bool {
	room := q.n < maxFrames
	if !room {
		q.head = (q.head + 1) % maxFrames
		q.n--
	}
	q.frames[(q.head+q.n)%maxFrames] = *f
	q.n++
	return room
}

func (q *queue) pop(f *hal.Frame) bool {
	if q.n == 0 {
		return false
	}
	*f = q.frames[q.head]
	q.head = (q.head + 1) % maxFrames
	q.n--
	return true
}
