package media

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
)

// told is a key as somebody was told of it.
type told struct {
	digit  byte
	length time.Duration
}

// signals collects what a party is told by signalling.
type signals struct{ list []told }

func (s *signals) Press(digit byte, d time.Duration) { s.list = append(s.list, told{digit, d}) }

// typist is a phone that presses and is told of keys in one way.
type typist struct {
	*party
	way  way
	told signals
}

func newTypist(t *testing.T, e *Engine, w way, codec Codec) *typist {
	p := &typist{way: w}
	p.party = newParty(t, e, codec, func(q *Params) {
		switch w {
		case byTone:
			q.DTMF = 0
		case bySignal:
			q.DTMF, q.NoTones, q.Info = 0, true, &p.told
		}
	})
	return p
}

// press holds a key for whole ticks while the phone goes on to speak.
func (p *typist) press(e *Engine, digit byte, ticks int) {
	tone := dsp.NewDTMFTone(digit)
	for i := range ticks {
		switch p.way {
		case byTone:
			var f frame
			tone.Mix(f[:])
			p.sayFrame(&f)
		case byEvent:
			p.key(digit, uint16(160*(i+1)), false)
		default:
			p.say(0)
		}
		e.ticks(1)
	}
	switch p.way {
	case byEvent:
		for range 3 {
			p.key(digit, uint16(160*ticks), true)
		}
		p.ts += uint32(160 * ticks)
	case bySignal:
		p.Key(digit, time.Duration(ticks)*hal.FrameTime)
	}
}

func (p *party) sayFrame(f *frame) {
	var b [narrow]byte
	if p.params.Codec.wide() {
		var pcm [wide]int16
		p.across.convert(pcm[:], f[:])
		p.coder.Encode(b[:], pcm[:])
	} else {
		p.params.Codec.encode(b[:], f)
	}
	p.receive(p.packet(p.params.PayloadType, b[:]), p.at)
	p.ts += hal.FrameSamples
}

// pause speaks a tone that is no key.
func (p *typist) pause(e *Engine, ticks int) {
	for range ticks {
		p.say(1000)
		e.ticks(1)
	}
}

// tonesIn are the keys in sound.
func tonesIn(pcm []int16) (list []told) {
	d := dsp.NewDTMFDetector()
	for ; len(pcm) >= narrow; pcm = pcm[narrow:] {
		for _, k := range d.Feed((*frame)(pcm)) {
			if !k.Down {
				list = append(list, told{k.Digit, k.Duration})
			}
		}
	}
	return list
}

// eventsIn are the keys in packets, held against RFC 4733 2.5.1: the first has the
// marker, all have one timestamp, it grows and ends three times.
func eventsIn(t *testing.T, sent []rtp.Packet) (list []told) {
	t.Helper()
	ends, last := 0, -1
	var ts uint32
	for _, p := range sent {
		if p.PayloadType != dtmf {
			continue
		}
		n := int(binary.BigEndian.Uint16(p.Payload[2:]))
		begins := len(list) == 0 || p.Timestamp != ts
		if begins {
			if len(list) > 0 && ends != 3 {
				t.Errorf("%d packets end key %d", ends, len(list))
			}
			list, ends, last, ts = append(list, told{digit: keyNames[p.Payload[0]]}), 0, -1, p.Timestamp
		}
		if p.Marker != begins || n < last {
			t.Errorf("event packet %+v follows one of %d samples", p, last)
		}
		last = n
		if p.Payload[1]&0x80 != 0 {
			ends++
		}
		list[len(list)-1].length = time.Duration(n) * time.Second / hal.Rate
	}
	if len(list) > 0 && ends != 3 {
		t.Errorf("%d packets end the last key", ends)
	}
	return list
}

// TestKeysFromAnyWayToAnyWay: each phone tells of keys and is told of them in its own
// way, and gets each once, as long as it was, and in no other way.
func TestKeysFromAnyWayToAnyWay(t *testing.T) {
	names := [...]string{"event", "tone", "signal"}
	for from := byEvent; from <= bySignal; from++ {
		for to := byEvent; to <= bySignal; to++ {
			for _, codecs := range [][2]Codec{{PCMA, PCMA}, {PCMA, PCMU}, {G722, PCMA}, {PCMA, G722}, {G722, G722}} {
				t.Run(fmt.Sprint(names[from], " to ", names[to], " ", codecs), func(t *testing.T) {
					e := newRig(t)
					a, b := newTypist(t, e, from, codecs[0]), newTypist(t, e, to, codecs[1])
					a.Connect(b.Stream)
					a.pause(e, 10)
					want := []told{{'5', 100 * time.Millisecond}, {'5', 60 * time.Millisecond}, {'#', 400 * time.Millisecond}}
					for _, k := range want {
						a.press(e, k.digit, int(k.length/hal.FrameTime))
						a.pause(e, 15)
					}
					a.pause(e, 20)
					sent := b.sock.take()
					checkContinuous(t, sent)
					b.sock.mu.Lock()
					b.sock.sent = sent
					b.sock.mu.Unlock()
					got := [...][]told{eventsIn(t, sent), tonesIn(narrowed(b.heard(), codecs[1])), b.told.list}
					for w, list := range got {
						if way(w) != to {
							if len(list) > 0 {
								t.Errorf("told by %s too: %v", names[w], list)
							}
							continue
						}
						within := 20 * time.Millisecond
						if to == byTone && codecs[0] == G722 && codecs[1] == G722 {
							within = 45 * time.Millisecond // the ear has to get used to another coder
						}
						near(t, list, want, within)
					}
					var pressed []told
					for _, ev := range a.events.take() {
						p := ev.(call.Pressed)
						pressed = append(pressed, told{p.Digit, p.Duration})
					}
					near(t, pressed, want, 20*time.Millisecond)
				})
			}
		}
	}
}

// narrowed is sound as a narrow detector wants it.
func narrowed(pcm []int16, c Codec) []int16 {
	if !c.wide() {
		return pcm
	}
	var across converter
	var list []int16
	for ; len(pcm) >= wide; pcm = pcm[wide:] {
		var f frame
		across.convert(f[:], pcm[:wide])
		list = append(list, f[:]...)
	}
	return list
}

func near(t *testing.T, got, want []told, within time.Duration) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got keys %v, want %v", got, want)
	}
	for i, g := range got {
		if off := g.length - want[i].length; g.digit != want[i].digit || off < -within || off > within {
			t.Errorf("key %d is %c of %v, want %c of %v", i, g.digit, g.length, want[i].digit, want[i].length)
		}
	}
}

// TestToneOfAKeyIsNotHeard: who is told of a key in another way hears at most 30 ms of
// its tone, and so do all others in a room.
func TestToneOfAKeyIsNotHeard(t *testing.T) {
	for shift := range narrow / 8 {
		for _, room := range []bool{false, true} {
			e := newRig(t)
			a, b := newTypist(t, e, byTone, PCMA), newTypist(t, e, byEvent, PCMA)
			if room {
				r := e.NewRoom()
				a.Join(r)
				b.Join(r)
			} else {
				a.Connect(b.Stream)
			}
			pcm := make([]int16, 20*narrow)
			tone := dsp.NewDTMFTone('6')
			tone.Mix(pcm[2*narrow+8*shift : 8*narrow])
			for ; len(pcm) > 0; pcm = pcm[narrow:] {
				a.sayFrame((*frame)(pcm))
				e.ticks(1)
			}
			loud := 0
			for _, x := range b.heard() {
				if x > 500 || x < -500 {
					loud++
				}
			}
			if loud > 30*samplesPerMs {
				t.Errorf("tone from sample %d, room %v: %d loud samples", 8*shift, room, loud)
			}
			if n := len(a.events.take()); n != 1 {
				t.Errorf("%d keys were told", n)
			}
		}
	}
}

// TestKeyToldTwiceIsOne: phones that tell of a key in two ways press it once.
func TestKeyToldTwiceIsOne(t *testing.T) {
	for name, twice := range map[string]func(e *Engine, a *typist, digit byte){
		"INFO after the event": func(e *Engine, a *typist, digit byte) {
			a.press(e, digit, 5)
			a.Key(digit, 100*time.Millisecond)
		},
		"INFO before the event": func(e *Engine, a *typist, digit byte) {
			a.Key(digit, 100*time.Millisecond)
			a.press(e, digit, 5)
		},
		"a tone beside the event": func(e *Engine, a *typist, digit byte) {
			tone := dsp.NewDTMFTone(digit)
			for i := range 5 {
				a.key(digit, uint16(160*i), false)
				var f frame
				tone.Mix(f[:])
				at := a.ts
				a.sayFrame(&f)
				a.ts = at // of the event
				e.ticks(1)
			}
			for range 3 {
				a.key(digit, 800, true)
			}
			a.ts += 800
		},
	} {
		for to := byEvent; to <= byTone; to++ {
			e := newRig(t)
			a, b := newTypist(t, e, byEvent, PCMA), newTypist(t, e, to, PCMA)
			a.Connect(b.Stream)
			a.pause(e, 5)
			for range 2 {
				twice(e, a, '8')
				a.pause(e, 10)
			}
			a.pause(e, 20)
			if n := len(a.events.take()); n != 2 {
				t.Errorf("%s: %d keys told, want 2", name, n)
			}
			sent := b.sock.take()
			b.sock.sent = sent
			list := eventsIn(t, sent)
			if to == byTone {
				list = nil
			}
			if list = append(list, tonesIn(b.heard())...); len(list) != 2 {
				t.Errorf("%s: the peer got %v", name, list)
			}
		}
	}
}

// TestLongKeyGoesOnWhileItIsHeld and ends when its sender is gone.
func TestLongKeyGoesOnWhileItIsHeld(t *testing.T) {
	e := newRig(t)
	a, b := newTypist(t, e, byEvent, PCMA), newTypist(t, e, byTone, PCMA)
	a.Connect(b.Stream)
	for i := range 100 {
		a.key('1', uint16(160*(i+1)), false)
		e.ticks(1)
	}
	if level := dsp.ToneLevel(b.heard()[50*narrow:], 697); level < -10 {
		t.Errorf("after a second the key's tone is at %.0f dBm0", level)
	}
	a.Silence()
	e.ticks(10)
	b.sock.take()
	b.Play(call.Program{Sounds: []call.Sound{{Tone: "dial"}}})
	e.ticks(10)
	if list := tonesIn(b.heard()); len(list) > 0 || b.keys.busy.Load() {
		t.Errorf("still pressed: %v", list)
	}
}
