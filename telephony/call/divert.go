package call

import "slices"

// Redirected is an event: the phone of a leg that was rung sends the call to other
// numbers, the best first (RFC 3261 21.3). Ended for Redirected follows.
type Redirected struct {
	Leg    LegID
	To     []string
	Reason string // a word of RFC 5806: "unconditional", "user-busy"
}

func (Redirected) event() {}

// Diversion is that somebody who was called sent the call elsewhere.
type Diversion struct {
	By     Party
	To     string
	Reason string // as in Redirected
}

// diversion is one that may be followed.
type diversion struct {
	Diversion
	after  []Diversion // what had led to By
	rights Origin
}

// MovedTo is where the phone that Ring rang last sent the call.
func (c *Call) MovedTo() Redirected { return c.moved }

// Divert puts numbers, the best first, in front of those that the call can go on to. They
// are tried with somebody's rights.
func (c *Call) Divert(by Party, rights Origin, to []string, reason string) {
	var list []diversion
	for _, number := range to {
		list = append(list, diversion{Diversion{by, number, reason}, c.diversions, rights})
	}
	c.spare = append(list, c.spare...)
}

// Diverted takes the next of the numbers that the call can go on to.
func (c *Call) Diverted() (Diversion, bool) {
	if len(c.spare) == 0 {
		return Diversion{}, false
	}
	d := c.spare[0]
	c.spare = c.spare[1:]
	c.diversions = append(slices.Clip(d.after), d.Diversion)
	c.lent = &d.rights
	c.note(Step{Type: StepDiverted, Party: d.By, Number: d.To, Reason: d.Reason})
	return d.Diversion, true
}

// Diversions are those that led to where the call is, the first one first.
func (c *Call) Diversions() []Diversion { return c.diversions }

// Rights are those with which the next number is reached: of who diverted the call
// there, and then the call's own again.
func (c *Call) Rights() Origin {
	if lent := c.lent; lent != nil {
		c.lent = nil
		return *lent
	}
	return c.origin
}

// arrive forgets the diversions: the call has come to somebody.
func (c *Call) arrive() { c.diversions, c.spare, c.lent = nil, nil, nil }
