package line

import (
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
)

// leg is a call on an analog port. Its commands are carried out by the port's
// goroutine.
type leg struct {
	id     call.LegID
	kind   call.Kind
	port   *port
	stream *media.Stream
	peer   call.Party
	keys   func(digit byte) // takes keys while no call has the leg

	out call.Outbox
}

var _ call.Leg = (*leg)(nil)

func (l *leg) ID() call.LegID    { return l.id }
func (l *leg) Kind() call.Kind   { return l.kind }
func (l *leg) Device() string    { return l.port.hw.ID() }
func (l *leg) Peer() call.Party  { return l.peer }
func (l *leg) Audio() call.Audio { return l.stream }

func (l *leg) Attach(s call.Sink) { l.out.Attach(s) }

// Alert lets an analog phone hear ringback; a line's caller hears the exchange's.
func (l *leg) Alert(early bool) {
	if l.kind == call.FXS && !early {
		l.stream.Play(call.Program{Sounds: []call.Sound{{Tone: "ringback"}}})
	}
}

func (l *leg) Answer() { l.port.do(func() { l.port.line.answer(l) }) }

func (l *leg) Hangup(cause call.Cause) {
	if !l.port.do(func() { l.port.line.hangup(l, cause) }) {
		l.end(call.Shutdown)
	}
}

// post hands an event of this leg to whoever has it now: the call, or the phone
// that dials. The media engine calls it too, from its own goroutine.
func (l *leg) post(e call.Event) {
	if k, ok := e.(call.Pressed); ok && l.keys != nil && l.out.Sink() == nil {
		l.keys(k.Digit)
		return
	}
	l.out.Post(e)
}

// end is the leg's last event, once.
func (l *leg) end(cause call.Cause) {
	if l.out.Post(call.Ended{Leg: l.id, Cause: cause}) {
		l.stream.Close()
	}
}

// callID is the call that has the leg, for the board.
func (l *leg) callID() call.ID {
	if c, ok := l.out.Sink().(interface{ ID() call.ID }); ok {
		return c.ID()
	}
	return ""
}
