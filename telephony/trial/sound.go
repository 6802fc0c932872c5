package trial

import (
	"sync"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
)

// frame is what a party hears in 20 ms, and the most that is kept.
const (
	frame   = 20 * time.Millisecond
	samples = 160
	keeps   = 15 * time.Minute
)

// tape is what a party has heard.
type tape struct{ samples []int16 }

// sound is what a party hears. It is used from its call and from the clock.
type sound struct {
	leg *leg

	mu    sync.Mutex
	plays call.PlayID
	now   *media.Hearing // nil: nothing, or somebody who says nothing
	over  *media.Hearing // announced
	timer clock.Timer    // of the program's end
	kept  int            // frames on the tape
}

// set changes what is heard.
func (s *sound) set(h *media.Hearing) {
	s.catchUp()
	s.mu.Lock()
	cut := s.timer != nil && s.timer.Stop()
	id := s.plays
	s.now, s.timer = h, nil
	s.mu.Unlock()
	if cut {
		s.leg.out.Post(call.Played{Leg: s.leg.id, ID: id, Cut: true})
	}
}

func (s *sound) Play(p call.Program) call.PlayID {
	h := s.leg.trial.house.Library.Hear(p, s.leg.trial.clock.Now())
	s.set(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plays++
	id, speaks := s.plays, says(p)
	length, ends := h.Length()
	if !ends {
		s.leg.press(length + listens)
	}
	if ends || p.Under != "" {
		s.timer = s.leg.trial.clock.AfterFunc(length, func() {
			s.leg.out.Post(call.Played{Leg: s.leg.id, ID: id})
			if ends && speaks {
				s.leg.press(thinks)
			}
		})
	}
	return id
}

// says tells whether a program speaks: only after words does one press keys.
func says(p call.Program) bool {
	for _, x := range p.Sounds {
		if x.Prompt != "" {
			return true
		}
	}
	return false
}

// Connect lets two parties talk, who say nothing. The caller leaves after a while.
func (s *sound) Connect(other call.Audio) {
	o := other.(*sound)
	s.set(nil)
	o.set(nil)
	for _, x := range []*sound{s, o} {
		if x.leg.tape != nil {
			x.leg.later(talks, call.Ended{Leg: x.leg.id, Cause: call.Normal})
		}
	}
}

func (s *sound) Join(r call.Room) {
	if r, ok := r.(*room); ok {
		r.members++
	}
	s.set(nil)
	if s.leg.tape != nil {
		s.leg.later(talks, call.Ended{Leg: s.leg.id, Cause: call.Normal})
	}
}

func (s *sound) Echo()            { s.set(nil) }
func (s *sound) Silence()         { s.set(nil) }
func (*sound) AddTap(call.Tap)    {}
func (*sound) RemoveTap(call.Tap) {}

// Announce says something over what is heard.
func (s *sound) Announce(p call.Program) {
	s.catchUp()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = s.leg.trial.house.Library.Hear(p, s.leg.trial.clock.Now())
}

// catchUp puts on the tape what was heard up to now.
func (s *sound) catchUp() {
	t := s.leg.tape
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	until := s.leg.trial.clock.Now().Sub(s.leg.trial.question.At)
	for s.kept < int(min(until, keeps)/frame) {
		var heard, said [samples]int16
		if s.now != nil {
			s.now.Frame(heard[:])
		}
		if s.over != nil {
			s.over.Frame(said[:])
			for i := range heard {
				heard[i] = heard[i]/4 + said[i]/4*3
			}
		}
		t.samples = append(t.samples, heard[:]...)
		s.kept++
	}
}

func (l *leg) catchUp() { l.sound.catchUp() }
