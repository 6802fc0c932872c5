// Package sim is a board that does not exist: a hal driver whose FXO ports have
// a central office at the other end of their line and whose FXS ports have a
// phone on theirs.
//
// The ports are made like real ones. An FXO port knows only volts, amperes and
// samples: it finds ringing in the voltage, hang-ups in the current, and leaves
// caller ID and tones to whoever listens to its audio. Package loop is the
// line; this package is the port's electronics, the pace, and the handles by
// which a test or the demo plays the far end (Office, Phone).
//
// Run steps every line each 20 ms in one goroutine. Each port's state is under
// its own mutex; ports, Office and Phone are safe for concurrent use.
package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/loop"
)

// Options describe the board.
type Options struct {
	Clock    clock.Clock
	FXO, FXS int          // how many ports of each
	Country  string       // ISO 3166-1 alpha-2; of the exchange and the ports
	FXOLine  *loop.Params // nil is loop.Typical
	FXSLine  *loop.Params // nil is a few metres of house wiring
}

// Driver is the board.
type Driver struct {
	clock   clock.Clock
	ports   []hal.Port
	offices map[string]*Office
	phones  map[string]*Phone
}

var (
	_ hal.Driver = (*Driver)(nil)
	_ hal.FXO    = (*fxo)(nil)
	_ hal.FXS    = (*fxs)(nil)
)

// stepper is a port as Run sees it.
type stepper interface {
	step(at time.Time)
	close(at time.Time)
}

// New makes the board: ports fxo1, fxo2, ... and fxs1, fxs2, ...
func New(o Options) *Driver {
	d := &Driver{clock: o.Clock, offices: map[string]*Office{}, phones: map[string]*Phone{}}
	habits, _ := country.ByCode(o.Country)
	outside, house := loop.Typical(), loop.Params{Ohms: 20, Loss: 0.5, ReturnLoss: 22, Noise: -68}
	if o.FXOLine != nil {
		outside = *o.FXOLine
	}
	if o.FXSLine != nil {
		house = *o.FXSLine
	}
	for i := range o.FXO {
		p := newFXO(fmt.Sprintf("fxo%d", i+1))
		office := newOffice(p, habits, outside, uint64(i+1), o.Clock)
		d.ports, d.offices[p.id] = append(d.ports, p), office
	}
	for i := range o.FXS {
		p := newFXS(fmt.Sprintf("fxs%d", i+1), habits)
		phone := newPhone(p, house, uint64(i+101))
		d.ports, d.phones[p.id] = append(d.ports, p), phone
	}
	return d
}

// Name implements hal.Driver.
func (d *Driver) Name() string { return "sim" }

// Ports implements hal.Driver.
func (d *Driver) Ports() []hal.Port { return d.ports }

// Office is the exchange behind an FXO port, nil if there is no such port.
func (d *Driver) Office(port string) *Office { return d.offices[port] }

// Phone is the phone on an FXS port, nil if there is no such port.
func (d *Driver) Phone(port string) *Phone { return d.phones[port] }

// Run implements hal.Driver. It must be called once; before that, the lines
// are frozen and ReadFrame waits.
func (d *Driver) Run(ctx context.Context) error {
	grid := clock.NewGrid(d.clock, hal.FrameTime)
	for {
		at, _, ok := grid.Wait(ctx)
		if !ok {
			break
		}
		for _, p := range d.ports {
			p.(stepper).step(at)
		}
	}
	for _, p := range d.ports {
		p.(stepper).close(d.clock.Now())
	}
	return nil
}
