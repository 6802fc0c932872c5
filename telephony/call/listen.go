package call

import (
	"slices"
	"time"
)

// Manner is how somebody listens in on a talk.
type Manner string

// The manners. The key that changes to each while listening is in manners.
const (
	Listens  Manner = "listen"  // hears both parties, neither hears him
	Whispers Manner = "whisper" // and the party he watches hears him
	Barges   Manner = "barge"   // and both hear him
	// TakesOver is none that lasts: he talks in the place of the party he watches, whose
	// phone is hung up.
	TakesOver Manner = "take-over"
)

var manners = map[byte]Manner{'4': Listens, '5': Whispers, '6': Barges, '7': TakesOver}

// Listen is an event: a supervisor wishes to listen in on the talk that goes on. Where
// none does he is refused. He stays with the call, not with a party: through a hold, a
// transfer or parking he waits in silence for the next talk, and is let go when the call
// ends, also when it is joined with another. The call goes on when he leaves.
type Listen struct {
	By   Leg        // his leg, which has arrived and was not answered; or nil:
	Ring []Endpoint // his phones, which are rung with Offer
	Offer
	Who     Party  // he is
	Watches string // extension whose party hears whispers; unless it talks, the called one does
	How     Manner // to begin with
	// Helps is who pressed for help. Of those who are rung for the same only the first to
	// answer comes.
	Helps string
	// Tone is what both parties are told with when he comes or changes his manner; an
	// empty program is nothing.
	Tone func(Manner) Program
	Over func() // called once, when he does not listen any more
}

func (Listen) event() {}

// listenRing is how long a supervisor's phones ring.
const listenRing = 30 * time.Second

// ear is a supervisor who listens in, or whose phones ring for it.
type ear struct {
	Listen
	legs  []Leg // one, once he is up
	up    bool
	since time.Time
}

// deaf is an event: the time for an ear's phones to ring is over.
type deaf struct{ *ear }

func (deaf) event() {}

// refuse ends a wish that came to nothing.
func (l *Listen) refuse() {
	if l.By != nil {
		l.By.Hangup(Rejected)
	}
	l.Over()
}

// overhear takes what concerns those who listen in. It reports whether e is nothing to
// anybody else.
func (c *Call) overhear(e Event) bool {
	switch e := e.(type) {
	case Listen:
		c.hark(e)
		return true
	case deaf:
		if !e.up {
			c.dismiss(e.ear, NoAnswer)
		}
		return true
	}
	id := legOf(e)
	i := slices.IndexFunc(c.ears, func(x *ear) bool { return slices.ContainsFunc(x.legs, func(l Leg) bool { return l.ID() == id }) })
	if i < 0 || id == "" {
		return false
	}
	x := c.ears[i]
	switch e := e.(type) {
	case Answered:
		if x.up {
			break
		}
		for _, l := range x.legs {
			if l.ID() == id {
				x.legs = []Leg{l}
			} else {
				l.Hangup(Elsewhere) // its end is nobody's any more
			}
		}
		x.up, x.since = true, c.opts.Clock.Now()
		for _, y := range slices.Clone(c.ears) {
			if x.Helps != "" && y.Helps == x.Helps && !y.up {
				c.dismiss(y, Elsewhere)
			}
		}
		c.heed(x)
	case Pressed:
		if how, ok := manners[e.Digit]; ok && x.up && how != x.How {
			x.How = how
			c.heed(x)
		}
	case Transfer:
		if c.other == "" { // else the talk refuses it, of which he is no party
			e.report(NotAllowed)
		}
	case Ended:
		x.legs = slices.DeleteFunc(x.legs, func(l Leg) bool { return l.ID() == id })
		if len(x.legs) > 0 {
			break
		}
		c.ears = slices.DeleteFunc(c.ears, func(y *ear) bool { return x == y })
		x.Over()
		if x.up {
			c.note(Step{Type: StepOverheard, Leg: id, Party: x.Who, Agent: x.Watches, Value: "over"})
			c.retune()
		}
		c.changed()
	}
	return true
}

// legOf is the leg that an event comes from.
func legOf(e Event) LegID {
	switch e := e.(type) {
	case Answered:
		return e.Leg
	case Ended:
		return e.Leg
	case Pressed:
		return e.Leg
	case Held:
		return e.Leg
	case Resumed:
		return e.Leg
	case Ringing:
		return e.Leg
	case Redirected:
		return e.Leg
	case Secured:
		return e.Leg
	case Flashed:
		return e.Leg
	case Played:
		return e.Leg
	case Transfer:
		return e.Leg
	}
	return ""
}

// hark answers or rings a supervisor.
func (c *Call) hark(l Listen) {
	if c.other == "" || l.By == nil && len(l.Ring) == 0 {
		l.refuse()
		return
	}
	x := &ear{Listen: l, since: c.opts.Clock.Now()}
	c.ears = append(c.ears, x)
	if l.By != nil {
		x.legs = []Leg{l.By}
		l.By.Attach(c)
		l.By.Answer()
		return
	}
	l.Offer.Call = c.id
	for _, ep := range l.Ring {
		x.legs = append(x.legs, ep.Dial(l.Offer, c))
	}
	c.opts.Clock.AfterFunc(listenRing, func() { c.Post(deaf{x}) })
	c.changed()
}

// heed lets a supervisor take part in his manner, and tells the ledger, and the parties
// if they are to know.
func (c *Call) heed(x *ear) {
	if x.How == TakesOver {
		c.takeOver(x)
		return
	}
	c.note(Step{Type: StepOverheard, Leg: x.legs[0].ID(), Device: x.legs[0].Device(), Party: x.Who, Agent: x.Watches, Value: string(x.How)})
	c.retune()
	tone := x.Tone(x.How)
	if b := c.members[c.other]; b != nil && len(tone.Sounds) > 0 {
		c.caller.leg.Audio().Announce(tone)
		b.leg.Audio().Announce(tone)
	}
}

// takeOver puts a supervisor in the place of the party he watches, as a transfer to him
// would. Where nobody talks any more he is hung up.
func (c *Call) takeOver(x *ear) {
	leg := x.legs[0]
	c.ears = slices.DeleteFunc(c.ears, func(y *ear) bool { return x == y })
	x.Over()
	m := &member{leg: leg, agent: x.Who.Number, state: legUp, since: x.since}
	c.members[leg.ID()] = m
	b := c.members[c.other]
	if b == nil || c.moving != nil {
		m.given = true
		leg.Hangup(Rejected)
		return
	}
	c.note(Step{Type: StepSupervised, Leg: leg.ID(), Party: x.Who, Agent: x.Watches, Value: "took-over"})
	c.Post(Transfer{Leg: c.watched(x, c.caller, b).leg.ID(), To: x.Who.Number, heir: leg, Report: func(cause Cause) {
		if cause != CauseNone && cause != Normal { // the talk ended meanwhile
			leg.Hangup(cause)
		}
	}})
}

// watched is which of two parties who talk a supervisor watches.
func (c *Call) watched(x *ear, a, b *member) *member {
	if x.Watches != "" && x.Watches == c.extensionAt(a) && x.Watches != c.extensionAt(b) {
		return a
	}
	return b
}

// dismiss hangs a supervisor up.
func (c *Call) dismiss(x *ear, cause Cause) {
	for _, l := range x.legs {
		l.Audio().Silence()
		l.Hangup(cause)
	}
}

// retune lets the parties of a talk hear each other anew, after somebody who listens in
// has come, left or changed his manner.
func (c *Call) retune() {
	if b := c.members[c.other]; b != nil && c.moving == nil && !c.caller.held && !b.held {
		c.pair(c.caller, b)
	}
}

// pair lets two parties hear each other: directly, or in a room with who listens in.
func (c *Call) pair(a, b *member) {
	if !slices.ContainsFunc(c.ears, func(x *ear) bool { return x.up }) {
		c.room = nil
		a.leg.Audio().Connect(b.leg.Audio())
		return
	}
	if c.room == nil {
		c.room = c.opts.NewRoom()
	}
	loud := map[bool]float64{true: 1}
	for _, x := range c.ears {
		if !x.up {
			continue
		}
		self := x.legs[0].Audio()
		watched := c.watched(x, a, b)
		c.room.Gain(nil, self, loud[x.How == Barges]) // before he can be heard
		for _, m := range []*member{a, b} {
			c.room.Gain(m.leg.Audio(), self, loud[x.How == Barges || x.How == Whispers && m == watched])
		}
		self.Join(c.room)
	}
	c.room.Bridge(a.leg.Audio(), b.leg.Audio())
}

// extensionAt is the extension whose phone a party is at. What a caller from outside
// says he is does not count.
func (c *Call) extensionAt(m *member) string {
	if m.leg == c.arrival.Leg {
		return c.arrival.Origin.Extension
	}
	return m.agent
}

// Listener is somebody who listens in, on the board.
type Listener struct {
	Who   Party     `json:"who"`
	How   Manner    `json:"how"`
	State string    `json:"state"` // ringing, up
	Since time.Time `json:"since"`
}

func (c *Call) listeners() (list []Listener) {
	for _, x := range c.ears {
		v := Listener{Who: x.Who, How: x.How, State: "ringing", Since: x.since}
		if x.up {
			v.State = "up"
		}
		list = append(list, v)
	}
	return list
}
