package call

import "time"

// Join is an event: the arrived leg By wishes to talk with the caller, who awaits
// somebody (Await). Where nobody is awaited, or somebody else came first, By is
// refused.
type Join struct{ By Leg }

func (Join) event() {}

func (c *Call) join(j Join) {
	if !c.awaits {
		j.By.Hangup(Rejected)
		return
	}
	for _, m := range c.members {
		if m.joins {
			j.By.Hangup(Busy)
			return
		}
	}
	c.members[j.By.ID()] = &member{leg: j.By, agent: j.By.Peer().Number, joins: true, since: c.opts.Clock.Now()}
	j.By.Attach(c)
	j.By.Answer()
}

// Welcome lets others join the caller from now on, or refuses them: who is about to join
// is hung up.
func (c *Call) Welcome(on bool) {
	if c.awaits = on; on {
		return
	}
	for _, m := range c.members {
		if m.joins && m.state != legEnded {
			m.given = true
			m.leg.Hangup(Rejected)
		}
	}
}

// Joined is the leg of who has joined the caller with an event, or nil.
func (c *Call) Joined(e Event) Leg {
	if a, ok := e.(Answered); ok {
		if m := c.members[a.Leg]; m != nil && m.joins && m.state == legUp {
			m.joins = false
			return m.leg
		}
	}
	return nil
}

// Await waits until somebody who joins the call is up, and returns his leg. It
// returns ErrTime at until.
func (c *Call) Await(until time.Time) (Leg, error) {
	c.Welcome(true)
	defer c.Welcome(false)
	for {
		e, err := c.Next(until)
		if err != nil {
			return nil, err
		}
		c.ForgetTyped()
		if leg := c.Joined(e); leg != nil {
			return leg, nil
		}
	}
}

// Give gives the caller's leg, which has not been answered, to another call as the
// By of e, a Join or a Replace. This call is over with that, and its script returns.
func (c *Call) Give(to *Call, e Event) Cause {
	m := c.caller
	c.note(Step{Type: StepTransferred, Leg: m.leg.ID(), Party: c.from, Value: "joined", Reason: "joined with call " + string(to.id)})
	delete(c.members, m.leg.ID())
	m.state, m.cause = legEnded, Normal
	to.Post(e)
	return Normal
}

// TellTransferor lets who is transferring the caller hear a program, if he is still
// there and listens, and returns when he has heard it or d is over.
func (c *Call) TellTransferor(p Program, d time.Duration) error {
	t := c.moving
	if t == nil || t.by.state != legUp || t.by.held {
		return nil
	}
	id := t.by.leg.Audio().Play(p)
	until := c.opts.Clock.Now().Add(d)
	for t.by.state == legUp && !t.by.held {
		e, err := c.Next(until)
		if err == ErrTime {
			break
		}
		if err != nil {
			return err
		}
		if done, ok := e.(Played); ok && done.Leg == t.by.leg.ID() && done.ID == id {
			break
		}
	}
	return nil
}
