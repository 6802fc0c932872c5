package api

import (
	"errors"
	"net/http"

	"github.com/pasokh/pasokh/telephony/call"
	"github.com/pasokh/pasokh/telephony/conference"
	"github.com/pasokh/pasokh/telephony/exchange"
)

// conferences are those going on, with lists that are never null.
func (r *Rooms) conferences() []conference.View {
	views := append([]conference.View{}, r.Conferences()...)
	for i := range views {
		views[i].Members = list(views[i].Members)
	}
	return views
}

// supervisors are the extensions that may listen in.
func (r *Rooms) supervisors() []string { return list(r.Config().Listening.Supervisors) }

// confer does something to a conference or to a member of it.
func (r *Rooms) confer(w http.ResponseWriter, req *http.Request) error {
	var ask Confer
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if err := wholeOnly(req); err != nil {
		return err
	}
	err := r.Confer(conference.Action{Conference: req.PathValue("number"), Do: ask.Do, Member: ask.Member,
		By: call.Party{Name: User(req.Context())}})
	switch {
	case errors.Is(err, conference.ErrNobody):
		return ErrNoMember
	case err != nil:
		return ErrVerb
	}
	return Send(w, Done{true})
}

// listenIn rings a supervisor who wants to listen in on a call.
func (r *Rooms) listenIn(w http.ResponseWriter, req *http.Request) error {
	var ask ListenIn
	if err := Decode(req, &ask); err != nil {
		return err
	}
	switch ask.How {
	case call.Listens, call.Whispers, call.Barges, call.TakesOver:
	default:
		return ErrVerb
	}
	if err := r.seesCall(req, call.ID(req.PathValue("id"))); err != nil {
		return err
	}
	switch err := r.Listen(call.ID(req.PathValue("id")), ask.By, ask.How); {
	case errors.Is(err, exchange.ErrNotSupervisor):
		return ErrNotSupervisor
	case errors.Is(err, exchange.ErrNoPhone):
		return ErrNoPhone
	case err != nil:
		return ErrNoTalk
	}
	return Send(w, Done{true})
}
