package api

import (
	_ "embed"
	"net/http"
	"strconv"

	"github.com/pasokh/pasokh/firmware/identity"
)

//go:embed openapi.json
var reference []byte

func (r *Rooms) referenceRoutes() []Route {
	return []Route{{Pattern: "GET /api/openapi.json", Right: identity.Own, Handle: getReference,
		About: "This description.", Gives: map[string]any{}}}
}

func getReference(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(reference)))
	_, _ = w.Write(reference) // the client has gone if this fails
	return nil
}
