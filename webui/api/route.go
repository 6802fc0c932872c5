package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pasokh/pasokh/firmware/identity"
)

// Route is one operation of the interface.
type Route struct {
	Pattern string // of http.ServeMux: "GET /api/state"
	// Right is what its user must have: identity.Public opens it to strangers. A route
	// without one does not start.
	Right identity.Right
	// About is what it does, in a sentence for the reference.
	About string
	// Query is what it reads beside its path and its body.
	Query []Param
	// Takes is a value of the type that its body has as JSON, and Gives of the one that it
	// answers with; a [Media] where that is a file, nil where there is none. Refuses are
	// the refusals that say more than a [Problem], by their status.
	Takes, Gives any
	Refuses      map[int]any
	// Stream routes stay open: no write deadline is set for them.
	Stream bool
	// Most is how many bytes its body may have; 0: MaxBody. A stream's handler bounds
	// its own.
	Most int64
	// Handle answers, or returns an error for Fail to write. It must not have
	// written anything when it returns an error.
	Handle func(http.ResponseWriter, *http.Request) error
}

// Check tells what is missing in a route.
func (r *Route) Check() error {
	if r.Right == identity.Public {
		return nil
	}
	if owner := (identity.Identity{Role: identity.Owner}); !owner.May(r.Right) {
		return fmt.Errorf("route %s: %q is no right", r.Pattern, r.Right)
	}
	return nil
}

type viewerKey struct{}

// WithViewer marks a request's context as coming from somebody.
func WithViewer(ctx context.Context, who identity.Identity) context.Context {
	return context.WithValue(ctx, viewerKey{}, &who)
}

// Viewer is who sent the request; a stranger, who sees nothing, when nobody said.
func Viewer(ctx context.Context) *identity.Identity {
	if who, ok := ctx.Value(viewerKey{}).(*identity.Identity); ok {
		return who
	}
	return &identity.Identity{}
}

// User is the name of who sent the request; "" for a stranger.
func User(ctx context.Context) string { return Viewer(ctx).User }
