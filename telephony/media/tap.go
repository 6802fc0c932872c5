package media

import (
	"slices"

	"github.com/pasokh/pasokh/telephony/call"
)

// AddTap lets t listen in until it is removed or the stream is closed. A stream that
// was relayed packet by packet is decoded meanwhile; its party hears no difference.
func (s *Stream) AddTap(t call.Tap) { s.setTaps(append(slices.Clone(*s.taps.Load()), t)) }

// RemoveTap ends what AddTap began.
func (s *Stream) RemoveTap(t call.Tap) {
	s.setTaps(slices.DeleteFunc(slices.Clone(*s.taps.Load()), func(x call.Tap) bool { return x == t }))
}

func (s *Stream) setTaps(list []call.Tap) {
	e := s.engine
	e.control.Lock()
	defer e.control.Unlock()
	s.taps.Store(&list)
	s.replan()
	s.suit()
}

// tapped tells whether anybody listens in.
func (s *Stream) tapped() bool { return len(*s.taps.Load()) > 0 }

// tap hands over what was said and heard in this tick, by the clock's own goroutine: one
// that listens in since this tick began hears the next.
func (s *Stream) tap(heard []int16) {
	if s.alone {
		return
	}
	for _, t := range *s.taps.Load() {
		t.Frame(s.voice(), heard)
	}
}
