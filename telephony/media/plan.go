package media

import "github.com/pasokh/pasokh/telephony/call"

// plan is what a party hears. It is immutable, but for the player's place, which
// is the tick's.
type plan struct {
	player *player // a program
	peer   *Stream // the other party, or the party itself for an echo
	room   *Room   // everybody in the room but itself; a peer beside it gets keys only
	// hearsRelay: the peer's packets are forwarded to this party as they come, the
	// tick sends it nothing. saysRelay: the same the other way.
	hearsRelay, saysRelay bool
}

// silent is the plan of hearing nothing.
var silent = &plan{}

// pairing is what s hears while connected to peer.
func pairing(s, peer *Stream) *plan {
	return &plan{peer: peer, hearsRelay: relays(peer, s), saysRelay: relays(s, peer)}
}

// relays tells whether a's packets can go to b one by one: nobody listens in and
// nothing is announced to b, codec and length are alike, b takes a's comfort noise,
// and there are no tones of keys in a's sound that b must not hear. Another law of
// G.711 does not hinder it. Of codecs that we do not speak, packets are all there is,
// whoever listens in.
func relays(a, b *Stream) bool {
	if a.rtp == nil || b.rtp == nil {
		return false
	}
	pa, pb := a.rtp.params.Load(), b.rtp.params.Load()
	if pa == nil || pb == nil || pa.Other != pb.Other {
		return false
	}
	return pa.Other != "" || !a.tapped() && !b.tapped() && b.over.Load() == nil && pa.Codec.alike(pb.Codec) && pa.Ptime == pb.Ptime &&
		(!pa.Noise || pb.Noise) && (!pa.tones() || pb.takesTones())
}

// Play lets the party hear a program.
func (s *Stream) Play(p call.Program) call.PlayID {
	pl := newPlayer(call.PlayID(s.plays.Add(1)), p, s.engine.library, &s.mark, s.log)
	pl.prepare(s.codec(), s.engine.shard.now.Load())
	s.change(&plan{player: pl})
	return pl.id
}

// Silence lets the party hear nothing.
func (s *Stream) Silence() { s.change(silent) }

// Echo lets the party hear itself.
func (s *Stream) Echo() { s.Connect(s) }

// Connect lets two parties hear each other. other must be a stream of the same
// engine; any other Audio silences the party.
func (s *Stream) Connect(other call.Audio) {
	o, ok := other.(*Stream)
	if !ok || o.engine != s.engine {
		s.Silence()
		return
	}
	e := s.engine
	e.control.Lock()
	if s.closed || o.closed {
		cut := s.swap(silent)
		e.control.Unlock()
		s.tell(cut, true)
		return
	}
	cut := s.swap(pairing(s, o))
	var cutOther *player
	if o != s {
		cutOther = o.swap(pairing(o, s))
	}
	s.suit()
	e.control.Unlock()
	s.tell(cut, true)
	o.tell(cutOther, true)
}

// Join puts the party into a room made by the same engine.
func (s *Stream) Join(r call.Room) {
	room, ok := r.(*Room)
	if !ok || room.engine != s.engine {
		s.Silence()
		return
	}
	s.change(&plan{room: room})
}

// change makes p the stream's plan.
func (s *Stream) change(p *plan) {
	e := s.engine
	e.control.Lock()
	if s.closed {
		p = silent
	}
	cut := s.swap(p)
	s.suit()
	e.control.Unlock()
	s.tell(cut, true)
}

// swap replaces the plan and undoes what the old one meant to others. It returns
// the player that was cut. Control is held.
func (s *Stream) swap(p *plan) (cut *player) {
	old := s.plan.Swap(p)
	if p.room != nil && p.room != old.room {
		p.room.members.Add(1)
	}
	if old.room != nil && p.room != old.room {
		old.room.leave(s)
	}
	if peer := old.peer; peer != nil && peer != s && peer != p.peer {
		if its := peer.plan.Load(); its.peer == s {
			peer.plan.Store(&plan{room: its.room})
		}
	}
	return old.player
}

// replan computes anew whether packets are relayed, after a re-negotiation.
// Control is held.
func (s *Stream) replan() {
	p := s.plan.Load()
	if p.peer == nil || p.room != nil {
		return
	}
	s.plan.Store(pairing(s, p.peer))
	if p.peer != s {
		p.peer.plan.Store(pairing(p.peer, s))
	}
}

// tell posts the end of a program, once.
func (s *Stream) tell(p *player, cut bool) {
	if p != nil && p.finish() {
		s.post(call.Played{Leg: s.leg, ID: p.id, Cut: cut})
	}
}
