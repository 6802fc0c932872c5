package media

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
)

const (
	keyNames = "0123456789*#ABCD" // by event code (RFC 4733 3.2)
	keySize  = 4                  // bytes of an event payload
	// keyLost is how long an event may send nothing before it is over, in samples:
	// its last packets, three of them, may all be lost. Phones send every 50 ms or
	// less.
	keyLost = 1600
	// keyLate is how old a packet of a key can be that the network kept, in samples.
	keyLate = 40_000
	// keyTwice is how long after a key the same one, told in another way, is the same
	// press: phones send keys as events and by INFO at once.
	keyTwice = 4000
)

// way is how a party tells of a key.
type way uint8

// The ways.
const (
	byEvent way = iota // RFC 4733
	byTone
	bySignal // SIP INFO
)

// keyboard knows which keys a party has pressed, so that one told in two ways is one.
type keyboard struct {
	mu    sync.Mutex
	digit byte // pressed last, 0 when none or told twice already
	by    way
	until int64 // engine time until which another way may tell of it
}

// press tells whether a key that goes down is a new one.
func (b *keyboard) press(digit byte, by way, now int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.digit == digit && b.by != by && now < b.until {
		b.digit = 0
		return false
	}
	b.digit, b.by, b.until = digit, by, now+maxKeyTime
	return true
}

// release follows a press that was a new one.
func (b *keyboard) release(by way, now int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by == by {
		b.until = now + keyTwice
	}
}

// tones tells whether keys of the party are tones in its sound.
func (p *Params) tones() bool { return p.DTMF == 0 && !p.NoTones && p.Other == "" }

// takesTones tells whether the party is told keys as tones.
func (p *Params) takesTones() bool { return p.DTMF == 0 && p.Info == nil }

// key is the telephone-event being received (RFC 4733).
type key struct {
	down atomic.Bool // it sounds; for those who only ask that

	mu       sync.Mutex
	sounding bool
	known    bool
	refused  bool   // it was told in another way
	ts       uint32 // names the event: all its packets carry it
	digit    byte
	duration uint16 // samples
	last     int64  // engine time of its last packet
	outTS    uint32 // its timestamp where it is sent on
}

// late tells of a packet that it belongs to an event before the newest one: the network
// brought it late, and it says nothing new. What is much older is of a party that began
// to count anew.
func (k *key) late(ts uint32) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	behind := int32(k.ts - ts)
	return k.known && behind > 0 && behind < keyLate
}

// take follows the event that a packet belongs to. began is true for its first
// packet, ended is the key with the first that says it is over; lost is the key
// before it if that never ended.
func (k *key) take(ts uint32, digit byte, duration uint16, end bool, now int64) (began bool, lost, ended call.Pressed) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.known || ts != k.ts {
		if k.sounding {
			lost = k.pressed()
		}
		k.known, k.sounding, k.refused, began = true, true, false, true
		k.ts, k.digit, k.duration = ts, digit, 0
	}
	k.last = now
	if k.sounding {
		k.duration = max(k.duration, duration)
		if k.sounding = !end; end {
			ended = k.pressed()
		}
	}
	k.down.Store(k.sounding)
	return began, lost, ended
}

// pressed is the key as an event, the zero one if it was told in another way.
func (k *key) pressed() call.Pressed {
	if k.refused {
		return call.Pressed{}
	}
	return call.Pressed{Digit: k.digit, Duration: time.Duration(k.duration) * time.Second / hal.Rate}
}

// expire ends a key whose last packets were lost.
func (k *key) expire(s *Stream, now int64) {
	if !k.down.Load() {
		return
	}
	k.mu.Lock()
	var p call.Pressed
	if k.sounding && now-k.last > keyLost {
		k.sounding = false
		k.down.Store(false)
		p = k.pressed()
	}
	k.mu.Unlock()
	s.release(p, byEvent, now)
}

// release tells of a key that is over, and ends it where it is sounding; the zero
// Pressed is none.
func (s *Stream) release(p call.Pressed, by way, now int64) {
	if p.Digit == 0 {
		return
	}
	s.typing.release(by, now)
	p.Leg = s.leg
	s.post(p)
	plan := s.plan.Load()
	if plan.peer == nil {
		return
	}
	if q := plan.peer.sees(); q != nil && q.Info != nil {
		q.Info.Press(p.Digit, p.Duration)
		return
	}
	plan.peer.keys.release(s, dsp.Samples(p.Duration))
}

// sees are the params of a party on RTP.
func (s *Stream) sees() *Params {
	if s.rtp == nil {
		return nil
	}
	return s.rtp.params.Load()
}

// pass lets the peer know of a key that went down, unless it is told by signalling,
// which can only tell of whole keys.
func (s *Stream) pass(digit byte) {
	plan := s.plan.Load()
	if plan.peer == nil {
		return
	}
	if q := plan.peer.sees(); q == nil || q.Info == nil {
		plan.peer.keys.press(s, digit)
	}
}

// Key takes a key that the party sent by signalling; d is 0 where it was not said. It
// may be called at any time.
func (s *Stream) Key(digit byte, d time.Duration) {
	now := s.engine.shard.now.Load()
	if !dsp.IsDTMF(digit) || !s.typing.press(digit, bySignal, now) {
		return
	}
	s.pass(digit)
	if d == 0 {
		d = usualKey
	}
	s.release(call.Pressed{Digit: digit, Duration: d}, bySignal, now)
}

// findKeys looks for keys in what the party said in this tick. Others do not hear
// their tones, but for a peer that takes keys no other way.
func (s *Stream) findKeys(now int64) {
	if s.detector == nil {
		s.detector = dsp.NewDTMFDetector()
	}
	for _, k := range s.detector.Feed((*frame)(s.in(narrowBand, now))) {
		switch {
		case !k.Down:
			if s.telling {
				s.release(call.Pressed{Digit: k.Digit, Duration: k.Duration}, byTone, now)
			}
		default:
			if s.telling = s.typing.press(k.Digit, byTone, now); s.telling && !s.through() {
				s.pass(k.Digit)
			}
		}
	}
	if s.detector.Suspects() && !s.through() {
		s.mute()
	}
}

// through tells whether tones of keys go on to whoever hears the party as they are.
func (s *Stream) through() bool {
	switch {
	case s.cur.room != nil:
		return false
	case s.cur.peer == nil || s.cur.peer == s:
		return true
	}
	q := s.cur.peer.sees()
	return q == nil || q.takesTones()
}

// mute lets nobody hear what the party said in this tick.
func (s *Stream) mute() {
	clear(s.voice())
	if s.other != nil {
		s.other.at = 0
	}
}

// receiveKey handles a packet of a telephone-event: it is told once, when it is
// over, and goes on to the peer as a packet where the peer takes those.
func (s *Stream) receiveKey(pk *rtp.Packet, now int64) {
	if len(pk.Payload) < keySize || int(pk.Payload[0]) >= len(keyNames) {
		return
	}
	k := &s.rtp.key
	if k.late(pk.Timestamp) {
		return
	}
	digit, end := keyNames[pk.Payload[0]], pk.Payload[1]&0x80 != 0
	began, lost, ended := k.take(pk.Timestamp, digit, binary.BigEndian.Uint16(pk.Payload[2:]), end, now)
	s.release(lost, byEvent, now)
	if began && !s.typing.press(digit, byEvent, now) {
		k.mu.Lock()
		k.refused = true
		k.mu.Unlock()
		ended = call.Pressed{}
	}
	plan := s.plan.Load()
	var q *Params
	if plan.peer != nil {
		q = plan.peer.sees()
	}
	switch {
	case plan.peer == nil:
	case k.refused:
		plan.peer.omit(plan)
	case q != nil && q.Info == nil && q.DTMF != 0:
		s.sendKey(plan, q, pk, began, now)
	default:
		if plan.peer.omit(plan); began {
			s.pass(digit)
		}
	}
	s.release(ended, byEvent, now)
}

// omit lets the numbers of what is relayed to s under a plan of its peer's close up
// over a packet that is not.
func (s *Stream) omit(p *plan) {
	if p.saysRelay {
		s.rtp.out.mu.Lock()
		s.rtp.out.omit()
		s.rtp.out.mu.Unlock()
	}
}

// sendKey forwards a packet of a telephone-event to the peer.
func (s *Stream) sendKey(plan *plan, q *Params, pk *rtp.Packet, began bool, now int64) {
	peer := plan.peer
	to, ok := peer.rtp.destination(q)
	if !ok {
		return
	}
	b := s.rtp.scratch[:headerSize+keySize]
	copy(b[headerSize:], pk.Payload)
	if plan.saysRelay {
		pk.Marker = began
		peer.forward(s, pk, 0, b, q, q.DTMF, to, now)
		return
	}
	o := &peer.rtp.out
	o.mu.Lock()
	st := o.next(now, 0)
	o.mu.Unlock()
	if began {
		s.rtp.key.outTS = st.ts
	}
	st.ts, st.marker = s.rtp.key.outTS, began
	peer.rtp.write(peer, b, st, q, q.DTMF, to)
}
