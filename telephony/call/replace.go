package call

// Replace is an event: the arrived leg By takes the place of Leg in the call (RFC
// 3891). Where Leg is being rung By picks the call up; where it talks its party goes
// on at By, as after an attended transfer. Where neither can be By is refused.
type Replace struct {
	Leg LegID
	By  Leg
}

func (Replace) event() {}

// replace lets an heir of a leg in. It takes the leg's place once it is up: a hunt
// and a talk see its Answered.
func (c *Call) replace(r Replace) {
	m, by := c.members[r.Leg], r.By.Peer()
	switch {
	case m == nil || m.given:
		r.By.Hangup(Rejected)
		return
	case m.hunt != nil && m.state < legUp && m.hunt.lets(r):
		m.hunt.legs[r.By.ID()] = m.hunt.legs[r.Leg]
		c.note(Step{Type: StepPickedUp, Leg: r.By.ID(), Device: r.By.Device(), Party: by, Agent: m.agent, Value: string(r.Leg)})
	case m.state != legUp || m != c.caller && r.Leg != c.other || c.other == "":
		r.By.Hangup(Rejected)
		return
	}
	c.members[r.By.ID()] = &member{leg: r.By, agent: by.Number, replaces: m, since: c.opts.Clock.Now()}
	r.By.Attach(c)
	r.By.Answer()
}

// lets tells whether a phone that rings may be picked up. A queue offers its caller
// to one agent: only another phone of his can.
func (h *Hunt) lets(r Replace) bool {
	agent, rings := h.legs[r.Leg]
	return rings && (h.open || agent == r.By.Peer().Number)
}

// succeed is for a leg that is up during a talk of the caller and other: if it came
// to replace one of them, it does.
func (c *Call) succeed(leg LegID, other *member) bool {
	m := c.members[leg]
	if m == nil || m.replaces == nil {
		return false
	}
	return c.begin(Transfer{Leg: m.replaces.leg.ID(), To: m.agent, heir: m.leg}, other)
}

// disown refuses those who came to replace a party of a talk that is over.
func (c *Call) disown() {
	for _, m := range c.members {
		if m.replaces != nil && m.state != legEnded && (c.moving == nil || c.moving.target != m.leg) {
			m.given = true
			m.leg.Hangup(Rejected)
		}
	}
}
