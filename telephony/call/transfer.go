package call

import "time"

// Transfer is an event: the party of Leg wishes that whoever it talks with goes
// on with somebody else, the number To (a blind transfer), or the party at the
// other end of its call With (an attended one). The call goes on under its name
// with the party that stays as its caller.
type Transfer struct {
	Leg LegID
	To  string // as dialled
	// With is the transferor's leg of the other call, In that call; empty for a
	// blind transfer.
	With LegID
	In   Sink
	heir Leg // that takes the transferor's place (Replace)
	// Report tells the transferor what becomes of it: CauseNone that the target
	// rings, Normal that it answered, else why it failed. It may be nil and does
	// not block.
	Report func(Cause)
}

// Yield asks a call to give the party that Leg talks with to another call, which
// gets a Yielded. A call in which Leg talks with nobody yet has none to give; it ends,
// and tells it then, so that whom it was ringing is free to be rung again.
type Yield struct {
	Leg LegID
	To  *Call
}

// Yielded is a leg that another call gave away, nil if it had none to give.
type Yielded struct {
	Leg    Leg
	Secure bool // its sound is encrypted
	From   ID
}

func (Transfer) event() {}
func (Yield) event()    {}
func (Yielded) event()  {}

func (t *Transfer) report(c Cause) {
	if t.Report != nil {
		t.Report(c)
	}
}

func (t *Transfer) how() string {
	switch {
	case t.heir != nil:
		return "taken"
	case t.With != "":
		return "attended"
	}
	return "blind"
}

// transfer is one that this call is about.
type transfer struct {
	Transfer
	by      *member // the transferor
	target  Leg     // of an attended transfer
	fetched bool    // the other call has answered, or will not
	taken   bool    // the script knows of it
}

// transferred is the reason of a StepUnbridged after which the call goes on elsewhere.
const transferred = "transferred"

// yieldTime is how long the other call of an attended transfer has to answer.
const yieldTime = 2 * time.Second

// begin takes a Transfer in during a talk of the caller and other. It reports
// false if there is nothing to be transferred.
func (c *Call) begin(t Transfer, other *member) bool {
	by, stays := c.members[t.Leg], other
	if by == other {
		stays = c.caller
	}
	if by == nil || c.moving != nil || by != other && by != c.caller || t.In == Sink(c) {
		t.report(NotAllowed)
		return false
	}
	c.moving = &transfer{Transfer: t, by: by, target: t.heir, fetched: t.heir != nil}
	c.from, c.origin = stays.leg.Peer(), Origin{Extension: by.leg.Peer().Number}
	if stays.leg == c.arrival.Leg {
		c.from = c.arrival.From
	}
	c.caller = stays
	c.note(Step{Type: StepTransferred, Leg: t.Leg, Agent: by.agent, Party: by.leg.Peer(), Number: t.To, Value: t.how()})
	by.leg.Audio().Silence()
	return true
}

// Transferring tells, once, whether the talk that is over ended in a transfer and
// where to: a number, or the leg of an attended transfer.
func (c *Call) Transferring() (to string, target Leg, ok bool) {
	t := c.moving
	if t == nil || t.taken {
		return "", nil, false
	}
	t.taken = true
	return t.To, t.target, true
}

// fetch asks the other call of an attended transfer for its party. Without one
// the transfer becomes a blind one.
func (c *Call) fetch() {
	t := c.moving
	t.In.Post(Yield{Leg: t.With, To: c})
	until := c.opts.Clock.Now().Add(yieldTime)
	for !t.fetched {
		if _, err := c.Next(until); err != nil {
			t.fetched = true
		}
	}
}

// giveUp ends this call for another one whose transferor waits in it for an answer.
func (c *Call) giveUp(y Yield) {
	if y.Leg != c.caller.leg.ID() || c.owed != nil {
		y.To.Post(Yielded{From: c.id})
		return
	}
	c.owed = y.To
	c.caller.leg.Hangup(Normal)
}

// take makes a yielded leg one of the call's own. One that comes too late is
// hung up.
func (c *Call) take(y Yielded) {
	t := c.moving
	if y.Leg != nil && (t == nil || t.fetched) {
		y.Leg.Hangup(Normal)
		return
	}
	if t == nil {
		return
	}
	t.fetched = true
	if y.Leg == nil {
		return
	}
	t.target = y.Leg
	c.members[y.Leg.ID()] = &member{leg: y.Leg, agent: y.Leg.Peer().Number, state: legUp, secure: y.Secure, since: c.opts.Clock.Now()}
	y.Leg.Attach(c)
}

// yield gives one of two parties that talk away, and is then over for this call.
// It reports whether it did.
func (c *Call) yield(y Yield, other *member) bool {
	stays, goes := c.members[y.Leg], other
	if stays == other {
		goes = c.caller
	}
	if stays == nil || stays != other && stays != c.caller || goes.state != legUp {
		y.To.Post(Yielded{From: c.id})
		return false
	}
	c.note(Step{Type: StepTransferred, Leg: y.Leg, Party: stays.leg.Peer(), Value: "joined", Reason: "joined with call " + string(y.To.id)})
	goes.leg.Audio().Silence()
	delete(c.members, goes.leg.ID())
	goes.state, goes.cause = legEnded, Normal
	y.To.Post(Yielded{Leg: goes.leg, Secure: goes.secure, From: c.id})
	return true
}

// tooLate sees to an event that comes when the call is over.
func (c *Call) tooLate(e Event) {
	switch e := e.(type) {
	case Transfer:
		e.report(NotAllowed)
	case Yield:
		e.To.Post(Yielded{From: c.id})
	case Yielded:
		if e.Leg != nil {
			e.Leg.Hangup(Normal)
		}
	case Replace:
		e.By.Hangup(Rejected)
	case Join:
		e.By.Hangup(Rejected)
	case Listen:
		e.refuse()
	}
}

// Transferred ends a transfer well: the transferor is told and let go.
func (c *Call) Transferred() {
	if t := c.moving; t != nil {
		c.moving = nil
		t.report(Normal)
		if t.by.state != legEnded {
			t.by.given = true
			t.by.leg.Hangup(Normal)
		}
	}
}

// TransferFailed ends a transfer that came to nothing: the transferor is told why.
// It returns the leg of a transferor who is still there, and the number at which
// he can be rung.
func (c *Call) TransferFailed(cause Cause) (by Leg, number string) {
	t := c.moving
	if t == nil {
		return nil, ""
	}
	c.moving = nil
	t.report(cause)
	c.note(Step{Type: StepReturned, Leg: t.Leg, Party: t.by.leg.Peer(), Number: t.To, Cause: cause.String()})
	if t.by.state == legUp {
		return t.by.leg, t.by.leg.Peer().Number
	}
	return nil, t.by.leg.Peer().Number
}

// ReferredBy is who sent the call on in a transfer whose outcome is open, for whom it
// rings now (RFC 3892).
func (c *Call) ReferredBy() Party {
	if c.moving == nil {
		return Party{}
	}
	return c.moving.by.leg.Peer()
}

// From is who is calling: the party that arrived, or the one that stayed in a
// transfer.
func (c *Call) From() Party { return c.from }

// Origin is whose rights the call has: where it came in, or the transferor's.
func (c *Call) Origin() Origin { return c.origin }
