package call

// farewell is what a party hears last.
type farewell struct {
	play  PlayID // 0: no farewell
	cause Cause
}

// Farewell tells a party that is up why it is let go, and hangs it up with cause when it
// has heard that out, or at once if the call's own caller has gone. The call goes on
// meanwhile; what the party does counts no more.
func (c *Call) Farewell(leg Leg, words Program, cause Cause) {
	m := c.members[leg.ID()]
	if m == nil {
		return // it was faster
	}
	if c.caller.state == legEnded {
		leg.Hangup(cause)
		return
	}
	m.given, m.farewell = true, farewell{leg.Audio().Play(words), cause}
}

// heardOut hangs a party up that has heard its farewell.
func (c *Call) heardOut(e Played) {
	if m := c.members[e.Leg]; m != nil && m.farewell.play != 0 && m.farewell.play == e.ID {
		m.leg.Hangup(m.farewell.cause)
	}
}
