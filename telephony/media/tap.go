package media

import "slices"

// Tap listens in on a stream: a recorder, a meter.
type Tap interface {
	// Frame takes 20 ms of what the party said and of what it heard, 160 or 320
	// samples each: 8 or 16 kHz. It is called on the media clock, must not block and
	// must not keep the slices.
	Frame(said, heard []int16)
}

// AddTap lets t listen in until it is removed or the stream is closed. A stream that
// was relayed packet by packet is decoded meanwhile; its party hears no difference.
func (s *Stream) AddTap(t Tap) { s.setTaps(append(slices.Clone(*s.taps.Load()), t)) }

// RemoveTap ends what AddTap began.
func (s *Stream) RemoveTap(t Tap) {
	s.setTaps(slices.DeleteFunc(slices.Clone(*s.taps.Load()), func(x Tap) bool { return x == t }))
}

func (s *Stream) setTaps(list []Tap) {
	e := s.engine
	e.control.Lock()
	defer e.control.Unlock()
	s.taps.Store(&list)
	s.replan()
}

// tapped tells whether anybody listens in.
func (s *Stream) tapped() bool { return len(*s.taps.Load()) > 0 }

// tap hands over what was said and heard in this tick.
func (s *Stream) tap(heard []int16) {
	for _, t := range *s.taps.Load() {
		t.Frame(s.voice(), heard)
	}
}
