// Package line makes legs of the box's analog ports.
//
// Each port is one goroutine, paced by the port's own frames: every 20 ms it
// takes the port's events and the leg's commands, listens to the line (caller
// ID, far-end hang-up), and carries audio between the line and the media engine.
// All state of a port is touched there only; its Status is published by atomic
// pointer.
//
// FXO: a ring arms both caller-ID receivers (FSK and DTMF, ITU-T V.23 / Bell 202
// and ETSI EN 300 659); the call arrives with the caller ID or the second ring
// and is answered from the configured ring on. The far end's hang-up is loop
// drop, polarity reversal, or busy tone, whichever comes first. FXS: a lifted
// phone gets dial tone, which stutters while voice messages wait, and dials by
// tone or pulse; a called one rings with caller ID between its first two rings.
package line

import (
	"context"
	"log/slog"
	"sync"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/media"
)

// Health takes problems of lines. *health.Board is one.
type Health interface {
	Raise(kind, detail string)
	Clear(kind string)
}

// Options are what the room needs from the house.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	News    *event.News
	Health  Health
	Media   *media.Engine
	Config  func() *config.Config
	Country country.Country
	// Busy is the tone for a phone that is not hung up, as it is now; nil: the country's.
	Busy func() dsp.ToneSpec
	// Messages tells whether an extension has voice messages that it has not heard; its
	// phone's dial tone stutters then. It must not wait. nil: never.
	Messages func(ext string) bool
	Ports    []hal.Port
	Arrive   func(call.Arrival)
}

// Room holds the ports.
type Room struct {
	opts  Options
	ports []*port
}

// New makes the room. Nothing is read from a port before Run.
func New(o Options) *Room {
	if o.Busy == nil {
		o.Busy = func() dsp.ToneSpec { return o.Country.Busy }
	}
	if o.Messages == nil {
		o.Messages = func(string) bool { return false }
	}
	r := &Room{opts: o}
	for _, hw := range o.Ports {
		r.ports = append(r.ports, newPort(r, hw))
	}
	return r
}

// Run carries every port until ctx ends. A port whose driver has ended is closed;
// a box may have none.
func (r *Room) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, p := range r.ports {
		all.Go(func() { p.run(ctx) })
	}
	all.Wait()
	<-ctx.Done()
	return nil
}

// Endpoints are the analog phones of an extension.
func (r *Room) Endpoints(ext string) []call.Endpoint {
	e, ok := r.opts.Config().Extension(ext)
	if !ok || e.Port == "" {
		return nil
	}
	for _, p := range r.ports {
		if s, ok := p.line.(*station); ok && p.hw.ID() == e.Port {
			return []call.Endpoint{s}
		}
	}
	return nil
}

// Lines are the ports for the board, in the board's order.
func (r *Room) Lines() []Status {
	list := make([]Status, 0, len(r.ports))
	for _, p := range r.ports {
		s := *p.status.Load()
		s.Name, s.Extension = r.label(p.hw)
		list = append(list, s)
	}
	return list
}

// label is what the configuration calls a port.
func (r *Room) label(hw hal.Port) (name, extension string) {
	cfg := r.opts.Config()
	if hw.Kind() == hal.KindFXO {
		if l, ok := cfg.Line(hw.ID()); ok {
			return l.Name, ""
		}
		return "", ""
	}
	for _, e := range cfg.Extensions {
		if e.Port == hw.ID() {
			return e.Name, e.Number
		}
	}
	return "", ""
}
