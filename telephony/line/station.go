package line

import (
	"strings"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// Times of a phone.
const (
	// firstDigit is how long dial tone waits for a digit, nextDigit how long an
	// incomplete number waits for the next (ITU-T E.180 practice).
	firstDigit = 15 * time.Second
	nextDigit  = 4 * time.Second
	// idDelay is from the end of the first ring to the caller ID (Telcordia
	// GR-30: 0.5 to 1.5 s).
	idDelay = 600 * time.Millisecond
	// maxDigits bounds a dialled number.
	maxDigits = 32
)

type stationState uint8

const (
	stationIdle    stationState = iota
	stationDialing              // off hook, collecting a number
	stationCalling              // number complete, call not answered
	stationRinging              // being called
	stationUp
	stationReleased // the other side has gone, the phone is still off hook
)

// station is an FXS port: an analog phone.
type station struct {
	p  *port
	hw hal.FXS
	st stationState

	number strings.Builder
	since  time.Time // of the state or the last digit
	id     idSender  // caller ID of the call that rings
	idAt   time.Time // when it is sent; zero before the first ring has ended
	busy   *dsp.Tone // while it is released
}

func newStation(p *port, hw hal.FXS) *station {
	return &station{p: p, hw: hw}
}

func (s *station) state() string {
	switch s.st {
	case stationRinging:
		return "ringing"
	case stationUp, stationCalling:
		return "in-call"
	case stationDialing, stationReleased:
		return "off-hook"
	}
	return "idle"
}

// Name is the port.
func (s *station) Name() string { return s.p.hw.ID() }

// Dial rings the phone. A phone that is off hook is busy.
func (s *station) Dial(o call.Offer, sink call.Sink) call.Leg {
	p := s.p
	o.Caller = o.Caller.Shown()
	l := p.makeLeg(call.FXS, call.Party{Number: o.Called})
	l.Attach(sink)
	if !p.do(func() { s.ring(l, o) }) {
		l.end(call.Unreachable)
	}
	return l
}

func (s *station) ring(l *leg, o call.Offer) {
	if s.st != stationIdle || s.p.fault != "" {
		l.end(call.Busy)
		return
	}
	if err := s.hw.Ring(s.p.room.opts.Country.Bell); err != nil {
		s.p.log.Error("cannot ring", "err", err)
		l.end(call.Unreachable)
		return
	}
	s.p.leg, s.st, s.since = l, stationRinging, s.p.now
	s.id, s.idAt = newIDSender(s.p.room.opts.Country.CallerID, s.p.now, o.Caller), time.Time{}
	l.post(call.Ringing{Leg: l.id})
}

func (s *station) event(e hal.Event) {
	switch e.Kind {
	case hal.Hook:
		if e.Off {
			s.lifted()
		} else {
			s.hung()
		}
	case hal.RingOff:
		if s.st == stationRinging && s.idAt.IsZero() {
			s.idAt = s.p.now.Add(idDelay)
		}
	case hal.PulseDigit:
		if s.p.leg != nil {
			s.key(s.p.leg, e.Digit)
		}
	case hal.FlashHook:
		if s.p.leg != nil && s.st == stationUp {
			s.p.leg.post(call.Flashed{Leg: s.p.leg.id})
		}
	}
}

func (s *station) lifted() {
	switch s.st {
	case stationRinging:
		if err := s.hw.StopRing(); err != nil {
			s.p.log.Error("cannot stop ringing", "err", err)
		}
		s.enter(stationUp)
		s.p.leg.post(call.Answered{Leg: s.p.leg.id})
	case stationIdle:
		name, ext := s.p.room.label(s.p.hw)
		l := s.p.newLeg(call.FXS, call.Party{Number: ext, Name: name})
		l.keys = func(d byte) { s.p.do(func() { s.key(l, d) }) }
		s.number.Reset()
		s.enter(stationDialing)
		l.stream.Play(call.Program{Sounds: []call.Sound{{Tone: s.dialTone(ext)}}})
	}
}

// dialTone is the tone that an extension hears when it lifts the phone.
func (s *station) dialTone(ext string) string {
	if s.p.room.opts.Messages(ext) {
		return "stutter"
	}
	return "dial"
}

func (s *station) hung() {
	switch s.st {
	case stationUp:
		s.p.drop(call.Normal)
	case stationDialing, stationCalling:
		s.p.drop(call.Cancelled)
	case stationRinging:
		return // the hook bounces while it rings; only an answer ends ringing
	}
	s.enter(stationIdle)
}

// key takes a digit of the number being dialled.
func (s *station) key(l *leg, d byte) {
	if l != s.p.leg || s.st != stationDialing {
		return
	}
	if s.number.Len() == 0 {
		l.stream.Silence() // dial tone ends with the first digit
	}
	s.since = s.p.now
	if d == '#' && s.number.Len() > 0 {
		s.place()
		return
	}
	s.number.WriteByte(d)
	if s.number.Len() >= maxDigits || s.complete(s.number.String()) {
		s.place()
	}
}

// complete tells that a number exists and no longer one begins with it.
func (s *station) complete(number string) bool {
	cfg := s.p.room.opts.Config()
	_, _, exact := cfg.Emergency(number) // nobody waits for help because longer numbers begin so
	for n := range cfg.Numbers() {
		switch {
		case n == number:
			exact = true
		case strings.HasPrefix(n, number):
			return false
		}
	}
	return exact
}

// place hands the dialled number to the exchange.
func (s *station) place() {
	l := s.p.leg
	_, ext := s.p.room.label(s.p.hw)
	s.enter(stationCalling)
	s.p.room.opts.Arrive(call.Arrival{Leg: l, From: l.peer, To: s.number.String(), Origin: call.Origin{Extension: ext}})
}

func (s *station) frame(heard, out *hal.Frame) {
	switch s.st {
	case stationDialing:
		s.carry(heard, out)
		switch quiet := s.p.now.Sub(s.since); {
		case s.number.Len() > 0 && quiet > nextDigit:
			s.place()
		case quiet > firstDigit:
			s.p.drop(call.NoAnswer)
			s.enter(stationReleased)
		}
	case stationCalling, stationUp:
		s.carry(heard, out)
	case stationRinging:
		if s.id != nil && !s.idAt.IsZero() && !s.p.now.Before(s.idAt) {
			s.id.Mix(out)
		}
	case stationReleased:
		s.busy.Fill(out)
	}
}

func (s *station) carry(heard, out *hal.Frame) {
	s.p.leg.stream.Push(heard)
	s.p.leg.stream.Pull(out)
}

func (s *station) answer(l *leg) {
	if l == s.p.leg && s.st == stationCalling {
		s.enter(stationUp)
		l.post(call.Answered{Leg: l.id})
	}
}

// hangup ends the leg. A phone that is still off hook hears busy tone until it
// is hung up.
func (s *station) hangup(l *leg, cause call.Cause) {
	if l != s.p.leg {
		return
	}
	next := stationReleased
	if s.st == stationRinging {
		if err := s.hw.StopRing(); err != nil {
			s.p.log.Error("cannot stop ringing", "err", err)
		}
		next = stationIdle
	}
	s.p.drop(cause)
	s.enter(next)
}

func (s *station) enter(st stationState) {
	if s.st, s.since = st, s.p.now; st == stationReleased {
		s.busy = dsp.NewTone(s.p.room.opts.Busy())
	}
}
