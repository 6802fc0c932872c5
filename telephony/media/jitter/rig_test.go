package jitter

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// plain is a codec of one byte per sample, loud enough to hear seams in it.
type plain struct{}

func (plain) Decode(pcm []int16, data []byte) {
	for i, x := range data {
		pcm[i] = int16(int8(x)) << 7
	}
}

// wide is one with two samples per byte.
type wide struct{}

func (wide) Decode(pcm []int16, data []byte) {
	for i, x := range data {
		pcm[2*i], pcm[2*i+1] = int16(int8(x))<<7, int16(int8(x))<<7
	}
}

// packet is one on its way: when it was sent and when it comes, in ticks of the
// receiver's clock.
type packet struct {
	sent, comes float64
	ts          uint32
	data        []byte
}

// line is a sender of a tone and a network.
type line struct {
	hz      float64
	drift   float64                          // of the sender's clock: 0.001 is 1000 ppm too fast
	delay   func(at float64) (ms float64)    // of each packet
	lost    func(i int, at float64) (b bool) // nil: none
	inOrder bool                             // packets do not overtake each other
}

const ptime = 20 * tick

// packets are those of so many seconds.
func (l line) packets(seconds float64) (list []packet) {
	last := 0.0
	for i := 0; ; i++ {
		sent := float64(i) * ptime / (1 + l.drift)
		if sent > seconds*8000 {
			break
		}
		data := make([]byte, ptime)
		for k := range data {
			data[k] = byte(int8(100 * math.Sin(2*math.Pi*l.hz*float64(i*ptime+k)/8000)))
		}
		if l.lost != nil && l.lost(i, sent) {
			continue
		}
		comes := sent + ptime + l.delay(sent)*tick
		if l.inOrder {
			comes = max(comes, last)
			last = comes
		}
		list = append(list, packet{sent, comes, uint32(4e9) + uint32(i*ptime), data}) // it wraps on the way
	}
	slices.SortStableFunc(list, func(a, b packet) int { return int(a.comes - b.comes) })
	return list
}

// heard plays what a line brings, 20 ms at a time.
type heard struct {
	pcm    []int16
	delays []float64 // ms waiting, one a frame
}

func (l line) play(b *Buffer, seconds float64) (h heard) {
	packets := l.packets(seconds)
	f := make([]int16, frame*b.rate)
	for now := 0.0; now < seconds*8000; now += frame {
		for len(packets) > 0 && packets[0].comes <= now {
			b.Put(packets[0].ts, 0, packets[0].data)
			packets = packets[1:]
		}
		b.Get(f)
		h.pcm = append(h.pcm, f...)
		h.delays = append(h.delays, float64(b.Stats().Delay.Milliseconds()))
	}
	return h
}

// share is how much of the power is at hz, in windows of 50 ms: the least of them.
// A click spreads power all over.
func share(pcm []int16, hz float64) (least float64) {
	least = 1
	const n = 400
	for at := 0; at+n <= len(pcm); at += n {
		var power, re, im, norm float64
		for i, x := range pcm[at : at+n] {
			w := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/n)
			v := w * float64(x)
			power += v * v
			norm += w * w
			re += v * w * math.Cos(2*math.Pi*hz*float64(i)/8000)
			im += v * w * math.Sin(2*math.Pi*hz*float64(i)/8000)
		}
		if power > 0 {
			least = min(least, 2*(re*re+im*im)/(power*norm))
		}
	}
	return least
}

// uniform is a delay of 0 to most ms, the same for every run of the test.
func uniform(most float64) func(float64) float64 {
	r := rand.New(rand.NewPCG(3, 5))
	return func(float64) float64 { return r.Float64() * most }
}

func steady(float64) float64 { return 0 }

func tail(x []float64, n int) []float64 { return x[len(x)-n:] }

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

func wantAtMost(t *testing.T, what string, got, most float64) {
	t.Helper()
	t.Logf("%s: %.3g", what, got)
	if got > most {
		t.Errorf("%s is %.3g, want at most %.3g", what, got, most)
	}
}

func wantAtLeast(t *testing.T, what string, got, least float64) {
	t.Helper()
	t.Logf("%s: %.3g", what, got)
	if got < least {
		t.Errorf("%s is %.3g, want at least %.3g", what, got, least)
	}
}
