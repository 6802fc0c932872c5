package sim

import (
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/loop"
)

// Phone is the analog phone on an FXS port, and whoever uses it.
type Phone struct {
	port  *fxs
	set   *loop.Phone
	heard recording
	watch watch
}

func newPhone(p *fxs, params loop.Params, seed uint64) *Phone {
	ph := &Phone{port: p, set: loop.NewPhone()}
	ph.set.Hear = ph.heard.add
	ph.watch.init(ph.glance())
	p.phone = ph
	p.line = loop.NewLine(params, p, ph.set, seed)
	return ph
}

// Lift takes the receiver off the hook and begins a new Heard.
func (p *Phone) Lift() {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	if !p.set.Lifted() {
		p.heard.clear()
		p.set.Lift()
	}
}

// Lifted reports whether the receiver is off the hook.
func (p *Phone) Lifted() bool {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.set.Lifted()
}

// Hang puts the receiver back.
func (p *Phone) Hang() {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	p.set.Hang()
}

// Flash presses the hook for an instant.
func (p *Phone) Flash() {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	p.set.Flash()
}

// Dial presses keys (0-9 * # A-D).
func (p *Phone) Dial(keys string) error {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.set.Dial(keys)
}

// DialPulses dials digits with the hook switch, as old phones do.
func (p *Phone) DialPulses(digits string) error {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.set.DialPulses(digits)
}

// Talk has its user say what src puts into silent frames while it is lifted;
// nil is silence. src runs on the driver's goroutine: it must be quick and must
// not call the Phone.
func (p *Phone) Talk(src func(*hal.Frame)) {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	p.set.Talk = src
}

// Cut unplugs the phone, or plugs it in again.
func (p *Phone) Cut(on bool) {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	p.port.line.Cut = on
}

// Ringing reports whether it rings: now, or a moment ago and perhaps again.
func (p *Phone) Ringing() bool {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.set.Ringing()
}

// CallerID is the number and name that its display shows, decoded from the
// samples that arrived.
func (p *Phone) CallerID() (number, name string) {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	id := p.set.CallerID()
	return id.Number, id.Name
}

// Changed is closed at the next change of Ringing or CallerID.
func (p *Phone) Changed() <-chan struct{} {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.watch.changed
}

// Heard is everything in the earpiece since it was lifted, ten minutes at most.
func (p *Phone) Heard() []int16 {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.heard.copy()
}

// HeardFor is how long Heard is.
func (p *Phone) HeardFor() time.Duration {
	p.port.mu.Lock()
	defer p.port.mu.Unlock()
	return p.heard.length()
}

// noticed tells watchers if something changed. The port's lock is held.
func (p *Phone) noticed() { p.watch.look(p.glance()) }

func (p *Phone) glance() glance {
	return glance{ringing: p.set.Ringing(), caller: p.set.CallerID()}
}
