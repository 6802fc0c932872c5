package acd

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
)

// CallbackRules are how a queue calls back. The customer is dialled only while an
// agent is there for him: on the phone already, or kept free (CustomerFirst).
type CallbackRules struct {
	// CustomerFirst keeps an agent free, dials the customer and rings the agent when he
	// answers. Otherwise the agent answers first and hears the customer's phone ring.
	CustomerFirst bool          `json:"customer_first,omitempty"`
	Tries         int           `json:"tries,omitempty"`  // 0 is 2
	Gap           time.Duration `json:"gap,omitempty"`    // between them; 0 is 5 minutes
	Expire        time.Duration `json:"expire,omitempty"` // after it was asked for, or its booked time began; 0 is a day
	// Opens and Closes are the time, today, in which customers may be called; zero: any.
	// Their owner sends Configure with those of the next day in time.
	Opens  time.Time `json:"opens,omitzero"`
	Closes time.Time `json:"closes,omitzero"`
}

// open tells whether customers may be called at a time.
func (r *CallbackRules) open(now time.Time) bool {
	return r.Closes.IsZero() || !now.Before(r.Opens) && now.Before(r.Closes)
}

// Callback makes a Caller a place-holder for somebody who hung up and is to be
// called back when his turn comes.
type Callback struct {
	For       call.ID   `json:"for,omitempty"` // that asked for it
	Number    string    `json:"number"`
	Asked     time.Time `json:"asked"`
	NotBefore time.Time `json:"not_before,omitzero"`
	Booked    time.Time `json:"booked,omitzero"` // the time that was chosen; zero: his turn
	Until     time.Time `json:"until"`
	Try       int       `json:"try,omitempty"`
	Dialling  bool      `json:"dialling,omitempty"`
	Agent     string    `json:"agent,omitempty"` // who is there for him while Dialling
}

// CallbackStatus is how far a callback has come.
type CallbackStatus string

// The life of a callback. Refused, Answered, Failed, Expired, Cancelled and Merged end it.
const (
	CallbackIsAsked   CallbackStatus = "asked"
	CallbackRefused   CallbackStatus = "refused"   // no such queue or number, or asked for already
	CallbackDialling  CallbackStatus = "dialling"  // the customer's phone
	CallbackAgain     CallbackStatus = "again"     // he did not answer: once more later
	CallbackAnswered  CallbackStatus = "answered"  // by the customer
	CallbackFailed    CallbackStatus = "failed"    // he never did
	CallbackExpired   CallbackStatus = "expired"   // his turn did not come in time
	CallbackCancelled CallbackStatus = "cancelled" // by CallerLeft, or the queue is gone
	CallbackRebooked  CallbackStatus = "rebooked"  // for another time
	CallbackMerged    CallbackStatus = "merged"    // he called in himself and has his place
)

// maxHeld bounds the place-holders of a queue.
const maxHeld = 1000

func (t *turn) askCallback(e CallbackAsked) {
	c, l := t.callers[e.Call], t.queues[e.Queue]
	if c != nil {
		l = c.lane
		e.Number = cmp.Or(e.Number, c.Party.Number)
		e.Name = cmp.Or(e.Name, c.Party.Name)
	}
	if l == nil || e.Number == "" || c != nil && c.Callback != nil || l.held >= maxHeld || l.heldFor(e.Number) != nil {
		t.do(CallbackIs{For: e.Call, Queue: e.Queue, Number: e.Number, Is: CallbackRefused})
		return
	}
	t.Callbacks++
	t.Saves++
	h := t.newCaller(CallerJoined{Call: call.ID(fmt.Sprint("callback-", t.Callbacks)), Queue: l.Number, Party: call.Party{Number: e.Number, Name: e.Name}})
	if c != nil {
		h.Joined, h.Seq, h.Priority, h.Owner, h.Misses = c.Joined, c.Seq, c.Priority, c.Owner, c.Misses
		t.silence(c)
		t.remove(c)
	}
	h.Callback = &Callback{For: e.Call, Number: e.Number, Asked: t.now}
	t.book(l, h, e.NotBefore)
	t.enter(l, h)
	t.callbackIs(h, CallbackIsAsked, "")
}

// book has a callback, which is in no line now, wait for a time; one that is past is now.
func (t *turn) book(l *lane, c *Caller, at time.Time) {
	cb := c.Callback
	cb.NotBefore, cb.Booked = t.now, time.Time{}
	if at.After(t.now) {
		at = at.Round(0)
		cb.NotBefore, cb.Booked, c.Joined = at, at, at
	} else if c.Joined.After(t.now) {
		c.Joined = t.now
	}
	cb.Until = cb.NotBefore.Add(cmp.Or(l.Callback.Expire, 24*time.Hour))
}

// heldFor is the place-holder for a number.
func (l *lane) heldFor(number string) *Caller {
	if l.held == 0 || number == "" {
		return nil
	}
	i := slices.IndexFunc(l.line, func(c *Caller) bool { return c.Callback != nil && c.Callback.Number == number })
	if i < 0 {
		return nil
	}
	return l.line[i]
}

func (t *turn) callbackIs(c *Caller, is CallbackStatus, by call.ID) {
	cb := c.Callback
	t.do(CallbackIs{Call: c.Call, For: cb.For, Queue: c.Queue, Number: cb.Number, Is: is, By: by, Try: cb.Try, At: cb.NotBefore})
}

// callbackOver ends a callback for which nothing rings.
func (t *turn) callbackOver(c *Caller, is CallbackStatus, by call.ID) {
	t.remove(c)
	t.callbackIs(c, is, by)
	t.Saves++
}

// merge gives who calls in himself the place that was held for him; at the earliest
// that of now, if a later time was booked.
func (t *turn) merge(l *lane, e CallerJoined) bool {
	h := l.heldFor(e.Party.Number)
	if h == nil {
		return false
	}
	t.silence(h)
	t.callbackOver(h, CallbackMerged, e.Call)
	c := t.newCaller(e)
	if !h.Joined.After(t.now) {
		c.Joined, c.Seq, c.Kept = h.Joined, h.Seq, true
	}
	c.Priority, c.Misses = max(c.Priority, h.Priority), h.Misses
	t.enter(l, c)
	return true
}

// dial calls the customer while an agent is there for him.
func (t *turn) dial(c *Caller, agent string, reserved bool, why Why) {
	cb := c.Callback
	cb.Dialling, cb.Agent = true, agent
	cb.Try++
	t.schedule(c)
	t.callbackIs(c, CallbackDialling, "")
	t.do(Dial{Call: c.Call, Queue: c.Queue, Number: cb.Number, Agent: agent, Reserved: reserved, Try: cb.Try, Why: why})
}

// callNow ends what a callback waits for, except its turn, or books another time.
func (t *turn) callNow(e CallbackNow) {
	c := t.callers[e.Call]
	if c == nil || c.Callback == nil || c.dialling() || len(c.Rung) > 0 {
		return
	}
	t.remove(c)
	c.gone = false
	t.book(c.lane, c, e.NotBefore)
	t.enter(c.lane, c)
	if !c.Callback.Booked.IsZero() {
		t.callbackIs(c, CallbackRebooked, "")
	}
	t.Saves++
}

// undial lets an agent go who was on the phone for a customer, and the callback wait.
func (t *turn) undial(c *Caller, a *Agent) {
	c.Callback.Dialling, c.Callback.Agent = false, ""
	a.Talking = false
	t.release(a)
	t.schedule(c)
	t.look(c)
}

func (t *turn) dialAnswered(e DialAnswered) {
	c := t.callers[e.Call]
	if c == nil || !c.dialling() {
		t.do(StopDial{e.Call})
		return
	}
	a := t.agents[c.Callback.Agent]
	if e.As != "" && t.callers[e.As] == nil && t.talks[e.As] == nil {
		delete(t.callers, c.Call)
		t.callers[e.As] = c
		t.callbackIs(c, CallbackAnswered, e.As)
		c.Call, a.Call = e.As, e.As
	} else {
		t.callbackIs(c, CallbackAnswered, "")
	}
	t.Saves++
	if !a.Reserved {
		t.do(Connect{Call: c.Call, Agent: a.Extension})
		t.connected(c, a)
		return
	}
	t.Offers++
	c.Callback = nil
	c.lane.held--
	a.Offer, a.Reserved, a.Since = t.Offers, false, t.now
	t.refresh(a)
	t.schedule(c)
	t.do(Position{Call: c.Call, N: c.Position, Expect: t.expect(c)})
	t.do(Offer{Offer: a.Offer, Call: c.Call, Queue: c.Queue, Agents: slices.Clone(c.Rung), Why: Why{Rule: whyReserved}})
}

func (t *turn) dialFailed(e DialFailed) {
	c := t.callers[e.Call]
	if c == nil || !c.dialling() {
		return
	}
	cb, rules := c.Callback, c.lane.Callback
	if a := t.agents[cb.Agent]; a.Reserved {
		cb.Dialling, cb.Agent = false, ""
		t.unring(c, a)
	} else {
		t.do(Withdraw{Call: c.Call, Agent: a.Extension})
		t.undial(c, a)
	}
	if cb.Try >= cmp.Or(rules.Tries, 2) {
		t.callbackOver(c, CallbackFailed, "")
		return
	}
	cb.NotBefore = t.now.Add(cmp.Or(rules.Gap, 5*time.Minute))
	t.Saves++
	t.schedule(c)
	t.callbackIs(c, CallbackAgain, "")
}
