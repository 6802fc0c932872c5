package loop

import (
	"fmt"
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
)

// An analog phone.
const (
	phoneOhms = 300.0  // off hook
	bellOhms  = 7000.0 // impedance of one bell (REN 1) to ringing voltage
)

// The habits of hook switches and dials.
const (
	bounceTime = 2 * time.Millisecond // of each of a few openings as the contacts meet
	flashTime  = 150 * time.Millisecond
	pulseBreak = 60 * time.Millisecond
	pulseMake  = 40 * time.Millisecond
	digitPause = 700 * time.Millisecond
	ringHold   = 4500 * time.Millisecond // between two bursts of one call
)

// Phone is an analog telephone with a display, lifted and dialled by its
// methods.
type Phone struct {
	// Talk says what is spoken into it; nil is silence. Hear is given what
	// sounds in the earpiece while it is lifted. Both run inside Line.Step.
	Talk func(*hal.Frame)
	Hear func(*hal.Frame)

	off     bool       // contacts closed
	moves   []hookMove // still to come
	left    int        // samples until the next move
	press   *dsp.DTMFSender
	bell    Bell
	rang    int // frames since the bell last rang, 0 if it has not
	display *dsp.CallerIDReceiver
	caller  dsp.CallerID
	shown   int // frames since it was received
	out, in hal.Frame
}

// hookMove is a state of the contacts and how long it lasts.
type hookMove struct {
	off     bool
	samples int
}

// NewPhone makes a phone, hung up.
func NewPhone() *Phone {
	return &Phone{press: dsp.NewDTMFSender(), display: dsp.NewCallerIDReceiver()}
}

// Lift takes the receiver off the hook.
func (p *Phone) Lift() {
	for range 3 {
		p.move(true, bounceTime)
		p.move(false, bounceTime)
	}
	p.move(true, 0)
}

// Hang puts the receiver back. What was being dialled is given up.
func (p *Phone) Hang() {
	p.press = dsp.NewDTMFSender()
	p.moves, p.left = p.moves[:0], 0
	p.move(false, 0)
}

// Flash presses the hook for an instant.
func (p *Phone) Flash() {
	p.move(false, flashTime)
	p.move(true, 0)
}

// Dial presses keys.
func (p *Phone) Dial(keys string) error { return p.press.Queue(keys) }

// DialPulses dials digits with the dial of an old phone.
func (p *Phone) DialPulses(digits string) error {
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return fmt.Errorf("dial pulses: %q is not on the dial", digits[i])
		}
	}
	for i := range len(digits) {
		for n := int(digits[i]-'0'+9)%10 + 1; n > 0; n-- {
			p.move(false, pulseBreak)
			p.move(true, pulseMake)
		}
		p.move(true, digitPause)
	}
	return nil
}

func (p *Phone) move(off bool, d time.Duration) {
	p.moves = append(p.moves, hookMove{off, max(1, dsp.Samples(d))})
}

// Lifted reports whether the receiver is off the hook, or being lifted.
func (p *Phone) Lifted() bool {
	if len(p.moves) > 0 {
		return p.moves[len(p.moves)-1].off
	}
	return p.off
}

// Ringing reports whether the bell rings, or has just rung and may again.
func (p *Phone) Ringing() bool { return p.rang > 0 && !p.off }

// CallerID is what the display shows of the present or last call.
func (p *Phone) CallerID() dsp.CallerID { return p.caller }

// Drive implements Load.
func (p *Phone) Drive(out *Sink) {
	out.Ringer = bellOhms
	for i := range out.Ohms {
		if p.left--; p.left <= 0 && len(p.moves) > 0 {
			m := p.moves[0]
			p.moves = p.moves[:copy(p.moves, p.moves[1:])]
			p.off, p.left = m.off, m.samples
		}
		out.Ohms[i] = math.Inf(1)
		if p.off {
			out.Ohms[i] = phoneOhms
		}
	}
	p.out = hal.Frame{}
	switch {
	case !p.off:
	case p.press.Busy():
		p.press.Mix(&p.out)
	case p.Talk != nil:
		p.Talk(&p.out)
	}
	for i, x := range p.out {
		out.Voice[i] = float64(x)
	}
}

// Sense implements Load.
func (p *Phone) Sense(in *Sense) {
	for i, x := range in.Voice {
		p.in[i] = dsp.Sample(x)
	}
	rings := p.bell.Feed(&in.Volts)
	if p.off {
		p.rang = 0
		if p.Hear != nil {
			p.Hear(&p.in)
		}
		return
	}
	switch {
	case rings:
		if p.rang == 0 && p.shown > int(ringHold/hal.FrameTime) {
			p.caller = dsp.CallerID{} // it was another call's
		}
		p.rang = 1
	case p.rang > 0:
		if p.rang++; p.rang > int(ringHold/hal.FrameTime) {
			p.rang = 0
		}
	}
	p.shown++
	if id, ok := p.display.Feed(&p.in); ok {
		p.caller, p.shown = id, 0
	}
}
