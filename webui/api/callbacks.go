package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/queue"
)

// Callbacks are the places in line of those who will be called back; *queue.Floor holds
// them. They are listed on the floor's board.
type Callbacks interface {
	// CallBack puts a number in line.
	CallBack(queue, number, name string, at time.Time) (call.ID, error)
	// CallBackNow lets one wait for nothing but its turn.
	CallBackNow(id call.ID) error
	// RebookCallback has one wait for another time.
	RebookCallback(id call.ID, at time.Time) error
	// Slots are the times that can be booked with a queue.
	Slots(queue string) ([]queue.Slot, error)
	// Withdraw takes one out of the line.
	Withdraw(id call.ID) error
}

// CallBack is the body of POST /api/queues/{number}/callbacks.
type CallBack struct {
	Number string    `json:"number"`
	Name   string    `json:"name,omitempty"`
	At     time.Time `json:"at,omitzero"` // not before this
}

// CalledBack is the answer.
type CalledBack struct {
	ID call.ID `json:"id"`
}

// CallbackDo is the body of POST /api/callbacks/{id}.
type CallbackDo struct {
	Do string    `json:"do"`          // now, book or withdraw
	At time.Time `json:"at,omitzero"` // book: not before this, at most 7 days ahead
}

// QueueSlots is the answer of GET /api/queues/{number}/slots.
type QueueSlots struct {
	Slots []queue.Slot `json:"slots"` // the full ones too; none if the queue has no times to book
}

// booksAhead is how far a call back may be booked.
const booksAhead = 7 * 24 * time.Hour

func (r *Rooms) callbackRoutes() []Route {
	return []Route{
		{Pattern: "POST /api/queues/{number}/callbacks", Right: identity.Direct, Handle: r.callBack,
			About: "Has a queue call a number back.", Takes: CallBack{}, Gives: CalledBack{}},
		{Pattern: "GET /api/queues/{number}/slots", Right: identity.Direct, Handle: r.getSlots,
			About: "Lists the times that can be booked with a queue.", Gives: QueueSlots{}},
		{Pattern: "POST /api/callbacks/{id}", Right: identity.Direct, Handle: r.callbackDo,
			About: "Does something to somebody who waits to be called back.", Takes: CallbackDo{}, Gives: Done{}},
	}
}

func (r *Rooms) callBack(w http.ResponseWriter, req *http.Request) error {
	var ask CallBack
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if len(ask.Name) > 100 || ask.At.After(r.Clock.Now().Add(booksAhead)) {
		return ErrValue
	}
	if who := Viewer(req.Context()); !who.Sees(req.PathValue("number")) {
		return ErrNotFound
	}
	id, err := r.Callbacks.CallBack(req.PathValue("number"), ask.Number, ask.Name, ask.At)
	switch {
	case errors.Is(err, queue.ErrNoQueue):
		return ErrNotFound
	case errors.Is(err, queue.ErrBarred):
		return ErrNotCalled
	case errors.Is(err, queue.ErrRefused):
		return ErrHeld
	case err != nil:
		return ErrBusy
	}
	return Send(w, CalledBack{id})
}

func (r *Rooms) getSlots(w http.ResponseWriter, req *http.Request) error {
	if who := Viewer(req.Context()); !who.Sees(req.PathValue("number")) {
		return ErrNotFound
	}
	slots, err := r.Callbacks.Slots(req.PathValue("number"))
	switch {
	case errors.Is(err, queue.ErrNoQueue):
		return ErrNotFound
	case err != nil:
		return ErrBusy
	}
	return Send(w, QueueSlots{list(slots)})
}

func (r *Rooms) callbackDo(w http.ResponseWriter, req *http.Request) error {
	var ask CallbackDo
	if err := Decode(req, &ask); err != nil {
		return err
	}
	book := func(id call.ID) error { return r.Callbacks.RebookCallback(id, ask.At) }
	do := map[string]func(call.ID) error{"now": r.Callbacks.CallBackNow, "book": book, "withdraw": r.Callbacks.Withdraw}[ask.Do]
	switch now := r.Clock.Now(); {
	case do == nil:
		return ErrVerb
	case ask.Do == "book" && (!ask.At.After(now) || ask.At.After(now.Add(booksAhead))):
		return ErrValue.Of("at")
	}
	if err := r.seesCall(req, call.ID(req.PathValue("id"))); err != nil {
		return err
	}
	switch err := do(call.ID(req.PathValue("id"))); {
	case errors.Is(err, queue.ErrGone):
		return ErrNoCall
	case err != nil:
		return ErrBusy
	}
	return Send(w, Done{true})
}
