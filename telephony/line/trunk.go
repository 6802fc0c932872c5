package line

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/hal"
	"github.com/pasokh/pasokh/hal/country"
	"github.com/pasokh/pasokh/hal/dsp"
	"github.com/pasokh/pasokh/telephony/call"
)

// Times of a line.
const (
	// ringGap is the longest silence inside a ringing cadence; after it the
	// caller has given up. The longest gap in the country table is 4 s.
	ringGap = 6 * time.Second
	// guardTime lets the exchange see the loop open before the port may take a
	// new ring (ETSI ES 201 187: a release is valid after at most 500 ms).
	guardTime = 600 * time.Millisecond
	// settleTime after the answer: the polarity reversal that reports the answer
	// to the caller's exchange, and the click of the loop, are no hang-up.
	settleTime = time.Second
	// idKept is how long caller ID sent before the first ring waits for it.
	idKept = 10 * time.Second
)

type trunkState uint8

const (
	trunkIdle trunkState = iota
	trunkRinging
	trunkUp
	trunkGuard
)

// trunk is an FXO port: a line from the telephone company.
type trunk struct {
	p    *port
	hw   hal.FXO
	st   trunkState
	ears *dsp.CallerIDReceiver
	id   call.Party // heard on the line
	idAt time.Time
	tone *dsp.ProgressDetector

	rings   int
	ringNow bool
	since   time.Time // of the state, or of the last ring burst's end
	wanted  bool      // the call wants to answer
}

func newTrunk(p *port, hw hal.FXO) *trunk {
	return &trunk{p: p, hw: hw, ears: dsp.NewCallerIDReceiver(), tone: dsp.NewProgressDetector(releaseTones(p.room.opts.Country))}
}

// releaseTones are the tones after which the far end has gone.
func releaseTones(c country.Country) []dsp.ProgressTone {
	return slices.DeleteFunc(c.Progress(), func(p dsp.ProgressTone) bool { return !slices.Contains(c.Disconnect, p.Kind) })
}

func (t *trunk) state() string {
	switch t.st {
	case trunkRinging:
		return "ringing"
	case trunkUp:
		return "in-call"
	}
	return "idle"
}

func (t *trunk) event(e hal.Event) {
	switch e.Kind {
	case hal.RingOn:
		if t.st == trunkIdle {
			t.st, t.rings, t.wanted = trunkRinging, 0, false
			if t.p.now.Sub(t.idAt) > idKept {
				t.id = call.Party{}
			}
		}
		if t.st == trunkRinging {
			t.rings++
			t.ringNow = true
			if t.rings > 1 {
				t.arrive()
			}
			t.tryAnswer()
		}
	case hal.RingOff:
		t.ringNow, t.since = false, t.p.now
	case hal.Polarity:
		if t.st == trunkUp && t.p.now.Sub(t.since) > settleTime {
			t.release(call.Normal, "polarity reversal")
		}
	case hal.LoopDrop:
		if t.st == trunkUp {
			t.release(call.Normal, "loop drop")
		}
	}
}

func (t *trunk) frame(heard, out *hal.Frame) {
	switch t.st {
	case trunkIdle:
		t.listen(heard) // caller ID may come before the first ring
	case trunkRinging:
		if t.listen(heard) {
			t.arrive()
		}
		if !t.ringNow && t.p.now.Sub(t.since) > ringGap {
			t.p.drop(call.Cancelled)
			t.idle()
		}
	case trunkUp:
		t.p.leg.stream.Push(heard)
		t.p.leg.stream.Pull(out)
		if tone, ok := t.tone.Feed(heard); ok {
			t.release(call.Normal, string(tone)+" tone")
		}
	case trunkGuard:
		if t.p.now.Sub(t.since) > guardTime {
			t.idle()
		}
	}
}

// listen hears caller ID; it reports true when it became known.
func (t *trunk) listen(heard *hal.Frame) bool {
	id, ok := t.ears.Feed(heard)
	if ok {
		t.id, t.idAt = call.Party{Number: id.Number, Name: id.Name}, t.p.now
	}
	return ok
}

func (t *trunk) idle() {
	t.st, t.id = trunkIdle, call.Party{}
	t.ears.Reset()
}

// arrive hands the ringing line to the exchange, once.
func (t *trunk) arrive() {
	if t.p.leg != nil {
		return
	}
	cfg := t.p.room.opts.Config()
	l, ok := cfg.Line(t.p.hw.ID())
	if !ok {
		t.p.log.Info("line rings but is not configured")
		return
	}
	leg := t.p.newLeg(call.FXO, t.id)
	t.p.room.opts.Arrive(call.Arrival{Leg: leg, From: leg.peer, To: l.Destination,
		Origin: call.Origin{Line: t.p.hw.ID()}, Language: string(l.Language)})
}

func (t *trunk) answer(l *leg) {
	if l == t.p.leg && t.st == trunkRinging {
		t.wanted = true
		t.tryAnswer()
	}
}

// tryAnswer takes the line once the call wants it and it has rung often enough.
func (t *trunk) tryAnswer() {
	l, ok := t.p.room.opts.Config().Line(t.p.hw.ID())
	if !ok || !t.wanted || t.rings < l.AnswerAfter {
		return
	}
	if err := t.hw.OffHook(); err != nil {
		t.p.log.Error("cannot take the line", "err", err)
		t.p.drop(call.Unreachable)
		t.idle()
		return
	}
	t.st, t.since = trunkUp, t.p.now
	t.tone = dsp.NewProgressDetector(releaseTones(t.p.room.opts.Country))
	t.p.leg.post(call.Answered{Leg: t.p.leg.id})
}

func (t *trunk) hangup(l *leg, cause call.Cause) {
	if l == t.p.leg {
		t.release(cause, "")
	}
}

// release puts the line back on hook and ends its leg. why is the far end's
// signal, empty when the box hangs up.
func (t *trunk) release(cause call.Cause, why string) {
	if why != "" {
		t.p.log.Info("far end hung up", "signal", why, "leg", t.p.leg.id)
	}
	if t.st == trunkUp {
		if err := t.hw.OnHook(); err != nil {
			t.p.log.Error("cannot release the line", "err", err)
		}
	}
	t.st, t.since = trunkGuard, t.p.now
	t.p.drop(cause)
}
