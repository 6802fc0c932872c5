package media

import (
	"slices"
	"sync/atomic"

	"github.com/pasokh/pasokh/telephony/call"
)

// Room mixes parties: each hears all others, but for the exceptions that Gain makes.
// What is in it besides its member count, announcement and exceptions is the tick's.
//
// Narrow and wide members are summed apart, and the sums, not the members, are taken
// to the other band. A member hears the total less its own share.
type Room struct {
	engine   *Engine
	members  atomic.Int32
	announce atomic.Pointer[player]
	edges    atomic.Pointer[[]edge] // never changed once stored

	tick  int64 // engine time of the mix
	sums  [bands]mix
	total [bands]mix
	up    doubler
	down  halver
}

// mix is a sum of voices in one band.
type mix struct {
	sum  block
	made bool // there is something in it
}

// edge is an exception: how loud a listener hears a speaker.
type edge struct {
	listener, speaker *Stream // nil is everybody
	gain              int32
}

// unity is a gain of 1.
const unity = 1 << 12

// NewRoom makes an empty room.
func (e *Engine) NewRoom() call.Room {
	r := &Room{engine: e}
	r.edges.Store(new([]edge))
	return r
}

// Members is how many parties are in the room.
func (r *Room) Members() int { return int(r.members.Load()) }

// Announce plays a program to everybody in the room, over what they say. It
// replaces the one before it.
func (r *Room) Announce(p call.Program) {
	r.announce.Store(newPlayer(0, p, r.engine.library, nil, r.engine.opts.Log))
}

// Gain sets how loud listener hears speaker, 0 to 4. No listener is every listener
// that has no gain of its own for that speaker, no speaker is the loudness of all that
// the listener hears. It may be set before they are in the room, and holds until
// either leaves it.
func (r *Room) Gain(listener, speaker call.Audio, gain float64) {
	to, _ := listener.(*Stream)
	from, _ := speaker.(*Stream)
	if to == nil && from == nil {
		return
	}
	e := r.engine
	e.control.Lock()
	defer e.control.Unlock()
	list := slices.DeleteFunc(slices.Clone(*r.edges.Load()), func(x edge) bool { return x.listener == to && x.speaker == from })
	list = append(list, edge{to, from, int32(min(max(gain, 0), 4) * unity)})
	r.edges.Store(&list)
}

// Bridge puts two parties into the room who go on as a pair: keys of one reach the
// other, and who takes one of them out by Connect takes both.
func (r *Room) Bridge(a, b call.Audio) {
	s, _ := a.(*Stream)
	o, _ := b.(*Stream)
	if s == nil || o == nil || s.engine != r.engine || o.engine != r.engine {
		return
	}
	e := r.engine
	e.control.Lock()
	var cut, cutOther *player
	if !s.closed && !o.closed {
		cut, cutOther = s.swap(&plan{room: r, peer: o}), o.swap(&plan{room: r, peer: s})
	}
	e.control.Unlock()
	s.tell(cut, true)
	o.tell(cutOther, true)
}

// Loud is how loud a member speaks, muted or not: the mean of its samples' size in the
// last moments, 0 to 32767. Speech is louder than 300.
func (r *Room) Loud(member call.Audio) int {
	s, _ := member.(*Stream)
	if s == nil || s.plan.Load().room != r {
		return 0
	}
	return int(s.loud.Load())
}

// leave forgets a party that has left. Control is held.
func (r *Room) leave(s *Stream) {
	r.members.Add(-1)
	list := slices.DeleteFunc(slices.Clone(*r.edges.Load()), func(x edge) bool { return x.listener == s || x.speaker == s })
	r.edges.Store(&list)
}

// loudness is how loud everybody without an exception hears s.
func (r *Room) loudness(s *Stream) int32 {
	for _, x := range *r.edges.Load() {
		if x.speaker == s && x.listener == nil {
			return x.gain
		}
	}
	return unity
}

// begin clears the mix at the first call of a tick, and puts the announcement in.
func (r *Room) begin(now int64) {
	if r.tick == now {
		return
	}
	r.tick = now
	for b := range r.sums {
		r.sums[b].made, r.total[b].made = false, false
	}
	p := r.announce.Load()
	if p == nil {
		return
	}
	var pcm [narrow]int16
	p.pcm(pcm[:], now)
	if p.ended() {
		r.announce.CompareAndSwap(p, nil)
	}
	r.sums[narrowBand].add(pcm[:], unity)
}

// add mixes a member in that says something.
func (r *Room) add(now int64, s *Stream) {
	r.begin(now)
	s.share = r.loudness(s)
	s.meter()
	if s.saying && s.share != 0 {
		r.sums[s.band].add(s.voice(), s.share)
	}
}

func (m *mix) add(pcm []int16, gain int32) {
	if !m.made {
		m.sum, m.made = block{}, true
	}
	for i, x := range pcm {
		m.sum[i] += int32(x) * gain >> 12
	}
}

// all is everything in the room in one band.
func (r *Room) all(b band) *mix {
	t := &r.total[b]
	if t.made {
		return t
	}
	t.made = true
	own, other := &r.sums[b], &r.sums[1-b]
	if !other.made {
		t.sum = block{}
	} else if b == wideBand {
		r.up.process(t.sum[:], other.sum[:narrow])
	} else {
		r.down.process(t.sum[:narrow], other.sum[:])
	}
	if own.made {
		for i := range b.samples() {
			t.sum[i] += own.sum[i]
		}
	}
	return t
}

// without is the mix for a member: all but what it said itself.
func (r *Room) without(s *Stream, now int64, out []int16) {
	mine := r.all(s.band).sum
	if s.saying && s.share != 0 {
		for i, x := range s.voice() {
			mine[i] -= int32(x) * s.share >> 12
		}
	}
	for _, x := range *r.edges.Load() {
		if x.listener != s || x.speaker == s || x.speaker == nil || x.speaker.cur.room != r || !x.speaker.saying {
			continue
		}
		for i, v := range x.speaker.in(s.band, now) {
			mine[i] += int32(v) * (x.gain - x.speaker.share) >> 12
		}
	}
	if v := r.volume(s); v != unity {
		for i := range out {
			mine[i] = int32(int64(mine[i]) * int64(v) >> 12)
		}
	}
	squash(out, mine[:len(out)])
}

// volume is how loud a member wants to hear everything.
func (r *Room) volume(s *Stream) int32 {
	for _, x := range *r.edges.Load() {
		if x.listener == s && x.speaker == nil {
			return x.gain
		}
	}
	return unity
}

// meter follows how loud a party is: up at once, and down by half in 100 ms.
func (s *Stream) meter() {
	var sum int32
	if s.saying {
		for _, x := range s.voice() {
			sum += max(int32(x), -int32(x))
		}
	}
	s.loud.Store(max(sum/int32(s.band.samples()), s.loud.Load()*7/8))
}
