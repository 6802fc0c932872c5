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
	Do string `json:"do"` // now or withdraw
}

func (r *Rooms) callbackRoutes() []Route {
	return []Route{
		{Pattern: "POST /api/queues/{number}/callbacks", Right: identity.Direct, Handle: r.callBack,
			About: "Has a queue call a number back.", Takes: CallBack{}, Gives: CalledBack{}},
		{Pattern: "POST /api/callbacks/{id}", Right: identity.Direct, Handle: r.callbackDo,
			About: "Does something to somebody who waits to be called back.", Takes: CallbackDo{}, Gives: Done{}},
	}
}

func (r *Rooms) callBack(w http.ResponseWriter, req *http.Request) error {
	var ask CallBack
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if len(ask.Name) > 100 || ask.At.After(r.Clock.Now().Add(31*24*time.Hour)) {
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

func (r *Rooms) callbackDo(w http.ResponseWriter, req *http.Request) error {
	var ask CallbackDo
	if err := Decode(req, &ask); err != nil {
		return err
	}
	do := map[string]func(call.ID) error{"now": r.Callbacks.CallBackNow, "withdraw": r.Callbacks.Withdraw}[ask.Do]
	if do == nil {
		return ErrVerb
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
