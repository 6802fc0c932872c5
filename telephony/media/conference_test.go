package media

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// guest is a member of a long conference, whose clock is not the box's.
type guest struct {
	*party // or
	line   *Stream
	ppm    float64
	owes   float64 // frames
	tone   phase
}

func (g *guest) audio() *Stream {
	if g.party != nil {
		return g.party.Stream
	}
	return g.line
}

// turn is 20 ms of the box's time: the guest says what its own clock makes of it, and
// hears what there is for it.
func (g *guest) turn(hz float64) (heard []int16) {
	for g.owes += 1 + g.ppm/1e6; g.owes >= 1; g.owes-- {
		if g.party != nil {
			g.say(hz)
			continue
		}
		var f frame
		g.tone.fill(f[:], hz, hal.Rate)
		g.line.Push(&f)
		g.line.Pull(&f)
		heard = append(heard, f[:]...)
	}
	if g.party != nil {
		heard = g.heard()
	}
	return heard
}

// TestLongConference lets five talk for two minutes, their clocks up to 4000 ppm apart,
// which is as many frames too many and too few as 20 minutes of real clocks make, ten
// times over.
func TestLongConference(t *testing.T) {
	t.Parallel()
	minutes := 2
	if testing.Short() || forgetful {
		minutes = 1
	}
	confer(t, minutes, 2000)
}

// TestTwentyMinutesOfConference is as long as it says, with clocks as phones have them.
func TestTwentyMinutesOfConference(t *testing.T) {
	if testing.Short() || forgetful {
		t.Skip("minutes under the race detector; make test runs it without")
	}
	t.Parallel()
	confer(t, 20, 100)
}

// confer lets five talk in turn whose clocks are up to ppm too fast or too slow: everybody
// hears whoever speaks as loud and as soon at the end as at the start.
func confer(t *testing.T, minutes int, ppm float64) {
	e := newRig(t)
	room := e.NewRoom()
	guests := []*guest{
		{party: newParty(t, e, PCMA), ppm: ppm}, {party: newParty(t, e, PCMU), ppm: -ppm},
		{party: newParty(t, e, G722), ppm: 0.75 * ppm}, {party: newParty(t, e, G722), ppm: -0.75 * ppm},
		{line: e.NewLine("line", func(call.Event) {}), ppm: ppm},
	}
	for _, g := range guests {
		g.audio().Join(room)
	}
	const second = 50
	slowest := time.Duration(0)
	for tick := range minutes * 60 * second {
		talker := guests[tick/second%len(guests)]
		speaks := tick%second < second/2 // half of it
		for _, g := range guests {
			hz := 0.0
			if speaks && g == talker {
				hz = 1000
			}
			pcm := g.turn(hz)
			// From 300 to 480 ms whoever speaks must be there as loud as he is.
			if at := tick % second; g != talker && at >= 15 && at < 24 && len(pcm) > 0 {
				rate := 8000.0
				if g.party != nil {
					rate = g.rate()
				}
				if got := level(pcm, 1000, rate); got < -13 || got > -8 {
					t.Fatalf("after %v member %.0f ppm hears member %.0f ppm with %.1f dBm0", time.Duration(tick)*20*time.Millisecond, g.ppm, talker.ppm, got)
				}
			}
			if g != talker && tick%second < second/2 && len(pcm) > 0 && dsp.Level(pcm) < -30 {
				slowest = max(slowest, time.Duration(tick%second+1)*20*time.Millisecond)
			}
		}
		e.ticks(1)
	}
	t.Logf("the slowest word took %v", slowest)
	if slowest > 100*time.Millisecond { // 140 where nothing keeps up with the clocks
		t.Errorf("a word took %v to be heard", slowest)
	}
}

// BenchmarkConferenceMember is what each of 30 costs who all speak: narrow, wide, and
// half of each. "%core" is the part of a processor.
func BenchmarkConferenceMember(b *testing.B) {
	for _, mix := range []struct {
		name   string
		codecs []Codec
	}{{"narrow", []Codec{PCMA}}, {"wide", []Codec{G722}}, {"mixed", []Codec{PCMA, G722}}} {
		b.Run(mix.name, func(b *testing.B) {
			const members = 30
			step := mixRig(members, mix.codecs...)(b)
			b.ReportAllocs()
			for b.Loop() {
				step()
			}
			each := b.Elapsed() / time.Duration(b.N) / members
			b.ReportMetric(float64(each.Nanoseconds()), "ns/member")
			b.ReportMetric(100*float64(each)/float64(hal.FrameTime), "%core")
		})
	}
}
