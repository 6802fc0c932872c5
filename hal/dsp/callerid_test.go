package dsp

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/pasokh/pasokh/firmware/need"
	"github.com/pasokh/pasokh/hal"
)

var ali = CallerID{Number: "02188776655", Name: "Ali Rezaei"}.At(time.Date(2026, 11, 22, 14, 23, 0, 0, time.UTC))

// transmit renders a message with silence around it.
func transmit(modem FSK, msg []byte, level float64) []int16 {
	pcm := make([]int16, 1000)
	for s := NewFSKSender(modem, msg, level); s.Busy(); {
		var f hal.Frame
		s.Mix(&f)
		pcm = append(pcm, f[:]...)
	}
	return append(pcm, make([]int16, 1600)...)
}

// receive runs a new receiver over pcm.
func receive(pcm []int16) (ids []CallerID) {
	r := NewCallerIDReceiver()
	for f := range frames(pcm) {
		if id, ok := r.Feed(f); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func TestCallerIDSurvivesTheLine(t *testing.T) {
	modems := map[string]FSK{"bell202": Bell202, "v23": V23}
	for _, c := range []struct {
		name         string
		level, noise float64
		speed        int // samples per thousand dropped
	}{
		{"clean", -13.5, -65, 0},
		{"quiet", -36, -65, 0},
		{"loud", 0, -40, 0},
		{"noisy", -13.5, -28, 0},
		{"clock 2‰ fast", -13.5, -65, 2},
	} {
		for name, modem := range modems {
			for _, msg := range [][]byte{ali.MDMF(), CallerID{Number: "5551234", Month: 1, Day: 2, Hour: 3, Minute: 4}.SDMF()} {
				want, err := ParseCallerID(msg)
				if err != nil {
					t.Fatal(err)
				}
				pcm := transmit(modem, msg, c.level)
				if c.speed > 0 {
					i := 0
					pcm = slices.DeleteFunc(pcm, func(int16) bool { i++; return i%(1000/c.speed) == 0 })
				}
				if diff := cmp.Diff([]CallerID{want}, receive(addNoise(pcm, c.noise, 3))); diff != "" {
					t.Errorf("%s, %s (-sent +received):\n%s", name, c.name, diff)
				}
			}
		}
	}
}

func TestMinimodemReadsOurCallerID(t *testing.T) {
	minimodem := need.Program(t, "minimodem")
	file := filepath.Join(t.TempDir(), "cid.wav")
	wav := pipe(t, need.Program(t, "sox"), bytesOf(transmit(Bell202, ali.MDMF(), -13.5)), "-t", "raw", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-", "-t", "wav", "-r", "48000", "-")
	if err := os.WriteFile(file, wav, 0o600); err != nil {
		t.Fatal(err)
	}
	out := string(pipe(t, minimodem, nil, "--rx", "callerid", "-f", file))
	for _, want := range []string{ali.Number, ali.Name, "11/22 14:23"} {
		if !strings.Contains(out, want) {
			t.Errorf("minimodem did not print %q:\n%s", want, out)
		}
	}
}

func TestSpandspReadsOurCallerID(t *testing.T) {
	for standard, modem := range map[string]FSK{"class": Bell202, "clip": V23} {
		out := string(oracle(t, transmit(modem, ali.MDMF(), -13.5), "adsi-rx", standard))
		if want := "type 80\n01 11221423\n02 02188776655\n07 Ali Rezaei\n"; out != want {
			t.Errorf("%s: spandsp read %q, want %q", standard, out, want)
		}
	}
}

func TestCallerIDOfSpandspIsRead(t *testing.T) {
	for _, standard := range []string{"class", "clip"} {
		got := receive(samplesOf(oracle(t, nil, "adsi-tx", standard, ali.Number, ali.Name)))
		if diff := cmp.Diff([]CallerID{ali}, got); diff != "" {
			t.Errorf("%s (-sent +received):\n%s", standard, diff)
		}
	}
	got := receive(samplesOf(oracle(t, nil, "adsi-tx", "clip-dtmf", "A"+ali.Number, "")))
	if len(got) != 1 || got[0].Number != ali.Number {
		t.Errorf("DTMF: received %+v", got)
	}
}

func TestNoCallerIDInSpeechAndNoise(t *testing.T) {
	if got := receive(addNoise(make([]int16, 60*hal.Rate), -20, 5)); len(got) > 0 {
		t.Errorf("noise said %+v", got)
	}
	if got := receive(speech(t, "en", strings.Repeat(passage["en"], 3))); len(got) > 0 {
		t.Errorf("speech said %+v", got)
	}
}

func TestBrokenMessageIsCounted(t *testing.T) {
	msg := ali.MDMF()
	msg[5] ^= 4
	r := NewFSKReceiver()
	for f := range frames(transmit(V23, msg, -13.5)) {
		if got := r.Feed(f); got != nil {
			t.Errorf("received %q", got)
		}
	}
	if r.Broken() != 1 {
		t.Errorf("%d broken messages counted, want 1", r.Broken())
	}
}

func TestCallerIDMessages(t *testing.T) {
	withheld := CallerID{NoNumber: 'P', NoName: 'P'}
	persian := CallerID{Number: "09121234567", Name: "علی می\u200cخواهد"}
	for name, c := range map[string]struct {
		msg  []byte
		want CallerID
	}{
		"mdmf":             {ali.MDMF(), ali},
		"withheld":         {withheld.MDMF(), withheld},
		"persian":          {persian.MDMF(), persian},
		"sdmf withheld":    {seal([]byte("\x04\x0001020304P")), CallerID{Month: 1, Day: 2, Hour: 3, Minute: 4, NoNumber: 'P'}},
		"not utf-8":        {seal([]byte("\x80\x00\x07\x05Al\xec\x01 ")), CallerID{Name: "Al?"}},
		"punctuated":       {seal([]byte("\x80\x00\x02\x0e(555) 123-4567")), CallerID{Number: "5551234567"}},
		"unknown params":   {seal([]byte("\x80\x00\x11\x01\x01\x02\x03123\x13\x00")), CallerID{Number: "123"}},
		"impossible clock": {seal([]byte("\x80\x00\x01\x0899999999\x02\x03123")), CallerID{Number: "123"}},
	} {
		got, err := ParseCallerID(c.msg)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	for name, c := range map[string]struct {
		msg  []byte
		want error
	}{
		"empty":          {nil, ErrMessage},
		"cut":            {ali.MDMF()[:9], ErrMessage},
		"message wait":   {seal([]byte("\x82\x00\x0b\x01\xff")), ErrMessage},
		"param too long": {seal([]byte("\x80\x00\x02\x09123")), ErrMessage},
		"checksum":       {append(ali.MDMF()[:len(ali.MDMF())-1], 0), ErrChecksum},
	} {
		if _, err := ParseCallerID(c.msg); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
	}
}

func TestLongNamesAreCutBetweenLetters(t *testing.T) {
	got, err := ParseCallerID(CallerID{Number: strings.Repeat("1", 99), Name: strings.Repeat("ع", 99)}.MDMF())
	if err != nil || len(got.Number) != maxCallerNumber || got.Name != strings.Repeat("ع", maxCallerName/2) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDTMFCallerID(t *testing.T) {
	for keys, want := range map[string]CallerID{
		"A02188776655#":     {Number: "02188776655"},
		"D02188776655C":     {Number: "02188776655"},
		"DA02188776655C":    {Number: "02188776655"},
		"A5551234D777B001C": {Number: "5551234"},
		"5551234#":          {Number: "5551234"},
		"D1#":               {NoNumber: 'P'},
		"D2#":               {NoNumber: 'O'},
	} {
		if got, ok := DTMFCallerID(keys); !ok || got != want {
			t.Errorf("%s: %+v, %v", keys, got, ok)
		}
	}
	for _, keys := range []string{"", "#", "12", "1#", "12#", "A12*34#", "B123#", "A5551234", strings.Repeat("1", 200) + "#"} {
		if got, ok := DTMFCallerID(keys); ok {
			t.Errorf("%.20s: taken for %+v", keys, got)
		}
	}
}

func TestCallerIDAllocatesNothing(t *testing.T) {
	s, r := NewFSKSender(V23, ali.MDMF(), -13.5), NewCallerIDReceiver()
	if n := testing.AllocsPerRun(20, func() {
		var f hal.Frame
		s.Mix(&f)
		r.Feed(&f)
	}); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}

func FuzzParseCallerID(f *testing.F) {
	f.Add(ali.MDMF())
	f.Add(CallerID{NoNumber: 'O'}.SDMF())
	f.Add(seal([]byte("\x80\x00\x07\x05Al\xec\x01 ")))
	f.Fuzz(func(t *testing.T, msg []byte) {
		c, err := ParseCallerID(msg)
		if err != nil {
			return
		}
		if len(c.Number) > maxCallerNumber || len(c.Name) > maxCallerName || !utf8.ValidString(c.Name) {
			t.Fatalf("%q gave %+v", msg, c)
		}
		if again, err := ParseCallerID(c.MDMF()); err != nil || again.Number != c.Number || again.Name != c.Name {
			t.Fatalf("%+v came back as %+v, %v", c, again, err)
		}
	})
}

func FuzzReceivers(f *testing.F) {
	f.Add(bytesOf(transmit(Bell202, ali.MDMF(), -13.5)[:2000]))
	f.Add(bytesOf(sines(1000, 697, -8, 1209, -6)))
	f.Add([]byte{0, 0x80, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, audio []byte) {
		if len(audio) > 1<<17 {
			return
		}
		r, p := NewCallerIDReceiver(), NewProgressDetector([]ProgressTone{{Kind: BusyTone, Spec: ToneSpec{Sines: []Sine{{Hz: 425}}, Cadence: hal.Cadence{time.Second / 2, time.Second / 2}}}})
		for frame := range frames(samplesOf(audio)) {
			r.Feed(frame)
			p.Feed(frame)
		}
	})
}

func BenchmarkCallerIDReceiver(b *testing.B) {
	r := NewCallerIDReceiver()
	pcm := transmit(Bell202, ali.MDMF(), -13.5)
	var f hal.Frame
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		copy(f[:], pcm[(i*160)%(len(pcm)-160):])
		r.Feed(&f)
	}
}
