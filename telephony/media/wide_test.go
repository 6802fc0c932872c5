package media

import (
	"math"
	"testing"

	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// level is how loud a tone is in sound of a rate, in dBm0.
func level(pcm []int16, hz, rate float64) float64 { return dsp.ToneLevel(pcm, hz*8000/rate) }

// talk lets parties say a tone each for n ticks and returns what each heard in the
// last half of them.
func talk(e *Engine, n int, tones map[*party]float64) map[*party][]int16 {
	heard := map[*party][]int16{}
	for i := range n {
		for p, hz := range tones {
			p.say(hz)
		}
		e.ticks(1)
		for p := range tones {
			if pcm := p.heard(); i >= n/2 {
				heard[p] = append(heard[p], pcm...)
			}
		}
	}
	return heard
}

func wantLevel(t *testing.T, what string, got, least, most float64) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: %.1f dBm0, want %.0f to %.0f", what, got, least, most)
	}
}

// TestResamplers measure the filters: flat where speech is, deaf where it would be
// heard as something else.
func TestResamplers(t *testing.T) {
	gain := func(hz float64, up bool) float64 {
		var c converter
		var said, heard []int16
		var p phase
		for range 50 {
			if up {
				var in [narrow]int16
				var out [wide]int16
				p.fill(in[:], hz, 8000)
				c.convert(out[:], in[:])
				said, heard = append(said, in[:]...), append(heard, out[:]...)
			} else {
				var in [wide]int16
				var out [narrow]int16
				p.fill(in[:], hz, 16000)
				c.convert(out[:], in[:])
				said, heard = append(said, in[:]...), append(heard, out[:]...)
			}
		}
		if up {
			return level(heard[320:], hz, 16000) - level(said[160:], hz, 8000)
		}
		alias := hz
		if hz > 4000 {
			alias = 8000 - hz
		}
		return level(heard[160:], alias, 8000) - level(said[320:], hz, 16000)
	}
	for _, hz := range []float64{200, 1000, 3000, 3400} {
		for _, up := range []bool{true, false} {
			if g := gain(hz, up); math.Abs(g) > 0.2 {
				t.Errorf("%.0f Hz, up %v: %.2f dB", hz, up, g)
			}
		}
	}
	for _, hz := range []float64{4600, 5500, 7000} {
		if g := gain(hz, false); g > -55 {
			t.Errorf("%.0f Hz comes through as %.0f Hz with %.1f dB", hz, 8000-hz, g)
		}
	}
}

// TestWideCall: two wide parties hear what no narrow one could; a wide and a narrow
// one hear what both can.
func TestWideCall(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, G722), newParty(t, e, G722)
	a.Connect(b.Stream)
	heard := talk(e, 40, map[*party]float64{a: 6000, b: 1000})
	wantLevel(t, "6 kHz from wide to wide", level(heard[b], 6000, 16000), -12, -9)
	wantLevel(t, "1 kHz from wide to wide", level(heard[a], 1000, 16000), -11, -9)

	c := newParty(t, e, PCMA)
	a.Connect(c.Stream)
	heard = talk(e, 40, map[*party]float64{a: 1500, c: 700})
	wantLevel(t, "1.5 kHz from wide to narrow", level(heard[c], 1500, 8000), -11, -9)
	wantLevel(t, "700 Hz from narrow to wide", level(heard[a], 700, 16000), -11, -9)
	heard = talk(e, 40, map[*party]float64{a: 6000, c: 3000})
	wantLevel(t, "the mirror of 6 kHz in narrow sound", level(heard[c], 2000, 8000), -200, -60)
	wantLevel(t, "the mirror of 3 kHz in wide sound", level(heard[a], 5000, 16000), -200, -45)
	checkContinuous(t, nil)
}

// TestWideRoom: members of both kinds hear all others and never themselves.
func TestWideRoom(t *testing.T) {
	e := newRig(t)
	room := e.NewRoom()
	tones := map[*party]float64{newParty(t, e, G722): 600, newParty(t, e, G722): 1100, newParty(t, e, PCMU): 1700, newParty(t, e, PCMA): 2300}
	for p := range tones {
		p.Join(room)
	}
	heard := talk(e, 60, tones)
	for p := range tones {
		rate := 8000.0
		if p.params.Codec.wide() {
			rate = 16000
		}
		for q, hz := range tones {
			if got := level(heard[p], hz, rate); p == q {
				wantLevel(t, "itself", got, -200, -40)
			} else {
				wantLevel(t, "another", got, -11.5, -9)
			}
		}
	}
}

// TestEdges: listening, whispering and muting are gains between members.
func TestEdges(t *testing.T) {
	for _, codec := range []Codec{PCMA, G722} {
		t.Run(codec.String(), func(t *testing.T) {
			e := newRig(t)
			room := e.NewRoom().(*Room)
			caller, agent, boss := newParty(t, e, PCMA), newParty(t, e, codec), newParty(t, e, PCMU)
			tones := map[*party]float64{caller: 600, agent: 1100, boss: 1700}
			for p := range tones {
				p.Join(room)
			}
			hears := func(what string, p, q *party, least, most float64) {
				t.Helper()
				rate := 8000.0
				if p.params.Codec.wide() {
					rate = 16000
				}
				heard := talk(e, 30, tones)
				wantLevel(t, what, level(heard[p], tones[q], rate), least, most)
			}
			room.Gain(nil, boss.Stream, 0)
			hears("caller hears who listens", caller, boss, -200, -45)
			hears("agent hears who listens", agent, boss, -200, -45)
			hears("who listens hears the agent", boss, agent, -12, -9)
			room.Gain(agent.Stream, boss.Stream, 1)
			hears("agent hears who whispers", agent, boss, -12, -9)
			hears("caller hears who whispers", caller, boss, -200, -45)
			room.Gain(caller.Stream, agent.Stream, 0.25)
			hears("the agent, lower", caller, agent, -24, -20)
			boss.Silence()
			boss.Join(room)
			hears("caller hears who has come anew", caller, boss, -12, -9)
		})
	}
}

// tape is a Tap that keeps everything.
type tape struct{ said, heard []int16 }

func (t *tape) Frame(said, heard []int16) {
	t.said, t.heard = append(t.said, said...), append(t.heard, heard...)
}

// TestTap: whoever listens in hears both sides, and the parties hear no difference.
func TestTap(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMA)
	a.Connect(b.Stream)
	tones := map[*party]float64{a: 600, b: 1100}
	var packets = func() {
		for range 20 {
			a.say(600)
			b.say(1100)
			e.ticks(1)
		}
	}
	packets()
	if !a.plan.Load().saysRelay {
		t.Fatal("the call is not relayed")
	}
	var tp tape
	a.AddTap(&tp)
	if a.plan.Load().saysRelay || b.plan.Load().saysRelay {
		t.Fatal("the call is relayed past who listens in")
	}
	packets()
	a.RemoveTap(&tp)
	if !a.plan.Load().saysRelay {
		t.Fatal("the call is not relayed again")
	}
	packets()
	checkContinuous(t, a.sock.take())
	checkContinuous(t, b.sock.take())
	if len(tp.said) != 3200 || len(tp.heard) != 3200 {
		t.Fatalf("the tape has %d and %d samples", len(tp.said), len(tp.heard))
	}
	wantLevel(t, "said", level(tp.said[800:], tones[a], 8000), -11, -9)
	wantLevel(t, "heard", level(tp.heard[800:], tones[b], 8000), -11, -9)
	a.AddTap(&tp)
	a.Play(call.Program{Sounds: []call.Sound{{Tone: "ringback"}}})
	tp = tape{}
	e.ticks(10)
	if dsp.ToneLevel(tp.heard, 425) < -20 {
		t.Error("the tape has no ringback")
	}
}

// TestComfortNoise: a party that goes silent by saying so is heard as its noise.
func TestComfortNoise(t *testing.T) {
	e := newRig(t)
	a, b := newParty(t, e, PCMA), newParty(t, e, PCMU)
	room := e.NewRoom()
	a.Join(room)
	b.Join(room)
	talk(e, 10, map[*party]float64{a: 600, b: 0})
	a.receive(a.packet(comfortNoise, []byte{50}), a.at)
	e.ticks(20)
	b.heard()
	e.ticks(20)
	var sum float64
	pcm := b.heard()
	for _, x := range pcm {
		sum += float64(x) * float64(x)
	}
	if db := 10 * math.Log10(sum/float64(len(pcm))/(32768*32768)); math.Abs(db+50) > 2 {
		t.Errorf("the noise has %.1f dBov, want -50", db)
	}
}
