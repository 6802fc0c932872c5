package main

import (
	"testing"
	"time"

	"github.com/pasokh/pasokh/cmd/phonesim/phone"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/webui/api"
)

// TestTonesChangeWhileTheBoxWorks: what an analog phone and a caller in a menu hear next
// is what the configuration says now, by its own tones or by the country's.
func TestTonesChangeWhileTheBoxWorks(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := newHandset(d, "1001", 0)
	b := newHandset(d, "1003", 0).register()
	// sounds waits until the last quarter of a second is these tones alike, and no other.
	sounds := func(what string, heard func() []int16, tones ...float64) {
		t.Helper()
		eventually(t, 10*time.Second, what, func() bool {
			pcm := heard()
			if len(pcm) < 2000 {
				return false
			}
			sum := 0.0
			for _, hz := range tones {
				share := goertzelShare(pcm[len(pcm)-2000:], hz)
				if share < 0.7/float64(len(tones)) {
					return false
				}
				sum += share
			}
			return sum > 0.9
		})
	}
	// rings does something until 1003 rings: a person tries again when nothing happens; a
	// machine that stands still loses keys.
	rings := func(try func()) *phone.Call {
		t.Helper()
		for range 4 {
			try()
			select {
			case c := <-b.rings:
				t.Cleanup(c.Hangup)
				return c
			case <-time.After(6 * time.Second):
			}
		}
		t.Fatal("1003 does not ring")
		return nil
	}
	// check listens to the dial tone and the busy tone of an analog phone, and to the
	// ringing that a caller hears whom a menu has answered.
	check := func(dial, busy, ringback []float64) {
		t.Helper()
		desk := func() []int16 {
			if d.simPhone("fxs1").Heard == 0 {
				return nil
			}
			return d.heard("fxs1")
		}
		theirs := rings(func() {
			d.analog("fxs1", "hang", nil)
			d.line("fxs1", "idle")
			d.analog("fxs1", "lift", nil)
			sounds("dial tone", desk, dial...)
			d.analog("fxs1", "dial", api.SimKeys{Digits: "1003"})
		})
		if err := theirs.Answer(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
		theirs.Hangup()
		sounds("busy tone", desk, busy...)
		d.analog("fxs1", "hang", nil)
		d.line("fxs1", "idle")

		c := a.call(d.env["EXT_IVR"])
		up(t, c)
		ringing := rings(func() { c.Audio().Press("2") })
		sounds("ringing", func() []int16 { return c.Audio().Heard() }, ringback...)
		c.Hangup()
		<-ringing.Done()
		d.becomes(5*time.Second, "end", func(s api.State) bool { return len(s.Calls) == 0 })
	}
	d.configure(func(c *config.Config) { c.System.Country = "IR" })
	check([]float64{425}, []float64{425}, []float64{425})
	d.configure(func(c *config.Config) { c.System.Country = "US" })
	check([]float64{350, 440}, []float64{480, 620}, []float64{440, 480})
	d.configure(func(c *config.Config) {
		c.Tones = map[string]config.Tone{"dial": {Hz: []int{700}, Level: -10}, "busy": {Hz: []int{900}, Level: -10}, "ringback": {Hz: []int{1100}, Level: -10}}
	})
	check([]float64{700}, []float64{900}, []float64{1100})
	d.configure(func(c *config.Config) { c.Tones = nil })
	check([]float64{350, 440}, []float64{480, 620}, []float64{440, 480})
}
