package line

import (
	"sync"

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

	mu      sync.Mutex
	sink    call.Sink
	backlog []call.Event // what happened before the first Attach
	ended   bool
}

var _ call.Leg = (*leg)(nil)

func (l *leg) ID() call.LegID    { return l.id }
func (l *leg) Kind() call.Kind   { return l.kind }
func (l *leg) Device() string    { return l.port.hw.ID() }
func (l *leg) Peer() call.Party  { return l.peer }
func (l *leg) Audio() call.Audio { return l.stream }

func (l *leg) Attach(s call.Sink) {
	l.mu.Lock()
	backlog := l.backlog
	l.sink, l.backlog = s, nil
	l.mu.Unlock()
	for _, e := range backlog {
		s.Post(e)
	}
}

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

// post hands an event of this leg to whoever has it now. The media engine calls
// it too, from its own goroutine.
func (l *leg) post(e call.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pressed, isKey := e.(call.Pressed)
	switch {
	case l.ended:
	case l.sink == nil && isKey && l.keys != nil:
		l.keys(pressed.Digit)
	case l.sink != nil:
		l.sink.Post(e)
	case len(l.backlog) < maxBacklog:
		l.backlog = append(l.backlog, e)
	}
}

// maxBacklog bounds events of a leg that no call has yet: an FXS phone dialling.
const maxBacklog = 32

// end is the leg's last event, once.
func (l *leg) end(cause call.Cause) {
	l.post(call.Ended{Leg: l.id, Cause: cause})
	l.mu.Lock()
	first := !l.ended
	l.ended = true
	l.mu.Unlock()
	if first {
		l.stream.Close()
	}
}

// callID is the call that has the leg, for the board.
func (l *leg) callID() call.ID {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := l.sink.(interface{ ID() call.ID }); ok {
		return c.ID()
	}
	return ""
}
