package line

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/telephony/call"
)

// behaviour is what a port does: trunk for FXO, station for FXS. Its methods run
// in the port's goroutine.
type behaviour interface {
	// event is news from the hardware.
	event(hal.Event)
	// frame is 20 ms of the line: heard came from it, out goes to it.
	frame(heard, out *hal.Frame)
	// answer and hangup are the commands of the leg.
	answer(*leg)
	hangup(*leg, call.Cause)
	// state is the word for the board.
	state() string
}

// port is one analog port at work.
type port struct {
	room *Room
	hw   hal.Port
	log  *slog.Logger
	line behaviour

	status atomic.Pointer[Status]
	legs   atomic.Uint64 // made so far

	mu       sync.Mutex
	commands []func()
	closed   bool

	// Touched by run's goroutine only.
	now   time.Time
	leg   *leg // the call on this port, if any
	fault string
}

func newPort(r *Room, hw hal.Port) *port {
	p := &port{room: r, hw: hw, log: r.opts.Log.With("port", hw.ID())}
	switch hw := hw.(type) {
	case hal.FXO:
		p.line = newTrunk(p, hw)
	case hal.FXS:
		p.line = newStation(p, hw)
	}
	p.status.Store(&Status{Port: hw.ID(), Kind: string(hw.Kind()), State: "idle"})
	return p
}

// do runs f in the port's goroutine. It reports false when the port is closed.
func (p *port) do(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.commands = append(p.commands, f)
	return true
}

func (p *port) run(ctx context.Context) {
	defer p.close()
	var heard, out hal.Frame
	for ctx.Err() == nil {
		if err := p.hw.ReadFrame(&heard); err != nil {
			return // the driver has ended
		}
		p.now = p.room.opts.Clock.Now()
		p.takeEvents()
		p.takeCommands()
		out = hal.Frame{}
		p.line.frame(&heard, &out)
		if err := p.hw.WriteFrame(&out); err != nil {
			return
		}
		p.publish()
	}
}

func (p *port) takeEvents() {
	for {
		select {
		case e, ok := <-p.hw.Events():
			if !ok {
				return
			}
			switch e.Kind {
			case hal.Fault, hal.BatteryLost:
				p.failed(e)
			case hal.Recovered, hal.BatteryBack:
				p.fault = ""
				p.room.opts.Health.Clear("line-unplugged/" + p.hw.ID())
				p.room.opts.Health.Clear("line-fault/" + p.hw.ID())
			}
			p.line.event(e)
		default:
			return
		}
	}
}

func (p *port) failed(e hal.Event) {
	p.fault = "unplugged"
	kind := "line-unplugged"
	if e.Kind == hal.Fault {
		p.fault, kind = e.Detail, "line-fault"
	}
	p.log.Warn("line failed", "fault", p.fault)
	p.room.opts.Health.Raise(kind+"/"+p.hw.ID(), e.Detail)
	if p.leg != nil {
		p.line.hangup(p.leg, call.Unreachable)
	}
}

func (p *port) takeCommands() {
	p.mu.Lock()
	commands := p.commands
	p.commands = nil
	p.mu.Unlock()
	for _, f := range commands {
		f()
	}
}

func (p *port) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	if p.leg != nil {
		p.leg.end(call.Shutdown)
		p.leg = nil
	}
}

// newLeg makes the port's leg; the one before it has ended.
func (p *port) newLeg(kind call.Kind, peer call.Party) *leg {
	p.leg = p.makeLeg(kind, peer)
	return p.leg
}

// makeLeg makes a leg that the port does not carry yet. Safe from any goroutine.
func (p *port) makeLeg(kind call.Kind, peer call.Party) *leg {
	n := p.legs.Add(1)
	l := &leg{id: call.LegID(fmt.Sprintf("%s-%d", p.hw.ID(), n)), kind: kind, port: p, peer: peer}
	l.stream = p.room.opts.Media.NewLine(l.id, l.post)
	return l
}

// drop ends the port's leg for its call.
func (p *port) drop(cause call.Cause) {
	if p.leg == nil {
		return
	}
	l := p.leg
	p.leg = nil
	l.end(cause)
}

// publish puts a changed status on the board. Volts and milliamps are rounded so
// that noise is no news.
func (p *port) publish() {
	hs := p.hw.State()
	s := Status{Port: p.hw.ID(), Kind: string(p.hw.Kind()), State: p.line.state(),
		Volts: math.Round(hs.Volts), Milliamps: math.Round(hs.Amps * 1000), Fault: p.fault}
	switch {
	case p.fault == "unplugged":
		s.State = "unplugged"
	case p.fault != "":
		s.State = "fault"
	}
	if p.leg != nil {
		s.Call, s.Caller = p.leg.callID(), p.leg.peer
	}
	if s != *p.status.Load() {
		p.status.Store(&s)
		p.room.opts.News.Publish(event.Lines)
	}
}
