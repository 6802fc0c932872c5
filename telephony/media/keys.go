package media

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pasokh/pasokh/hal"
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
	maxKeys = 16 // waiting to be played to a peer
)

// key is the telephone-event being received (RFC 4733).
type key struct {
	mu       sync.Mutex
	sounding bool
	known    bool
	ts       uint32 // names the event: all its packets carry it
	digit    byte
	duration uint16 // samples
	last     int64  // engine time of its last packet
	outTS    uint32 // its timestamp where it is sent on
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
		k.known, k.sounding, began = true, true, true
		k.ts, k.digit, k.duration = ts, digit, 0
	}
	k.last = now
	if k.sounding {
		k.duration = max(k.duration, duration)
		if k.sounding = !end; end {
			ended = k.pressed()
		}
	}
	return began, lost, ended
}

func (k *key) pressed() call.Pressed {
	return call.Pressed{Digit: k.digit, Duration: time.Duration(k.duration) * time.Second / hal.Rate}
}

// expire ends a key whose last packets were lost.
func (k *key) expire(s *Stream, now int64) {
	k.mu.Lock()
	var p call.Pressed
	if k.sounding && now-k.last > keyLost {
		k.sounding = false
		p = k.pressed()
	}
	k.mu.Unlock()
	s.press(p)
}

// press tells of a key; the zero Pressed is none.
func (s *Stream) press(p call.Pressed) {
	if p.Digit != 0 {
		p.Leg = s.leg
		s.post(p)
	}
}

// receiveKey handles a packet of a telephone-event: it is told once, when it is
// over, and goes on to the peer as a packet where the peer takes those and as a
// tone where it does not.
func (s *Stream) receiveKey(pk *rtp.Packet, now int64) {
	if len(pk.Payload) < keySize || int(pk.Payload[0]) >= len(keyNames) {
		return
	}
	name, end := keyNames[pk.Payload[0]:][:1], pk.Payload[1]&0x80 != 0
	began, lost, ended := s.rtp.key.take(pk.Timestamp, name[0], binary.BigEndian.Uint16(pk.Payload[2:]), end, now)
	s.press(lost)
	s.press(ended)

	plan := s.plan.Load()
	if plan.peer == nil {
		return
	}
	if plan.peer.rtp != nil {
		if q := plan.peer.rtp.params.Load(); q != nil && q.DTMF != 0 {
			s.sendKey(plan, q, pk, began, now)
			return
		}
	}
	if began {
		select {
		case plan.peer.keys <- name:
		default: // nobody types that fast
		}
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
	peer.rtp.write(b, st, q, q.DTMF, to)
}

// dial mixes keys that came as packets into what the party hears as tones.
func (s *Stream) dial(heard []int16) {
	select {
	case k := <-s.keys:
		if err := s.dialler.Queue(k); err != nil {
			s.log.Warn("key not passed on", "error", err)
		}
	default:
	}
	if len(heard) == narrow {
		s.dialler.Mix((*frame)(heard))
		return
	}
	var tone frame
	s.dialler.Mix(&tone)
	for i := range tone { // a key's tones are so low that a straight line is near enough
		next := tone[min(i+1, narrow-1)]
		heard[2*i] += tone[i]
		heard[2*i+1] += (tone[i] + next) / 2
	}
}
