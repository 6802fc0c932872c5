package queue

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
)

// Step serves a call, as a part of its script; see Floor.Serve.
type Step = func(c *call.Call) (next string, cause call.Cause)

// The floor's side of callbacks. A place-holder in line has no call, until an agent is
// rung for it or its customer dialled: then the floor has one begun (a recall), to which
// it talks as it does to that of a caller. It alone lets it go again, when the core does
// nothing for the place-holder any more, so that no command is ever lost between the two.

// letGo ends a recall for which there is nothing to do any more.
type letGo struct{ acd.Command }

// recallOver tells the floor that the call of a recall has ended.
type recallOver struct {
	recall *recall
	cause  call.Cause
}

// holder is a callback in line, or nil.
func (f *Floor) holder(id call.ID) *acd.Caller {
	i := slices.IndexFunc(f.state.Callers, func(c *acd.Caller) bool { return c.Call == id && c.Callback != nil })
	if i < 0 {
		return nil
	}
	return f.state.Callers[i]
}

// begin makes sure that a place-holder has a call. It reports false when none can be made.
func (f *Floor) begin(id call.ID) bool {
	if f.recalls[id] != nil {
		return true
	}
	h := f.holder(id)
	if h == nil || f.opts.Originate == nil {
		return false
	}
	q, ok := f.config.Load().Queue(h.Queue)
	if !ok {
		return false
	}
	c, run := f.opts.Originate(call.Arrival{From: call.Party{Number: h.Callback.Number, Name: h.Party.Name}, To: q.Number, Language: string(q.Language)})
	if c == nil {
		return false
	}
	r := &recall{visit: visit{floor: f, call: c, queue: q, id: id, position: h.Position, joined: h.Callback.Asked}, number: h.Callback.Number, asks: h.Callback.For, asked: h.Callback.Asked}
	f.recalls[id] = r
	run(r.serve)
	return true
}

// ring has the caller's call ring agents.
func (f *Floor) ring(o acd.Offer) {
	if !o.Callback || f.begin(o.Call) {
		f.tell(o.Call, o)
		return
	}
	for _, agent := range o.Agents {
		// Busy is a cause for which no agent is blamed.
		f.inbox.post(request{event: acd.OfferFailed{Offer: o.Offer, Call: o.Call, Agent: agent, Cause: call.Busy}})
	}
}

// dial has the customer of a callback called.
func (f *Floor) dial(d acd.Dial) {
	if f.begin(d.Call) {
		f.tell(d.Call, d)
		return
	}
	f.inbox.post(request{event: acd.DialFailed{Call: d.Call, Cause: call.Unreachable}})
}

// promote makes the customer who picked up known by his call's own name, if the core
// will take him.
func (f *Floor) promote(e acd.DialAnswered) {
	h, r := f.holder(e.Call), f.recalls[e.Call]
	if h == nil || r == nil || !h.Callback.Dialling || e.As == "" {
		return
	}
	delete(f.recalls, e.Call)
	f.visits[e.As] = &r.visit
}

// release lets those recalls go for which nothing rings and nobody is dialled.
func (f *Floor) release() {
	for id, r := range f.recalls {
		if h := f.holder(id); h == nil || len(h.Rung) == 0 && !h.Callback.Dialling {
			delete(f.recalls, id)
			f.tellVisit(&r.visit, letGo{})
		}
	}
}

// recallOver has the core know what a call that ended was about.
func (f *Floor) recallOver(over recallOver) {
	for id, r := range f.recalls {
		if r != over.recall {
			continue
		}
		delete(f.recalls, id)
		h := f.holder(id)
		if h == nil {
			return
		}
		if h.Callback.Dialling {
			f.failed = over.cause
			f.apply(acd.DialFailed{Call: id, Cause: over.cause})
			return
		}
		for _, agent := range slices.Clone(h.Rung) {
			if i := slices.IndexFunc(f.state.Agents, func(a *acd.Agent) bool { return a.Extension == agent }); i >= 0 {
				f.apply(acd.OfferFailed{Offer: f.state.Agents[i].Offer, Call: id, Agent: agent, Cause: call.Busy})
			}
		}
		return
	}
}

// callbackWords are the core's words for how far a callback is, in the journal's.
var callbackWords = map[acd.CallbackStatus][]string{
	acd.CallbackIsAsked:   {"requested"},
	acd.CallbackRebooked:  {"requested"},
	acd.CallbackDialling:  {"dialled"},
	acd.CallbackAnswered:  {"answered"},
	acd.CallbackAgain:     {"failed"},
	acd.CallbackFailed:    {"failed", "expired"},
	acd.CallbackExpired:   {"expired"},
	acd.CallbackCancelled: {"withdrawn"},
	acd.CallbackMerged:    {"merged"},
}

// noteCallback journals how far a callback has come, for the call that asked for it,
// and tells those whom it concerns.
func (f *Floor) noteCallback(c acd.CallbackIs) {
	f.opts.Log.Info("callback", "call", c.Call, "for", c.For, "queue", c.Queue, "number", c.Number, "is", string(c.Is), "try", c.Try)
	for _, word := range callbackWords[c.Is] {
		s := call.Step{Call: c.For, At: f.opts.Clock.Now(), Type: call.StepCallback, Queue: c.Queue, Number: c.Number, Value: word}
		switch {
		case word == "failed":
			s.Cause = f.failed.String()
		case word == "requested" && c.At.After(s.At):
			s.Value, s.Expected = "booked", c.At.Sub(s.At).Milliseconds()
			s.Reason = c.At.In(midnight(s.At, f.config.Load()).Location()).Format("2006-01-02 15:04")
		}
		if h := f.holder(c.Call); h != nil && word == "dialled" {
			s.Agent = h.Callback.Agent
		}
		if c.For != "" {
			f.opts.Journal.Note(s)
		}
	}
	switch c.Is {
	case acd.CallbackIsAsked, acd.CallbackRefused:
		f.placed = c
		f.tell(c.For, c)
	}
}

// held is a callback as the board shows it; nil for a caller on the phone.
func (f *Floor) held(c *acd.Caller) *HeldView {
	cb := c.Callback
	if cb == nil {
		return nil
	}
	v := &HeldView{State: "waiting", Asked: cb.Asked, Due: cb.NotBefore, Until: cb.Until, Tries: cb.Try, Booked: cb.Booked.Equal(cb.NotBefore)}
	switch {
	case cb.Dialling:
		v.State = "dialling"
	case len(c.Rung) > 0:
		v.State = "ringing"
	case f.opts.Clock.Now().Before(cb.NotBefore):
		v.State = "later"
	}
	return v
}

// known is a caller by the number that he would be called back at, so that he is the
// same when he calls again.
func (f *Floor) known(q *config.Queue, p call.Party) call.Party {
	if n, ok := f.config.Load().MayCallBack(&q.Callback, p.Number); ok && q.Callback.Key != "" {
		p.Number = n
	}
	return p
}

// Why nobody is called back.
var (
	ErrBarred  = errors.New("the queue does not call this number back")
	ErrRefused = errors.New("the number waits to be called back already, or too many do")
)

// CallBack puts a number in line of a queue, to be called back when its turn comes, or
// after at, if that is later. It returns the name of its place.
func (f *Floor) CallBack(queue, number, name string, at time.Time) (id call.ID, err error) {
	err = f.ask(func() error {
		c := f.config.Load()
		q, ok := c.Queue(queue)
		if !ok {
			return ErrNoQueue
		}
		dials, ok := c.MayCallBack(&q.Callback, number)
		if !ok {
			return ErrBarred
		}
		f.placed = acd.CallbackIs{}
		f.apply(acd.CallbackAsked{Queue: queue, Number: dials, Name: name, NotBefore: at.UTC()})
		if f.placed.Is != acd.CallbackIsAsked {
			return ErrRefused
		}
		id = f.placed.Call
		return nil
	})
	return id, err
}

// CallBackNow lets a callback wait for nothing but its turn.
func (f *Floor) CallBackNow(id call.ID) error { return f.toHeld(acd.CallbackNow{Call: id}, id) }

// Withdraw takes a callback out of the line.
func (f *Floor) Withdraw(id call.ID) error { return f.toHeld(acd.CallerLeft{Call: id}, id) }

func (f *Floor) toHeld(e acd.Event, id call.ID) error {
	return f.ask(func() error {
		if f.holder(id) == nil {
			return ErrGone
		}
		f.apply(e)
		return nil
	})
}

// hours are when a queue's customers may be called on the day of now; zero: at any time.
func hours(now time.Time, c *config.Config, cb *config.Callback) (opens, closes time.Time) {
	if cb.From == "" && cb.Until == "" {
		return opens, closes
	}
	midnight := midnight(now, c)
	y, m, d := midnight.AddDate(0, 0, -1).Date()
	at := func(clock string) time.Time {
		t, _ := time.Parse("15:04", clock) // has been checked
		return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, midnight.Location()).UTC()
	}
	opens, closes = at(cmp.Or(cb.From, "00:00")), midnight.UTC()
	if cb.Until != "" {
		closes = at(cb.Until)
	}
	return opens, closes
}
