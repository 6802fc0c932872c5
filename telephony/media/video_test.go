package media

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtcp"
)

// newViewer is a phone with a picture, whose packets have payload type pt.
func newViewer(t *testing.T, e *Engine, pt uint8) (phone, picture *party) {
	phone = newParty(t, e, PCMA, func(p *Params) { p.Tuner = new(tuner) })
	v, err := phone.OpenVideo()
	if err != nil {
		t.Fatal(err)
	}
	parties++
	picture = &party{Stream: v, t: t, sock: v.rtp.conn.(*fakeConn), at: phone.at, ssrc: uint32(parties), seq: 65530, ts: 1 << 31}
	picture.params = Params{Remote: phone.at, PayloadType: pt, OwnType: pt, Other: "vp8/90000", NoTones: true, Held: true, Send: true, Receive: true}
	reports(&picture.params)
	if err := v.Set(picture.params); err != nil {
		t.Fatal(err)
	}
	return phone, picture
}

// films sends a picture in so many packets, the last one marked.
func (p *party) films(packets int) (first uint16) {
	first = p.seq
	for i := range packets {
		b := p.packet(p.params.PayloadType, bytes.Repeat([]byte{byte(i)}, 900))
		if i == packets-1 {
			b[1] |= 0x80
		}
		p.receive(b, p.at)
	}
	p.ts += 6000
	return first
}

// asks are the wishes that a party was sent: "pli", "fir" or sequence numbers.
func (p *party) asks(t *testing.T) (kinds []string, lost []uint16) {
	for _, list := range parsed(t, p.second()) {
		for _, r := range list {
			switch r := r.(type) {
			case *rtcp.PictureLossIndication:
				if r.MediaSSRC == p.ssrc {
					kinds = append(kinds, "pli")
				}
			case *rtcp.FullIntraRequest:
				if r.MediaSSRC == p.ssrc && r.FIR[0].SSRC == p.ssrc {
					kinds = append(kinds, "fir")
				}
			case *rtcp.TransportLayerNack:
				for _, n := range r.Nacks {
					lost = append(lost, n.PacketList()...)
				}
			}
		}
	}
	return kinds, lost
}

func (p *party) wishes(t *testing.T, r rtcp.Packet) {
	t.Helper()
	b, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	p.receiveControl(b, p.params.RTCP, false)
}

// TestPicturesFollowTheSound: they are relayed between two who are connected, stop while
// one hears music, and go on as one source whoever they come from.
func TestPicturesFollowTheSound(t *testing.T) {
	e := newRig(t)
	a, seenByA := newViewer(t, e, 96)
	b, seenByB := newViewer(t, e, 99)
	c, filmOfC := newViewer(t, e, 97)
	film := func() {
		for _, p := range []*party{seenByA, seenByB, filmOfC} {
			p.films(4)
		}
		e.ticks(4)
	}
	film()
	if n := len(seenByB.sock.take()); n > 0 {
		t.Fatalf("%d packets before the call", n)
	}
	a.Connect(b.Stream)
	film()
	film()
	a.Play(call.Program{Sounds: []call.Sound{{Tone: "busy"}}})
	b.Play(call.Program{Sounds: []call.Sound{{Tone: "busy"}}})
	film()
	c.Connect(b.Stream)
	film()
	sent := seenByB.sock.take()
	if len(sent) != 12 {
		t.Fatalf("%d packets, want those of three pictures", len(sent))
	}
	checkContinuous(t, sent)
	for i, p := range sent {
		if p.PayloadType != 99 || len(p.Payload) != 900 || p.Marker != (i%4 == 3) || p.Timestamp != sent[i/4*4].Timestamp {
			t.Errorf("packet %d: type %d, %d bytes, marker %v, time %d", i, p.PayloadType, len(p.Payload), p.Marker, p.Timestamp)
		}
	}
	if got := sent[4].Timestamp - sent[0].Timestamp; got != 6000 {
		t.Errorf("the second picture is %d ticks later, want 6000", got)
	}
	for who, p := range map[string]*party{"a": seenByA, "c": filmOfC} {
		if kinds, _ := p.asks(t); !slices.Equal(kinds, []string{"pli"}) {
			t.Errorf("%s was asked for a whole picture by %q, want once, by PLI", who, kinds)
		}
	}
	if n := len(seenByA.sock.take()); n != 8 {
		t.Errorf("a was sent %d packets, want 8", n)
	}
}

// TestWishesReachTheCamera: what who sees asks for is asked of who sends, in its numbers.
func TestWishesReachTheCamera(t *testing.T) {
	e := newRig(t)
	a, seenByA := newViewer(t, e, 96)
	b, seenByB := newViewer(t, e, 99)
	a.Connect(b.Stream)
	first := seenByA.films(6)
	e.ticks(4)
	sent := seenByB.sock.take()
	seenByA.asks(t)
	seenByB.wishes(t, &rtcp.PictureLossIndication{SenderSSRC: seenByB.ssrc, MediaSSRC: sent[0].SSRC})
	seenByB.wishes(t, &rtcp.TransportLayerNack{SenderSSRC: seenByB.ssrc, MediaSSRC: sent[0].SSRC,
		Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{sent[2].SequenceNumber, sent[4].SequenceNumber})})
	kinds, lost := seenByA.asks(t)
	if !slices.Equal(kinds, []string{"pli"}) || !slices.Equal(lost, []uint16{first + 2, first + 4}) {
		t.Errorf("asked for %q and %d, want PLI and %d", kinds, lost, []uint16{first + 2, first + 4})
	}
	seenByA.seq = first + 2 // it sends again what was asked for
	seenByA.ts -= 6000
	seenByA.films(1)
	if again := seenByB.sock.take(); len(again) != 1 || again[0].SequenceNumber != sent[2].SequenceNumber || again[0].Timestamp != sent[2].Timestamp {
		t.Errorf("sent again: %+v", again)
	}

	seenByA.params.Intra = true
	if err := seenByA.Set(seenByA.params); err != nil {
		t.Fatal(err)
	}
	seenByB.wishes(t, &rtcp.FullIntraRequest{SenderSSRC: seenByB.ssrc, FIR: []rtcp.FIREntry{{SSRC: sent[0].SSRC}}})
	if kinds, _ := seenByA.asks(t); !slices.Equal(kinds, []string{"fir"}) {
		t.Errorf("who knows FIR only was asked by %q", kinds)
	}
}

// TestVideoKeepsNoCallAlive: who is not heard any more is gone, though its camera goes on;
// and a camera that stops ends nothing.
func TestVideoKeepsNoCallAlive(t *testing.T) {
	e := newRig(t, func(o *Options) { o.Timeout = func() time.Duration { return 10 * time.Second } })
	gone := 0
	for _, talks := range []bool{true, false} {
		a, seenByA := newViewer(t, e, 96)
		b, _ := newViewer(t, e, 96)
		a.rtp.onSilence, b.rtp.onSilence = func() { gone++ }, func() {}
		a.Connect(b.Stream)
		gone = 0
		for range 600 {
			if talks {
				a.say(500)
			} else {
				seenByA.films(1)
			}
			e.ticks(1)
		}
		if talks != (gone == 0) {
			t.Errorf("talks %v: told %d times that it is gone", talks, gone)
		}
	}
}
