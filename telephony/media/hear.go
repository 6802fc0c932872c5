package media

import (
	"log/slog"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// Hearing is a program as a party hears it, without a call: for trying things out.
type Hearing struct {
	p   *player
	now int64
}

// Hear begins a program at a time, by which continuous music runs.
func (l *Library) Hear(p call.Program, at time.Time) *Hearing {
	return &Hearing{p: newPlayer(0, p, l, nil, slog.New(slog.DiscardHandler)), now: at.UnixMilli() * (narrow / 20)}
}

// Frame writes the next 20 ms: 160 samples, silence after the end.
func (h *Hearing) Frame(dst []int16) {
	h.p.prepare(linearCodec, h.now)
	h.p.pcm(dst, h.now)
	h.now += narrow
}

// Length is how long the program's words last; ends is false if what follows or
// repeats them goes on for ever.
func (h *Hearing) Length() (d time.Duration, ends bool) {
	n, ends := 0, !h.p.loop && h.p.under == nil
	for _, s := range h.p.parts {
		n += s.samples
		ends = ends && s.music == nil && !s.cycled
	}
	return time.Duration(n) * 125 * time.Microsecond, ends
}
