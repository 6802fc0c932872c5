package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// Keeper knows the box's users and their sessions; *identity.Keeper is one. It is
// safe for concurrent use.
type Keeper interface {
	Claimed() bool
	Claim(token, name, password string) error
	Verify(ctx context.Context, name, password string) (identity.Identity, error)
	NewSession(identity.Identity, identity.Via) (token string)
	Session(token string) (identity.Identity, bool)
	EndSession(token string)
}

var _ Keeper = (*identity.Keeper)(nil)

// refusal is a keeper's refusal in the words of package api.
func refusal(err error) error {
	var throttled *identity.ThrottledError
	switch {
	case errors.As(err, &throttled):
		return api.ErrThrottled.After(throttled.RetryAfter)
	case errors.Is(err, identity.ErrPassword):
		return api.ErrPassword
	case errors.Is(err, identity.ErrToken):
		return api.ErrToken
	case errors.Is(err, identity.ErrClaimed):
		return api.ErrClaimed
	case errors.Is(err, identity.ErrWeak):
		return api.ErrWeak
	case errors.Is(err, identity.ErrUser):
		return api.ErrUser
	}
	for is, refusal := range map[error]*api.Error{identity.ErrSecond: api.ErrSecond, identity.ErrCode: api.ErrCode, identity.ErrInvitation: api.ErrInvitation,
		identity.ErrNoUser: api.ErrNoUser, identity.ErrTaken: api.ErrTaken, identity.ErrRole: api.ErrRole, identity.ErrLastOwner: api.ErrLastOwner,
		identity.ErrMany: api.ErrBusy, identity.ErrName: api.ErrValue.Of("name"), identity.ErrScope: api.ErrValue.Of("scopes"), identity.ErrNoToken: api.ErrNotFound} {
		if errors.Is(err, is) {
			return refusal
		}
	}
	return err
}

// Limits of what a keeper is bothered with.
const (
	maxUser     = 64   // characters
	maxPassword = 1024 // bytes
	maxToken    = 256  // bytes
	maxDevice   = 200  // bytes
)

func (s *Server) sessionRoutes() []api.Route {
	return []api.Route{
		{Pattern: "GET /api/me", Right: identity.Public, Handle: s.getMe,
			About: "Who is asking, and whether the box has an owner yet.", Gives: api.Me{}},
		{Pattern: "POST /api/claim", Right: identity.Public, Handle: s.claim,
			About: "Makes the first owner of a new box.", Takes: api.Claim{}, Gives: api.Me{}},
		{Pattern: "POST /api/sign-in", Right: identity.Public, Handle: s.signIn,
			About: "Signs in: the answer sets a session's cookie.", Takes: api.SignIn{}, Gives: api.Me{}},
		{Pattern: "POST /api/sign-out", Right: identity.Own, Handle: s.signOut,
			About: "Ends the session.", Gives: api.Me{}},
	}
}

func (s *Server) getMe(w http.ResponseWriter, r *http.Request) error {
	return api.Send(w, s.me(api.Viewer(r.Context())))
}

// me tells a stranger no more than a sign-in page must show.
func (s *Server) me(who *identity.Identity) api.Me {
	c := s.opts.Rooms.Config()
	m := api.Me{Box: c.System.Name, Language: c.System.Language, Claimed: s.opts.Keeper.Claimed(), User: who.User, Role: who.Role, Rights: who.Rights(), Queues: append([]string{}, who.Queues...), Extension: who.Extension}
	if who.User != "" {
		m.Version = s.opts.Rooms.Version
		m.Demo = s.opts.Rooms.Simulator != nil
		m.Appliance = s.opts.Rooms.Chief != nil && who.May(identity.Plant)
		if room := s.opts.Rooms.Setup.Room; room != nil && who.May(identity.Settings) {
			state := room.State()
			m.Setup = state.Open()
		}
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
	if err := s.opts.Keeper.Claim(c.Token, c.User, c.Password); err != nil {
		s.note(r, c.User, "claim", http.StatusForbidden)
		s.opts.Log.Warn("claim refused", "from", r.RemoteAddr, "error", err)
		return refusal(err)
	}
	s.note(r, c.User, "claim", http.StatusOK)
	s.opts.Log.Info("box claimed", "user", c.User, "from", r.RemoteAddr)
	return s.admit(w, r, identity.Identity{User: c.User, Role: identity.Owner})
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	var c api.SignIn
	if err := api.Decode(r, &c); err != nil {
		return err
	}
	if credible(c.User, c.Password) != nil {
		return api.ErrPassword // the same answer as for any wrong pair
	}
	who, err := s.opts.Keeper.Verify(identity.WithSource(r.Context(), source(r)), c.User, c.Password)
	if err != nil {
		s.note(r, c.User, "sign-in", http.StatusUnauthorized)
		s.opts.Log.Warn("sign-in refused", "user", c.User, "from", r.RemoteAddr, "error", err)
		return refusal(err)
	}
	if s.opts.Accounts != nil {
		if err := s.opts.Accounts.SecondStep(who.User, c.Code); err != nil {
			if !errors.Is(err, identity.ErrSecond) {
				s.note(r, c.User, "sign-in", http.StatusUnauthorized)
				s.opts.Log.Warn("second step refused", "user", c.User, "from", r.RemoteAddr, "error", err)
			}
			return refusal(err)
		}
	}
	s.note(r, c.User, "sign-in", http.StatusOK)
	s.opts.Log.Info("signed in", "user", c.User, "from", r.RemoteAddr)
	return s.admit(w, r, who)
}

// source is where a request comes from: the address without its port. No header
// is asked, since anybody can write one.
func source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func credible(user, password string) error {
	switch n := utf8.RuneCountInString(user); {
	case n == 0 || n > maxUser || !utf8.ValidString(user):
		return api.ErrUser
	case password == "" || len(password) > maxPassword:
		return api.ErrWeak
	}
	return nil
}

// admit starts a session and ends the one that the request came with, if any.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, who identity.Identity) error {
	s.renew(w, r, who)
	return api.Send(w, s.me(&who))
}

// renew starts a session in the place of the one that the request came with, if any.
func (s *Server) renew(w http.ResponseWriter, r *http.Request, who identity.Identity) {
	if old := s.token(r); old != "" {
		s.opts.Keeper.EndSession(old)
	}
	device := r.UserAgent()
	via := identity.Via{Device: strings.ToValidUTF8(device[:min(len(device), maxDevice)], ""), From: source(r)}
	http.SetCookie(w, s.cookie(s.opts.Keeper.NewSession(who, via), int(identity.TotalLimit/time.Second)))
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	s.opts.Keeper.EndSession(s.token(r))
	http.SetCookie(w, s.cookie("", -1))
	return api.Send(w, s.me(&identity.Identity{}))
}

// who is the user of the request's token, else of its session; a stranger without. A
// request with a token is not one of a browser, and its cookie counts for nothing.
func (s *Server) who(r *http.Request) identity.Identity {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		if s.opts.Accounts == nil || len(bearer) > maxToken {
			return identity.Identity{}
		}
		who, _ := s.opts.Accounts.Bearer(bearer)
		return who
	}
	token := s.token(r)
	if token == "" {
		return identity.Identity{}
	}
	who, _ := s.opts.Keeper.Session(token)
	return who
}

// still tells whether a stream's session goes on. Local has none that could end.
func (s *Server) still(r *http.Request) bool {
	return api.User(r.Context()) == LocalUser || s.who(r).User != ""
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

// cookie lives for maxAge seconds; below 0 it is taken away.
func (s *Server) cookie(token string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(), Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.opts.TLS, SameSite: http.SameSiteStrictMode}
}
