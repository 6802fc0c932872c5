package jitter

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestNothingIsChanged: over an even network the sound is what was sent.
func TestNothingIsChanged(t *testing.T) {
	b := New(8000, plain{})
	l := line{hz: 440, delay: steady}
	h := l.play(b, 5)
	var sent []int16
	for _, p := range l.packets(5) {
		pcm := make([]int16, len(p.data))
		plain{}.Decode(pcm, p.data)
		sent = append(sent, pcm...)
	}
	lag := 2 * ptime // sending takes one packet time, the prefill another
	if got := h.pcm[lag:]; !slices.Equal(got, sent[:len(got)]) {
		t.Error("the sound was changed")
	}
	if s := b.Stats(); s.Concealed+s.Late+s.Stretched+s.Squeezed+s.Dropped != 0 {
		t.Errorf("%+v", s)
	}
}

// TestOrder lets packets of any length come with delays that the prefill covers,
// out of order and twice: all are heard in order.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{10, 20, 30, 40, 60}).Draw(t, "ptime") * tick
		start := rapid.Uint32().Draw(t, "timestamp")
		type arrival struct{ at, i int }
		var list []arrival
		for i := range 40 {
			for range rapid.IntRange(1, 2).Draw(t, "copies") {
				late := 0
				if i > 0 { // the first sets the pace
					late = rapid.IntRange(0, prefill-least-1).Draw(t, "delay")
				}
				list = append(list, arrival{i*n + n + late, i})
			}
		}
		slices.SortStableFunc(list, func(a, b arrival) int { return a.at - b.at })
		b := New(8000, plain{})
		f := make([]int16, frame)
		place := 0
		for now := 0; now < 41*n+8*frame; now += frame {
			for len(list) > 0 && list[0].at <= now {
				b.Put(start+uint32(list[0].i*n), 0, bytes.Repeat([]byte{byte(list[0].i + 1)}, n))
				list = list[1:]
			}
			if now < n+frame {
				continue
			}
			b.Get(f)
			for _, x := range f {
				i := int(x>>7) - 1
				if x&127 != 0 || i < 0 { // blended, or made up after the end
					continue
				}
				if i < place || i > place+1 {
					t.Fatalf("packet %d is heard after packet %d", i, place)
				}
				if place = i; place == 39 {
					return
				}
			}
		}
		t.Fatalf("the last packet heard is %d", place)
	})
}

// TestJitter: packets that come up to 60 ms late, in order and not.
func TestJitter(t *testing.T) {
	for name, inOrder := range map[string]bool{"in order": true, "overtaking": false} {
		t.Run(name, func(t *testing.T) {
			b := New(8000, plain{})
			h := line{hz: 300, delay: uniform(60), inOrder: inOrder}.play(b, 60)
			s := b.Stats()
			t.Logf("%+v", s)
			wantAtMost(t, "frames made up, per cent", float64(s.Concealed)/3000*100, 1)
			wantAtMost(t, "mean delay at the end, ms", mean(tail(h.delays, 500)), 90)
			wantAtLeast(t, "least share of the tone in the last 40 s", share(h.pcm[20*8000:], 300), 0.9)
		})
	}
}

// TestDrift: senders whose clock is 1000 ppm off, ten times what phones are. Two
// minutes of it are 120 ms: as much is taken out, or put in where it ran dry.
func TestDrift(t *testing.T) {
	for name, drift := range map[string]float64{"fast": 0.001, "slow": -0.001} {
		t.Run(name, func(t *testing.T) {
			b := New(8000, plain{})
			h := line{hz: 300, drift: drift, delay: uniform(4)}.play(b, 120)
			s := b.Stats()
			t.Logf("%+v", s)
			wantAtMost(t, "frames made up", float64(s.Concealed), 8)
			wantAtMost(t, "mean delay at the end, ms", mean(tail(h.delays, 500)), 45)
			wantAtLeast(t, "least share of the tone", share(h.pcm[8000:], 300), 0.95)
			if s.Stretched+s.Squeezed == 0 {
				t.Error("the clock was not followed")
			}
		})
	}
}

// TestStall: for half a second nothing comes, and then everything.
func TestStall(t *testing.T) {
	b := New(8000, plain{})
	l := line{hz: 300, delay: func(at float64) float64 {
		if at > 10*8000 && at < 10.5*8000 {
			return (10.5*8000 - at) / tick
		}
		return 0
	}}
	h := l.play(b, 30)
	t.Logf("%+v", b.Stats())
	wantAtMost(t, "delay at the end, ms", mean(tail(h.delays, 100)), 30)
	wantAtLeast(t, "least share of the tone at the end", share(h.pcm[20*8000:], 300), 0.95)
	if s := b.Stats(); s.Dropped == 0 {
		t.Error("the stall's sound was played late")
	}
}

// TestPause: a party that sends nothing while it is silent (RFC 3389) is heard at
// once when it speaks again.
func TestPause(t *testing.T) {
	b := New(8000, plain{})
	l := line{hz: 300, delay: steady, lost: func(_ int, at float64) bool { return at > 5*8000 && at < 8*8000 }}
	h := l.play(b, 12)
	if s := b.Stats(); s.Concealed > 4 || s.Late+s.Dropped > 0 {
		t.Errorf("%+v", s)
	}
	for at := int(5.2 * 8000); at < 8*8000; at++ {
		if h.pcm[at] != 0 {
			t.Fatalf("%.2f s: the pause sounds", float64(at)/8000)
		}
	}
	wantAtLeast(t, "share of the tone after the pause", share(h.pcm[int(8.1*8000):], 300), 0.99)
	wantAtMost(t, "delay after the pause, ms", tail(h.delays, 1)[0], 21)
}

// TestJump: a sender that starts its timestamps anew is heard at once.
func TestJump(t *testing.T) {
	for _, ts := range []uint32{1 << 31, 1 << 20, 160} {
		b := New(8000, plain{})
		f := make([]int16, frame)
		for i := range uint32(50) {
			b.Put(1<<16+i*ptime, 0, bytes.Repeat([]byte{1}, ptime))
			b.Get(f)
		}
		for i := range uint32(3) {
			b.Put(ts+i*ptime, 0, bytes.Repeat([]byte{2}, ptime))
			b.Get(f)
		}
		if f[frame-1] != 2<<7 {
			t.Errorf("after a jump to %d the sound is %d", ts, f[frame-1])
		}
	}
}

// TestWide: sound of 16 kHz goes through as well, and its losses are made up.
func TestWide(t *testing.T) {
	b := New(16000, wide{})
	h := line{hz: 300, delay: steady, lost: func(i int, _ float64) bool { return i%20 == 7 }}.play(b, 20)
	if s := b.Stats(); s.Concealed < 49 || s.Concealed > 52 || s.Late > 0 {
		t.Errorf("%+v", s)
	}
	var half []int16
	for i := 0; i < len(h.pcm); i += 2 {
		half = append(half, h.pcm[i])
	}
	wantAtLeast(t, "least share of the tone", share(half[8000:], 300), 0.95)
}

// TestRest: what is heard after a pause does not depend on what was heard before it,
// also when the pause's silence is not made up frame by frame.
func TestRest(t *testing.T) {
	talk := func(b *Buffer, ts uint32) (pcm []int16) {
		f := make([]int16, frame)
		for i := range 20 {
			if i < 1 || i > 3 { // three are lost
				b.Put(ts+uint32(i*ptime), 0, bytes.Repeat([]byte{byte(i*i) | 1}, ptime))
			}
			b.Get(f)
			pcm = append(pcm, f...)
		}
		return pcm
	}
	fresh := talk(New(8000, plain{}), 0)
	b := New(8000, plain{})
	talk(b, 0)
	f := make([]int16, frame)
	for range 50 {
		b.Get(f)
	}
	if b.Get(f) || !slices.Equal(f, make([]int16, frame)) {
		t.Error("a party that has said nothing for a second is heard")
	}
	if !slices.Equal(talk(b, 16000), fresh) {
		t.Error("what was said before the pause is heard after it")
	}
}

func TestNoAllocation(t *testing.T) {
	b := New(8000, plain{})
	f, data, i := make([]int16, frame), make([]byte, ptime), uint32(0)
	if n := testing.AllocsPerRun(1000, func() {
		if i++; i%10 != 0 {
			b.Put(i*ptime, 0, data)
		}
		b.Get(f)
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

// FuzzBuffer lets anything come at any time.
func FuzzBuffer(f *testing.F) {
	f.Add([]byte{0, 0, 160, 1, 0, 160, 160, 2, 255, 255, 10, 0, 128, 0, 240, 3})
	f.Fuzz(func(t *testing.T, script []byte) {
		b := New(8000, plain{})
		pcm := make([]int16, frame)
		for ; len(script) >= 4; script = script[4:] {
			ts := (uint32(script[0])<<8 | uint32(script[1])) << (script[3] >> 4)
			b.Put(ts, int(script[3]&1), make([]byte, int(script[2])*8))
			for range script[3] & 7 {
				b.Get(pcm)
			}
			if d := b.Stats().Delay; d < 0 || d > MaxDelay+MaxDelay/4 {
				t.Fatalf("delay %v", d)
			}
		}
	})
}

// One operation is a packet put in and 20 ms of sound got out.
func BenchmarkBuffer(b *testing.B) {
	b.Run("silent", func(b *testing.B) {
		buffer, f := New(8000, plain{}), make([]int16, frame)
		for b.Loop() {
			buffer.Get(f)
		}
	})
	for _, lossy := range []bool{false, true} {
		name := map[bool]string{false: "even", true: "loss of a tenth"}[lossy]
		b.Run(name, func(b *testing.B) {
			buffer := New(8000, plain{})
			packets := line{hz: 300, delay: steady}.packets(20)
			f := make([]int16, frame)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if !lossy || i%10 != 0 {
					buffer.Put(uint32(i*ptime), 0, packets[i%1000].data)
				}
				buffer.Get(f)
			}
		})
	}
}
