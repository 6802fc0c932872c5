package media

import (
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
)

// Set-ups of the packet path, measured for time and for garbage.

func relayRig(t testing.TB) func() {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	b.sock.mute = true
	a.Connect(b.Stream)
	packet := a.packet(8, make([]byte, 160))
	return func() {
		a.receive(packet, a.at)
		packet[3]++ // the next number
		if packet[3] == 0 {
			packet[2]++
		}
	}
}

func transcodeRig(t testing.TB) func() {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMU)
	b.sock.mute = true
	a.Connect(b.Stream)
	packet := a.packet(8, make([]byte, 160))
	return func() {
		a.receive(packet, a.at)
		if packet[3]++; packet[3] == 0 {
			packet[2]++
		}
	}
}

// programRig is n parties that hear music.
func programRig(n int, change ...func(*Params)) func(t testing.TB) func() {
	return func(t testing.TB) func() {
		e := newRig(t)
		addMusic(e.library, constant(1000, 80000))
		for range n {
			p := newParty(t, e, PCMA, change...)
			p.sock.mute = true
			p.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
		}
		return func() { e.ticks(1) }
	}
}

// mixRig is a room of n parties who all speak, with the codecs in turn.
func mixRig(n int, codecs ...Codec) func(t testing.TB) func() {
	return func(t testing.TB) func() {
		e := newRig(t)
		room := e.NewRoom()
		var members []*party
		var packets [][]byte
		for i := range n {
			codec := PCMA
			if len(codecs) > 0 {
				codec = codecs[i%len(codecs)]
			}
			p := newParty(t, e, codec)
			p.sock.mute = true
			p.Join(room)
			members = append(members, p)
			packets = append(packets, p.packet(codec.payloadType(), make([]byte, 160)))
		}
		e.ticks(1)
		ts := uint32(1 << 31)
		return func() {
			for i, p := range members {
				p.receive(packets[i], p.at)
				b := packets[i]
				if b[3]++; b[3] == 0 {
					b[2]++
				}
				b[4], b[5], b[6], b[7] = byte(ts>>24), byte(ts>>16), byte(ts>>8), byte(ts)
			}
			ts += 160
			e.ticks(1)
		}
	}
}

// lineRig is a line that talks with a phone, its keys listened for.
func lineRig(t testing.TB) func() {
	e := newRig(t)
	a, line := newParty(t, e, PCMA), e.NewLine("line", func(call.Event) {})
	a.sock.mute = true
	a.Connect(line)
	var f frame
	return func() {
		line.Push(&f)
		e.ticks(1)
		line.Pull(&f)
	}
}

// forgetful: pools lose what is put into them.
var forgetful bool

func TestThePacketPathMakesNoGarbage(t *testing.T) {
	for name, rig := range map[string]func(testing.TB) func(){
		"relay": relayRig, "transcode": transcodeRig, "program": programRig(3), "mix": mixRig(5), "wide mix": mixRig(5, G722, PCMU), "line": lineRig,
		"sealed relay": sealedRig(sha80), "sealed program": programRig(3, secured(sha80, 'a')),
	} {
		if forgetful && strings.HasPrefix(name, "sealed") {
			continue
		}
		if n := testing.AllocsPerRun(200, rig(t)); n != 0 {
			t.Errorf("%s: %.1f allocations per step, want none", name, n)
		}
	}
}

func benchmark(b *testing.B, rig func(testing.TB) func()) {
	step := rig(b)
	b.ReportAllocs()
	for b.Loop() {
		step()
	}
}

func BenchmarkRelayPacket(b *testing.B)     { benchmark(b, relayRig) }
func BenchmarkTranscodePacket(b *testing.B) { benchmark(b, transcodeRig) }
func BenchmarkMusicListener(b *testing.B)   { benchmark(b, programRig(1)) }
func BenchmarkLineTick(b *testing.B)        { benchmark(b, lineRig) }
