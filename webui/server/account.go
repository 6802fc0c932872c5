package server

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/pasokh/pasokh/firmware/config"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// Accounts are the users of the box; *identity.Keeper keeps them.
type Accounts interface {
	Users() []identity.User
	Invite(by *identity.Identity, name string, p identity.Part) (config.Secret, error)
	InviteAgain(by *identity.Identity, name string) (config.Secret, error)
	Accept(ctx context.Context, name, code, password string) (identity.Identity, error)
	Alter(by *identity.Identity, name string, p identity.Part) error
	Remove(by *identity.Identity, name string) error
	ChangePassword(ctx context.Context, name, old, password string) error
	Sessions(name, token string) []identity.SessionView
	EndSessionOf(name, session string) bool
	OfferSecond(name, box string) (identity.Offer, error)
	ConfirmSecond(name, code string) (recovery []string, err error)
	EndSecond(name string) error
	SecondStep(name, code string) error
	NewToken(by *identity.Identity, name string, scopes []identity.Right, life time.Duration) (config.Secret, error)
	Tokens(name string) []identity.TokenView
	EndToken(name, id string) error
	Bearer(token string) (identity.Identity, bool)
}

var _ Accounts = (*identity.Keeper)(nil)

// accountRoutes are what a user does about himself. What could be done with a session that
// somebody else got hold of, and would outlive it, asks for the password again.
func (s *Server) accountRoutes() []api.Route {
	return []api.Route{
		{Pattern: "GET /api/account", Right: identity.Account, Handle: s.getAccount,
			About: "What a user may know about himself: sessions, tokens, second step.", Gives: api.AccountView{}},
		{Pattern: "POST /api/account/password", Right: identity.Account, Handle: s.newPassword,
			About: "Changes the user's password.", Takes: api.NewPassword{}, Gives: api.Done{}},
		{Pattern: "POST /api/account/second/begin", Right: identity.Account, Handle: s.beginSecond,
			About: "Offers a key for a second step.", Takes: api.Proof{}, Gives: identity.Offer{}},
		{Pattern: "POST /api/account/second/confirm", Right: identity.Account, Handle: s.confirmSecond,
			About: "Turns the second step on, with a code of the new key.", Takes: api.Proof{}, Gives: api.Recovery{}},
		{Pattern: "POST /api/account/second/end", Right: identity.Account, Handle: s.endSecond,
			About: "Turns the second step off.", Takes: api.Proof{}, Gives: api.Done{}},
		{Pattern: "POST /api/account/sessions/{id}/end", Right: identity.Account, Handle: s.endSession,
			About: "Ends one of the user's sessions.", Gives: api.Done{}},
		{Pattern: "POST /api/account/tokens", Right: identity.Account, Handle: s.newToken,
			About: "Makes a token for a program. It is told this once.", Takes: api.NewToken{}, Gives: api.MadeToken{}},
		{Pattern: "POST /api/account/tokens/{id}/end", Right: identity.Account, Handle: s.endToken,
			About: "Revokes a token.", Gives: api.Done{}},
	}
}

func (s *Server) getAccount(w http.ResponseWriter, r *http.Request) error {
	who := api.Viewer(r.Context())
	users := s.opts.Accounts.Users()
	i := slices.IndexFunc(users, func(u identity.User) bool { return u.Name == who.User })
	if i < 0 {
		return api.ErrNoUser // the socket's
	}
	return api.Send(w, api.AccountView{User: users[i], Sessions: s.opts.Accounts.Sessions(who.User, s.token(r)),
		Tokens: s.opts.Accounts.Tokens(who.User), Scopes: who.TokenScopes()})
}

// proved checks the password of who asks.
func (s *Server) proved(r *http.Request, password string) error {
	_, err := s.opts.Keeper.Verify(identity.WithSource(r.Context(), source(r)), api.User(r.Context()), password)
	return refusal(err)
}

func (s *Server) newPassword(w http.ResponseWriter, r *http.Request) error {
	var p api.NewPassword
	if err := api.Decode(r, &p); err != nil {
		return err
	}
	who := api.Viewer(r.Context())
	if err := s.opts.Accounts.ChangePassword(identity.WithSource(r.Context(), source(r)), who.User, p.Old, p.Password); err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("password changed", "user", who.User, "from", r.RemoteAddr)
	s.renew(w, r, *who)
	return api.Send(w, api.Done{Done: true})
}

func (s *Server) beginSecond(w http.ResponseWriter, r *http.Request) error {
	var p api.Proof
	if err := api.Decode(r, &p); err != nil {
		return err
	}
	if err := s.proved(r, p.Password); err != nil {
		return err
	}
	offer, err := s.opts.Accounts.OfferSecond(api.User(r.Context()), s.opts.Rooms.Config().System.Name)
	if err != nil {
		return refusal(err)
	}
	return api.Send(w, offer)
}

func (s *Server) confirmSecond(w http.ResponseWriter, r *http.Request) error {
	var p api.Proof
	if err := api.Decode(r, &p); err != nil {
		return err
	}
	who := api.Viewer(r.Context())
	codes, err := s.opts.Accounts.ConfirmSecond(who.User, p.Code)
	if err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("second step begun", "user", who.User, "from", r.RemoteAddr)
	s.renew(w, r, *who)
	return api.Send(w, api.Recovery{Codes: codes})
}

func (s *Server) endSecond(w http.ResponseWriter, r *http.Request) error {
	var p api.Proof
	if err := api.Decode(r, &p); err != nil {
		return err
	}
	if err := s.proved(r, p.Password); err != nil {
		return err
	}
	who := api.Viewer(r.Context())
	if err := s.opts.Accounts.EndSecond(who.User); err != nil {
		return refusal(err)
	}
	s.opts.Log.Warn("second step ended", "user", who.User, "from", r.RemoteAddr)
	s.renew(w, r, *who)
	return api.Send(w, api.Done{Done: true})
}

func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	if !s.opts.Accounts.EndSessionOf(api.User(r.Context()), r.PathValue("id")) {
		return api.ErrNotFound
	}
	return api.Send(w, api.Done{Done: true})
}

func (s *Server) newToken(w http.ResponseWriter, r *http.Request) error {
	var t api.NewToken
	if err := api.Decode(r, &t); err != nil {
		return err
	}
	if t.Days < 1 || t.Days > int(identity.LongestToken/(24*time.Hour)) {
		return api.ErrValue.Of("days")
	}
	if err := s.proved(r, t.Password); err != nil {
		return err
	}
	who := api.Viewer(r.Context())
	token, err := s.opts.Accounts.NewToken(who, t.Name, t.Scopes, time.Duration(t.Days)*24*time.Hour)
	if err != nil {
		return refusal(err)
	}
	s.opts.Log.Info("token made", "user", who.User, "name", t.Name, "scopes", t.Scopes)
	return api.Send(w, api.MadeToken{Token: token.Reveal()}) // told once, to its owner
}

func (s *Server) endToken(w http.ResponseWriter, r *http.Request) error {
	if err := s.opts.Accounts.EndToken(api.User(r.Context()), r.PathValue("id")); err != nil {
		return refusal(err)
	}
	return api.Send(w, api.Done{Done: true})
}
