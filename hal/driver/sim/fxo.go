package sim

import (
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/hal/loop"
)

// The line interface of an FXO port.
const (
	daaOhms     = 300.0
	daaRinger   = 30e3  // light against a phone's bell
	deadVolts   = 3.0   // less is no battery
	aliveVolts  = 6.0   // more is battery again
	deadAmps    = 0.004 // less is no loop
	dropTime    = 90 * time.Millisecond
	lostTime    = time.Second // longer than any loop drop that is a signal
	settleTime  = 120 * time.Millisecond
	polarHold   = 40 * time.Millisecond
	ringBetween = 6 * time.Second // longest pause of a cadence
)

// fxo is a port that takes a line. Its electronics see the line as a DAA chip
// does.
type fxo struct {
	port
	office *Office

	off    bool
	flash  int // samples left of an open loop
	settle int // samples until the loop current means something
	bell   loop.Bell
	rings  bool
	rested int     // samples since ringing ended
	volts  float64 // smoothed over a cycle of ringing
	amps   float64

	battery  bool
	battered int // samples that the battery has been other than told
	reversed bool
	turned   int // samples that polarity has been other than told
	gone     int // samples without loop current
	dropped  bool
}

func newFXO(id string) *fxo { return &fxo{port: newPort(id, hal.KindFXO), rested: math.MaxInt / 2} }

// OffHook implements hal.FXO.
func (p *fxo) OffHook() error { return p.hook(true) }

// OnHook implements hal.FXO.
func (p *fxo) OnHook() error { return p.hook(false) }

func (p *fxo) hook(off bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return hal.ErrClosed
	}
	if off != p.off {
		p.off = off
		p.flash, p.gone, p.dropped = 0, 0, false
		p.settle = dsp.Samples(settleTime)
	}
	return nil
}

// Flash implements hal.FXO.
func (p *fxo) Flash(d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return hal.ErrClosed
	case !p.off:
		return hal.ErrBadState
	}
	p.flash = dsp.Samples(d)
	return nil
}

// State implements hal.Port.
func (p *fxo) State() hal.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := hal.State{
		OffHook:  p.off,
		Ringing:  !p.off && (p.rings || p.rested < dsp.Samples(ringBetween)),
		Volts:    p.volts,
		Amps:     math.Abs(p.amps),
		Reversed: p.reversed,
		Battery:  p.battery,
	}
	if p.closed {
		s.Fault = hal.ErrClosed.Error()
	}
	return s
}

func (p *fxo) step(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = at
	p.flush()
	p.line.Step()
	p.office.noticed()
}

func (p *fxo) close(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now, p.off = at, false
	p.line.Step()
	p.office.noticed()
	p.shut()
}

// Drive implements loop.Load.
func (p *fxo) Drive(out *loop.Sink) {
	out.Ringer = daaRinger
	for i := range out.Ohms {
		out.Ohms[i] = math.Inf(1)
		switch {
		case p.flash > 0:
			p.flash--
			p.settle = dsp.Samples(settleTime)
		case p.off:
			out.Ohms[i] = daaOhms
		}
	}
	p.send(out.Voice[:])
}

// Sense implements loop.Load.
func (p *fxo) Sense(in *loop.Sense) {
	p.senseRing(&in.Volts)
	for i := range in.Volts {
		p.volts += (in.Volts[i] - p.volts) / (0.060 * hal.Rate)
		p.amps += (in.Amps[i] - p.amps) / (0.005 * hal.Rate)
		p.senseBattery()
		p.sensePolarity()
		p.senseLoop()
	}
	p.receive(in.Voice[:])
}

func (p *fxo) senseRing(volts *[hal.FrameSamples]float64) {
	rings := p.bell.Feed(volts)
	if p.rested < math.MaxInt/2 {
		p.rested += len(volts)
	}
	if rings == p.rings {
		return
	}
	p.rings, p.rested = rings, 0
	if rings {
		p.post(hal.Event{Kind: hal.RingOn})
	} else {
		p.post(hal.Event{Kind: hal.RingOff})
	}
}

func (p *fxo) senseBattery() {
	level, hold := aliveVolts, dsp.Samples(settleTime)
	if p.battery {
		level, hold = deadVolts, dsp.Samples(lostTime)
	}
	if alive := math.Abs(p.volts) > level; alive == p.battery {
		p.battered = 0
		return
	}
	if p.battered++; p.battered < hold {
		return
	}
	p.battery, p.battered = !p.battery, 0
	if p.battery {
		p.post(hal.Event{Kind: hal.BatteryBack})
	} else {
		p.post(hal.Event{Kind: hal.BatteryLost})
	}
}

func (p *fxo) sensePolarity() {
	if math.Abs(p.volts) < deadVolts || (p.volts < 0) == p.reversed {
		p.turned = 0
		return
	}
	if p.turned++; p.turned < dsp.Samples(polarHold) {
		return
	}
	p.reversed, p.turned = !p.reversed, 0
	p.post(hal.Event{Kind: hal.Polarity, Off: p.reversed})
}

func (p *fxo) senseLoop() {
	switch {
	case !p.off:
		return
	case p.settle > 0:
		p.settle--
		return
	case math.Abs(p.amps) > deadAmps:
		if p.dropped {
			p.dropped = false
			p.post(hal.Event{Kind: hal.LoopBack, Duration: lasted(p.gone)})
		}
		p.gone = 0
		return
	}
	if p.gone++; p.gone == dsp.Samples(dropTime) {
		p.dropped = true
		p.post(hal.Event{Kind: hal.LoopDrop, Duration: dropTime})
	}
}

func lasted(samples int) time.Duration { return time.Duration(samples) * time.Second / hal.Rate }
