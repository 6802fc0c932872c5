package media

import (
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// player is one program on its way to one party or room. Only the tick moves it
// on; over alone is shared, and decides who tells of its end.
type player struct {
	id    call.PlayID
	lib   *Library
	parts []part
	loop  bool
	at    int // part that plays
	pos   int // samples of it played
	over  atomic.Bool

	under *place // music beneath the sounds
	gain  int32  // of it now
}

// part is one sound of a program.
type part struct {
	clip    *clip  // nil is a pause
	music   *place // instead of clip
	samples int    // length
	cycled  bool   // a tone: from its start again and again
}

// How music makes way for what is said over it: 12 dB in 200 ms.
const (
	ducked    = unity / 4
	duckStep  = (unity - ducked) / 10 // in a tick
	duckFirst = 8000 / 5              // samples before the first word
)

// newPlayer looks the sounds of a program up. What is missing is left out, with
// a line in the log: a caller must not wait in silence for a lost file. mark is where
// the party was in music of its own; nil for none.
func newPlayer(id call.PlayID, p call.Program, lib *Library, mark *bookmark, log *slog.Logger) *player {
	pl := &player{id: id, lib: lib, loop: p.Loop, gain: unity}
	music := func(class string) *place {
		if pr := lib.music(class, log); pr != nil {
			return pr.listen(lib, mark)
		}
		return nil
	}
	if p.Under != "" {
		if pl.under = music(p.Under); pl.under != nil && len(p.Sounds) > 0 {
			pl.parts = append(pl.parts, part{samples: duckFirst})
		}
	}
	for _, s := range p.Sounds {
		next, name := part{}, s.Prompt
		switch {
		case s.Music != "":
			if next.music = music(s.Music); next.music != nil {
				pl.parts = append(pl.parts, next)
			}
			continue
		case s.Tone != "":
			name, next.cycled = tonePrefix+s.Tone, true
		case s.Prompt == "":
			if next.samples = dsp.Samples(s.Pause); next.samples > 0 {
				pl.parts = append(pl.parts, next)
			}
			continue
		}
		if next.clip = lib.get(name); next.clip == nil {
			log.Warn("sound is missing", "name", name)
			continue
		}
		next.samples = next.clip.samples
		pl.parts = append(pl.parts, next)
	}
	return pl
}

// prepare asks for what the first frames need in a codec.
func (p *player) prepare(c Codec, now int64) {
	for _, s := range p.parts {
		if s.clip != nil {
			p.lib.want(s.clip, c, 0)
		}
		s.music.prepare(c, now)
	}
	p.under.prepare(c, now)
}

func (pl *place) prepare(c Codec, now int64) {
	if pl == nil {
		return
	}
	for _, clip := range pl.of.clips {
		if clip.reel == nil {
			pl.lib.want(clip, c, 0)
		}
	}
	at := pl.at
	if pl.of.continuous {
		at = now
	}
	clip, pos, _ := pl.find(at)
	pl.lib.want(clip, c, pos/TapePage)
}

// in tells whether fill can write the next frame in a codec: law or not, what is
// mixed or not yet encoded is not there in a wide one.
func (p *player) in(c Codec) bool {
	if !c.wide() {
		return true
	}
	if p.under != nil {
		return !p.speaks() && p.gain == unity && p.under.in(c)
	}
	return !slices.ContainsFunc(p.parts, func(s part) bool {
		return s.music != nil && !s.music.in(c) || s.clip != nil && !s.clip.in(c)
	})
}

func (pl *place) in(c Codec) bool {
	return !slices.ContainsFunc(pl.of.clips, func(clip *clip) bool { return !clip.in(c) })
}

// fill writes the next samples of the program in a codec and returns how many
// there were: fewer than asked for at its end. now is the engine's sample count,
// by which music runs. dst is a frame at most.
func (p *player) fill(dst []byte, c Codec, now int64) (n int) {
	if p.under == nil {
		return p.sounds(dst, c, now)
	}
	next := int32(unity)
	if p.speaks() {
		next = ducked
	}
	next = min(max(next, p.gain-duckStep), p.gain+duckStep)
	p.under.fill(dst, c, now)
	if next == unity && p.gain == unity {
		return len(dst)
	}
	var words [narrow]byte
	over := words[:len(dst)]
	n = p.sounds(over, c, now)
	fillSilence(over[n:], c)
	t := &laws[c]
	for i, b := range dst {
		gain := p.gain + (next-p.gain)*int32(i)/int32(len(dst))
		sum := int32(t.linear[b])*gain>>12 + int32(t.linear[over[i]])
		dst[i] = t.bytes[uint16(min(max(sum, -32768), 32767))>>2]
	}
	p.gain = next
	return len(dst)
}

// sounds writes the sounds of the program, without the music beneath.
func (p *player) sounds(dst []byte, c Codec, now int64) (n int) {
	for n < len(dst) && p.speaks() {
		s := &p.parts[p.at]
		if s.music != nil {
			s.music.fill(dst[n:], c, now+int64(n))
			return len(dst)
		}
		m := min(s.samples-p.pos, len(dst)-n)
		if s.clip != nil {
			p.lib.copy(dst[n:n+m], s.clip, c, p.pos, now)
		} else {
			fillSilence(dst[n:n+m], c)
		}
		n += m
		if p.pos += m; p.pos < s.samples {
			continue
		}
		if p.pos = 0; s.cycled {
			continue
		}
		if p.at++; p.loop && p.at == len(p.parts) {
			p.at = 0
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
	p.pcm(pcm[:], now)
	up.widen(dst, pcm[:])
}

// speaks tells whether there are sounds left. A loop in which every sound was
// missing ends at once.
func (p *player) speaks() bool { return p.at < len(p.parts) }

// ended tells whether everything was played. Music goes on until it is cut.
func (p *player) ended() bool { return !p.speaks() && p.under == nil }

// fillSilence writes silence; in G.722 only as long as no coder hears it go on.
func fillSilence(dst []byte, c Codec) {
	silence := c.silence()
	for i := range dst {
		dst[i] = silence
	}
}

// finish claims the end of the player's sounds: true for the first who asks.
func (p *player) finish() bool { return !p.over.Load() && p.over.CompareAndSwap(false, true) }
