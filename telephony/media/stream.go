package media

import (
	"log/slog"
	"sync/atomic"
	"time"

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
	closed bool // guarded by engine.control

	// keys are those received as packets that the party's peer must hear as tones.
	keys chan string

	// Touched by the tick only.
	cur      *plan // the plan of this tick
	said     frame // what the party said in this tick
	saying   bool  // said is not just silence
	detector *dsp.DTMFDetector
	dialler  *dsp.DTMFSender
}

var _ call.Audio = (*Stream)(nil)

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
	s := &Stream{engine: e, leg: leg, post: post, log: e.opts.Log.With("leg", leg),
		keys: make(chan string, maxKeys), detector: dsp.NewDTMFDetector(), dialler: dsp.NewDTMFSender()}
	s.plan.Store(silent)
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
	e.control.Unlock()

	e.shard.remove(s)
	s.tell(cut, true)
	if s.line != nil {
		return Stats{Overrun: s.line.in.overrun() + s.line.out.overrun()}
	}
	if err := s.rtp.conn.Close(); err != nil {
		s.log.Warn("closing RTP socket failed", "error", err)
	}
	e.ports.release(s.rtp.port)
	return s.rtp.stats()
}

// Push takes a frame that the line's party said. It never blocks.
func (s *Stream) Push(f *frame) { s.line.in.put(f) }

// Pull is the next frame for the line's party, silence when there is none. It
// never blocks.
func (s *Stream) Pull(f *frame) { s.line.out.take(f) }

// listen takes what the party said in this tick and looks for keys in it.
func (s *Stream) listen(now int64) {
	s.cur = s.plan.Load()
	tapped := true // a line's keys are tones
	if s.rtp != nil {
		p := s.rtp.params.Load()
		tapped = p != nil && p.Receive && p.DTMF == 0
		s.rtp.watch(s, p, now)
	}
	s.saying = false
	if needed := tapped || s.cur.room != nil || s.cur.peer != nil && !s.cur.saysRelay; needed {
		s.saying = s.take()
	} else if s.rtp != nil {
		s.rtp.wanted.Store(false)
	}
	if tapped && (s.saying || !s.detector.AtRest()) {
		for _, k := range s.detector.Feed(&s.said) {
			if !k.Down {
				s.post(call.Pressed{Leg: s.leg, Digit: k.Digit, Duration: k.Duration})
			}
		}
	}
	if s.cur.room != nil {
		s.cur.room.add(now, s.spoken())
	}
}

// take reads the next frame from the party.
func (s *Stream) take() bool {
	if s.line != nil {
		return s.line.in.take(&s.said)
	}
	if !s.rtp.wanted.Swap(true) {
		s.rtp.in.reset() // what was there is old
	}
	return s.rtp.in.read(&s.said)
}

// spoken is what the party said in this tick, nil for silence.
func (s *Stream) spoken() *frame {
	if s.saying {
		return &s.said
	}
	return nil
}

// speak lets the party hear what its plan says.
func (s *Stream) speak(now int64) {
	p := s.cur
	var f frame
	switch {
	case p.player != nil:
		s.speakProgram(p, now)
		return
	case p.hearsRelay:
		return
	case p.room != nil:
		p.room.without(s.spoken(), &f)
	case p.peer != nil:
		if p.peer.saying && p.peer.cur.peer == s {
			f = p.peer.said
		}
		s.dial(&f)
	}
	if s.line != nil {
		s.line.out.put(&f)
		return
	}
	s.rtp.sendFrame(s, &f, now)
}

// speakProgram plays the next 20 ms of a program, in the bytes that the library
// keeps where that is possible.
func (s *Stream) speakProgram(p *plan, now int64) {
	c := linearCodec
	if s.rtp != nil {
		if params := s.rtp.params.Load(); params != nil {
			c = params.Codec
		}
	}
	var bytes [len(frame{})]byte
	n := p.player.fill(bytes[:], c, now)
	fillSilence(bytes[n:], c)
	if s.line != nil {
		var f frame
		c.decode(f[:], bytes[:])
		s.line.out.put(&f)
	} else {
		s.rtp.send(s, c, bytes[:], now)
	}
	if p.player.ended() && s.plan.CompareAndSwap(p, silent) {
		s.tell(p.player, false)
	}
}
