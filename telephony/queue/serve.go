package queue

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/speech"
)

// visit is one caller's stay in one queue. It belongs to the call's goroutine;
// the floor only uses its address and call.Post.
type visit struct {
	floor  *Floor
	call   *call.Call
	id     call.ID // by which the core knows the caller
	queue  *config.Queue
	offers []*offer // agents being rung
	takers []*taker // supervisors being rung

	dropped  bool // the caller's line is gone, by his wish or not
	today    int  // calls of this number in queues, with this one
	position int  // 0 until joined
	joined   time.Time
	voice    voice
	told     told
	messages messages
	digits   digits
	wish     wish
}

// offer is one agent's phones being rung.
type offer struct {
	id    uint64
	agent string
	hunt  *call.Hunt
	until time.Time
	leg   call.Leg // that answered; the floor is being asked
	gone  bool     // and hung up again
	told  whisper  // before the floor is asked
}

// stop ends an offer in whatever state it is.
func (o *offer) stop(cause call.Cause) {
	if o.leg != nil {
		o.leg.Hangup(cause)
		return
	}
	o.hunt.Stop("", cause)
}

// excuse stops an offer for which there is no caller any more. An agent who has picked up
// is told before he is hung up.
func (v *visit) excuse(o *offer, cause call.Cause) {
	if o.leg == nil {
		o.stop(cause)
		return
	}
	v.call.Farewell(o.leg, speech.Phrase(v.tongue(o.agent), "whisper-gone"), cause)
}

// Serve is a step of a call's script: it answers, keeps the caller in queue
// number until an agent is found, and lets them talk. It returns the number at
// which the call goes on, or "" and the cause for which it is over. It runs in
// the call's goroutine.
func (f *Floor) Serve(c *call.Call, number string) (next string, cause call.Cause) {
	q, ok := f.config.Load().Queue(number)
	if !ok {
		c.Note(call.Step{Type: call.StepQueueRefused, Queue: number, Reason: string(acd.Closed)})
		return "", call.UnknownNumber
	}
	c.Enter("queue " + number)
	c.SetLanguage(string(q.Language))
	if c.Answer() != nil {
		return "", call.Cancelled
	}
	v := &visit{floor: f, call: c, id: c.ID(), queue: q}
	if v.tellAll("welcome") != nil {
		return "", call.Normal
	}
	c.ForgetTyped()
	join := acd.CallerJoined{Call: c.ID(), Queue: number, Party: f.known(q, c.Arrival().From), Priority: priority(c), Owner: c.Value("owner")}
	if !f.inbox.post(request{event: join, visit: v}) {
		return v.evicted(acd.Closed)
	}
	// However the stay ends, even by a panic, the floor hears of it.
	defer func() { f.inbox.post(request{event: acd.CallerLeft{Call: c.ID(), Dropped: v.dropped}}) }()
	return v.stay()
}

// stay waits in line.
func (v *visit) stay() (next string, cause call.Cause) {
	v.call.Welcome(true)
	defer v.call.Welcome(false)
	for {
		if to := v.due(); to != "" {
			v.leave(call.Cancelled, "key")
			return to, call.CauseNone
		}
		e, err := v.call.Next(v.wake())
		switch {
		case errors.Is(err, call.ErrTime):
			continue
		case err != nil:
			reason := "abandoned"
			if v.call.Left() == call.Shutdown { // the box stops: he did not give up
				reason = "interrupted"
			}
			if v.wish.stage == asked { // his place is kept
				v.leave(call.Cancelled, "callback")
				return "", call.Normal
			}
			v.dropped = true
			v.leave(call.Cancelled, reason)
			return "", call.Normal
		}
		if leg := v.taken(e); leg != nil {
			return v.hand(leg)
		}
		switch e := e.(type) {
		case call.Message:
			n, ok := e.Body.(notice)
			if !ok || n.visit != v {
				continue
			}
			switch n := n.command.(type) {
			case acd.Offer:
				v.ring(n)
			case acd.Withdraw:
				v.withdraw(n)
			case acd.Position:
				v.place(n)
			case acd.WaitIs:
				v.announce(n.N, n.Expect)
			case acd.Moved:
				v.moved(n)
			case acd.CallbackIs:
				if v.answersWish(n) {
					return "", call.Normal
				}
			case freeTimes:
				v.seesTimes(n)
			case acd.Connect:
				return v.talk(n)
			case acd.Evict:
				return v.evicted(n.Reason)
			}
		case call.Pressed:
			v.call.ForgetTyped()
			if e.Leg != v.call.Caller().ID() {
				v.watch(e)
				continue
			}
			if to := v.pressed(e.Digit); to != "" {
				v.leave(call.Cancelled, "key")
				return to, call.CauseNone
			}
		case call.Played:
			v.spoken(e)
			v.watch(e)
		default:
			v.watch(e)
		}
	}
}

func (v *visit) note(s call.Step) {
	s.Queue = v.queue.Number
	v.call.Note(s)
}

func (v *visit) tell(e acd.Event) { v.floor.inbox.post(request{event: e}) }

// place takes a new position in. The first one means that the caller joined.
func (v *visit) place(n acd.Position) {
	joined := v.position == 0
	v.position = n.N
	if !joined {
		return
	}
	v.joined = v.call.Clock().Now()
	s := call.Step{Type: call.StepQueueJoined, Value: strconv.Itoa(n.N), Expected: expected(n.Expect)}
	var first call.Program
	switch {
	case n.Kept:
		s.Reason, first = "kept", v.phrase("queue-kept")
	case n.Wait: // all agents are engaged
		first = v.phrase("queue-joined")
	}
	v.note(s)
	v.begin(first, n.Expect)
}

// moved goes on in another queue, which a supervisor chose.
func (v *visit) moved(n acd.Moved) {
	q, ok := v.floor.config.Load().Queue(n.Queue)
	if !ok || q.Number == v.queue.Number {
		return
	}
	v.leave(call.Cancelled, "moved")
	v.queue, v.position = q, 0
	v.told, v.messages, v.digits, v.wish = told{}, messages{}, digits{}, wish{}
}

// wake is when due has something to do; zero for never.
func (v *visit) wake() time.Time {
	at := v.next()
	for _, k := range v.takers {
		if at.IsZero() || k.until.Before(at) {
			at = k.until
		}
	}
	for _, o := range v.offers {
		if o.waits() && (at.IsZero() || o.until.Before(at)) {
			at = o.until
		}
	}
	return at
}

// due does what the time has come for. It returns where the call goes on, or "".
func (v *visit) due() (to string) {
	now := v.call.Clock().Now()
	for _, o := range slices.Clone(v.offers) {
		if o.waits() && !now.Before(o.until) {
			o.stop(call.NoAnswer)
			v.missed(o, call.NoAnswer)
		}
	}
	v.tire(now)
	return v.speak(now)
}

// ring rings the agents of an offer.
func (v *visit) ring(n acd.Offer) {
	cfg := v.floor.config.Load()
	until := v.call.Clock().Now().Add(v.queue.RingFor.D())
	for _, agent := range n.Agents {
		v.note(call.Step{Type: call.StepQueueOffered, Agent: agent, Reason: n.Why.String()})
		o := &offer{id: n.Offer, agent: agent, hunt: v.call.NewHunt(), until: until}
		v.offers = append(v.offers, o)
		told := call.Offer{Caller: v.call.Arrival().From, Called: v.queue.Number, Via: []string{v.queue.Name}}
		if e, ok := cfg.Extension(agent); ok {
			told.Language = string(e.Language)
		}
		if !o.hunt.Ring(agent, v.floor.opts.Endpoints(agent), told) {
			v.missed(o, call.Unreachable)
		}
	}
}

// watch looks what an event did to the phones that ring.
func (v *visit) watch(e call.Event) {
	for _, o := range slices.Clone(v.offers) {
		if o.leg != nil {
			v.attend(o, e)
			continue
		}
		switch out := o.hunt.Handle(e); {
		case out.Answered != nil:
			o.leg = out.Answered
			v.whisper(o)
		case out.Failed != call.CauseNone:
			v.missed(o, out.Failed)
		}
	}
}

// missed reports that an agent did not take the caller, and why. One whose phone sends
// calls elsewhere (302) has not taken him either: his calls follow him, the queue's
// stay in the queue, where they are measured and have their turn.
func (v *visit) missed(o *offer, cause call.Cause) {
	v.drop(o)
	v.note(call.Step{Type: call.StepQueueMissed, Agent: o.agent, Cause: cause.String()})
	v.tell(acd.OfferFailed{Offer: o.id, Call: v.id, Agent: o.agent, Cause: cause})
}

func (v *visit) drop(o *offer) {
	v.offers = slices.DeleteFunc(v.offers, func(x *offer) bool { return x == o })
}

// withdraw stops ringing an agent, or turns his answer down.
func (v *visit) withdraw(n acd.Withdraw) {
	for _, o := range slices.Clone(v.offers) {
		if o.id == n.Offer && o.agent == n.Agent {
			v.excuse(o, call.Cancelled)
			v.drop(o)
			v.note(call.Step{Type: call.StepQueueWithdrawn, Agent: o.agent, Cause: call.Cancelled.String()})
		}
	}
}

// talk connects the caller and the agent who answered until one hangs up.
func (v *visit) talk(n acd.Connect) (next string, cause call.Cause) {
	i := slices.IndexFunc(v.offers, func(o *offer) bool { return o.id == n.Offer && o.agent == n.Agent })
	chosen := v.offers[i]
	v.drop(chosen)
	v.stop(call.Elsewhere)
	v.call.Welcome(false)
	v.note(call.Step{Type: call.StepQueueConnected, Agent: n.Agent, Leg: chosen.leg.ID()})
	ended := acd.TalkEnded{Call: n.Call, Agent: n.Agent}
	if chosen.gone {
		v.tell(ended)
		v.first()
		return v.queue.Number, call.CauseNone // hung up before they could talk: back into line
	}
	v.call.Enter("agent " + n.Agent)
	v.call.InQueue(v.queue.Number)
	v.call.Soothe(v.queue.HoldReminder.D(), v.phrase("thanks"))
	cause, err := v.call.Talk(chosen.leg, v.queue.Music)
	for err == nil && cause == call.Normal && v.call.LeftOnHold() { // he forgot the caller
		var leg call.Leg
		if leg, _, err = v.ringBack(n.Agent); err == nil && leg == nil {
			v.tell(ended)
			v.first()
			return v.queue.Number, call.CauseNone
		}
		if err == nil {
			cause, err = v.call.Talk(leg, v.queue.Music)
		}
	}
	v.tell(ended)
	switch {
	case err != nil:
		return "", call.Normal
	case cause == call.Normal: // the agent hung up; else he passed the caller on, or his phone failed
		v.survey(n.Agent)
	}
	return "", cause
}

// stop ends all offers.
func (v *visit) stop(cause call.Cause) {
	v.dismiss(cause)
	for _, o := range v.offers {
		v.excuse(o, cause)
		v.note(call.Step{Type: call.StepQueueWithdrawn, Agent: o.agent, Cause: cause.String()})
	}
	v.offers = nil
}

// leave ends the stay without an agent.
func (v *visit) leave(cause call.Cause, reason string) {
	v.stop(cause)
	v.note(call.Step{Type: call.StepQueueLeft, Reason: reason, Value: strconv.Itoa(v.position)})
}

// evicted sends the caller on to Otherwise, or tells why there is no service.
func (v *visit) evicted(reason acd.Reason) (next string, cause call.Cause) {
	if v.position == 0 {
		v.note(call.Step{Type: call.StepQueueRefused, Reason: string(reason)})
	} else {
		v.leave(call.Cancelled, string(reason))
	}
	why := string(reason)
	if reason == acd.Empty && v.position > 0 {
		why = "left-empty"
	}
	if to := v.queue.Leads(why); to != "" {
		return to, call.CauseNone
	}
	phrase, cause := apology(reason)
	if v.tellAll(phrase) != nil {
		return "", call.Normal
	}
	return "", cause
}

// apology is what a caller is told who cannot be served, and the cause for
// which his call ends.
func apology(reason acd.Reason) (phrase string, cause call.Cause) {
	switch reason {
	case acd.Full, acd.Crowded, acd.LongWait:
		return "queue-full", call.Busy
	case acd.Timeout:
		return "queue-timeout", call.NoAnswer
	}
	return "no-agents", call.NoAnswer
}
