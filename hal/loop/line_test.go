package loop

import (
	"math"
	"testing"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
)

// bench is an end without habits: what it drives is set by hand and what it
// measures is kept.
type benchFeed struct {
	Source
	seen Sense
}

func (b *benchFeed) Drive(s *Source) { *s = b.Source }
func (b *benchFeed) Sense(s *Sense)  { b.seen = *s }

type benchLoad struct {
	Sink
	seen Sense
}

func (b *benchLoad) Drive(s *Sink)  { *s = b.Sink }
func (b *benchLoad) Sense(s *Sense) { b.seen = *s }

func fill(a *[frame]float64, x float64) {
	for i := range a {
		a[i] = x
	}
}

func tune(a *[frame]float64, hz, dBm0 float64) {
	for i := range a {
		a[i] = dsp.Amplitude(dBm0) * math.Sin(2*math.Pi*hz*float64(i)/hal.Rate)
	}
}

// level is the level of one frequency in what an end heard.
func level(voice *[frame]float64, hz float64) float64 {
	var f hal.Frame
	for i, x := range voice {
		f[i] = dsp.Sample(x)
	}
	return dsp.ToneLevel(f[:], hz)
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

var quiet = Params{Ohms: 400, Loss: 3, ReturnLoss: 18, Noise: -95}

func TestDirectCurrent(t *testing.T) {
	for _, c := range []struct {
		name          string
		battery, ohms float64
		cut, parallel bool
		volts, amps   float64 // at the load
	}{
		{"on hook", 48, math.Inf(1), false, false, 48, 0},
		{"on hook, reversed", -48, math.Inf(1), false, false, -48, 0},
		{"off hook", 48, 200, false, false, 8, .040},
		{"off hook, reversed", -48, 200, false, false, -8, -.040},
		{"no battery", 0, 200, false, false, 0, 0},
		{"cut", 48, 200, true, false, 0, 0},
		{"the other phone is up", 48, math.Inf(1), false, true, 48 * 300 / 1300.0, 0},
		{"both phones are up", 48, 300, false, true, 48 * 150 / 1150.0, 48 / 1150.0 / 2},
	} {
		var feed benchFeed
		var load benchLoad
		feed.Ohms = 600
		fill(&feed.DC, c.battery)
		fill(&load.Ohms, c.ohms)
		l := NewLine(quiet, &feed, &load, 1)
		l.Cut, l.Parallel = c.cut, c.parallel
		l.Step()
		if v, a := load.seen.Volts[80], load.seen.Amps[80]; !near(v, c.volts, .01) || !near(a, c.amps, 1e-4) {
			t.Errorf("%s: %.2f V %.4f A, want %.2f V %.4f A", c.name, v, a, c.volts, c.amps)
		}
	}
}

func TestRingingVoltageArrives(t *testing.T) {
	var feed benchFeed
	var load benchLoad
	feed.Ohms = 600
	fill(&feed.DC, 48)
	fill(&feed.Ring, 100)
	fill(&load.Ohms, math.Inf(1))
	load.Ringer = 7000
	NewLine(quiet, &feed, &load, 1).Step()
	if v, want := load.seen.Volts[0], 48+100*7000/8000.0; !near(v, want, .01) {
		t.Errorf("%.2f V at the bell, want %.2f", v, want)
	}
	if a, want := feed.seen.Amps[0], 100/8000.0; !near(a, want, 1e-5) {
		t.Errorf("%.4f A of ringing, want %.4f", a, want)
	}
}

func TestVoice(t *testing.T) {
	const nothing = -70.0 // dBm0, of rounding and noise
	for _, c := range []struct {
		name              string
		ohms              float64
		cut, parallel     bool
		down, up          float64 // dBm0 heard at the load of 1 kHz and at the feed of 1.5 kHz, sent at -10
		loadEcho, feedOwn float64 // what each hears of itself, at most
	}{
		{"off hook", 300, false, false, -13, -13, -28, -28},
		{"on hook", math.Inf(1), false, false, -7, nothing, nothing, 0},
		{"two phones", 300, false, true, -16.5, -16.5, -28, -19},
		{"cut", 300, true, false, nothing, nothing, -28, 0},
	} {
		var feed benchFeed
		var load benchLoad
		feed.Ohms = 600
		fill(&load.Ohms, c.ohms)
		tune(&feed.Voice, 1000, -10)
		tune(&load.Voice, 1500, -10)
		l := NewLine(quiet, &feed, &load, 1)
		l.Cut, l.Parallel = c.cut, c.parallel
		l.Step()
		l.Step() // the hybrids settle
		if got := level(&load.seen.Voice, 1000); got > c.down+1 || c.down > nothing && got < c.down-1 {
			t.Errorf("%s: %.1f dBm0 arrive at the load, want %.1f", c.name, got, c.down)
		}
		if got := level(&feed.seen.Voice, 1500); got > c.up+1 || c.up > nothing && got < c.up-1 {
			t.Errorf("%s: %.1f dBm0 arrive at the feed, want %.1f", c.name, got, c.up)
		}
		if got := level(&load.seen.Voice, 1500); got > c.loadEcho+1 {
			t.Errorf("%s: the load hears itself at %.1f dBm0", c.name, got)
		}
		if got := level(&feed.seen.Voice, 1000); got > c.feedOwn+1 {
			t.Errorf("%s: the feed hears itself at %.1f dBm0", c.name, got)
		}
	}
}

func TestNoiseAndHum(t *testing.T) {
	var feed benchFeed
	var load benchLoad
	fill(&load.Ohms, 300)
	l := NewLine(Params{Ohms: 300, Noise: -65, Hum: -40}, &feed, &load, 1)
	var pcm []int16
	for range 100 {
		l.Step()
		for _, x := range load.seen.Voice {
			pcm = append(pcm, dsp.Sample(x*100)) // 40 dB up, out of the rounding
		}
	}
	if got := dsp.ToneLevel(pcm, 50) - 40; !near(got, -40, .5) {
		t.Errorf("hum of -40 dBm0 is %.1f", got)
	}
	l = NewLine(Params{Ohms: 300, Noise: -65}, &feed, &load, 1)
	pcm = pcm[:0]
	for range 100 {
		l.Step()
		for _, x := range load.seen.Voice {
			pcm = append(pcm, dsp.Sample(x*100))
		}
	}
	if got := dsp.Level(pcm) - 40; !near(got, -65, .5) {
		t.Errorf("noise of -65 dBm0 is %.1f", got)
	}
}

func TestLinesRepeatExactly(t *testing.T) {
	run := func(seed uint64) (pcm []int16) {
		c, _ := country.ByCode("IR")
		office, phone := NewCentralOffice(c), NewPhone()
		phone.Hear = func(f *hal.Frame) { pcm = append(pcm, f[:]...) }
		l := NewLine(Typical(), office, phone, seed)
		phone.Lift()
		for range 100 {
			l.Step()
		}
		return pcm
	}
	same := func(a, b []int16) bool {
		for i := range a {
			if a[i] != b[i] {
				return false
			}
		}
		return len(a) == len(b)
	}
	if !same(run(1), run(1)) {
		t.Error("two runs of the same line differ")
	}
	if same(run(1), run(2)) {
		t.Error("lines of different seeds have the same noise")
	}
}

func TestBellHearsRingingOnly(t *testing.T) {
	feed := func(b *Bell, hz, volts float64, d time.Duration) (on bool) {
		n := 0
		for range int(d / hal.FrameTime) {
			var v [frame]float64
			for i := range v {
				v[i] = 48 + volts*math.Sqrt2*math.Sin(2*math.Pi*hz*float64(n)/hal.Rate)
				n++
			}
			on = b.Feed(&v)
		}
		return on
	}
	for _, c := range []struct {
		hz, volts float64
		d         time.Duration
		want      bool
	}{
		{20, 75, 200 * time.Millisecond, true},
		{25, 40, 200 * time.Millisecond, true},
		{50, 75, 200 * time.Millisecond, true},
		{25, 75, 40 * time.Millisecond, false},
		{25, 10, time.Second, false},
		{8, 75, time.Second, false},
		{120, 75, time.Second, false},
	} {
		var b Bell
		feed(&b, 25, 0, time.Second)
		if got := feed(&b, c.hz, c.volts, c.d); got != c.want {
			t.Errorf("%v Hz, %v V for %v: ringing %v", c.hz, c.volts, c.d, got)
		}
	}
	var b Bell
	feed(&b, 25, 75, time.Second)
	if feed(&b, 25, 0, 200*time.Millisecond) {
		t.Error("rings on after the voltage has gone")
	}
}

func TestReversalIsNoRing(t *testing.T) {
	var b Bell
	for n := range 100 {
		var v [frame]float64
		fill(&v, 48)
		if n >= 50 {
			fill(&v, -48)
		}
		if b.Feed(&v) {
			t.Fatalf("rings at frame %d", n)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	c, _ := country.ByCode("IR")
	office, phone := NewCentralOffice(c), NewPhone()
	l := NewLine(Typical(), office, phone, 1)
	phone.Lift()
	b.ReportAllocs()
	for b.Loop() {
		l.Step()
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	c, _ := country.ByCode("IR")
	office, phone := NewCentralOffice(c), NewPhone()
	l := NewLine(Typical(), office, phone, 1)
	if err := office.Call(Incoming{Number: "1"}); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, l.Step); n != 0 {
		t.Errorf("%v allocations per frame while ringing", n)
	}
	phone.Lift()
	l.Step()
	if n := testing.AllocsPerRun(100, l.Step); n != 0 {
		t.Errorf("%v allocations per frame in a call", n)
	}
}
