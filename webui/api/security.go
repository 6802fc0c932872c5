package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
)

// securityLife is how long what security.txt says counts (RFC 9116 2.5.5: less than a year).
const securityLife = 30 * 24 * time.Hour

func (r *Rooms) securityRoutes() []Route {
	return []Route{{Pattern: "GET /.well-known/security.txt", Right: identity.Public, Handle: r.getSecurity,
		About: "Whom to tell of a weakness of the box (RFC 9116), if it says so.", Gives: Media("text/plain")}}
}

func (r *Rooms) getSecurity(w http.ResponseWriter, _ *http.Request) error {
	to := r.Config().System.SecurityContact
	if to == "" {
		return ErrNotFound
	}
	if !strings.HasPrefix(to, "https:") {
		to = "mailto:" + to
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: fa, en\n", to, r.Clock.Now().Add(securityLife).UTC().Format(time.RFC3339)) // the client has gone if this fails
	return nil
}
