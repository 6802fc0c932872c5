package queue

import (
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// How long a customer's phone rings where the queue does not say, and how long he has
// to press the key that says he is a person.
const (
	customerRings = 40 * time.Second
	confirmWithin = 8 * time.Second
)

// confirmKey is pressed by a customer who is a person and no answering machine.
const confirmKey = '1'

// recall is the call to one customer who wished to be called back, and to the agent
// for him. It is a visit to the queue that began with nobody on the phone: either the
// agent answers first, hears whom he is about to talk with and then the customer's
// phone, or the customer is dialled while an agent is kept free and then waits for that
// one. It belongs to the call's goroutine.
type recall struct {
	visit
	number string    // of the customer
	asks   call.ID   // the call in which he asked for it; "" when he was put in line
	asked  time.Time // then

	agent    *offer // of the agent on the phone, who waits for the customer
	whisper  call.PlayID
	hunt     *call.Hunt      // the customer's phones, while they ring
	ways     []call.Endpoint // not tried yet
	offer    call.Offer
	together bool        // all ways are the same person's
	until    time.Time   // of ringing, or of the wait for the confirming key
	customer call.Leg    // up
	hello    call.PlayID // what is said to him before he confirms
	taken    bool        // the core knows that he is there
	over     bool        // the try came to nothing, for cause
	cause    call.Cause
}

// serve is the step of the call's script. However it ends, even by a panic, the floor
// hears of it.
func (r *recall) serve(c *call.Call) (next string, cause call.Cause) {
	c.Enter("queue " + r.queue.Number)
	defer func() {
		if r.taken {
			r.floor.inbox.post(request{event: acd.CallerLeft{Call: r.id}})
		}
		r.floor.inbox.post(request{over: &recallOver{r, c.Left()}})
	}()
	for {
		r.due()
		e, err := c.Next(r.wake())
		if err == call.ErrTime {
			continue
		}
		if err != nil { // the customer has hung up, or somebody ended the call
			r.stop(call.Cancelled)
			return "", call.Normal
		}
		m, ok := e.(call.Message)
		if !ok {
			r.watch(e)
			r.follow(e)
			continue
		}
		n, ok := m.Body.(notice)
		if !ok || n.visit != &r.visit {
			continue
		}
		switch n := n.command.(type) {
		case acd.Offer:
			r.ring(n)
		case acd.Withdraw:
			r.withdraw(n)
			if r.agent != nil && r.agent.agent == n.Agent {
				r.agent.leg.Hangup(call.Normal)
				r.agent = nil
			}
		case acd.Dial:
			r.dial(n)
		case acd.StopDial:
			if r.customer != nil { // he answered when the agent had just gone
				r.stop(call.Cancelled)
				return "", call.Normal
			}
			r.stopDial()
		case acd.Connect:
			return r.connect(n)
		case acd.Moved:
			r.moved(n)
		case acd.Evict:
			r.stop(call.Cancelled)
			if r.customer == nil {
				return "", call.Normal
			}
			return r.evicted(n.Reason)
		case letGo:
			r.stop(call.Cancelled)
			return "", call.NoAnswer
		}
	}
}

// wake is when due has something to do; zero for never.
func (r *recall) wake() time.Time {
	at := r.until
	for _, o := range r.offers {
		if o.waits() && (at.IsZero() || o.until.Before(at)) {
			at = o.until
		}
	}
	return at
}

// due does what the time has come for.
func (r *recall) due() {
	now := r.call.Clock().Now()
	for _, o := range slices.Clone(r.offers) {
		if o.waits() && !now.Before(o.until) {
			o.stop(call.NoAnswer)
			r.missed(o, call.NoAnswer)
		}
	}
	if r.until.IsZero() || now.Before(r.until) {
		return
	}
	r.until = time.Time{}
	if r.hunt != nil {
		r.hunt.Stop("", call.NoAnswer)
	}
	r.fail(call.NoAnswer)
}

// dial calls the customer, after the agent on the phone has heard whom.
func (r *recall) dial(d acd.Dial) {
	r.over = false
	r.ways, r.offer, r.together = r.floor.opts.Reach(r.number, r.queue.Callback.Route)
	r.offer.Caller = call.Party{Number: r.queue.Number, Name: r.queue.Name}
	if id := r.queue.Callback.CallerID; id != "" {
		r.offer.CallerID = id
	}
	if d.Reserved {
		r.next(call.Unreachable)
		return
	}
	i := slices.IndexFunc(r.offers, func(o *offer) bool { return o.agent == d.Agent && o.leg != nil })
	if i < 0 {
		return // withdrawn, and the core knows
	}
	r.agent = r.offers[i]
	r.drop(r.agent)
	if r.agent.gone {
		r.agentGone()
		return
	}
	r.whisper = r.agent.leg.Audio().Play(r.told())
}

// told is what an agent hears of a customer before he is dialled: that he wished to be
// called back, at which number, and how many minutes ago.
func (r *recall) told() call.Program {
	lang := r.tongue(r.agent.agent)
	minutes := 0
	if !r.asked.IsZero() {
		minutes = int(r.call.Clock().Now().Sub(r.asked) / time.Minute)
	}
	return speech.CallbackFor(lang, r.number, minutes)
}

// next dials the customer the next way, or gives up for a cause.
func (r *recall) next(cause call.Cause) {
	r.hunt = nil
	if len(r.ways) == 0 {
		r.fail(cause)
		return
	}
	ways := r.ways[:1]
	if r.together {
		ways = r.ways
	}
	r.ways = r.ways[len(ways):]
	r.hunt = r.call.NewHunt()
	rings := r.queue.Callback.RingFor.D()
	if rings == 0 {
		rings = customerRings
	}
	r.until = r.call.Clock().Now().Add(rings)
	r.hunt.Ring(r.number, ways, r.offer)
}

// follow looks what an event did to the customer's phone and to the agent who waits.
func (r *recall) follow(e call.Event) {
	switch e := e.(type) {
	case call.Played:
		switch {
		case r.agent != nil && e.Leg == r.agent.leg.ID() && e.ID == r.whisper && r.whisper != 0:
			r.whisper = 0
			if r.over {
				r.tell(acd.DialFailed{Call: r.id, Cause: r.cause})
				return
			}
			r.next(call.Unreachable)
		case r.customer != nil && e.Leg == r.customer.ID() && e.ID == r.hello && r.hello != 0:
			r.hello = 0
			r.until = r.call.Clock().Now().Add(confirmWithin)
		}
		return
	case call.Ended:
		if r.agent != nil && e.Leg == r.agent.leg.ID() {
			r.agentGone()
			return
		}
	case call.Pressed:
		if r.customer != nil && e.Leg == r.customer.ID() && !r.taken && e.Digit == confirmKey {
			r.take()
		}
		r.call.ForgetTyped()
		return
	}
	if r.hunt == nil {
		return
	}
	switch out := r.hunt.Handle(e); {
	case out.Answered != nil:
		r.hunt = nil
		r.answered(out.Answered)
	case out.Early != nil && r.agent != nil:
		r.agent.leg.Audio().Connect(out.Early.Audio())
	case out.Rings && r.agent != nil:
		r.agent.leg.Audio().Play(call.Program{Sounds: []call.Sound{{Tone: "ringback"}}})
	case out.Failed == call.NetworkFailure, out.Failed == call.NoChannel:
		r.next(out.Failed)
	case out.Failed != call.CauseNone:
		r.fail(out.Failed)
	}
}

// answered welcomes the customer, and asks for a key where a machine may have answered.
func (r *recall) answered(leg call.Leg) {
	r.until = time.Time{}
	if !r.call.Seat(leg) {
		r.fail(call.NoAnswer)
		return
	}
	r.customer = leg
	if !r.queue.Callback.Confirm {
		r.take()
		return
	}
	lang := r.call.Language()
	r.hello = leg.Audio().Play(speech.Sentences(r.greeting(), speech.Phrase(lang, "callback-press")))
}

// greeting tells the customer who calls.
func (r *recall) greeting() call.Program {
	if own := r.queue.Callback.Greeting; own != "" {
		return speech.Phrase(r.call.Language(), own)
	}
	return speech.Phrase(r.call.Language(), "callback-hello")
}

// take tells the core that the customer is there. He has music until his agent has
// answered, who in the other order waits for him already.
func (r *recall) take() {
	r.taken, r.until, r.hello = true, time.Time{}, 0
	if r.agent == nil {
		p := speech.Phrase(r.call.Language(), "callback-hold")
		if !r.queue.Callback.Confirm {
			p = speech.Sentences(r.greeting(), p)
		}
		p.Under = r.queue.Music
		r.customer.Audio().Play(p)
	}
	held := r.id
	r.id = r.call.ID()
	r.tell(acd.DialAnswered{Call: held, As: r.id})
}

// fail gives this try up. The agent on the phone is told before he is let go.
func (r *recall) fail(cause call.Cause) {
	r.hunt, r.ways, r.until = nil, nil, time.Time{}
	r.over, r.cause = true, cause
	if r.agent != nil && r.customer == nil {
		lang := r.call.Language()
		r.whisper = r.agent.leg.Audio().Play(speech.Phrase(lang, "callback-failed"))
		return
	}
	r.tell(acd.DialFailed{Call: r.id, Cause: cause})
}

// stopDial ends what rings at the customer's.
func (r *recall) stopDial() {
	if r.hunt != nil {
		r.hunt.Stop("", call.Cancelled)
	}
	r.hunt, r.ways, r.until = nil, nil, time.Time{}
}

// agentGone tells that the agent has hung up while he waited for the customer.
func (r *recall) agentGone() {
	agent := r.agent.agent
	r.agent, r.whisper = nil, 0
	if r.over {
		r.tell(acd.DialFailed{Call: r.id, Cause: r.cause})
		return
	}
	r.tell(acd.TalkEnded{Call: r.id, Agent: agent})
}

// stop ends all that rings, and lets the waiting agent go.
func (r *recall) stop(cause call.Cause) {
	r.stopDial()
	r.visit.stop(cause)
}

// connect lets agent and customer talk.
func (r *recall) connect(n acd.Connect) (next string, cause call.Cause) {
	if r.agent != nil {
		r.agent.id = n.Offer
		r.offers = append(r.offers, r.agent)
		r.agent = nil
	}
	if r.asks != "" {
		r.floor.opts.Journal.Note(call.Step{Call: r.asks, At: r.call.Clock().Now(), Type: call.StepCallback, Queue: r.queue.Number,
			Number: r.number, Agent: n.Agent, Value: "connected", Reason: "call " + string(r.call.ID())})
	}
	return r.talk(n)
}

// moved goes on in another queue, which a supervisor chose.
func (r *recall) moved(n acd.Moved) {
	if q, ok := r.floor.config.Load().Queue(n.Queue); ok {
		r.visit.stop(call.Cancelled)
		r.queue = q
	}
}
