package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pion/rtp"
)

// tuner notes which codecs a party was asked to change over to.
type tuner struct{ asked []string }

func (t *tuner) Tune(other string) { t.asked = append(t.asked, other) }
func (t *tuner) Face(Tuner)        {}

func (t *tuner) take() []string {
	list := t.asked
	t.asked = nil
	return list
}

// newOther is a phone that speaks a codec of others.
func newOther(t *testing.T, e *Engine, other, others string, payloadType uint8) (*party, *tuner) {
	tune := new(tuner)
	return newParty(t, e, PCMA, func(p *Params) {
		p.Other, p.Others, p.Tuner = other, others, tune
		if other != "" {
			p.PayloadType, p.OwnType = payloadType, payloadType
		}
	}), tune
}

// TestOtherCodecIsRelayed: what we do not speak goes from party to party as it is,
// under the number that each has for it.
func TestOtherCodecIsRelayed(t *testing.T) {
	e := newRig(t)
	a, tuneA := newOther(t, e, "opus/48000/2", "opus/48000/2", 96)
	b, tuneB := newOther(t, e, "opus/48000/2", "opus/48000/2", 111)
	a.Connect(b.Stream)
	var want [][]byte
	for i := range 30 {
		payload := bytes.Repeat([]byte{byte(i)}, 40+i)
		want = append(want, payload)
		a.receive(a.packet(96, payload), a.at)
		a.ts += 960
		e.ticks(1)
	}
	sent := b.sock.take()
	if len(sent) != len(want) {
		t.Fatalf("%d packets, want %d", len(sent), len(want))
	}
	checkContinuous(t, sent)
	for i, p := range sent {
		if p.PayloadType != 111 || !bytes.Equal(p.Payload, want[i]) || p.Timestamp-sent[0].Timestamp != uint32(960*i) {
			t.Errorf("packet %d: type %d, %d bytes, time %d", i, p.PayloadType, len(p.Payload), p.Timestamp-sent[0].Timestamp)
		}
	}
	if x, y := tuneA.take(), tuneB.take(); len(x)+len(y) > 0 {
		t.Errorf("asked for %q and %q", x, y)
	}
	b.sock.mute = true
	next := a.packet(96, []byte{1, 2, 3})
	if n := testing.AllocsPerRun(100, func() {
		a.seq++
		binary.BigEndian.PutUint16(next[2:], a.seq)
		a.receive(next, a.at)
	}); n > 0 {
		t.Errorf("%v allocations per packet", n)
	}
}

// TestPartiesAreTuned: each is asked for the codec that suits what it hears, once.
func TestPartiesAreTuned(t *testing.T) {
	const opus, g729 = "opus/48000/2", "g729/8000"
	for _, c := range []struct {
		name         string
		a, as, b, bs string
		plan         func(a, b *party)
		wantA, wantB []string
	}{
		{"one of ours each", "", opus, "", opus, func(a, b *party) { a.Connect(b.Stream) }, nil, nil},
		{"the callee's", "", opus, opus, opus, func(a, b *party) { a.Connect(b.Stream) }, []string{opus}, nil},
		{"the caller's", g729, g729, "", opus + " " + g729, func(a, b *party) { a.Connect(b.Stream) }, nil, []string{g729}},
		{"nothing alike", g729, g729, opus, opus, func(a, b *party) { a.Connect(b.Stream) }, []string{""}, []string{""}},
		{"music", opus, opus, opus, opus, func(a, b *party) { a.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}}) }, []string{""}, nil},
		{"a room", opus, opus, "", opus, func(a, b *party) { r := a.engine.NewRoom(); a.Join(r); b.Join(r) }, []string{""}, nil},
		{"a recording", opus, opus, opus, opus, func(a, b *party) { a.Connect(b.Stream); a.AddTap(deaf{}) }, []string{""}, []string{""}},
		{"an echo", opus, opus, "", "", func(a, b *party) { a.Echo() }, []string{""}, nil},
		{"silence", opus, opus, "", "", func(a, b *party) { a.Silence() }, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newRig(t)
			a, tuneA := newOther(t, e, c.a, c.as, 96)
			b, tuneB := newOther(t, e, c.b, c.bs, 97)
			c.plan(a, b)
			a.Set(a.params) // a refused offer changes nothing
			b.Set(b.params)
			for _, x := range []struct {
				who  string
				got  []string
				want []string
			}{{"caller", tuneA.take(), c.wantA}, {"callee", tuneB.take(), c.wantB}} {
				if len(x.got) != len(x.want) || len(x.got) > 0 && x.got[0] != x.want[0] {
					t.Errorf("the %s was asked for %q, want %q", x.who, x.got, x.want)
				}
			}
		})
	}
}

type deaf struct{}

func (deaf) Frame([]int16, []int16) {}

// TestTalkGoesOnWhenOneCannotChange: who refuses the other's codec makes that one
// come over to ours.
func TestTalkGoesOnWhenOneCannotChange(t *testing.T) {
	e := newRig(t)
	a, tuneA := newOther(t, e, "", "opus/48000/2", 96)
	b, tuneB := newOther(t, e, "opus/48000/2", "opus/48000/2", 97)
	a.Connect(b.Stream)
	if got := tuneA.take(); len(got) != 1 {
		t.Fatalf("asked for %q", got)
	}
	a.params.Others = ""
	a.Set(a.params)
	if got := tuneB.take(); len(got) != 1 || got[0] != "" {
		t.Errorf("the other was asked for %q", got)
	}
	b.params.Other, b.params.PayloadType = "", 8
	b.Set(b.params)
	for range 10 {
		a.say(1000)
		e.ticks(1)
	}
	if !hears(b.heard(), 1000) {
		t.Error("silent")
	}
}

// TestOtherCodecAfterMusic: what a phone is sent stays one source through music and
// packets of a codec that we do not speak, and of those the steps of time are their
// own. Another clock rate makes another source.
func TestOtherCodecAfterMusic(t *testing.T) {
	for _, c := range []struct {
		other string
		step  uint32 // of 20 ms
	}{{"gsm/8000", 160}, {"opus/48000/2", 960}, {"speex/16000", 320}} {
		for _, frames := range []int{1, 2, 3, 50} {
			for _, fast := range []uint32{0, 2} { // samples by which the other's clock gains in a packet
				t.Run(fmt.Sprint(c.other, frames, fast), func(t *testing.T) {
					e := newRig(t)
					addMusic(e.library, constant(2000, 8000))
					a, _ := newOther(t, e, "", c.other, 96)
					b, _ := newOther(t, e, c.other, c.other, 97)
					ours, others := a.params, a.params
					others.Other, others.PayloadType, others.OwnType = c.other, 96, 96
					var sources [][]rtp.Packet
					for range 3 {
						a.Set(ours)
						a.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}, Loop: true})
						e.ticks(frames)
						music := a.sock.take()
						a.Set(others)
						a.Connect(b.Stream)
						for range frames {
							b.receive(b.packet(97, []byte{1, 2, 3}), b.at)
							b.ts += c.step + fast
							e.ticks(1)
						}
						relayed := a.sock.take()
						if len(music) != frames || len(relayed) != frames || !relayed[0].Marker {
							t.Fatalf("%d and %d packets, want %d", len(music), len(relayed), frames)
						}
						for i := range relayed[1:] {
							if d := relayed[i+1].Timestamp - relayed[i].Timestamp; d != c.step+fast {
								t.Fatalf("a step of %d, want %d", d, c.step+fast)
							}
						}
						sources = append(sources, music, relayed)
					}
					if c.step == 160 {
						sources = [][]rtp.Packet{slices.Concat(sources...)}
					}
					seen := make(map[uint32]bool)
					for _, packets := range sources {
						checkContinuous(t, packets)
						for i := range packets[1:] {
							if packets[i+1].Timestamp == packets[i].Timestamp {
								t.Fatalf("packet %d has the time of the one before", i+1)
							}
						}
						if seen[packets[0].SSRC] {
							t.Error("a source is used for two clock rates")
						}
						seen[packets[0].SSRC] = true
					}
				})
			}
		}
	}
}
