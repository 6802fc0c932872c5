package media

import (
	"fmt"
	"testing"
)

// TestEveryPacketTimeToEveryOther: each party gets packets as long as it asked for,
// whole and without a gap, whatever the other sends.
func TestEveryPacketTimeToEveryOther(t *testing.T) {
	times := []int{10, 20, 30, 40, 60}
	for _, from := range times {
		for _, to := range times {
			t.Run(fmt.Sprintf("%d to %d ms", from, to), func(t *testing.T) {
				e := newRig(t)
				a := newParty(t, e, PCMA, func(p *Params) { p.Ptime = from })
				b := newParty(t, e, PCMU, func(p *Params) { p.Ptime = to })
				a.Connect(b.Stream)
				said := 0
				for tick := range 120 {
					for ; said < (tick+1)*narrow; said += from * samplesPerMs {
						pcm := make([]int16, from*samplesPerMs)
						a.tone.fill(pcm, 1000, 8000)
						payload := make([]byte, len(pcm))
						for i, x := range pcm {
							payload[i] = laws[PCMA].bytes[uint16(x)>>2]
						}
						a.receive(a.packet(PCMA.payloadType(), payload), a.at)
						a.ts += uint32(len(pcm))
					}
					e.ticks(1)
				}
				sent := b.sock.take()
				checkContinuous(t, sent)
				for i, p := range sent {
					if len(p.Payload) != to*samplesPerMs || i > 0 && p.Timestamp-sent[i-1].Timestamp != uint32(to*samplesPerMs) {
						t.Fatalf("packet %d of %d bytes at %d", i, len(p.Payload), p.Timestamp-sent[0].Timestamp)
					}
				}
				if n := len(sent) * to; n < 2280 {
					t.Errorf("%d ms in all", n)
				}
				b.sock.sent = sent
				if pcm := b.heard(); !hears(pcm[len(pcm)/2:], 1000) {
					t.Error("the tone is not heard")
				}
			})
		}
	}
}

// TestComfortNoiseIsPassedOn to a party that takes it, and heard by one that does not.
func TestComfortNoiseIsPassedOn(t *testing.T) {
	for _, takes := range []bool{true, false} {
		e := newRig(t)
		a := newParty(t, e, PCMA, func(p *Params) { p.Noise = true })
		b := newParty(t, e, PCMA, func(p *Params) { p.Noise = takes })
		a.Connect(b.Stream)
		for range 10 {
			a.say(1000)
			e.ticks(1)
		}
		b.sock.take()
		a.receive(a.packet(comfortNoise, []byte{40}), a.at)
		e.ticks(20)
		sent := b.sock.take()
		if takes {
			if len(sent) != 1 || sent[0].PayloadType != comfortNoise || sent[0].Payload[0] != 40 {
				t.Errorf("passed on: %v", sent)
			}
			continue
		}
		b.sock.sent = sent
		pcm := b.heard()
		if len(pcm) < 10*narrow {
			t.Fatalf("%d samples", len(pcm))
		}
		loud := 0
		for _, x := range pcm[len(pcm)-narrow:] {
			if x != pcm[len(pcm)-1] {
				loud++
			}
		}
		if loud == 0 {
			t.Error("no noise is heard")
		}
	}
}
