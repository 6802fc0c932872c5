package sim

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
)

// glance is what a far end shows at a moment.
type glance struct {
	state   loop.OfficeState
	keys    int
	ringing bool
	caller  dsp.CallerID
}

// watch tells that a glance has changed by closing a channel.
type watch struct {
	seen    glance
	changed chan struct{}
}

func (w *watch) init(g glance) { w.seen, w.changed = g, make(chan struct{}) }

// look compares and reports whether there was a change.
func (w *watch) look(g glance) bool {
	if g == w.seen {
		return false
	}
	close(w.changed)
	w.init(g)
	return true
}

// recording keeps what a far end heard.
type recording struct{ pcm []int16 }

const maxRecording = 10 * 60 * hal.Rate

func (r *recording) add(f *hal.Frame) {
	if len(r.pcm) < maxRecording {
		r.pcm = append(r.pcm, f[:]...)
	}
}

func (r *recording) clear() { r.pcm = r.pcm[:0] }

func (r *recording) length() time.Duration {
	return time.Duration(len(r.pcm)) * time.Second / hal.Rate
}

func (r *recording) copy() []int16 { return slices.Clone(r.pcm) }
