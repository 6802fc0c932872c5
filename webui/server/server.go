// Package server is the box's web server: it puts the operations of package api,
// the stream of package live and the built pages behind one guarded router.
//
// The rules, each by construction and not by care (OWASP ASVS 5.0):
//
//   - Deny by default. Every route names the right that it needs, else the server
//     does not start; without a session only Public routes and the built pages
//     answer, everything else under /api is 401, also what does not exist; with too
//     little rights it is 403, and what is somebody else's is 404.
//   - A session is 128 random bits or more in a cookie that scripts cannot read
//     and other sites cannot cause to be sent (HttpOnly, SameSite=Strict, Secure
//     and __Host- under TLS). Its life is the Keeper's business.
//   - Requests that change something must come from our own pages
//     (http.CrossOriginProtection) and carry JSON.
//   - Pages may load nothing but the box's own files and run no inline script.
//   - Everything read from the network has a limit in bytes and in time; a panic
//     ends one request and is logged.
//
// New builds everything; Run and Serve own the goroutines.
package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"github.com/pasokh/pasokh/firmware/audit"
	"github.com/pasokh/pasokh/firmware/event"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/events"
	"github.com/pasokh/pasokh/webui/live"
)

// Options are what the server needs from the house.
type Options struct {
	Rooms  api.Rooms
	Keeper Keeper
	// Accounts are the users, their second steps and tokens; nil: Keeper's one is all.
	Accounts Accounts
	News     *event.News
	// Events are told to programs; nil: none are.
	Events *events.Ring
	Log    *slog.Logger
	// Audit is told of what is done and tried; nil: nobody is.
	Audit func(audit.Deed)
	Pages fs.FS // the built pages, webui.Dist()
	// Extra routes of other rooms, such as SIP over WebSocket.
	Extra []api.Route
	// TLS says that Handler is reached over TLS.
	TLS bool
}

// Server is the web server.
type Server struct {
	opts   Options
	hub    *live.Hub
	routes []api.Route
	pages  http.Handler
}

// New returns a server that serves nothing yet. It fails if the built pages cannot be
// read, and if a route does not say whom it is for.
func New(o Options) (*Server, error) {
	pages, err := newPages(o.Pages)
	if err != nil {
		return nil, fmt.Errorf("reading built pages: %w", err)
	}
	s := &Server{opts: o, pages: pages,
		hub: live.New(live.Options{Clock: o.Rooms.Clock, News: o.News, Log: o.Log, Sections: o.Rooms.Sections()})}
	s.routes = append(s.routes, o.Rooms.Routes()...)
	s.routes = append(s.routes, s.sessionRoutes()...)
	if o.Accounts != nil {
		s.routes = append(s.routes, s.accountRoutes()...)
		s.routes = append(s.routes, s.userRoutes()...)
	}
	s.routes = append(s.routes, s.hub.Route(s.still))
	if o.Events != nil {
		s.routes = append(s.routes, o.Events.Route(s.still))
	}
	s.routes = append(s.routes, o.Extra...)
	for i := range s.routes {
		if err := s.routes[i].Check(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes are all that it serves under /api.
func (s *Server) Routes() []api.Route { return s.routes }

// Run keeps the live stream going until ctx ends.
func (s *Server) Run(ctx context.Context) error { return s.hub.Run(ctx) }

// Handler is the box's web site for the network.
func (s *Server) Handler() http.Handler {
	cop := http.NewCrossOriginProtection()
	cop.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.Fail(w, r, api.ErrCrossOrigin)
	}))
	return s.headers(cop.Handler(s.mux(s.who)))
}

// Local is the same interface with the owner's rights and without sessions. It
// is for a Unix socket that only the owner's processes can open.
func (s *Server) Local() http.Handler {
	return s.headers(s.mux(func(*http.Request) identity.Identity { return identity.Identity{User: LocalUser, Role: identity.Owner} }))
}

// LocalUser is who uses Local, in logs. No user can be called so.
const LocalUser = "(local)"

// mux routes requests, whose sender who tells.
func (s *Server) mux(who func(*http.Request) identity.Identity) http.Handler {
	m := http.NewServeMux()
	for _, rt := range s.routes {
		m.Handle(rt.Pattern, s.guard(rt, who))
	}
	m.Handle("/api/", s.guard(api.Route{Right: identity.Own, Handle: func(http.ResponseWriter, *http.Request) error { return api.ErrNotFound }}, who))
	m.Handle("/", s.pages)
	return m
}

// Limits in time and number of what one listener takes on.
const (
	headerTime     = 5 * time.Second
	requestTime    = 15 * time.Second
	answerTime     = 30 * time.Second
	idleTime       = 2 * time.Minute
	farewellTime   = 3 * time.Second
	maxHeader      = 16 << 10
	maxConnections = 256
)

// Serve answers requests on a listener until ctx ends, which also ends streams. It
// returns when those that had come are answered, or after farewellTime.
func (s *Server) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := s.httpServer(ctx, h)
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
		defer cancel()
		if srv.Shutdown(grace) != nil {
			_ = srv.Close() // whoever is left after the grace is cut off
		}
	})
	defer stop()
	if err := srv.Serve(netutil.LimitListener(l, maxConnections)); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving pages on %s: %w", l.Addr(), err)
	}
	<-ended
	return nil
}

func (s *Server) httpServer(ctx context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.opts.Log.Handler(), slog.LevelDebug), // broken handshakes and the like
	}
}
