package sim

import (
	"context"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/clock"
	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/loop"
)

// CallIn is a call for the box.
type CallIn struct {
	Number, Name string
	IDStandard   country.CallerID // "bell202", "v23", "dtmf", "none"; "" is the country's own
	Release      loop.Release     // "loop-drop", "busy-tone", "reversal"; "" is loop-drop
}

// Office plays the telephone company behind an FXO port, and with it whoever
// calls in or is called.
type Office struct {
	clock   clock.Clock
	port    *fxo
	country country.Country
	central *loop.CentralOffice
	heard   recording
	watch   watch
}

func newOffice(p *fxo, c country.Country, params loop.Params, seed uint64, k clock.Clock) *Office {
	o := &Office{clock: k, port: p, country: c, central: loop.NewCentralOffice(c)}
	o.central.Hear = o.heard.add
	o.watch.init(o.glance())
	p.office = o
	p.line = loop.NewLine(params, o.central, p, seed)
	return o
}

// Call rings the box. It returns at once; loop.ErrBusyLine means that the line
// is in use.
func (o *Office) Call(in CallIn) error {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	if in.IDStandard == "" {
		in.IDStandard = o.country.CallerID
	}
	err := o.central.Call(loop.Incoming{Number: in.Number, Name: in.Name, At: o.clock.Now(), CallerID: in.IDStandard, Release: in.Release})
	if err == nil {
		o.heard.clear()
		o.noticed()
	}
	return err
}

// Press has the far end press keys (0-9 * # A-D), one after another, instead of
// speaking.
func (o *Office) Press(keys string) error {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.central.Press(keys)
}

// Talk has the far end say what src puts into silent frames, one for every
// 20 ms of a call that is up; nil is silence. src runs on the driver's
// goroutine: it must be quick and must not call the Office.
func (o *Office) Talk(src func(*hal.Frame)) {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	o.central.Talk = src
}

// Hangup has the far end hang up, before the answer or after.
func (o *Office) Hangup() {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	o.central.Hangup()
	o.noticed()
}

// Outgoing decides what becomes of calls that the box places on the line. At
// first, the far end rings for two seconds and answers.
func (o *Office) Outgoing(how loop.Outgoing) {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	o.central.Outgoing = how
}

// Cut unplugs the line from the box, or plugs it in again.
func (o *Office) Cut(on bool) {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	o.port.line.Cut = on
}

// Parallel lifts, or hangs up, another phone on the same line.
func (o *Office) Parallel(on bool) {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	o.port.line.Parallel = on
}

// State is where the line stands: "idle", "announcing", "ringing", "answered",
// "dialling", "calling", "refused" or "releasing".
func (o *Office) State() loop.OfficeState {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.central.State()
}

// Dialled are the keys that the box has sent since it took the line.
func (o *Office) Dialled() string {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.central.Dialled()
}

// Changed is closed at the next change of State or Dialled.
func (o *Office) Changed() <-chan struct{} {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.watch.changed
}

// Await waits until the line is in one of the states.
func (o *Office) Await(ctx context.Context, states ...loop.OfficeState) error {
	for {
		changed := o.Changed()
		if slices.Contains(states, o.State()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Heard is everything that the far end has heard in the present or last call,
// from the answer on, ten minutes at most.
func (o *Office) Heard() []int16 {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.heard.copy()
}

// HeardFor is how long Heard is.
func (o *Office) HeardFor() time.Duration {
	o.port.mu.Lock()
	defer o.port.mu.Unlock()
	return o.heard.length()
}

// noticed tells watchers if something changed. The port's lock is held.
func (o *Office) noticed() {
	if o.watch.look(o.glance()) && o.watch.seen.state == loop.Dialling && o.watch.seen.keys == 0 {
		o.heard.clear()
	}
}

func (o *Office) glance() glance {
	return glance{state: o.central.State(), keys: len(o.central.Dialled())}
}
