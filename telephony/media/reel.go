package media

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// TapePage is how many bytes of a tape are read at once: 4.096 seconds of any codec.
const TapePage = 32 << 10

// Tape is a sound that is too long to be kept in memory. ReadPage reads the n-th
// TapePage bytes of it in a codec into dst, and may wait for the disk; it is called
// by the library's own goroutine only.
type Tape interface {
	Samples() int // at 8000 a second, which is the bytes in each codec
	ReadPage(c Codec, n int, dst []byte) error
}

// reel is a tape with the pages of it that somebody hears now. The tick copies from
// pages that are there and asks for the next before it needs it; a page that comes
// too late is heard as silence.
type reel struct {
	tape  Tape
	pages [codecs][]atomic.Pointer[page]
}

// page is a part of a tape in memory. data is nil while it is being read.
type page struct {
	data []byte
	used atomic.Int64 // engine time
}

func newReel(t Tape) *reel {
	r := &reel{tape: t}
	for c := range r.pages {
		r.pages[c] = make([]atomic.Pointer[page], (t.Samples()+TapePage-1)/TapePage)
	}
	return r
}

// errand is something that the library's goroutine does for the tick: to read a page
// of a clip, or to encode a short clip in a wide codec.
type errand struct {
	clip  *clip
	codec Codec
	page  int
}

// loading marks a page that has been asked for.
var loading = &page{}

// want asks for a page unless it is there or on its way.
func (l *Library) want(c *clip, codec Codec, n int) {
	if c.reel == nil {
		if codec.wide() && c.wide.Load() == nil {
			l.send(errand{clip: c, codec: codec})
		}
		return
	}
	slot := &c.reel.pages[codec][n]
	if slot.CompareAndSwap(nil, loading) && !l.send(errand{c, codec, n}) {
		slot.Store(nil)
	}
}

func (l *Library) send(e errand) bool {
	select {
	case l.errands <- e:
		return true
	default:
		return false
	}
}

// copy writes what a clip sounds like from pos on.
func (l *Library) copy(dst []byte, c *clip, codec Codec, pos int, now int64) {
	if c.reel == nil {
		if codec.wide() {
			copy(dst, (*c.wide.Load())[pos:])
		} else {
			copy(dst, c.data[codec][pos:])
		}
		return
	}
	for len(dst) > 0 {
		n := pos / TapePage
		m := min(len(dst), (n+1)*TapePage-pos)
		if p := c.reel.pages[codec][n].Load(); p != nil && p != loading {
			copy(dst[:m], p.data[pos%TapePage:])
			p.used.Store(now)
		} else {
			l.want(c, codec, n)
			fillSilence(dst[:m], codec)
		}
		dst, pos = dst[m:], pos+m
	}
	if next := pos/TapePage + 1; next < len(c.reel.pages[codec]) {
		l.want(c, codec, next)
	}
}

// kept is how long a page stays that nobody hears, in samples.
const kept = 20 * 8000

// Run reads tapes ahead of the tick until ctx ends. It belongs to the engine.
func (l *Library) run(ctx context.Context, now func() int64, log *slog.Logger) {
	var held []errand
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-l.errands:
			if e.clip.reel == nil {
				e.clip.widen()
				continue
			}
			p := &page{data: make([]byte, TapePage)}
			p.used.Store(now())
			if err := e.clip.reel.tape.ReadPage(e.codec, e.page, p.data); err != nil {
				log.Error("music cannot be read", "name", e.clip.name, "error", err)
				fillSilence(p.data, e.codec)
			}
			e.clip.reel.pages[e.codec][e.page].Store(p)
			held = drop(append(held, e), now()-kept)
		}
	}
}

// drop gives back the pages that nobody has heard since a time.
func drop(held []errand, since int64) []errand {
	rest := held[:0]
	for _, e := range held {
		slot := &e.clip.reel.pages[e.codec][e.page]
		if slot.Load().used.Load() < since {
			slot.Store(nil)
		} else {
			rest = append(rest, e)
		}
	}
	clear(held[len(rest):])
	return rest
}
