package api

import (
	"net/http"

	"github.com/pasokh/pasokh/telephony/sip"
)

// protection is the defence, with a list that is never null.
func (r *Rooms) protection() sip.Protection {
	p := r.Protection()
	p.Bans = list(p.Bans)
	return p
}

func (r *Rooms) getProtection(w http.ResponseWriter, _ *http.Request) error {
	return Send(w, r.protection())
}

// lift lets a source in again.
func (r *Rooms) lift(w http.ResponseWriter, req *http.Request) error {
	var ask Lift
	if err := Decode(req, &ask); err != nil {
		return err
	}
	if !r.Lift(ask.Source, User(req.Context())) {
		return ErrNoBan
	}
	return Send(w, Done{true})
}
