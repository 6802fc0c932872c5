package sim

import (
	"math"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/loop"
)

// fxs is a port that feeds a phone. Its electronics do what a SLIC chip does.
type fxs struct {
	port
	phone *Phone

	ringHz float64
	supply loop.Supply
	hook   *loop.HookDecoder
	off    bool
	burst  bool
	volts  float64
}

func newFXS(id string, c country.Country) *fxs {
	return &fxs{port: newPort(id, hal.KindFXS), ringHz: c.RingHz, hook: loop.NewHookDecoder(c.FlashMin, c.FlashMax)}
}

// Ring implements hal.FXS.
func (p *fxs) Ring(c hal.Cadence) error {
	return p.do(func() error {
		if p.off || p.supply.OffHook() || len(c) == 0 {
			return hal.ErrBadState
		}
		p.supply.Ring(c, p.ringHz)
		return nil
	})
}

// StopRing implements hal.FXS.
func (p *fxs) StopRing() error {
	return p.do(func() error { p.supply.StopRing(); return nil })
}

// SetReversed implements hal.FXS.
func (p *fxs) SetReversed(on bool) error {
	return p.do(func() error { p.supply.Reversed = on; return nil })
}

// OpenLoop implements hal.FXS.
func (p *fxs) OpenLoop(d time.Duration) error {
	return p.do(func() error { p.supply.Open(d); return nil })
}

func (p *fxs) do(f func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return hal.ErrClosed
	}
	return f()
}

// State implements hal.Port.
func (p *fxs) State() hal.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := hal.State{
		OffHook:  p.off,
		Ringing:  p.supply.Ringing(),
		Volts:    p.volts,
		Amps:     math.Abs(p.supply.Amps()),
		Reversed: p.supply.Reversed,
		Battery:  !p.supply.Dead,
	}
	if p.closed {
		s.Fault = hal.ErrClosed.Error()
	}
	return s
}

func (p *fxs) step(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = at
	p.flush()
	p.line.Step()
	p.phone.noticed()
}

func (p *fxs) close(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = at
	p.supply.StopRing()
	p.supply.Dead = true
	p.line.Step()
	p.phone.noticed()
	p.shut()
}

// Drive implements loop.Feed.
func (p *fxs) Drive(out *loop.Source) {
	p.supply.Drive(out)
	p.send(out.Voice[:])
}

// Sense implements loop.Feed.
func (p *fxs) Sense(in *loop.Sense) {
	for _, v := range in.Volts {
		p.volts += (v - p.volts) / (0.060 * hal.Rate)
	}
	for _, e := range p.hook.Feed(p.supply.Sense(in), p.supply.Now()) {
		switch e.Kind {
		case loop.HookOff:
			p.off = true
			p.post(hal.Event{Kind: hal.Hook, Off: true})
		case loop.HookOn:
			p.off = false
			p.post(hal.Event{Kind: hal.Hook})
		case loop.HookFlash:
			p.post(hal.Event{Kind: hal.FlashHook, Duration: e.Duration})
		case loop.HookPulse:
			p.post(hal.Event{Kind: hal.PulseDigit, Digit: e.Digit})
		}
	}
	if burst, _ := p.supply.Burst(); burst != p.burst {
		p.burst = burst
		if burst {
			p.post(hal.Event{Kind: hal.RingOn})
		} else {
			p.post(hal.Event{Kind: hal.RingOff})
		}
	}
	p.receive(in.Voice[:])
}
