package media

import (
	"log/slog"
	"sync/atomic"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// player is one program on its way to one party or room. Only the tick moves it
// on; over alone is shared, and decides who tells of its end.
type player struct {
	id    call.PlayID
	parts []part
	loop  bool
	at    int // part that plays
	pos   int // samples of it played
	over  atomic.Bool
}

// part is one sound of a program.
type part struct {
	clip    *clip // nil is a pause
	samples int   // length
	kind    partKind
}

type partKind uint8

const (
	once   partKind = iota
	cycled          // a tone: from its start again and again
	live            // music: heard from where it is now, the same for all listeners
)

// newPlayer looks the sounds of a program up. What is missing is left out, with
// a line in the log: a caller must not wait in silence for a lost file.
func newPlayer(id call.PlayID, p call.Program, lib *Library, log *slog.Logger) *player {
	pl := &player{id: id, loop: p.Loop}
	for _, s := range p.Sounds {
		next := part{kind: once}
		name := s.Prompt
		switch {
		case s.Music != "":
			name, next.kind = musicPrefix+s.Music, live
		case s.Tone != "":
			name, next.kind = tonePrefix+s.Tone, cycled
		case s.Prompt == "":
			if next.samples = dsp.Samples(s.Pause); next.samples > 0 {
				pl.parts = append(pl.parts, next)
			}
			continue
		}
		next.clip = lib.get(name)
		if next.clip == nil {
			log.Warn("sound is missing", "name", name)
			if next.kind == live && name != defaultMusic {
				next.clip = lib.get(defaultMusic)
			}
		}
		if next.clip != nil {
			next.samples = len(next.clip.data[0])
			pl.parts = append(pl.parts, next)
		}
	}
	return pl
}

// fill writes the next samples of the program in a codec and returns how many
// there were: fewer than asked for at its end. now is the engine's sample count,
// by which music runs.
func (p *player) fill(dst []byte, c Codec, now int64) (n int) {
	for n < len(dst) && !p.ended() {
		s := &p.parts[p.at]
		switch s.kind {
		case live:
			p.pos = int((now + int64(n)) % int64(s.samples))
		case cycled:
			p.pos %= s.samples
		}
		m := min(s.samples-p.pos, len(dst)-n)
		if s.clip != nil {
			copy(dst[n:n+m], s.clip.data[c][p.pos:])
		} else {
			fillSilence(dst[n:n+m], c)
		}
		n += m
		if p.pos += m; p.pos == s.samples && s.kind == once {
			p.at, p.pos = p.at+1, 0
			if p.loop && p.at == len(p.parts) {
				p.at = 0
			}
		}
	}
	return n
}

// pcm writes the next samples of the program, and silence after its end.
func (p *player) pcm(dst []int16, now int64) {
	var bytes [narrow]byte
	n := p.fill(bytes[:len(dst)], linearCodec, now)
	fillSilence(bytes[n:], linearCodec)
	linearCodec.decode(dst, bytes[:len(dst)])
}

// samples writes the next 20 ms of the program in the band of dst.
func (p *player) samples(dst []int16, up *doubler, now int64) {
	if len(dst) == narrow {
		p.pcm(dst, now)
		return
	}
	var pcm [narrow]int16
	var in, out block
	p.pcm(pcm[:], now)
	widen(in[:], pcm[:])
	up.process(out[:], in[:narrow])
	squash(dst, out[:])
}

// ended tells whether everything was played. A loop in which every sound was
// missing ends at once.
func (p *player) ended() bool { return p.at == len(p.parts) }

func fillSilence(dst []byte, c Codec) {
	silence := c.silence()
	for i := range dst {
		dst[i] = silence
	}
}

// finish claims the player's end: true for the first who asks.
func (p *player) finish() bool { return p.over.CompareAndSwap(false, true) }
