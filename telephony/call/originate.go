package call

// Originate makes a call that the box itself begins: nobody has arrived (a.Leg is
// nil), a.From is who is to be called and a.To what for. Phones are rung as for a
// caller, who is nobody until Seat gives his place to one who answered. Nothing happens
// before Run.
func Originate(a Arrival, o Options) *Call {
	a.Leg = &nobody{}
	return New(a, o)
}

// Seat gives the place of the caller, where nobody is, to a leg that was rung and is
// up. It reports false if that has ended meanwhile, or somebody is the caller already.
func (c *Call) Seat(l Leg) bool {
	m := c.members[l.ID()]
	if _, free := c.caller.leg.(*nobody); !free || m == nil || m.state != legUp {
		return false
	}
	delete(c.members, c.caller.leg.ID())
	c.caller = m
	c.changed()
	return true
}

// begun tells whether the box itself began the call, in the word of StepArrived.
func (c *Call) begun() string {
	if _, ok := c.arrival.Leg.(*nobody); ok {
		return Begun
	}
	return ""
}

// Begun is the Value of the StepArrived of a call that the box itself began.
const Begun = "begun"

// nobody is the caller's place while it is empty: it is never up and can only end.
type nobody struct{ out Outbox }

const nobodyID LegID = "nobody"

func (*nobody) ID() LegID        { return nobodyID }
func (*nobody) Kind() Kind       { return "" }
func (*nobody) Device() string   { return "" }
func (*nobody) Peer() Party      { return Party{} }
func (n *nobody) Attach(s Sink)  { n.out.Attach(s) }
func (*nobody) Alert(bool)       {}
func (*nobody) Answer()          {}
func (n *nobody) Hangup(c Cause) { n.out.Post(Ended{nobodyID, c}) }
func (*nobody) Audio() Audio     { return unheard{} }

// unheard is the sound of nobody.
type unheard struct{}

func (unheard) Play(Program) PlayID { return 0 }
func (unheard) Connect(Audio)       {}
func (unheard) Join(Room)           {}
func (unheard) Echo()               {}
func (unheard) Silence()            {}
func (unheard) Announce(Program)    {}
func (unheard) AddTap(Tap)          {}
func (unheard) RemoveTap(Tap)       {}
