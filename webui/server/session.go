package server

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/pasokh/pasokh/webui/api"
)

// Keeper knows the box's users and their sessions. Its refusals are errors of
// package api: ErrPassword, ErrThrottled, ErrToken, ErrClaimed, ErrWeak. It is
// safe for concurrent use.
type Keeper interface {
	// Claimed tells whether the box has an owner.
	Claimed() bool
	// Claim makes the first user, for whoever knows the token the box printed.
	Claim(ctx context.Context, token, user, password string) error
	// Verify checks a password. It slows guessing down by itself.
	Verify(ctx context.Context, user, password string) error
	// NewSession starts a session; token is the secret that stands for it.
	NewSession(user string) (token string, expires time.Time, err error)
	// Session is the user of a session that has not ended, and marks it as used.
	Session(token string) (user string, ok bool)
	// EndSession ends a session; an unknown one is no error.
	EndSession(token string)
}

// Limits of what a keeper is bothered with.
const (
	maxUser     = 64   // characters
	maxPassword = 1024 // bytes
	maxToken    = 256  // bytes
)

func (s *Server) sessionRoutes() []api.Route {
	return []api.Route{
		{Pattern: "GET /api/me", Access: api.Public, Handle: s.getMe},
		{Pattern: "POST /api/claim", Access: api.Public, Handle: s.claim},
		{Pattern: "POST /api/sign-in", Access: api.Public, Handle: s.signIn},
		{Pattern: "POST /api/sign-out", Handle: s.signOut},
	}
}

func (s *Server) getMe(w http.ResponseWriter, r *http.Request) error {
	return api.Send(w, s.me(api.User(r.Context())))
}

// me tells a stranger no more than a sign-in page must show.
func (s *Server) me(user string) api.Me {
	c := s.opts.Rooms.Config()
	m := api.Me{Box: c.System.Name, Language: c.System.Language, Claimed: s.opts.Keeper.Claimed(), User: user}
	if user != "" {
		m.Version = s.opts.Rooms.Version
		m.Demo = s.opts.Rooms.Simulator != nil
	}
	return m
}

func (s *Server) claim(w http.ResponseWriter, r *http.Request) error {
	var c api.Claim
	if err := api.Decode(r, &c); err != nil {
		return err
	}
	if err := credible(c.User, c.Password); err != nil {
		return err
	}
	if len(c.Token) > maxToken {
		return api.ErrToken
	}
	if err := s.opts.Keeper.Claim(r.Context(), c.Token, c.User, c.Password); err != nil {
		return err
	}
	s.opts.Log.Info("box claimed", "user", c.User, "from", r.RemoteAddr)
	return s.admit(w, r, c.User)
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	var c api.SignIn
	if err := api.Decode(r, &c); err != nil {
		return err
	}
	if credible(c.User, c.Password) != nil {
		return api.ErrPassword // the same answer as for any wrong pair
	}
	if err := s.opts.Keeper.Verify(r.Context(), c.User, c.Password); err != nil {
		s.opts.Log.Warn("sign-in refused", "user", c.User, "from", r.RemoteAddr, "error", err)
		return err
	}
	s.opts.Log.Info("signed in", "user", c.User, "from", r.RemoteAddr)
	return s.admit(w, r, c.User)
}

func credible(user, password string) error {
	switch n := utf8.RuneCountInString(user); {
	case n == 0 || n > maxUser || !utf8.ValidString(user) || user == LocalUser:
		return api.ErrUser
	case password == "" || len(password) > maxPassword:
		return api.ErrWeak
	}
	return nil
}

// admit starts a session and ends the one that the request came with, if any.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, user string) error {
	token, expires, err := s.opts.Keeper.NewSession(user)
	if err != nil {
		return err
	}
	if old := s.token(r); old != "" {
		s.opts.Keeper.EndSession(old)
	}
	http.SetCookie(w, s.cookie(token, expires))
	return api.Send(w, s.me(user))
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	s.opts.Keeper.EndSession(s.token(r))
	gone := s.cookie("", time.Unix(1, 0))
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	return api.Send(w, s.me(""))
}

// who is the user of the request's session; "" without one.
func (s *Server) who(r *http.Request) string {
	token := s.token(r)
	if token == "" {
		return ""
	}
	user, _ := s.opts.Keeper.Session(token)
	return user
}

// still tells whether a stream's session goes on. Local has none that could end.
func (s *Server) still(r *http.Request) bool {
	return api.User(r.Context()) == LocalUser || s.who(r) != ""
}

func (s *Server) token(r *http.Request) string {
	c, err := r.Cookie(s.cookieName())
	if err != nil || len(c.Value) > maxToken {
		return ""
	}
	return c.Value
}

// cookieName binds the cookie to this very host where browsers can (RFC 6265bis
// 4.1.3.2); without TLS they refuse the prefix.
func (s *Server) cookieName() string {
	if s.opts.TLS {
		return "__Host-pasokh"
	}
	return "pasokh"
}

func (s *Server) cookie(token string, expires time.Time) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: s.opts.TLS, SameSite: http.SameSiteStrictMode}
}
