package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/queue"
)

// Callbacks are the places in line of those who will be called back; *queue.Floor holds
// them. They are listed on the floor's board.
type Callbacks interface {
	// CallBack puts a number in line; it waits for the floor, or until ctx ends.
	CallBack(ctx context.Context, queue, number, name string, at time.Time) (call.ID, error)
	// CallBackNow lets one wait for nothing but its turn, Withdraw takes one out of the
	// line; false: there is none of that name.
	CallBackNow(id call.ID) bool
	Withdraw(id call.ID) bool
	// Move gives one, or a caller, another queue, or with "" only this priority.
	Move(id call.ID, queue string, priority int)
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
	Do       string `json:"do"` // now, withdraw or move
	Queue    string `json:"queue,omitempty"`
	Priority int    `json:"priority,omitempty"` // of move: -100 to 100, higher first
}

func (r *Rooms) callbackRoutes() []Route {
	return []Route{
		{Pattern: "POST /api/queues/{number}/callbacks", Handle: r.callBack},
		{Pattern: "POST /api/callbacks/{id}", Handle: r.callbackDo},
	}
}

// floorTime is how long a request waits for the floor, which never waits itself.
const floorTime = 5 * time.Second

func (r *Rooms) callBack(w http.ResponseWriter, req *http.Request) error {
	var ask CallBack
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if len(ask.Name) > 100 || ask.At.After(r.Clock.Now().Add(31*24*time.Hour)) {
		return ErrValue
	}
	ctx, cancel := context.WithTimeout(req.Context(), floorTime)
	defer cancel()
	id, err := r.Callbacks.CallBack(ctx, req.PathValue("number"), ask.Number, ask.Name, ask.At)
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
	id := call.ID(req.PathValue("id"))
	ok := true
	switch ask.Do {
	case "now":
		ok = r.Callbacks.CallBackNow(id)
	case "withdraw":
		ok = r.Callbacks.Withdraw(id)
	case "move":
		if _, known := r.Config().Queue(ask.Queue); !known && ask.Queue != "" || max(ask.Priority, -ask.Priority) > 100 {
			return ErrValue
		}
		r.Callbacks.Move(id, ask.Queue, ask.Priority)
	default:
		return ErrVerb
	}
	if !ok {
		return ErrNoCall
	}
	return Send(w, Done{true})
}
