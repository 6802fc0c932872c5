package media

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// Stream is the audio side of one leg. It implements call.Audio.
type Stream struct {
	engine *Engine
	leg    call.LegID
	log    *slog.Logger
	post   func(call.Event)

	rtp  *session // one of the two is set
	line *port

	plan   atomic.Pointer[plan]
	plays  atomic.Uint64
	closed bool    // guarded by engine.control
	video  *Stream // its picture, nil if none; guarded by engine.control
	mark   bookmark

	keys   keyer    // keys on their way to the party
	typing keyboard // keys that the party presses

	taps atomic.Pointer[[]call.Tap] // never changed once stored
	over atomic.Pointer[player]     // announced over what the party hears
	loud atomic.Int32               // see Room.Loud

	// Touched by the tick only.
	cur      *plan             // the plan of this tick
	relayed  bool              // it is to be relayed both ways
	alone    bool              // nobody else's sound is needed in this tick
	looked   int64             // engine time of the last tick that was not still
	band     band              // of the party's codec in this tick
	said     [wide]int16       // what the party said in this tick, silence when nothing
	saying   bool              // said is not just silence
	heard    [wide]int16       // what it was let hear
	share    int32             // how loud it is in its room's mix
	other    *other            // made when that is first wanted
	program  doubler           // of what it is played
	aside    doubler           // of what is announced to it
	ducked   int32             // how much lower it hears the rest, of unity
	detector *dsp.DTMFDetector // made when keys are first looked for
	telling  bool              // the key that the detector hears is a new one
}

var _ call.Audio = (*Stream)(nil)

// other is what a party says in the band that it does not have.
type other struct {
	said   [wide]int16
	at     int64 // engine time of it
	across converter
}

// port is the device side of a line stream.
type port struct{ in, out frameQueue }

// Stats are what a stream counted in its life.
type Stats struct {
	PacketsIn  uint64 // accepted
	PacketsOut uint64
	Lost       uint64 // never came
	Late       uint64 // came after their time to be heard
	Duplicate  uint64
	Refused    uint64        // from a wrong source, or not RTP of this session
	Forged     uint64        // SRTP that failed authentication
	Concealed  uint64        // frames of 20 ms made up for loss
	Overrun    uint64        // frames of a line dropped because clocks drifted
	Jitter     time.Duration // at the end (RFC 3550 6.4.1)
}

func (e *Engine) newStream(leg call.LegID, post func(call.Event)) *Stream {
	s := &Stream{engine: e, leg: leg, post: post, log: e.opts.Log.With("leg", leg)}
	s.plan.Store(silent)
	s.taps.Store(new([]call.Tap))
	return s
}

// Close ends the stream and gives its port back. Whoever was connected to it
// hears silence; a program that was playing is told as cut. Only the first call
// returns the stream's statistics.
func (s *Stream) Close() Stats {
	e := s.engine
	e.control.Lock()
	if s.closed {
		e.control.Unlock()
		return Stats{}
	}
	s.closed = true
	cut := s.swap(silent)
	video := s.video
	e.control.Unlock()

	if video != nil {
		video.Close()
	}
	e.shard.remove(s)
	s.tell(cut, true)
	if s.rtp != nil {
		s.rtp.bye(s)
		s.closeSecond()
		if err := s.rtp.conn.Close(); err != nil {
			s.log.Warn("closing RTP socket failed", "error", err)
		}
		e.ports.release(s.rtp.port)
	}
	return s.Stats()
}

// Stats are the stream's counts so far.
func (s *Stream) Stats() Stats {
	if s.line != nil {
		return Stats{Overrun: s.line.in.overrun() + s.line.out.overrun()}
	}
	return s.rtp.stats()
}

// Push takes a frame that the line's party said. It never blocks.
func (s *Stream) Push(f *frame) { s.line.in.put(f) }

// Pull is the next frame for the line's party, silence when there is none. It
// never blocks.
func (s *Stream) Pull(f *frame) { s.line.out.take(f) }

// stillTime is how long nothing must have come from a party that is relayed before the
// tick leaves its stream alone, and how often it then looks all the same, for the
// party's time-out.
const stillTime = hal.Rate

// still tells whether a tick has nothing to do for the stream.
func (s *Stream) still(now int64) bool {
	return s.relayed && now-s.rtp.heard.Load() > stillTime && now-s.looked < stillTime && s.plan.Load() == s.cur && !s.keys.busy.Load()
}

// begin takes the plan of a tick. It is false when there is nothing to do.
func (s *Stream) begin(now int64) bool {
	if s.still(now) {
		return false
	}
	p := s.plan.Load()
	s.cur, s.looked = p, now
	s.relayed = p.hearsRelay && p.saysRelay
	s.alone = p.room == nil && (p.peer == nil || p.peer == s || s.relayed) && !s.tapped()
	return true
}

// listen takes what the party said in this tick and looks for keys in it.
func (s *Stream) listen(now int64) {
	tones := true // a line's keys are tones
	if s.rtp != nil {
		p := s.rtp.params.Load()
		if tones = false; p != nil {
			s.band, tones = p.Codec.band(), p.Receive && p.tones()
		}
		s.rtp.watch(s, p, now)
		s.rtp.report(s, p, now)
	}
	s.saying = false
	if tones || s.tapped() || s.cur.room != nil || s.cur.peer != nil && !s.cur.saysRelay {
		s.take(now)
	} else if s.rtp != nil {
		s.rtp.wanted.Store(false)
	}
	if tones {
		s.findKeys(now)
	} else if s.rtp != nil && s.rtp.key.down.Load() {
		s.mute()
	}
	if s.cur.room != nil {
		s.cur.room.add(now, s)
	}
}

// take reads the next frame from the party.
func (s *Stream) take(now int64) {
	if s.line != nil {
		s.saying = s.line.in.take((*frame)(s.said[:narrow]))
		return
	}
	var in *inbox
	if q := s.rtp.params.Load(); q != nil && q.Other == "" {
		in = s.rtp.inbox()
	}
	if in == nil {
		s.said = [wide]int16{}
		return
	}
	if !s.rtp.wanted.Swap(true) {
		in.Reset() // what was there is old
		s.rtp.recall.prime(in, now)
	}
	s.band = in.band
	s.saying = in.Get(s.voice()) || s.rtp.noise.fill(s.voice())
}

// voice is what the party said in this tick.
func (s *Stream) voice() []int16 { return s.said[:s.band.samples()] }

// in is what the party said in this tick, in a band.
func (s *Stream) in(b band, now int64) []int16 {
	if b == s.band {
		return s.voice()
	}
	o := s.other
	if o == nil {
		o = &other{}
		s.other = o
	}
	if o.at != now {
		o.at = now
		o.across.convert(o.said[:b.samples()], s.voice())
	}
	return o.said[:b.samples()]
}

// speak lets the party hear what its plan says.
func (s *Stream) speak(now int64) {
	p := s.cur
	if s.speakKey(p, now) {
		return
	}
	if p.player != nil && s.speakBytes(p, now) || p.hearsRelay {
		return
	}
	heard := s.heard[:s.band.samples()]
	clear(heard)
	switch {
	case p.player != nil:
		p.player.samples(heard, &s.program, now)
	case p.room != nil:
		p.room.begin(now)
		p.room.without(s, now, heard)
	case p.peer == s && s.saying, p.peer != nil && p.peer.cur.peer == s && !p.peer.alone && p.peer.saying:
		copy(heard, p.peer.in(s.band, now))
	}
	s.announced(heard, now)
	s.tap(heard)
	if s.line != nil {
		s.line.out.put((*frame)(heard))
	} else {
		s.rtp.sendFrame(s, heard, now)
	}
	s.played(p)
}

// speakBytes plays the next 20 ms of a program in the bytes that the library keeps.
// It is false where those are of no use.
func (s *Stream) speakBytes(p *plan, now int64) bool {
	if s.rtp == nil || s.tapped() || s.over.Load() != nil {
		return false
	}
	c := s.codec()
	if !p.player.in(c) {
		return false
	}
	var bytes [narrow]byte
	n := p.player.fill(bytes[:], c, now)
	fillSilence(bytes[n:], c)
	s.rtp.send(s, c, bytes[:], now)
	s.played(p)
	return true
}

// codec is what the party is sent.
func (s *Stream) codec() Codec {
	if s.rtp != nil {
		if p := s.rtp.params.Load(); p != nil {
			return p.Codec
		}
	}
	return linearCodec
}

// played tells of a program whose sounds are over. Music beneath them goes on.
func (s *Stream) played(p *plan) {
	if p.player == nil || p.player.speaks() {
		return
	}
	if p.player.under != nil || s.plan.CompareAndSwap(p, silent) {
		s.tell(p.player, false)
	}
}
