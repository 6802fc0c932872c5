package call

import "time"

// The steps that scripts are made of. Each returns ErrGone as soon as the
// caller's leg has ended.

// Answer accepts the caller's leg and waits until it is up. It is a no-op for a
// leg that is up already.
func (c *Call) Answer() error {
	if c.caller.state == legUp {
		return nil
	}
	c.caller.leg.Answer()
	for c.caller.state != legUp {
		if _, err := c.Next(time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// IsUp tells whether the caller's leg has been answered.
func (c *Call) IsUp() bool { return c.caller.state == legUp }

// Play lets the caller hear a program to its end.
func (c *Call) Play(p Program) error {
	id := c.caller.leg.Audio().Play(p)
	c.noteSaid(p)
	for {
		e, err := c.Next(time.Time{})
		if err != nil {
			return err
		}
		if done, ok := e.(Played); ok && done.Leg == c.caller.leg.ID() && done.ID == id {
			return nil
		}
	}
}

// Stay keeps the call as it is until the caller ends it.
func (c *Call) Stay() error {
	for {
		if _, err := c.Next(time.Time{}); err != nil {
			return err
		}
		c.ForgetTyped()
	}
}

// noteSaid writes the prompts of a program into the journal.
func (c *Call) noteSaid(p Program) {
	said := ""
	for _, s := range p.Sounds {
		if s.Prompt != "" {
			if said != "" {
				said += " "
			}
			said += s.Prompt
		}
	}
	if said != "" {
		c.note(Step{Type: StepSaid, Value: said})
	}
}

// Ask plays a program and waits for one key, at most wait after its end; the key
// cuts the program. Keys pressed before count. It returns ErrTime if none came.
func (c *Call) Ask(p Program, wait time.Duration) (byte, error) {
	if len(c.typed) > 0 {
		return c.takeKey(), nil
	}
	id := c.caller.leg.Audio().Play(p)
	c.noteSaid(p)
	var until time.Time
	for {
		e, err := c.Next(until)
		if err != nil {
			return 0, err
		}
		if len(c.typed) > 0 {
			c.caller.leg.Audio().Silence()
			return c.takeKey(), nil
		}
		if done, ok := e.(Played); ok && done.Leg == c.caller.leg.ID() && done.ID == id {
			until = c.opts.Clock.Now().Add(wait)
		}
	}
}

func (c *Call) takeKey() byte {
	k := c.typed[0]
	c.typed = c.typed[1:]
	return k
}

// Hunt rings phones for the caller. The script feeds it every event it gets and
// asks what came of it.
type Hunt struct {
	call  *Call
	legs  map[LegID]string // leg -> agent
	best  Cause
	moved Redirected // where the first phone that does sends the call
	open  bool       // another extension may pick the call up
}

// NewHunt starts an empty hunt.
func (c *Call) NewHunt() *Hunt { return &Hunt{call: c, legs: make(map[LegID]string)} }

// Ring rings every endpoint of an agent or extension. It reports false if there
// was none to ring.
func (h *Hunt) Ring(agent string, eps []Endpoint, o Offer) bool {
	c := h.call
	o.Call, o.With = c.id, c.caller.leg
	for _, ep := range eps {
		leg := ep.Dial(o, c)
		c.members[leg.ID()] = &member{leg: leg, agent: agent, hunt: h, since: c.opts.Clock.Now()}
		h.legs[leg.ID()] = agent
	}
	c.changed()
	return len(eps) > 0
}

// Outcome is what an event did to a hunt.
type Outcome struct {
	Answered Leg    // the leg that answered, all others are being hung up
	Agent    string // the agent that the outcome is about
	Rings    bool   // the agent's first phone began to ring
	Early    Leg    // the only leg rung can be heard
	Failed   Cause  // the agent's last leg ended without an answer
}

// Handle applies an event of the call. The zero Outcome means nothing changed.
func (h *Hunt) Handle(e Event) Outcome {
	c := h.call
	switch e := e.(type) {
	case Ringing:
		agent, ok := h.legs[e.Leg]
		if !ok {
			return Outcome{}
		}
		out := Outcome{Agent: agent, Rings: true}
		if e.Early && len(h.legs) == 1 {
			out.Early = c.members[e.Leg].leg
		}
		return out
	case Answered:
		agent, ok := h.legs[e.Leg]
		if !ok {
			return Outcome{}
		}
		delete(h.legs, e.Leg)
		h.Stop("", Elsewhere)
		return Outcome{Answered: c.members[e.Leg].leg, Agent: agent}
	case Redirected:
		if h.legs[e.Leg] != "" && h.moved.Leg == "" {
			h.moved = e
		}
	case Ended:
		agent, ok := h.legs[e.Leg]
		if !ok {
			return Outcome{}
		}
		delete(h.legs, e.Leg)
		h.best = telling(h.best, e.Cause)
		if !h.Rings(agent) {
			return Outcome{Agent: agent, Failed: h.best}
		}
	}
	return Outcome{}
}

// telling is the cause that says more to the caller about why nobody answered.
func telling(a, b Cause) Cause {
	rank := map[Cause]int{CauseNone: 0, Unreachable: 1, Cancelled: 2, NoAnswer: 3, Rejected: 4, Busy: 5, Moved: 6}
	ra, oka := rank[a]
	rb, okb := rank[b]
	switch {
	case !oka:
		ra = 2
	case !okb:
		rb = 2
	}
	if rb > ra {
		return b
	}
	return a
}

// Rings tells whether any phone of agent is still being rung; "" asks for all.
func (h *Hunt) Rings(agent string) bool {
	for _, a := range h.legs {
		if agent == "" || a == agent {
			return true
		}
	}
	return false
}

// Stop stops ringing agent's phones, or all with "". Their ends are no outcome
// of this hunt any more.
func (h *Hunt) Stop(agent string, cause Cause) {
	for id, a := range h.legs {
		if agent == "" || a == agent {
			delete(h.legs, id)
			if m := h.call.members[id]; m != nil {
				m.given = true
				m.leg.Hangup(cause)
			}
		}
	}
}

// Ring rings the endpoints of one extension for at most d. It returns the leg
// that answered, or the cause why none did.
func (c *Call) Ring(agent string, eps []Endpoint, o Offer, d time.Duration) (Leg, Cause, error) {
	h := c.NewHunt()
	h.open = true
	if !h.Ring(agent, eps, o) {
		return nil, Unreachable, nil
	}
	until := c.opts.Clock.Now().Add(d)
	defer func() { c.moved = h.moved }()
	for {
		e, err := c.Next(until)
		switch err {
		case nil:
		case ErrTime:
			h.Stop("", NoAnswer)
			if h.best == Moved {
				return nil, Moved, nil
			}
			return nil, NoAnswer, nil
		default:
			h.Stop("", Cancelled)
			return nil, Cancelled, err
		}
		o := h.Handle(e)
		switch {
		case o.Answered != nil:
			return o.Answered, CauseNone, nil
		case o.Early != nil:
			c.hearEarly(o.Early)
		case o.Rings:
			c.Ringback()
		case o.Failed != CauseNone:
			return nil, o.Failed, nil
		}
	}
}

// Ringback tells the caller that somebody is rung: by signalling before the
// answer, by tone after it.
func (c *Call) Ringback() {
	if c.moving != nil {
		c.moving.report(CauseNone)
	}
	if c.caller.state == legUp {
		c.caller.leg.Audio().Play(Program{Sounds: []Sound{{Tone: "ringback"}}})
		return
	}
	c.caller.leg.Alert(false)
}

// hearEarly lets the caller hear a leg before its answer, as early media if the
// caller is not answered either.
func (c *Call) hearEarly(leg Leg) {
	if c.caller.state != legUp {
		c.caller.leg.Alert(true)
	}
	c.caller.leg.Audio().Connect(leg.Audio())
}

// Talk connects the caller and other until one of them ends. Whoever is put on
// hold hears music. It returns the cause for which other ended, or ErrGone. A
// transfer ends it too, with CauseNone: see Transferring.
func (c *Call) Talk(other Leg, music string) (Cause, error) {
	if c.members[other.ID()] == nil { // hung up while the caller was being answered
		return Normal, nil
	}
	a, b := c.caller.leg, other
	hold := Program{Sounds: []Sound{{Music: music}}, Loop: true}
	join := func() {
		ma, mb := c.caller, c.members[b.ID()]
		if mb == nil {
			return
		}
		switch {
		case ma.held && mb.held:
			a.Audio().Silence()
			b.Audio().Silence()
		case ma.held:
			a.Audio().Silence()
			b.Audio().Play(hold)
		case mb.held:
			b.Audio().Silence()
			a.Audio().Play(hold)
		default:
			c.pair(ma, mb)
		}
	}
	agent := ""
	if m := c.members[b.ID()]; m != nil {
		agent = m.agent
	}
	c.note(Step{Type: StepBridged, Leg: b.ID(), Device: b.Device(), Agent: agent})
	c.ForgetTyped()
	c.Transferred()
	c.arrive()
	c.other = b.ID()
	c.talkBegins(b, agent)
	defer func() { c.talkEnds(); c.other = ""; c.soothe.at = time.Time{}; c.disown() }()
	moved := func() {
		c.note(Step{Type: StepUnbridged, Leg: b.ID(), Agent: agent, Cause: Normal.String(), Reason: transferred})
		c.caller.leg.Audio().Play(hold)
	}
	join()
	for {
		e, err := c.Next(c.soothe.at)
		if err == ErrTime {
			c.sootheNow(music)
			continue
		}
		if err != nil {
			b.Audio().Silence()
			b.Hangup(c.caller.cause)
			c.note(Step{Type: StepUnbridged, Leg: b.ID(), Agent: agent, Cause: c.caller.cause.String(), Reason: "caller ended"})
			return c.caller.cause, err
		}
		switch e := e.(type) {
		case Held, Resumed:
			join()
			c.sootheFrom(c.members[b.ID()])
		case Pressed:
			c.ForgetTyped()
			c.talkKey(e)
		case Transfer:
			if c.begin(e, c.members[b.ID()]) {
				moved()
				if e.With != "" {
					c.fetch()
				}
				return CauseNone, nil
			}
		case Answered:
			if c.succeed(e.Leg, c.members[b.ID()]) {
				moved()
				return CauseNone, nil
			}
		case Yield:
			if c.yield(e, c.members[b.ID()]) {
				c.note(Step{Type: StepUnbridged, Leg: b.ID(), Agent: agent, Cause: Normal.String(), Reason: transferred})
				if c.caller.state == legEnded {
					return Normal, ErrGone
				}
				return Normal, nil
			}
		case Ended:
			if e.Leg == b.ID() {
				a.Audio().Silence()
				c.note(Step{Type: StepUnbridged, Leg: b.ID(), Agent: agent, Cause: e.Cause.String(), Reason: "called party ended"})
				return e.Cause, nil
			}
		}
	}
}
