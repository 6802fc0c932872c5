package media

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
)

// press sends a whole key press as a phone does: 80 ms with the end three times.
func (p *party) press80(digit byte) {
	for d := uint16(160); d <= 640; d += 160 {
		p.key(digit, d, false)
	}
	for range 3 {
		p.key(digit, 640, true)
	}
	p.ts += 800
}

func TestKeysAreToldOnce(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA)
	for _, digit := range []byte("5#5") {
		a.press80(digit)
	}
	at := func(digit byte) call.Event {
		return call.Pressed{Leg: "leg", Digit: digit, Duration: 80 * time.Millisecond}
	}
	if diff := cmp.Diff([]call.Event{at('5'), at('#'), at('5')}, a.events.take()); diff != "" {
		t.Error(diff)
	}

	a.key('7', 160, false) // its end is lost
	e.ticks(9)
	if got := a.events.take(); len(got) != 0 {
		t.Errorf("told before it was over: %v", got)
	}
	e.ticks(2)
	a.key('7', 640, true) // and comes much too late
	if diff := cmp.Diff([]call.Event{call.Pressed{Leg: "leg", Digit: '7', Duration: 20 * time.Millisecond}}, a.events.take()); diff != "" {
		t.Error(diff)
	}
	a.ts += 800
	a.key('8', 160, false)
	a.ts += 800
	a.press80('9') // the key before never ended
	want := []call.Event{call.Pressed{Leg: "leg", Digit: '8', Duration: 20 * time.Millisecond}, at('9')}
	if diff := cmp.Diff(want, a.events.take()); diff != "" {
		t.Error(diff)
	}
}

// TestALateKeyPacketIsNoKey: a packet of a key that comes when the next one is down
// already, as a network that reorders brings it, ends no key and begins none.
func TestALateKeyPacketIsNoKey(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA)
	b := newParty(t, e, PCMA)
	a.Connect(b.Stream)
	for range 5 {
		a.say(0)
		e.ticks(1)
	}
	first := a.ts
	a.press80('5')
	second := a.ts
	a.key('6', 160, false)
	b.sock.take()
	a.ts = first
	a.key('5', 640, true)
	if sent := b.sock.take(); len(sent) != 0 {
		t.Errorf("the peer is sent %v", sent)
	}
	a.ts = second
	a.key('6', 640, true)
	want := []call.Event{call.Pressed{Leg: "leg", Digit: '5', Duration: 80 * time.Millisecond}, call.Pressed{Leg: "leg", Digit: '6', Duration: 80 * time.Millisecond}}
	if diff := cmp.Diff(want, a.events.take()); diff != "" {
		t.Error(diff)
	}
}

func TestKeysAreRelayedAsPackets(t *testing.T) {
	for name, ptime := range map[string]int{"relayed": 20, "through the tick": 30} {
		e := newRig(t)
		a := newParty(t, e, PCMA)
		b := newParty(t, e, PCMA, func(p *Params) { p.Ptime = ptime })
		a.Connect(b.Stream)
		var keys []rtp.Packet
		for range 5 {
			a.say(0)
			e.ticks(1)
		}
		a.press80('3')
		sent := b.sock.take()
		checkContinuous(t, sent)
		for _, pk := range sent {
			if pk.PayloadType == dtmf {
				keys = append(keys, pk)
			}
		}
		if len(keys) != 7 || keys[0].Payload[0] != 3 || keys[6].Payload[1]&0x80 == 0 {
			t.Fatalf("%s: %d key packets", name, len(keys))
		}
		for _, k := range keys {
			if k.Timestamp != keys[0].Timestamp {
				t.Errorf("%s: one key has two timestamps", name)
			}
		}
	}
}

// hearsKey runs a detector over sound.
func hearsKey(pcm []int16) (keys string) {
	d := dsp.NewDTMFDetector()
	for ; len(pcm) >= len(frame{}); pcm = pcm[len(frame{}):] {
		for _, k := range d.Feed((*frame)(pcm)) {
			if k.Down {
				keys += string(rune(k.Digit))
			}
		}
	}
	return keys
}

func TestKeysBecomeTones(t *testing.T) {
	e := newRig(t)
	a := newParty(t, e, PCMA)
	b := newParty(t, e, PCMU, func(p *Params) { p.DTMF = 0 })
	a.Connect(b.Stream)
	a.press80('4')
	a.press80('2')
	e.ticks(25)
	if got := hearsKey(b.heard()); got != "42" {
		t.Errorf("a phone without telephone-event heard keys %q, want 42", got)
	}

	var v events
	line := e.NewLine("line", v.post)
	a.Connect(line)
	a.press80('0')
	var pcm []int16
	for range 20 {
		e.ticks(1)
		var f frame
		line.Pull(&f)
		pcm = append(pcm, f[:]...)
	}
	if got := hearsKey(pcm); got != "0" {
		t.Errorf("a line heard keys %q, want 0", got)
	}
}

func TestTonesBecomeKeys(t *testing.T) {
	e := newRig(t)
	dialled := func() func() frame {
		s := dsp.NewDTMFSender()
		if err := s.Queue("1*"); err != nil {
			t.Fatal(err)
		}
		return func() (f frame) { s.Mix(&f); return f }
	}
	digits := func(list []call.Event) (got string) {
		for _, ev := range list {
			got += string(rune(ev.(call.Pressed).Digit))
		}
		return got
	}

	var v events
	line := e.NewLine("line", v.post)
	next := dialled()
	for range 30 {
		f := next()
		line.Push(&f)
		e.ticks(1)
	}
	if got := digits(v.take()); got != "1*" {
		t.Errorf("from a line: keys %q, want 1*", got)
	}

	other := newParty(t, e, PCMA)
	phone := newParty(t, e, PCMA, func(p *Params) { p.DTMF = 0 })
	for _, plan := range []func(){phone.Silence, func() { phone.Connect(other.Stream) }} {
		plan()
		next = dialled()
		for range 30 {
			f := next()
			var b [len(f)]byte
			PCMA.encode(b[:], &f)
			phone.receive(phone.packet(8, b[:]), phone.at)
			phone.ts += 160
			e.ticks(1)
		}
		if got := digits(phone.events.take()); got != "1*" {
			t.Errorf("from a phone without telephone-event: keys %q, want 1*", got)
		}
	}
	if n := len(other.sock.take()); n < 30 {
		t.Errorf("%d packets were relayed past the detector, want 30", n)
	}
}
