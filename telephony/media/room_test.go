package media

import (
	"testing"

	"github.com/pasokh/pasokh/telephony/call"
)

func TestRoomMembersHearTheOthers(t *testing.T) {
	e := newRig(t)
	e.library.Add("welcome", constant(5000, 400))
	room := e.NewRoom()
	tones := []float64{500, 1000, 1900}
	var members []*party
	for range tones {
		p := newParty(t, e, Codec(len(members)%2))
		p.Join(room)
		members = append(members, p)
	}
	if n := room.Members(); n != 3 {
		t.Fatalf("%d members, want 3", n)
	}
	talk := func(n int) {
		for range n {
			for i, p := range members {
				p.say(tones[i])
			}
			e.ticks(1)
		}
	}
	talk(10)
	for _, p := range members {
		p.heard()
	}
	talk(20)
	for i, p := range members {
		pcm := p.heard()
		if len(pcm) != 20*160 {
			t.Errorf("member %d heard %d samples", i, len(pcm))
		}
		for k, hz := range tones {
			if got, want := hears(pcm, hz), k != i; got != want {
				t.Errorf("member %d hears %.0f Hz: %v, want %v", i, hz, got, want)
			}
		}
	}
	members[2].Silence()
	talk(3)
	members[0].heard()
	talk(10)
	if pcm := members[0].heard(); hears(pcm, tones[2]) || !hears(pcm, tones[1]) {
		t.Error("a member who left is still heard, or a member is not")
	}
	members[1].Close()
	if n := room.Members(); n != 1 {
		t.Errorf("%d members, want 1", n)
	}
	members[0].Join(room) // again
	if n := room.Members(); n != 1 {
		t.Errorf("%d members after joining twice, want 1", n)
	}
}

func TestRoomAnnouncesToAll(t *testing.T) {
	e := newRig(t)
	e.library.Add("welcome", constant(5000, 400))
	room := e.NewRoom()
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMU)
	a.Join(room)
	b.Join(room)
	room.Announce(call.Say("welcome"))
	e.ticks(4)
	for _, p := range []*party{a, b} {
		if steps := levels(p.heard()); steps[0][0] < 4800 || steps[0][1] != 400 || len(steps) != 2 {
			t.Errorf("heard %v", steps)
		}
	}
}

func TestMixIsBentNotCut(t *testing.T) {
	e := newRig(t)
	room := e.NewRoom()
	var lines []*Stream
	for range 4 {
		s := e.NewLine("line", func(call.Event) {})
		s.Join(room)
		lines = append(lines, s)
	}
	var f frame
	for range 3 {
		for i, s := range lines {
			for k := range f {
				f[k] = int16(20000 - i) // three of them overflow
			}
			s.Push(&f)
		}
		e.ticks(1)
	}
	for i, s := range lines {
		s.Pull(&f)
		if s.Pull(&f); f[80] < 30000 {
			t.Errorf("line %d hears %d, want nearly full scale", i, f[80])
		}
	}
}

func TestEcho(t *testing.T) {
	e := newRig(t)
	p := newParty(t, e, PCMU)
	p.Echo()
	for range 10 {
		p.say(1000)
		e.ticks(1)
	}
	sent := p.sock.take()
	checkContinuous(t, sent)
	if len(sent) != 10 || sent[0].SSRC == p.ssrc {
		t.Errorf("%d packets came back", len(sent))
	}
	line := e.NewLine("line", func(call.Event) {})
	line.Echo()
	var tone phase
	var pcm []int16
	for range 20 {
		var f frame
		tone.fill(f[:], 700, 8000)
		line.Push(&f)
		e.ticks(1)
		line.Pull(&f)
		pcm = append(pcm, f[:]...)
	}
	if !hears(pcm[5*160:], 700) {
		t.Error("a line does not hear itself")
	}
}
