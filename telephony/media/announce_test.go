package media

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// rate is how many samples of the party's sound there are in a second.
func (p *party) rate() float64 {
	if p.params.Codec.wide() {
		return 16000
	}
	return 8000
}

// TestAnnounceOverATalk: one party of a relayed talk hears something said over the
// other, who goes on lower meanwhile and notices nothing.
func TestAnnounceOverATalk(t *testing.T) {
	for _, codec := range []Codec{PCMA, G722} {
		t.Run(codec.String(), func(t *testing.T) {
			e := newRig(t)
			pcm := make([]int16, 8000)
			new(phase).fill(pcm, 1900, 8000)
			e.library.Add("warning", pcm)
			a, b := newParty(t, e, codec), newParty(t, e, codec)
			a.Connect(b.Stream)
			tones := map[*party]float64{a: 600, b: 1100}
			talk(e, 10, tones)
			a.Announce(call.Say("warning"))
			if p := a.plan.Load(); p.hearsRelay || !p.saysRelay {
				t.Fatalf("one direction must be mixed and the other relayed: %+v", *p)
			}
			heard := talk(e, 20, tones)
			wantLevel(t, "the warning", level(heard[a], 1900, a.rate()), -11, -9)
			wantLevel(t, "the other below it", level(heard[a], 1100, a.rate()), -26, -22)
			wantLevel(t, "who is not warned hears", level(heard[b], 1900, b.rate()), -200, -45)
			wantLevel(t, "and hears the first", level(heard[b], 600, b.rate()), -12, -9)
			talk(e, 40, tones)
			for end := time.Now().Add(10 * time.Second); !a.plan.Load().hearsRelay; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the talk is not relayed again")
				}
			}
			heard = talk(e, 20, tones)
			wantLevel(t, "the other after it", level(heard[a], 1100, a.rate()), -11, -9)
			wantLevel(t, "the warning after it", level(heard[a], 1900, a.rate()), -200, -45)
		})
	}
}

// TestBridge: two who talk are taken into a room and back without a hole or a broken
// number, and keys still reach the other.
func TestBridge(t *testing.T) {
	e := newRig(t)
	room := e.NewRoom().(*Room)
	a, b, boss := newParty(t, e, PCMA), newParty(t, e, PCMU), newParty(t, e, G722)
	tones := map[*party]float64{a: 600, b: 1100, boss: 1700}
	a.Connect(b.Stream)
	run := func(n int) {
		for range n {
			for p, hz := range tones {
				p.say(hz)
			}
			e.ticks(1)
		}
	}
	run(10)
	room.Gain(nil, boss.Stream, 0)
	boss.Join(room)
	room.Bridge(a.Stream, b.Stream)
	run(40)
	if room.Members() != 3 {
		t.Errorf("%d members", room.Members())
	}
	if n := room.Loud(a.Stream); n < 3000 {
		t.Errorf("a is as loud as %d", n)
	}
	room.Bridge(a.Stream, b.Stream) // nothing changes
	a.key('5', 160, false)
	a.key('5', 800, true)
	run(10)
	a.Connect(b.Stream)
	if !a.plan.Load().saysRelay || room.Members() != 1 {
		t.Error("not relayed again")
	}
	run(10)
	keys := 0
	for _, p := range []*party{a, b} {
		packets := p.sock.take()
		checkContinuous(t, packets)
		if p == b {
			for _, pk := range packets {
				if pk.PayloadType == dtmf {
					keys++
				}
			}
		}
		sound := len(packets)
		if p == b {
			sound -= keys
		}
		if sound < 69 || sound > 71 { // of 70
			t.Errorf("%d packets of sound", sound)
		}
		var pcm []int16
		for _, pk := range packets {
			if pk.PayloadType != dtmf {
				part := make([]int16, len(pk.Payload))
				p.params.Codec.decode(part, pk.Payload)
				pcm = append(pcm, part...)
			}
		}
		silent, longest := 0, 0
		for at := 0; at+40 <= len(pcm); at += 40 {
			if dsp.Level(pcm[at:at+40]) < -30 {
				silent++
				longest = max(longest, silent)
			} else {
				silent = 0
			}
		}
		if longest > 4 { // of 5 ms
			t.Errorf("a hole of %d ms", 5*longest)
		}
	}
	if keys != 2 {
		t.Errorf("%d packets of keys reach the other", keys)
	}
	heard := talk(e, 10, tones)
	wantLevel(t, "a hears who listened", level(heard[a], 1700, 8000), -200, -45)
}

// TestWidePartyHearsPrompts: a wide party that was never heard is spoken to all the same.
func TestWidePartyHearsPrompts(t *testing.T) {
	e := newRig(t)
	pcm := make([]int16, 8000)
	new(phase).fill(pcm, 1900, 8000)
	e.library.Add("warning", pcm)
	a := newParty(t, e, G722)
	a.Play(call.Say("warning"))
	e.ticks(40)
	if pcm := a.heard(); len(pcm) != 40*320 {
		t.Errorf("%d samples", len(pcm))
	}
}

// TestVolume: a member chooses how loud it hears everything.
func TestVolume(t *testing.T) {
	e := newRig(t)
	room := e.NewRoom().(*Room)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Join(room)
	b.Join(room)
	room.Gain(a.Stream, nil, 0.5)
	heard := talk(e, 20, map[*party]float64{a: 600, b: 1100})
	wantLevel(t, "at half the volume", level(heard[a], 1100, 8000), -17, -15)
	wantLevel(t, "for the other", level(heard[b], 600, 8000), -11, -9)
}
