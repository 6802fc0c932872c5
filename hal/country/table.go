package country

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// row is a country as the table writes it.
type row struct {
	code, name                       string
	dial, busy, congestion, ringback dsp.ToneSpec
	waiting                          dsp.ToneSpec // none: the frequency of busy, as waits says
	bell                             hal.Cadence
	ringHz                           float64
	flash                            [2]int // ms
	callerID                         CallerID
}

// level of one sine of a tone; those of a pair are 3 dB down each.
const level = -13.0 // dBm0

// sines are sines of equal level that sound together.
func sines(hz ...float64) (s []dsp.Sine) {
	for _, f := range hz {
		l := level
		if len(hz) > 1 {
			l -= 3
		}
		s = append(s, dsp.Sine{Hz: f, Level: l})
	}
	return s
}

// modulated is a carrier whose loudness swings fully at a lower frequency,
// which is the carrier and two sidebands 6 dB down.
func modulated(carrier, by float64) []dsp.Sine {
	return []dsp.Sine{{Hz: carrier, Level: level}, {Hz: carrier - by, Level: level - 6}, {Hz: carrier + by, Level: level - 6}}
}

// tone is sines with a cadence in milliseconds.
func tone(s []dsp.Sine, ms ...int) dsp.ToneSpec {
	return dsp.ToneSpec{Sines: s, Cadence: cadence(ms...)}
}

func cadence(ms ...int) (c hal.Cadence) {
	for _, n := range ms {
		c = append(c, time.Duration(n)*time.Millisecond)
	}
	return c
}

var double = []int{400, 200, 400, 2000} // the British double ring

// etsi is the plan of one frequency for everything, busy 500/500, congestion
// 250/250, ringing 1 s in 5.
func etsi(code, name string, hz float64) row {
	return row{
		code: code, name: name,
		dial: tone(sines(hz)), busy: tone(sines(hz), 500, 500), congestion: tone(sines(hz), 250, 250),
		ringback: tone(sines(hz), 1000, 4000), bell: cadence(1000, 4000), ringHz: 25,
		flash: [2]int{80, 600}, callerID: V23,
	}
}

// but is a row with some of its columns changed.
func (r row) but(change func(*row)) row {
	change(&r)
	return r
}

var international = etsi("", "International", 425)

var rows = []row{
	{
		code: "US", name: "United States",
		dial: tone(sines(350, 440)), busy: tone(sines(480, 620), 500, 500), congestion: tone(sines(480, 620), 250, 250),
		ringback: tone(sines(440, 480), 2000, 4000), bell: cadence(2000, 4000), ringHz: 20, waiting: tone(sines(440), 300, 9700),
		flash: [2]int{300, 1000}, callerID: Bell202,
	},
	{
		code: "GB", name: "United Kingdom",
		dial: tone(sines(350, 440)), busy: tone(sines(400), 375, 375), congestion: tone(sines(400), 400, 350, 225, 525),
		ringback: tone(sines(400, 450), double...), bell: cadence(double...), ringHz: 25, waiting: tone(sines(400), 100, 3000),
		flash: [2]int{80, 130}, callerID: V23, // timed break: from 50 ms, but dialling pulses are 67
	},
	etsi("DE", "Germany", 425).but(func(r *row) {
		r.busy = tone(sines(425), 480, 480)
		r.congestion = tone(sines(425), 240, 240)
	}),
	etsi("FR", "France", 440).but(func(r *row) {
		r.ringback, r.bell, r.ringHz = tone(sines(440), 1500, 3500), cadence(1500, 3500), 50
	}),
	etsi("IN", "India", 400).but(func(r *row) {
		r.dial = tone(modulated(400, 25))
		r.busy = tone(sines(400), 750, 750)
		r.ringback, r.bell = tone(modulated(400, 25), double...), cadence(double...)
		r.callerID = DTMF
	}),
	etsi("TR", "Türkiye", 450).but(func(r *row) {
		r.congestion = tone(sines(450), 200, 200, 200, 200, 200, 200, 600, 200)
		r.ringback, r.bell = tone(sines(450), 2000, 4000), cadence(2000, 4000)
	}),
	{
		code: "AE", name: "United Arab Emirates",
		dial: tone(sines(350, 440)), busy: tone(sines(400), 375, 375), congestion: tone(sines(425), 400, 350, 225, 525),
		ringback: tone(sines(400, 450), double...), bell: cadence(1500, 4000), ringHz: 25,
		flash: [2]int{80, 600}, callerID: V23,
	},
	etsi("IR", "Iran", 425).but(func(r *row) { r.callerID = Bell202 }),
}

// waits is the call waiting tone that ITU-T E.180 recommends: two short marks every
// few seconds.
func (r *row) waits() dsp.ToneSpec {
	if len(r.waiting.Sines) > 0 {
		return r.waiting
	}
	return tone(r.busy.Sines, 200, 200, 200, 4400)
}

// stutters is dial tone that begins with short marks, and again every few seconds for
// whoever lifts the handset to his ear slowly.
func (r *row) stutters() dsp.ToneSpec {
	return tone(r.dial.Sines, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 3000)
}

func (r *row) country() Country {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	return Country{
		Code: r.code, Name: r.name,
		Dial: r.dial, Busy: r.busy, Congestion: r.congestion, Ringback: r.ringback,
		Waiting: r.waits(), Confirmation: tone(r.dial.Sines, 100, 100, 100, 100, 100, 1500), Stutter: r.stutters(),
		Bell: r.bell, RingHz: r.ringHz,
		FlashMin: ms(r.flash[0]), FlashMax: ms(r.flash[1]),
		CallerID:   r.callerID,
		Disconnect: []dsp.ToneKind{dsp.BusyTone, dsp.CongestionTone, dsp.DialTone},
	}
}
