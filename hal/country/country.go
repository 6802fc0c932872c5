// Package country is what differs between the telephone networks of the world,
// as far as an analog line shows it: tones, bell, flash, caller ID.
//
// The tables are data after ITU-T E.180 and the national books. Iran's are
// field practice, not taken from a standard; a line whose tones differ is
// described by its own configuration.
package country

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// CallerID is how a network tells who calls.
type CallerID string

// The ways of caller ID.
const (
	Bell202 CallerID = "bell202" // FSK between the first and the second ring
	V23     CallerID = "v23"     // FSK before the first ring
	DTMF    CallerID = "dtmf"    // keys before the first ring
	None    CallerID = "none"
)

// Country is a network's habits.
type Country struct {
	Code string // ISO 3166-1 alpha-2
	Name string

	Dial, Busy, Congestion, Ringback dsp.ToneSpec
	// Waiting tells somebody who talks that another call is there; Confirmation, that
	// what he dialled has been done; Stutter is Dial where messages wait, the special dial
	// tone of ITU-T E.180.
	Waiting, Confirmation, Stutter dsp.ToneSpec

	Bell   hal.Cadence // of an incoming call
	RingHz float64

	FlashMin, FlashMax time.Duration // hook switch break that is a flash
	CallerID           CallerID      // what phones of the country understand

	// Disconnect are the tones that, once a call was up, say that the far end
	// has gone. They count where the line has no better signal, such as a drop
	// of the loop current.
	Disconnect []dsp.ToneKind
}

// Progress are the tones that tell a caller how the call goes.
func (c *Country) Progress() []dsp.ProgressTone {
	return []dsp.ProgressTone{
		{Kind: dsp.DialTone, Spec: c.Dial},
		{Kind: dsp.BusyTone, Spec: c.Busy},
		{Kind: dsp.CongestionTone, Spec: c.Congestion},
		{Kind: dsp.RingbackTone, Spec: c.Ringback},
	}
}

// Tones are all tones by name: dial, busy, congestion, ringback, waiting,
// confirmation and stutter.
func (c *Country) Tones() map[string]dsp.ToneSpec {
	return map[string]dsp.ToneSpec{"dial": c.Dial, "busy": c.Busy, "congestion": c.Congestion, "ringback": c.Ringback,
		"waiting": c.Waiting, "confirmation": c.Confirmation, "stutter": c.Stutter}
}

// ByCode finds a country by its ISO 3166-1 alpha-2 code, "UK" included. For one
// it does not know it returns International and false.
func ByCode(code string) (Country, bool) {
	if code == "UK" {
		code = "GB"
	}
	for _, row := range rows {
		if row.code == code {
			return row.country(), true
		}
	}
	return International(), false
}

// Codes lists the countries known.
func Codes() []string {
	var codes []string
	for _, row := range rows {
		codes = append(codes, row.code)
	}
	return codes
}

// International is the plain 425 Hz plan that ITU-T E.180 recommends, for
// networks without an entry of their own.
func International() Country { return international.country() }
