package api

import (
	"context"
	"net/http"
)

// Access says who may use a route.
type Access uint8

// Who may use a route. The zero value is the narrow one.
const (
	SignedIn Access = iota // somebody with a session
	Public                 // anybody who reaches the box
)

// Route is one operation of the interface.
type Route struct {
	Pattern string // of http.ServeMux: "GET /api/state"
	Access  Access
	// Stream routes stay open: no write deadline is set for them.
	Stream bool
	// Handle answers, or returns an error for Fail to write. It must not have
	// written anything when it returns an error.
	Handle func(http.ResponseWriter, *http.Request) error
}

type userKey struct{}

// WithUser marks a request's context as coming from a signed-in user.
func WithUser(ctx context.Context, user string) context.Context {
	return context.WithValue(ctx, userKey{}, user)
}

// User is who sent the request; "" for a stranger.
func User(ctx context.Context) string {
	user, _ := ctx.Value(userKey{}).(string)
	return user
}
