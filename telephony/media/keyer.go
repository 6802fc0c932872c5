package media

import (
	"encoding/binary"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/hal/dsp"
)

// The lengths of keys that are sent, in samples.
const (
	minKey     = 320                    // shorter is not heard by all (ITU-T Q.24)
	maxKeyTime = 65535 / 160 * 160      // of one event (RFC 4733 2.3.5), whole ticks
	keyRest    = 2                      // ticks after each
	keyEnds    = keyRest + 1            // packets that end an event, which makes the pause too
	maxKeys    = 16                     // that wait
	keyVolume  = 10                     // -dBm0 that an event says of its tone
	usualKey   = 100 * time.Millisecond // when nobody said how long
)

// keyer sends keys to a party, as events or tones, one after another. Whoever hears of
// a key puts it in; the tick sends it, and while there is one sends nothing else.
type keyer struct {
	busy atomic.Bool

	mu    sync.Mutex
	queue [maxKeys]stroke
	n     int

	// The tick's:
	tone   dsp.DTMFTone
	began  bool
	spoken int    // samples of the first that were sent
	ts     uint32 // of its event
	packet [headerSize + keySize + sealRoom]byte
	rest   int // ticks until the next
	told   int // samples that the event's packets have told of
	ends   int // packets that have told of its end
}

// stroke is a key and how many samples long it is, -1 while it is down.
type stroke struct {
	from   *Stream
	digit  byte
	length int
}

// press puts in a key that goes down. Nobody types so fast that there is no room.
func (k *keyer) press(from *Stream, digit byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.n < len(k.queue) {
		k.queue[k.n] = stroke{from, digit, -1}
		k.n++
		k.busy.Store(true)
	}
}

// release ends the key of from that is down.
func (k *keyer) release(from *Stream, samples int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.n {
		if s := &k.queue[i]; s.from == from && s.length < 0 {
			s.length = min(max(samples, minKey), maxKeyTime)
			return
		}
	}
}

// first is the key to send now. One whose sender is no more heard ends.
func (k *keyer) first(p *plan) (s stroke, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.n == 0 {
		k.busy.Store(false)
		return stroke{}, false
	}
	f := &k.queue[0]
	if f.length < 0 && (p.peer != f.from || k.spoken >= maxKeyTime) {
		f.length = max(k.spoken, minKey)
	}
	return *f, true
}

// over takes the first away.
func (k *keyer) over() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.n = copy(k.queue[:], k.queue[1:k.n])
	k.began, k.spoken, k.told, k.ends, k.rest = false, 0, 0, 0, keyRest
}

// clear forgets all keys.
func (k *keyer) clear() {
	k.mu.Lock()
	k.n = 0
	k.busy.Store(false)
	k.mu.Unlock()
	k.began, k.spoken, k.rest, k.told, k.ends = false, 0, 0, 0, 0
}

// speakKey sends the party a tick of the keys that wait for it. It is false when there
// are none.
func (s *Stream) speakKey(p *plan, now int64) bool {
	k := &s.keys
	if !k.busy.Load() {
		return false
	}
	if p.peer == nil { // whoever pressed them is gone
		k.clear()
		return false
	}
	q := s.sees()
	events := q != nil && q.DTMF != 0
	heard := s.heard[:s.band.samples()]
	clear(heard)
	f, ok := stroke{}, true
	if k.rest == 0 || events {
		f, ok = k.first(p)
	}
	switch {
	case !ok:
		if s.rtp != nil {
			s.rtp.out.restart()
		}
		return false
	case events:
		s.sendEvent(f, q, now)
	case k.rest > 0:
		k.rest--
		s.speakTone(heard, now)
	case !k.began && f.length < 0: // what began late does not overrun its end
		k.began, k.tone = true, dsp.NewDTMFTone(f.digit)
		s.speakTone(heard, now)
	default:
		s.mixTone(f, heard)
		s.speakTone(heard, now)
	}
	return true
}

// mixTone writes a tick of a key's tone.
func (s *Stream) mixTone(f stroke, heard []int16) {
	k := &s.keys
	if !k.began {
		k.began, k.tone = true, dsp.NewDTMFTone(f.digit)
	}
	n := narrow
	if f.length >= 0 {
		n = min(n, max(0, f.length-k.spoken))
	}
	var tone frame
	k.tone.Mix(tone[:n])
	if len(heard) == narrow {
		copy(heard, tone[:])
	} else {
		s.program.widen(heard, tone[:])
	}
	if k.spoken += n; f.length >= 0 && k.spoken >= f.length {
		k.over()
	}
}

// speakTone lets the party hear a tick of a tone or of the pause after it.
func (s *Stream) speakTone(heard []int16, now int64) {
	s.tap(heard)
	if s.line != nil {
		s.line.out.put((*frame)(heard))
	} else {
		s.rtp.sendFrame(s, heard, now)
	}
}

// sendEvent sends a tick of a telephone-event: growing while the key is down, and its
// end three times (RFC 4733 2.5.1).
func (s *Stream) sendEvent(f stroke, q *Params, now int64) {
	k, o := &s.keys, &s.rtp.out
	s.tap(s.heard[:s.band.samples()])
	o.mu.Lock()
	st := o.next(now, 0)
	if st.marker = !k.began; st.marker {
		k.began, k.ts = true, st.ts
	}
	st.ts = k.ts
	o.skip(narrow)
	o.mu.Unlock()
	k.spoken += narrow
	b := k.packet[:headerSize+keySize]
	event := b[headerSize:]
	event[0], event[1] = byte(strings.IndexByte(keyNames, f.digit)), keyVolume
	if f.length < 0 || k.spoken < f.length {
		k.told = k.spoken
	} else {
		event[1] |= 0x80
		k.told = max(k.told, f.length) // what was told is not taken back
		k.ends++
	}
	binary.BigEndian.PutUint16(event[2:], uint16(min(k.told, maxKeyTime)))
	if to, ok := s.rtp.destination(q); ok {
		s.rtp.write(s, b, st, q, q.DTMF, to)
	}
	if k.ends == keyEnds {
		k.over()
		k.rest = 0
	}
}
