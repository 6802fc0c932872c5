package loop

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
)

// OfficeState is where an exchange's line stands.
type OfficeState string

// The states of an exchange's line.
const (
	Idle      OfficeState = "idle"
	Announce  OfficeState = "announcing" // caller ID goes out before the first ring
	Ringing   OfficeState = "ringing"
	Answered  OfficeState = "answered"
	Dialling  OfficeState = "dialling"  // the subscriber hears dial tone or dials
	Calling   OfficeState = "calling"   // the far end rings
	Refused   OfficeState = "refused"   // the far end is busy
	Releasing OfficeState = "releasing" // the far end has gone, the subscriber has not hung up yet
)

// Release is how an exchange tells that the far end has hung up.
type Release string

// The ways of release.
const (
	LoopDrop    Release = "loop-drop" // the battery goes away for half a second
	BusyRelease Release = "busy-tone"
	Reversal    Release = "reversal" // polarity, reversed on answer, turns back; then busy tone
)

// Incoming is a call that the exchange brings to the line.
type Incoming struct {
	Number, Name string
	At           time.Time
	CallerID     country.CallerID // "" is none
	Release      Release          // "" is LoopDrop
}

// Outgoing is how the exchange handles a call that the subscriber places.
type Outgoing struct {
	Busy    bool          // the number is busy
	After   time.Duration // until the far end answers
	Release Release       // "" is LoopDrop
}

// ErrBusyLine refuses a call to a line that is in use.
var ErrBusyLine = errors.New("line is in use")

// The pace of an exchange.
const (
	loopDropTime = 500 * time.Millisecond
	idAfterRing  = 500 * time.Millisecond // Bell 202, after the first ring
	idLead       = 400 * time.Millisecond // before the first ring: line reversal to signal
	alertTime    = 100 * time.Millisecond // ETSI dual tone alerting signal
	idTail       = 300 * time.Millisecond // signal to first ring
	digitsOver   = 3 * time.Second
	noDigits     = 20 * time.Second
	howlAfter    = 5 * time.Second // busy tone for a subscriber who has missed the loop drop
	maxDialled   = 64
)

// CentralOffice is the telephone company's end of a line. It feeds it, rings
// it, says who calls, and plays the part of whoever is at the other end.
type CentralOffice struct {
	// Talk says what the far end says into a frame; nil is silence. Hear is
	// given what it hears while connected. Both run inside Line.Step.
	Talk func(*hal.Frame)
	Hear func(*hal.Frame)
	// Outgoing is how calls placed on the line are handled.
	Outgoing Outgoing

	country country.Country
	supply  Supply
	hook    *HookDecoder
	keys    *dsp.DTMFDetector
	press   *dsp.DTMFSender
	alert   *dsp.Tone
	tones   map[dsp.ToneKind]*dsp.Tone

	state   OfficeState
	entered int // frames in this state
	call    Incoming
	id      idSender
	dialled []byte
	quiet   int // frames since the last digit
	out     hal.Frame
	in      hal.Frame
}

// NewCentralOffice makes an exchange with a country's habits, its line idle.
func NewCentralOffice(c country.Country) *CentralOffice {
	o := &CentralOffice{
		Outgoing: Outgoing{After: 2 * time.Second},
		country:  c,
		hook:     NewHookDecoder(c.FlashMin, c.FlashMax),
		keys:     dsp.NewDTMFDetector(),
		press:    dsp.NewDTMFSender(),
		alert:    dsp.NewTone(dsp.ToneSpec{Sines: []dsp.Sine{{Hz: 2130, Level: -16}, {Hz: 2750, Level: -16}}}),
		tones:    map[dsp.ToneKind]*dsp.Tone{},
		state:    Idle,
	}
	for _, t := range c.Progress() {
		o.tones[t.Kind] = dsp.NewTone(t.Spec)
	}
	return o
}

// State is where the line stands.
func (o *CentralOffice) State() OfficeState { return o.state }

// Dialled are the digits that the subscriber has dialled or pressed since the
// line was last idle.
func (o *CentralOffice) Dialled() string { return string(o.dialled) }

// Call begins to ring the line.
func (o *CentralOffice) Call(in Incoming) error {
	if o.state != Idle {
		return fmt.Errorf("call in: %w (%s)", ErrBusyLine, o.state)
	}
	o.call = in
	o.id = newIDSender(in)
	switch in.CallerID {
	case country.V23, country.DTMF:
		o.enter(Announce)
		o.supply.Reversed = true
	default:
		o.ring()
	}
	return nil
}

func (o *CentralOffice) ring() {
	o.enter(Ringing)
	o.supply.Reversed = false
	o.supply.Ring(o.country.Bell, o.country.RingHz)
}

// Press has the far end press keys once it is connected.
func (o *CentralOffice) Press(keys string) error {
	if o.state != Answered {
		return fmt.Errorf("press keys: the line is %s", o.state)
	}
	return o.press.Queue(keys)
}

// Hangup has the far end hang up.
func (o *CentralOffice) Hangup() {
	switch o.state {
	case Announce, Ringing:
		o.idle()
	case Answered:
		o.enter(Releasing)
		switch o.call.Release {
		case BusyRelease:
		case Reversal:
			o.supply.Reversed = false
		default:
			o.supply.Open(loopDropTime)
		}
	case Calling:
		o.enter(Refused)
	}
}

func (o *CentralOffice) idle() {
	o.enter(Idle)
	o.supply.StopRing()
	o.supply.Reversed = false
	o.press = dsp.NewDTMFSender()
}

func (o *CentralOffice) enter(s OfficeState) {
	o.state, o.entered = s, 0
	for _, t := range o.tones {
		t.Reset()
	}
}

// connect joins the subscriber and the far end.
func (o *CentralOffice) connect() {
	o.supply.StopRing()
	o.supply.Reversed = o.call.Release == Reversal
	o.enter(Answered)
}

// Drive implements Feed.
func (o *CentralOffice) Drive(out *Source) {
	o.tick()
	o.supply.Drive(out)
	o.out = hal.Frame{}
	o.speak()
	for i, x := range o.out {
		out.Voice[i] = float64(x)
	}
}

// tick does what time brings about.
func (o *CentralOffice) tick() {
	o.entered++
	o.quiet++
	lasted := time.Duration(o.entered) * hal.FrameTime
	switch o.state {
	case Announce:
		if o.id.done() && o.id.quiet() >= idTail {
			o.ring()
		}
	case Dialling:
		if len(o.dialled) == 0 && lasted > noDigits {
			o.enter(Refused)
		}
		if len(o.dialled) > 0 && time.Duration(o.quiet)*hal.FrameTime > digitsOver {
			if o.Outgoing.Busy {
				o.enter(Refused)
			} else {
				o.enter(Calling)
			}
		}
	case Calling:
		if lasted >= o.Outgoing.After {
			o.call = Incoming{Release: o.Outgoing.Release}
			o.connect()
		}
	}
}

// speak puts what the exchange plays into the frame that goes out.
func (o *CentralOffice) speak() {
	switch o.state {
	case Announce:
		if o.entered < int(idLead/hal.FrameTime) {
			return
		}
		if o.call.CallerID == country.V23 && o.entered < int((idLead+alertTime)/hal.FrameTime) {
			o.alert.Mix(&o.out)
			return
		}
		o.id.mix(&o.out)
	case Ringing:
		if burst, _ := o.supply.Burst(); burst {
			o.id.pause = 0
		} else if o.id.pause++; time.Duration(o.id.pause)*hal.FrameTime > idAfterRing {
			o.id.mix(&o.out)
		}
	case Answered:
		if o.press.Busy() {
			o.press.Mix(&o.out)
		} else if o.Talk != nil {
			o.Talk(&o.out)
		}
	case Dialling:
		if len(o.dialled) == 0 {
			o.tones[dsp.DialTone].Mix(&o.out)
		}
	case Calling:
		o.tones[dsp.RingbackTone].Mix(&o.out)
	case Refused:
		o.tones[dsp.BusyTone].Mix(&o.out)
	case Releasing:
		if o.call.Release == BusyRelease || o.call.Release == Reversal || o.entered > int(howlAfter/hal.FrameTime) {
			o.tones[dsp.BusyTone].Mix(&o.out)
		}
	}
}

// Sense implements Feed.
func (o *CentralOffice) Sense(in *Sense) {
	for _, e := range o.hook.Feed(o.supply.Sense(in), o.supply.Now()) {
		switch e.Kind {
		case HookOff:
			o.lifted()
		case HookOn:
			o.idle()
		case HookPulse:
			o.digit(e.Digit)
		}
	}
	if !o.supply.OffHook() {
		return
	}
	for i, x := range in.Voice {
		o.in[i] = dsp.Sample(math.Round(x))
	}
	for _, k := range o.keys.Feed(&o.in) {
		if k.Down && !o.press.Busy() { // else it is our own echo
			o.digit(k.Digit)
		}
	}
	if o.state == Answered && o.Hear != nil {
		o.Hear(&o.in)
	}
}

func (o *CentralOffice) lifted() {
	o.dialled = o.dialled[:0]
	switch o.state {
	case Announce, Ringing:
		o.connect()
	case Idle:
		o.enter(Dialling)
	}
}

func (o *CentralOffice) digit(d byte) {
	if (o.state == Dialling || o.state == Answered) && len(o.dialled) < maxDialled {
		o.dialled = append(o.dialled, d)
		o.quiet = 0
	}
}
