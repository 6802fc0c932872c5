package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// lately is the last second that the phone has recorded, and its rate; nil until there
// is so much.
func (b *baresip) lately() (mono []int16, rate int) {
	files, _ := filepath.Glob(filepath.Join(b.dir, "*dec.wav"))
	if len(files) == 0 {
		return nil, 0
	}
	data, err := os.ReadFile(files[len(files)-1])
	if err != nil || len(data) < 44 {
		return nil, 0
	}
	rate = int(binary.LittleEndian.Uint32(data[24:]))
	channels := int(binary.LittleEndian.Uint16(data[22:]))
	pcm := parseWAV(b.t, data)
	if len(pcm) < rate*channels {
		return nil, 0
	}
	pcm = pcm[len(pcm)-rate*channels:]
	mono = make([]int16, rate)
	for i := range mono {
		mono[i] = pcm[i*channels]
	}
	return mono, rate
}

// recorded is the length of all that the phone has recorded, in bytes.
func (b *baresip) recorded() (size int) {
	files, _ := filepath.Glob(filepath.Join(b.dir, "*dec.wav"))
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			size += int(info.Size())
		}
	}
	return size
}

// level is how loud a tone lately was, dBm0.
func (b *baresip) level(hz float64) float64 {
	pcm, rate := b.lately()
	if pcm == nil {
		return dsp.Silence
	}
	return dsp.ToneLevel(pcm, hz*8000/float64(rate))
}

// loudness is how loud all was lately, dBm0.
func (b *baresip) loudness() float64 {
	pcm, _ := b.lately()
	return dsp.Level(pcm)
}

// hearsTone waits until the phone hears a tone.
func (b *baresip) hearsTone(who string, hz float64) {
	b.t.Helper()
	eventually(b.t, 15*time.Second, fmt.Sprintf("%v Hz at %s", hz, who), func() bool { return b.level(hz) > -20 })
}

// talk lets a call b's extension.
func talk(d *demo, a, b *baresip, number string) {
	d.t.Helper()
	a.do("dial", "sip:"+number+"@"+d.env["SIP_HOST"]+":"+d.env["SIP_PORT"])
	b.wait("CALL_INCOMING", 10*time.Second)
	b.do("accept", "")
	a.wait("CALL_ESTABLISHED", 10*time.Second)
	b.wait("CALL_ESTABLISHED", 10*time.Second)
}

// TestWidePhones: baresips with G.722 hear 6 kHz from each other, and talk with a
// narrow one.
func TestWidePhones(t *testing.T) {
	for _, c := range []struct {
		name, caller, callee string
		atCaller, atCallee   int // Hz that each hears
	}{
		{"wide and wide", "G722/16000/1,PCMA", "PCMA,G722/16000/1", 5000, 6000},
		{"wide and narrow", "G722/16000/1,PCMA", "PCMA", 1000, 1500},
		{"narrow and wide", "PCMA", "G722/16000/1", 1500, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := startDemo(t)
			a := startBaresipWith(d, "A", c.atCallee, 16000, c.caller)
			b := startBaresipWith(d, "B", c.atCaller, 16000, c.callee)
			talk(d, a, b, "1002")
			a.hearsTone("the caller", float64(c.atCaller))
			b.hearsTone("the callee", float64(c.atCallee))
		})
	}
}

// TestPhonesOfOtherCodecs: two baresips talk in a codec that the box does not speak.
// One who has ours too is brought over to it, and back to ours to hear music. A phone
// that has put the other on hold records no more, so each holds in a call of its own.
// No tone is of 1000 Hz or the like: GSM says what lasts by pointing back, and who
// comes to that late hears nothing. This baresip fails to change from PCMA to Opus in a
// call (it goes on encoding 160 samples), so nobody is brought over to that here.
func TestPhonesOfOtherCodecs(t *testing.T) {
	const opus = "opus/48000/2"
	for _, c := range []struct {
		caller, callee string
		rate           int
		hz             float64 // at the caller; the callee's is 200 more
		callerHolds    bool
		music          bool // the other has a codec of ours
	}{
		{opus, opus, 48000, 5000, false, false},
		{"PCMA,GSM", "GSM", 8000, 1118, false, true},
		{"PCMA,GSM", "GSM", 8000, 1118, true, false},
		{"GSM", "PCMA,GSM", 8000, 1118, true, true},
	} {
		t.Run(fmt.Sprintf("%s and %s, caller holds %v", c.caller, c.callee, c.callerHolds), func(t *testing.T) {
			d := startDemo(t)
			d.configure(func(c *config.Config) { c.Media.PassThrough = true })
			a := startBaresipWith(d, "A", int(c.hz)+200, c.rate, c.caller)
			b := startBaresipWith(d, "B", int(c.hz), c.rate, c.callee)
			talk(d, a, b, "1002")
			a.hearsTone("the caller", c.hz)
			b.hearsTone("the callee", c.hz+200)

			holder, other, hz := b, a, c.hz
			if c.callerHolds {
				holder, other, hz = a, b, c.hz+200
			}
			held := func() bool {
				calls := d.state().Calls
				if len(calls) == 0 {
					t.Fatal("the call has ended")
				}
				return slices.ContainsFunc(calls[0].Legs, func(l call.LegView) bool { return l.State == "held" })
			}
			holder.do("hold", "")
			eventually(t, 10*time.Second, "hold", held)
			if c.music {
				eventually(t, 15*time.Second, "music", func() bool { return other.level(hz) < -30 && other.loudness() > -40 })
			}
			holder.do("resume", "")
			eventually(t, 10*time.Second, "resume", func() bool { return !held() })
			heard := other.recorded()
			eventually(t, 15*time.Second, "the tone again", func() bool {
				return other.recorded() > heard+4*c.rate && other.level(hz) > -20
			})
		})
	}
}
