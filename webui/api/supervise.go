package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/telephony/acd"
	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/exchange"
	"github.com/pasokh/pasokh/telephony/queue"
)

// Desk is what a supervisor can do on the floor. *queue.Floor is one. By is who does it,
// for the ledger.
type Desk interface {
	Set(agent, queue string, wish acd.Wish, reason string, by call.Party) error
	WrapUp(agent string, more time.Duration, by call.Party) error
	Move(id call.ID, queue string, first bool, by call.Party) error
	Take(id call.ID, ext string) error
	Dispose(agent string, of call.ID, code string, by call.Party) error
}

// Supervise is the body of POST /api/agents/{extension}.
type Supervise struct {
	// Do is log-in, log-out, pause, resume, more (wrap-up) or enough (of it).
	Do      string `json:"do"`
	Queue   string `json:"queue,omitempty"`   // empty: all of his
	Reason  string `json:"reason,omitempty"`  // of a pause: the digits of one that has a name
	Minutes int    `json:"minutes,omitempty"` // more wrap-up, 1 to 60
}

// Usher is the body of POST /api/calls/{id}/queue.
type Usher struct {
	// Do is move (to another queue), first (in its line) or take (by a supervisor's phone).
	Do    string `json:"do"`
	Queue string `json:"queue,omitempty"` // empty: where the caller waits
	By    string `json:"by,omitempty"`    // extension that takes the caller
}

// Dispose is the body of POST /api/calls/{id}/disposition.
type Dispose struct {
	Code  string `json:"code"`
	Agent string `json:"agent,omitempty"` // empty: who talked in it last
}

func (r *Rooms) superviseRoutes() []Route {
	return []Route{
		{Pattern: "POST /api/agents/{extension}", Right: identity.Act, Handle: r.supervise,
			About: "Logs an agent in or out, pauses him, or ends his wrap-up.", Takes: Supervise{}, Gives: Done{}},
		{Pattern: "POST /api/calls/{id}/queue", Right: identity.Direct, Handle: r.usher,
			About: "Moves a waiting caller.", Takes: Usher{}, Gives: Done{}},
		{Pattern: "POST /api/calls/{id}/disposition", Right: identity.Act, Handle: r.dispose,
			About: "Says what a call of a queue was about.", Takes: Dispose{}, Gives: Done{}},
	}
}

// supervise changes what an agent does.
func (r *Rooms) supervise(w http.ResponseWriter, req *http.Request) error {
	var ask Supervise
	if err := Decode(req, &ask); err != nil {
		return err
	}
	agent, by := req.PathValue("extension"), call.Party{Name: User(req.Context())}
	who, board := Viewer(req.Context()), r.Floor()
	switch {
	case who.All(): // whoever he is
	case !watches(who, &board, agent):
		return ErrNoAgent
	case !who.Owns(agent) && ask.Queue != "" && !who.Sees(ask.Queue), ask.Queue == "" && !commands(who, &board, agent):
		return ErrForbidden.Of("queue")
	}
	var err error
	switch wish := acd.Wish(ask.Do); wish {
	case acd.LogIn, acd.LogOut, acd.Pause, acd.Resume:
		if _, named := r.Config().Features.PauseReasons[ask.Reason]; ask.Reason != "" && (!named || wish != acd.Pause) {
			return ErrValue.Of("reason")
		}
		err = r.Desk.Set(agent, ask.Queue, wish, ask.Reason, by)
	case "more":
		if ask.Minutes < 1 || ask.Minutes > 60 {
			return ErrValue.Of("minutes")
		}
		err = r.Desk.WrapUp(agent, time.Duration(ask.Minutes)*time.Minute, by)
	case "enough":
		err = r.Desk.WrapUp(agent, 0, by)
	default:
		return ErrVerb
	}
	return desk(w, err)
}

// usher moves a waiting caller.
func (r *Rooms) usher(w http.ResponseWriter, req *http.Request) error {
	var ask Usher
	if err := Decode(req, &ask); err != nil {
		return err
	}
	id, by := call.ID(req.PathValue("id")), call.Party{Name: User(req.Context())}
	if err := r.seesCall(req, id); err != nil {
		return err
	}
	if who := Viewer(req.Context()); ask.Queue != "" && !who.Sees(ask.Queue) {
		return ErrNoQueue
	}
	var err error
	switch ask.Do {
	case "move", "first":
		err = r.Desk.Move(id, ask.Queue, ask.Do == "first", by)
	case "take":
		if cfg := r.Config(); !cfg.Listening.Supervises(ask.By) {
			return ErrNotSupervisor
		}
		err = r.Desk.Take(id, ask.By)
	default:
		return ErrVerb
	}
	return desk(w, err)
}

// dispose says what a call was.
func (r *Rooms) dispose(w http.ResponseWriter, req *http.Request) error {
	var ask Dispose
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if err := r.seesCall(req, call.ID(req.PathValue("id"))); err != nil {
		return err
	}
	switch who := Viewer(req.Context()); {
	case who.All():
	case who.Extension != "" && ask.Agent == "":
		ask.Agent = who.Extension
	case who.Extension != "" && !who.Owns(ask.Agent):
		return ErrNoContact
	}
	return desk(w, r.Desk.Dispose(ask.Agent, call.ID(req.PathValue("id")), ask.Code, call.Party{Name: User(req.Context())}))
}

// desk answers with what the floor said.
func desk(w http.ResponseWriter, err error) error {
	for is, refusal := range map[error]*Error{
		queue.ErrNoAgent: ErrNoAgent, queue.ErrOut: ErrAgentOut, queue.ErrNoWrap: ErrNoWrap, queue.ErrGone: ErrNotWaiting,
		queue.ErrNoQueue: ErrNoQueue, queue.ErrNoPhone: ErrNoPhone, exchange.ErrNoPhone: ErrNoPhone,
		queue.ErrNoContact: ErrNoContact, queue.ErrNoDisposition: ErrDisposition,
	} {
		if errors.Is(err, is) {
			return refusal
		}
	}
	if err != nil {
		return err
	}
	return Send(w, Done{true})
}
