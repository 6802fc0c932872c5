package media

import "github.com/pasokh/pasokh/telephony/call"

// ducking is how loud a party goes on to hear what it heard when something is
// announced to it: 14 dB lower.
const ducking = unity / 5

// Announce plays a program over whatever the party hears: a talk, music, a room. A
// talk that was relayed packet by packet is mixed meanwhile, in this direction only.
func (s *Stream) Announce(p call.Program) {
	pl := newPlayer(0, p, s.engine.library, nil, s.log)
	e := s.engine
	e.control.Lock()
	defer e.control.Unlock()
	if s.closed || pl.ended() {
		return
	}
	s.over.Store(pl)
	s.replan()
	s.suit()
}

// announced mixes the announcement, if there is one, into what the party hears. The
// rest goes down within a tick, and up again within one after the end.
func (s *Stream) announced(heard []int16, now int64) {
	p := s.over.Load()
	if p == nil {
		return
	}
	from, to := unity-s.ducked, int32(ducking)
	over := p.ended()
	if over {
		to = unity
	}
	s.ducked = unity - to
	var said [wide]int16
	if !over {
		p.samples(said[:len(heard)], &s.aside, now)
	}
	var sum block
	n := int32(len(heard))
	for i, x := range heard {
		sum[i] = int32(x)*(from+(to-from)*int32(i)/n)>>12 + int32(said[i])
	}
	squash(heard, sum[:n])
	if over && p.finish() {
		go s.settle(p) // who waits for control must not be the clock
	}
}

// settle goes back to relaying after an announcement.
func (s *Stream) settle(p *player) {
	s.engine.control.Lock()
	defer s.engine.control.Unlock()
	if s.over.CompareAndSwap(p, nil) {
		s.replan()
		s.suit()
	}
}
