package server

import (
	"cmp"
	"errors"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
)

// policy lets a page use the box's own files and nothing else (CSP level 3).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"media-src 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// headers sets what every answer carries.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // for browsers older than frame-ancestors
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.opts.TLS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// guard lets through to a route only who may use it, bounds what is read, and
// turns what goes wrong into an answer.
func (s *Server) guard(rt api.Route, who func(*http.Request) identity.Identity) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recovered(w, r)
		viewer := who(r)
		switch {
		case viewer.May(rt.Right):
		case viewer.User == "":
			api.Fail(w, r, api.ErrSignIn)
			return
		default:
			api.Fail(w, r, api.ErrForbidden)
			return
		}
		if rt.Stream {
			// The server's deadlines are for one answer; a stream sets its own.
			out := http.NewResponseController(w)
			if err := errors.Join(out.SetReadDeadline(time.Time{}), out.SetWriteDeadline(time.Time{})); err != nil {
				s.opts.Log.Debug("stream keeps the server's deadlines", "error", err)
			}
		} else {
			r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(rt.Most, api.MaxBody))
		}
		r = r.WithContext(api.WithViewer(r.Context(), viewer))
		if r.Method != http.MethodGet && r.Method != http.MethodHead && rt.Right != identity.Public { // who signs in notes that itself
			n := &noted{ResponseWriter: w}
			w = n
			defer func() { s.note(r, viewer.User, r.Method+" "+r.URL.Path, n.status) }()
		}
		if err := rt.Handle(w, r); err != nil {
			if api.Refusal(err) == api.ErrInternal {
				s.opts.Log.Error("web request failed", "method", r.Method, "path", r.URL.Path, "user", viewer.User, "error", err)
			}
			api.Fail(w, r, err)
		}
	})
}

// recovered ends a request that panicked and nothing else.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p) // net/http's own way to drop a connection
	}
	s.opts.Log.Error("web request panicked", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
	api.Fail(w, r, api.ErrInternal)
}
