package media

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/pasokh/pasokh/telephony/call"
)

// rampTape is a long sound whose bytes tell where they are from.
type rampTape struct {
	samples int
	reads   atomic.Int32
	broken  bool
}

func (r *rampTape) Samples() int { return r.samples }

func (r *rampTape) at(c Codec, i int) byte { return byte(i/160)<<2 | byte(c) }

func (r *rampTape) ReadPage(c Codec, n int, dst []byte) error {
	r.reads.Add(1)
	if r.broken {
		return errors.New("the card is worn out")
	}
	for i := range dst {
		dst[i] = r.at(c, n*TapePage+i)
	}
	return nil
}

// sent is the payloads that a party was sent since last time.
func (p *party) sent() (payload []byte) {
	for _, pk := range p.sock.take() {
		payload = append(payload, pk.Payload...)
	}
	return payload
}

// withLibrary runs the library's goroutine in a bubble, where it has always read
// what it was asked for before the next tick.
func withLibrary(t *testing.T, f func(t *testing.T, e *Engine, tick func(n int))) {
	synctest.Test(t, func(t *testing.T) {
		e := newRig(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go e.library.run(ctx, e.shard.now.Load, e.opts.Log)
		f(t, e, func(n int) {
			for range n {
				synctest.Wait()
				e.ticks(1)
			}
		})
	})
}

// TestTape: a long sound is heard to the byte, in each codec and over its seams,
// with only the pages in memory that somebody hears.
func TestTape(t *testing.T) {
	for _, codec := range []Codec{PCMU, PCMA, G722} {
		t.Run(codec.String(), func(t *testing.T) {
			withLibrary(t, func(t *testing.T, e *Engine, tick func(int)) {
				tape := &rampTape{samples: 30*TapePage + 4000}
				e.library.AddTape("long", tape)
				e.library.SetMusic(map[string]Music{"default": {Sounds: []string{"long"}, Continuous: true}})
				p := newParty(t, e, codec)
				p.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
				start := int(e.shard.now.Load()) + 160
				tick(tape.samples/160 + 50)
				got := p.sent()
				for i, b := range got {
					if want := tape.at(codec, (start+i)%tape.samples); b != want {
						t.Fatalf("byte %d of %d is %x, want %x", i, len(got), b, want)
					}
				}
				held := 0
				for i := range e.library.get("long").reel.pages[codec] {
					if e.library.get("long").reel.pages[codec][i].Load() != nil {
						held++
					}
				}
				if held > 8 || held == 0 {
					t.Errorf("%d pages in memory", held)
				}
				if n := tape.reads.Load(); n > 35 {
					t.Errorf("read %d pages of 31", n)
				}
			})
		})
	}
}

// TestTapeNotRead: a disk that fails or is slow is heard as silence, and keeps
// nobody waiting.
func TestTapeNotRead(t *testing.T) {
	e := newRig(t) // nobody reads
	e.library.AddTape("long", &rampTape{samples: 10 * TapePage})
	e.library.SetMusic(map[string]Music{"default": {Sounds: []string{"long"}, Continuous: true}})
	p := newParty(t, e, PCMA)
	p.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
	e.ticks(100)
	if got := p.sent(); len(got) != 16000 || got[0] != PCMA.silence() || got[15999] != PCMA.silence() {
		t.Errorf("%d bytes", len(got))
	}
	withLibrary(t, func(t *testing.T, e *Engine, tick func(int)) {
		e.library.AddTape("long", &rampTape{samples: 10 * TapePage, broken: true})
		e.library.SetMusic(map[string]Music{"default": {Sounds: []string{"long"}, Continuous: true}})
		p := newParty(t, e, PCMA)
		p.Play(call.Program{Sounds: []call.Sound{{Music: "default"}}})
		tick(10)
		if got := p.sent(); len(got) != 1600 || got[1599] != PCMA.silence() {
			t.Errorf("%d bytes", len(got))
		}
	})
}

// TestMusicOfOnesOwn: everybody hears it from the beginning, and after something
// else goes on where he was.
func TestMusicOfOnesOwn(t *testing.T) {
	e := newRig(t)
	ramp := make([]int16, 8000)
	for i := range ramp {
		ramp[i] = int16(i / 160 * 300)
	}
	e.library.Add("tune", ramp)
	e.library.Add("word", constant(-5000, 480))
	e.library.SetMusic(map[string]Music{"own": {Sounds: []string{"tune"}}})
	music := call.Program{Sounds: []call.Sound{{Music: "own"}}, Loop: true}
	a, b := newParty(t, e, PCMU), newParty(t, e, PCMU)
	a.Play(music)
	e.ticks(10)
	b.Play(music)
	e.ticks(5)
	place := func(p *party) int { pcm := p.heard(); return (int(pcm[len(pcm)-1]) + 150) / 300 }
	if x, y := place(a), place(b); x != 14 || y != 4 {
		t.Errorf("after 15 and 5 ticks they are at %d and %d", x, y)
	}
	a.Play(call.Say("word"))
	e.ticks(9)
	a.Play(music)
	e.ticks(1)
	b.heard()
	if x := place(a); x != 15 {
		t.Errorf("after an announcement the music is at %d, want 15", x)
	}
}

// TestPlaylist: every sound once each time round, without a gap; in a random one
// the order changes, and all hear the same.
func TestPlaylist(t *testing.T) {
	for _, random := range []bool{false, true} {
		e := newRig(t)
		names := []string{"a", "b", "c", "d", "e"}
		for i, name := range names {
			e.library.Add(name, constant(int16(1000*(i+1)), 160*(i+1)))
		}
		e.library.SetMusic(map[string]Music{"default": {Sounds: names, Random: random, Continuous: true}})
		hold := call.Program{Sounds: []call.Sound{{Music: "default"}}}
		a, b := newParty(t, e, PCMU), newParty(t, e, PCMU)
		a.Play(hold)
		b.Play(hold)
		e.ticks(14) // to the end of the first time round
		a.heard()
		b.heard()
		orders := map[[5]int]bool{}
		for range 20 {
			e.ticks(15)
			x, y := a.heard(), b.heard()
			if !slices.Equal(x, y) {
				t.Fatal("two listeners hear different music")
			}
			var order [5]int
			steps := levels(x)
			if len(steps) != 5 {
				t.Fatalf("%v", steps)
			}
			sum := 0
			for i, s := range steps {
				order[i] = (s[0] + 500) / 1000
				sum += order[i]
				if s[1] != 160*order[i] {
					t.Errorf("%v: a gap", steps)
				}
			}
			if sum != 15 {
				t.Errorf("%v: not everything once", order)
			}
			orders[order] = true
		}
		if random && len(orders) < 10 || !random && len(orders) != 1 {
			t.Errorf("random %v: %d orders", random, len(orders))
		}
	}
}

// TestAnnouncementOverMusic: the music goes down by 12 dB before the first word,
// does not stop, and comes back within 200 ms.
func TestAnnouncementOverMusic(t *testing.T) {
	for _, codec := range []Codec{PCMU, PCMA, G722} {
		t.Run(codec.String(), func(t *testing.T) {
			e := newRig(t)
			sine := func(hz float64, n int) []int16 {
				pcm := make([]int16, n)
				for i := range pcm {
					pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/8000))
				}
				return pcm
			}
			addMusic(e.library, sine(500, 8000))
			e.library.Add("word", sine(1000, 8000))
			e.library.get("tune").widen()
			p := newParty(t, e, codec)
			said := call.Say("word")
			said.Under = "default"
			p.Play(said)
			e.ticks(100)
			pcm := p.heard()
			rate := len(pcm) / 2
			part := func(from, to float64, hz float64) float64 {
				return level(pcm[int(from*float64(rate)):int(to*float64(rate))], hz, float64(rate))
			}
			before := part(0, 0.02, 500)
			wantLevel(t, "music while words are said", part(0.4, 1.1, 500)-part(1.5, 1.9, 500), -12.7, -11.3)
			wantLevel(t, "music at first", before-part(1.5, 1.9, 500), -3, 0.5)
			wantLevel(t, "words", part(0.3, 1.1, 1000)-part(1.5, 1.9, 500), -1, 1)
			wantLevel(t, "words before the music is down", part(0, 0.18, 1000)-part(0.3, 1.1, 1000), -200, -20)
			wantLevel(t, "words after", part(1.5, 1.9, 1000)-part(0.3, 1.1, 1000), -200, -20)
			e.ticks(10)
			p.Silence()
			if n := len(p.events.take()); n != 1 {
				t.Errorf("%d ends of the words were told, want one", n)
			}
		})
	}
}

// TestMusicAllocatesNothing: not with a playlist, not with words over it.
func TestMusicAllocatesNothing(t *testing.T) {
	if forgetful {
		t.Skip("the race detector allocates")
	}
	e := newRig(t)
	e.library.Add("a", constant(1000, 160))
	e.library.Add("b", constant(2000, 320))
	e.library.Add("word", constant(3000, 8000*60))
	e.library.SetMusic(map[string]Music{"default": {Sounds: []string{"a", "b"}, Random: true}})
	said := call.Say("word")
	said.Under = "default"
	for _, c := range []Codec{PCMA, G722} {
		p := newParty(t, e, c)
		p.sock.mute = true
		p.Play(said)
	}
	e.ticks(50)
	if n := testing.AllocsPerRun(200, func() { e.ticks(1) }); n > 0 {
		t.Errorf("%v allocations in a tick", n)
	}
}
