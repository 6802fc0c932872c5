package media

import (
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
	"pgregory.net/rapid"
)

func TestRelayForwardsAtOnce(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA, func(p *Params) { p.PayloadType = 96 })
	a.Connect(b.Stream)
	a.say(1000) // no tick
	got := b.sock.take()
	if len(got) != 1 || got[0].PayloadType != 96 || !got[0].Marker || got[0].SSRC == a.ssrc {
		t.Fatalf("b got %v", got)
	}
	e.ticks(3)
	if n := len(b.sock.take()) + len(a.sock.take()); n != 0 {
		t.Errorf("the tick sent %d packets into a relay", n)
	}
}

func TestRelayKeepsLossAndOrder(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMU), newParty(t, e, PCMU)
	packet := func() []byte { defer func() { a.ts += 160 }(); return a.packet(0, make([]byte, 160)) }
	a.receive(packet(), a.at)
	a.Connect(b.Stream)
	p0, p1, _, p3 := packet(), packet(), packet(), packet()
	for _, p := range [][]byte{p1, p3, p3, p0} { // p0 is from before the relay began, one is lost, one is doubled
		a.receive(p, a.at)
	}
	got := b.sock.take()
	if len(got) != 2 {
		t.Fatalf("%d packets relayed, want 2", len(got))
	}
	if ds, dt := got[1].SequenceNumber-got[0].SequenceNumber, got[1].Timestamp-got[0].Timestamp; ds != 2 || dt != 320 {
		t.Errorf("numbers rose by %d and %d, want 2 and 320", ds, dt)
	}
	st := a.Close()
	if st.Lost != 1 || st.Duplicate != 1 || st.PacketsIn != 5 {
		t.Errorf("statistics are %+v", st)
	}
}

// TestOldPacketsAreNotSentAgain: under one key of SRTP no number may be used for two
// packets (RFC 3711 9.1), however old the repeated one is.
func TestOldPacketsAreNotSentAgain(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	var packets [][]byte
	for range maxMisorder {
		packets = append(packets, a.packet(8, make([]byte, 160)))
		a.ts += 160
	}
	for _, p := range append(packets, packets...) {
		a.receive(p, a.at)
	}
	used := make(map[uint16]bool)
	for _, p := range b.sock.take() {
		if used[p.SequenceNumber] {
			t.Fatalf("number %d is used twice", p.SequenceNumber)
		}
		used[p.SequenceNumber] = true
	}
	if len(used) != maxMisorder {
		t.Errorf("%d of %d packets were passed on", len(used), maxMisorder)
	}
}

func TestTranscoding(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMU)
	a.Connect(b.Stream)
	for range 10 {
		a.say(1000)
		b.say(440)
	}
	if pcm := b.heard(); len(pcm) != 1600 || !hears(pcm, 1000) {
		t.Errorf("b heard %d samples, not a's tone", len(pcm))
	}
	if pcm := a.heard(); len(pcm) != 1600 || !hears(pcm, 440) {
		t.Errorf("a heard %d samples, not b's tone", len(pcm))
	}
}

func TestPacketTimesAreMatchedInTheTick(t *testing.T) {
	for _, ptime := range []int{10, 30, 40, 60} {
		e := newRig(t)
		a, b := newParty(t, e, PCMA), newParty(t, e, PCMA, func(p *Params) { p.Ptime = ptime })
		a.Connect(b.Stream)
		for range 30 {
			a.say(1000)
			e.ticks(1)
		}
		sent := b.sock.take()
		checkContinuous(t, sent)
		for _, pk := range sent {
			if len(pk.Payload) != ptime*8 {
				t.Fatalf("packet of %d bytes, want %d ms", len(pk.Payload), ptime)
			}
		}
		if want := 600 / ptime; len(sent) < want-1 || len(sent) > want {
			t.Errorf("%d packets of %d ms in 600 ms", len(sent), ptime)
		}
	}
}

// TestOneContinuousSource draws any row of plans, holds, gaps and restarts of
// the peer: what a phone is sent stays one source by RFC 3550.
func TestOneContinuousSource(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := newRig(t)
		e.library.Add("prompt", constant(1000, 500))
		a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
		room := e.NewRoom()
		defer a.Close()
		defer b.Close()
		var sent []rtp.Packet
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			switch rapid.IntRange(0, 8).Draw(r, "step") {
			case 0:
				a.Play(call.Say("prompt"))
			case 1:
				a.Echo()
			case 2:
				a.Join(room)
			case 3:
				a.Silence()
			case 4:
				held := a.params
				held.Send, held.Held = false, true
				a.Set(held)
				e.ticks(rapid.IntRange(0, 200).Draw(r, "held"))
				a.Set(a.params)
			case 5:
				b.ssrc++
				b.seq, b.ts = rapid.Uint16().Draw(r, "seq"), rapid.Uint32().Draw(r, "ts")
			case 6:
				b.ts += 160 * rapid.Uint32Range(0, 100).Draw(r, "gap") // silence suppressed, time stands still: worse than real
			default:
				a.Connect(b.Stream)
			}
			for range rapid.IntRange(0, 4).Draw(r, "frames") {
				b.say(500)
				a.say(0)
				e.ticks(1)
			}
			sent = append(sent, a.sock.take()...)
		}
		checkContinuous(t, sent)
	})
}

func TestHoldAndResume(t *testing.T) {
	e := newRig(t)
	addMusic(e.library, constant(2000, 8000))
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	talk := func(n int) {
		for range n {
			a.say(1000)
			b.say(440)
			e.ticks(1)
		}
	}
	talk(10)
	if !hears(b.heard(), 1000) || !hears(a.heard(), 440) {
		t.Fatal("the parties do not hear each other")
	}
	held := a.params // a puts the box on hold
	held.Send, held.Held = false, true
	a.Set(held)
	a.Silence()
	b.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}, Loop: true})
	talk(10)
	if n := len(a.heard()); n != 0 {
		t.Errorf("a was sent %d samples while it did not want any", n)
	}
	if pcm := b.heard(); len(pcm) != 1600 || pcm[800] != laws[PCMA].linear[laws[PCMA].bytes[2000>>2]] {
		t.Errorf("b heard %d samples, not the music", len(pcm))
	}
	a.Set(a.params)
	a.Connect(b.Stream)
	talk(10)
	if pcm := b.heard(); !hears(pcm, 1000) {
		t.Error("b does not hear a after the hold")
	}
	if pcm := a.heard(); !hears(pcm, 440) {
		t.Error("a does not hear b after the hold")
	}
}

func TestWhoeverIsLeftHearsSilence(t *testing.T) {
	e := newRig(t)
	a, b, c := newParty(t, e, PCMA), newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	b.Connect(c.Stream) // a transfer: a is out
	b.say(1000)
	if n := len(a.sock.take()); n != 0 {
		t.Errorf("a was sent %d packets of a party that it has lost", n)
	}
	if n := len(c.sock.take()); n != 1 {
		t.Errorf("c was sent %d packets, want 1", n)
	}
	c.Close()
	b.say(1000)
	e.ticks(1)
	if pcm := b.heard(); len(pcm) != 160 || pcm[0] > 8 {
		t.Errorf("b hears %d samples, want a frame of silence", len(pcm))
	}
	b.Connect(c.Stream)
	if b.plan.Load() != silent {
		t.Error("connected to a closed stream")
	}
}

func TestRenegotiation(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	a.say(1000)
	b.params.Codec, b.params.PayloadType, b.params.Ptime = PCMU, 0, 30
	b.Set(b.params)
	if b.plan.Load().hearsRelay {
		t.Error("packets of 20 ms are relayed to a party that wants 30")
	}
	b.sock.take()
	for range 30 {
		a.say(1000)
		e.ticks(1)
	}
	sent := b.sock.take()
	checkContinuous(t, sent)
	if len(sent) < 18 || sent[10].PayloadType != 0 || len(sent[10].Payload) != 240 {
		t.Errorf("%d packets after the codec changed, like %v", len(sent), sent[0])
	}
}
