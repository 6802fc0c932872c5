package dsp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/hal"
)

// sendKeys renders keys with a sender.
func sendKeys(t testing.TB, s *DTMFSender, keys string) []int16 {
	t.Helper()
	if err := s.Queue(keys); err != nil {
		t.Fatal(err)
	}
	var pcm []int16
	for s.Busy() {
		var f hal.Frame
		s.Mix(&f)
		pcm = append(pcm, f[:]...)
	}
	return append(pcm, make([]int16, 800)...)
}

// hear runs a new detector over pcm and returns the keys and how long each was.
func hear(pcm []int16) (keys string, durations []time.Duration) {
	d := NewDTMFDetector()
	for f := range frames(pcm) {
		for _, k := range d.Feed(f) {
			if k.Down {
				keys += string(k.Digit)
			} else {
				durations = append(durations, k.Duration)
			}
		}
	}
	return keys, durations
}

// press renders one key ten times with the given properties.
type press struct {
	key       byte
	on, off   time.Duration
	low, high float64 // dBm0
	offLow    float64 // relative frequency error
	offHigh   float64
	noise     float64 // dBm0; 0 is none
	dial      float64 // dBm0 of 350 and 440 Hz under it; 0 is none
}

func (p press) render() []int16 {
	k := strings.IndexByte(dtmfKeys, p.key)
	pcm := make([]int16, 400)
	for range 10 {
		pcm = append(pcm, sines(Samples(p.on), dtmfRows[k/4]*(1+p.offLow), p.low, dtmfColumns[k%4]*(1+p.offHigh), p.high)...)
		pcm = append(pcm, make([]int16, Samples(p.off)+7)...) // 7: shift the keys against the blocks
	}
	pcm = append(pcm, make([]int16, 400)...)
	if p.dial != 0 {
		for i, x := range sines(len(pcm), 350, p.dial, 440, p.dial) {
			pcm[i] = Sample(float64(pcm[i]) + float64(x))
		}
	}
	if p.noise != 0 {
		pcm = addNoise(pcm, p.noise, 7)
	}
	return pcm
}

func TestDTMFOfEveryKeyReachesOurDetectorAndOthers(t *testing.T) {
	pcm := sendKeys(t, NewDTMFSender(), dtmfKeys)
	got, durations := hear(pcm)
	if got != dtmfKeys {
		t.Errorf("own detector heard %q", got)
	}
	for i, d := range durations {
		if d < 60*time.Millisecond || d > 100*time.Millisecond {
			t.Errorf("key %d was 80 ms long, told as %v", i, d)
		}
	}
	t.Run("spandsp", func(t *testing.T) {
		if got := string(oracle(t, pcm, "dtmf-rx")); got != dtmfKeys {
			t.Errorf("heard %q", got)
		}
	})
	t.Run("multimon-ng", func(t *testing.T) {
		multimon := need.Program(t, "multimon-ng")
		raw := pipe(t, need.Program(t, "sox"), bytesOf(pcm), "-t", "raw", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-", "-t", "raw", "-r", "22050", "-")
		var got string
		for line := range strings.Lines(string(pipe(t, multimon, raw, "-q", "-a", "DTMF", "-t", "raw", "-"))) {
			if key, ok := strings.CutPrefix(strings.TrimSpace(line), "DTMF: "); ok {
				got += key
			}
		}
		if got != dtmfKeys {
			t.Errorf("heard %q", got)
		}
	})
}

func TestDTMFAfterLongSilence(t *testing.T) {
	one := press{key: '5', low: -10, high: -8, on: 80 * time.Millisecond, off: time.Second}.render()
	if got, durations := hear(append(make([]int16, 5*hal.Rate), one...)); got != "5555555555" || len(durations) != 10 {
		t.Errorf("heard %q, durations %v", got, durations)
	}
}

func TestDTMFOfSpandspIsHeard(t *testing.T) {
	pcm := samplesOf(oracle(t, nil, "dtmf-tx", "0123456789*#ABCD"))
	if got, _ := hear(pcm); got != "0123456789*#ABCD" {
		t.Errorf("heard %q", got)
	}
}

// TestDTMFLimits holds the detector to ITU-T Q.24 at every key.
func TestDTMFLimits(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	usual := press{on: ms(50), off: ms(50), low: -8, high: -6}
	with := func(change func(*press)) press { p := usual; change(&p); return p }
	for _, c := range []struct {
		name string
		p    press
		hear bool
	}{
		{"usual", usual, true},
		{"40 ms with 40 ms between", with(func(p *press) { p.on, p.off = ms(40), ms(40) }), true},
		{"23 ms", with(func(p *press) { p.on = ms(23) }), false},
		{"15 ms", with(func(p *press) { p.on = ms(15) }), false},
		{"both +1.5 %", with(func(p *press) { p.offLow, p.offHigh = .015, .015 }), true},
		{"both -1.5 %", with(func(p *press) { p.offLow, p.offHigh = -.015, -.015 }), true},
		{"low +3.5 %", with(func(p *press) { p.offLow = .035 }), false},
		{"low -3.5 %", with(func(p *press) { p.offLow = -.035 }), false},
		{"high +3.5 %", with(func(p *press) { p.offHigh = .035 }), false},
		{"high -3.5 %", with(func(p *press) { p.offHigh = -.035 }), false},
		{"high +3.5 %, low louder", with(func(p *press) { p.offHigh, p.low, p.high = .035, -6, -12 }), false},
		{"0 dBm0 each", with(func(p *press) { p.low, p.high = -1, 0 }), true},
		{"-25 dBm0 each", with(func(p *press) { p.low, p.high = -25, -25 }), true},
		{"-45 dBm0 each", with(func(p *press) { p.low, p.high = -45, -45 }), false},
		{"high 4 dB up", with(func(p *press) { p.low, p.high = -12, -8 }), true},
		{"high 8 dB down", with(func(p *press) { p.low, p.high = -6, -14 }), true},
		{"high 12 dB up", with(func(p *press) { p.low, p.high = -20, -8 }), false},
		{"high 15 dB down", with(func(p *press) { p.low, p.high = -6, -21 }), false},
		{"only the low tone", with(func(p *press) { p.high = -90 }), false},
		{"only the high tone", with(func(p *press) { p.low = -90 }), false},
		{"15 dB above noise", with(func(p *press) { p.low, p.high, p.noise = -10, -10, -22 }), true},
		{"-1.5 % 15 dB above noise", with(func(p *press) { p.offLow, p.offHigh, p.low, p.high, p.noise = -.015, -.015, -10, -10, -22 }), true},
		{"over dial tone", with(func(p *press) { p.dial = -15 }), true},
		{"quiet over dial tone", with(func(p *press) { p.low, p.high, p.dial = -18, -16, -15 }), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, key := range []byte(dtmfKeys) {
				c.p.key = key
				got, _ := hear(c.p.render())
				want := ""
				if c.hear {
					want = strings.Repeat(string(key), 10)
				}
				if got != want {
					t.Errorf("key %c: heard %q", key, got)
				}
			}
		})
	}
}

func TestDTMFBreaksAndPauses(t *testing.T) {
	tone := sines(400, 770, -8, 1336, -6)
	for _, c := range []struct {
		gap  int // samples
		want string
	}{{72, "5"}, {320, "55"}} {
		for shift := range dtmfBlock {
			pcm := slices.Concat(make([]int16, shift), tone, make([]int16, c.gap), tone, make([]int16, 400))
			if got, _ := hear(pcm); got != c.want {
				t.Errorf("gap of %d ms at offset %d: heard %q, want %q", c.gap/8, shift, got, c.want)
			}
		}
	}
}

// passage is text that espeak-ng reads for the talk-off test.
var passage = map[string]string{
	"en":    "The quick brown fox jumps over the lazy dog while several enormous yellow aeroplanes hum above. Please hold the line, nine one one, moments away, we mean you no harm. How many more minutes may you remain on the line, Emily? ",
	"en+f3": "You are number seven in the queue. Our team will be with you in a minute. Every morning eleven women wear lemon woollen mittens in the snow. Oh no, you may never know who won. ",
	"fa":    "سلام، شما نفر هفتم در صف هستید. لطفا منتظر بمانید تا همکاران ما پاسخگوی شما باشند. یک دو سه چهار پنج شش هفت هشت نه ده. ",
}

// TestDTMFTalkOff: speech and music press no keys.
func TestDTMFTalkOff(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a text aloud")
	}
	var all []int16
	for _, voice := range []string{"en", "en+f3", "fa"} {
		for pitch := 20; pitch <= 80; pitch += 10 {
			wav := pipe(t, need.Program(t, "espeak-ng"), nil, "-v", voice, "-p", fmt.Sprint(pitch), "--stdout", strings.Repeat(passage[voice], 3))
			all = append(all, samplesOf(pipe(t, need.Program(t, "sox"), wav, "-t", "wav", "-", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-", "gain", "-n", "-3", "sinc", "300-3400"))...)
		}
	}
	got, _ := hear(all)
	theirs := oracle(t, all, "dtmf-rx")
	t.Logf("%.0f s of speech: %d false keys %q; spandsp %d", float64(len(all))/hal.Rate, len(got), got, len(theirs))
	if len(got) > 1 || len(got) > len(theirs)+1 {
		t.Errorf("heard %q in speech, spandsp %q", got, theirs)
	}
}

func TestDTMFSenderRefusesWhatIsNoKey(t *testing.T) {
	s := NewDTMFSender()
	for _, keys := range []string{"12x", "1 2", strings.Repeat("1", maxDTMFQueue+1)} {
		if err := s.Queue(keys); err == nil || s.Busy() {
			t.Errorf("Queue(%.10q) error %v, busy %v", keys, err, s.Busy())
		}
	}
}

func TestDTMFAllocatesNothing(t *testing.T) {
	s, d := NewDTMFSender(), NewDTMFDetector()
	var f hal.Frame
	if n := testing.AllocsPerRun(500, func() {
		if !s.Busy() {
			s.Queue("159D")
		}
		f = hal.Frame{}
		s.Mix(&f)
		d.Feed(&f)
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func BenchmarkDTMFDetector(b *testing.B) {
	for name, pcm := range map[string][]int16{"key": sines(160, 770, -8, 1336, -6), "other": sines(160, 400, -12, 620, -12)} {
		b.Run(name, func(b *testing.B) {
			d := NewDTMFDetector()
			f := hal.Frame(pcm)
			b.ReportAllocs()
			for b.Loop() {
				d.Feed(&f)
			}
		})
	}
}

func BenchmarkDTMFSender(b *testing.B) {
	s := NewDTMFSender()
	var f hal.Frame
	b.ReportAllocs()
	for b.Loop() {
		if !s.Busy() {
			s.Queue("159D")
		}
		s.Mix(&f)
	}
}
