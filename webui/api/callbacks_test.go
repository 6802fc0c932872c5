package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/webui/api"
	"github.com/pasokh/pasokh/webui/webtest"
)

func TestCallbacksAreMadeAndChanged(t *testing.T) {
	rooms := webtest.New(webtest.Busy(time.Now())).Rooms()
	mux := http.NewServeMux()
	for _, r := range rooms.Routes() {
		mux.HandleFunc(r.Pattern, func(w http.ResponseWriter, req *http.Request) {
			if err := r.Handle(w, req); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
			}
		})
	}
	for _, c := range []struct{ path, body, want string }{
		{"/api/queues/700/callbacks", `{"number":"09121234567","name":"Omid"}`, `"id"`},
		{"/api/queues/700/callbacks", `{"number":"09121234567"}`, "held-already"},
		{"/api/queues/700/callbacks", `{"number":"110"}`, "not-called"},
		{"/api/queues/799/callbacks", `{"number":"09121234567"}`, "not-found"},
		{"/api/queues/700/callbacks", `{"number":"09121234567","at":"2999-01-01T00:00:00Z"}`, "bad-value"},
		{"/api/callbacks/callback-3", `{"do":"now"}`, "true"},
		{"/api/callbacks/callback-3", `{"do":"dance"}`, "unknown-action"},
		{"/api/callbacks/c2", `{"do":"withdraw"}`, "unknown-call"},
		{"/api/callbacks/callback-3", `{"do":"book"}`, "bad-value"},
		{"/api/callbacks/callback-3", `{"do":"book","at":"2999-01-01T00:00:00Z"}`, "bad-value"},
		{"/api/callbacks/callback-3", `{"do":"book","at":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`, "true"},
		{"/api/callbacks/callback-3", `{"do":"withdraw"}`, "true"},
		{"/api/callbacks/callback-3", `{"do":"withdraw"}`, "unknown-call"},
	} {
		req := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
		req.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, req.WithContext(api.WithViewer(req.Context(), identity.Identity{User: "mina", Role: identity.Supervisor, Queues: []string{"700", "799"}})))
		if !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s: %s, want %s", c.path, c.body, w.Body, c.want)
		}
	}
}
