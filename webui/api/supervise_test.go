package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/telephony/queue"
	"github.com/pasokh/pasokh/webui/webtest"
)

// TestASupervisorIsToldWhy: what the floor refuses, and what it is never asked.
func TestASupervisorIsToldWhy(t *testing.T) {
	b := webtest.New(webtest.Scene{Floor: queue.Board{Agents: []queue.AgentView{{Extension: "1001", State: "free"}}}})
	for _, c := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"/api/agents/1001", `{"do":"pause"}`, http.StatusOK, "done"},
		{"/api/agents/1009", `{"do":"pause"}`, http.StatusNotFound, "unknown-agent"},
		{"/api/agents/1001", `{"do":"pause","reason":"77"}`, http.StatusUnprocessableEntity, "reason"},
		{"/api/agents/1001", `{"do":"dance"}`, http.StatusUnprocessableEntity, "unknown-action"},
		{"/api/agents/1001", `{"do":"toggle-login"}`, http.StatusUnprocessableEntity, "unknown-action"},
		{"/api/agents/1001", `{"do":"more","minutes":61}`, http.StatusUnprocessableEntity, "minutes"},
		{"/api/agents/1001", `{"do":"enough"}`, http.StatusConflict, "no-wrap-up"},
		{"/api/calls/x/queue", `{"do":"first"}`, http.StatusConflict, "not-waiting"},
		{"/api/calls/x/queue", `{"do":"take","by":"1001"}`, http.StatusForbidden, "no-supervisor"},
		{"/api/calls/x/queue", `{"do":"eat"}`, http.StatusUnprocessableEntity, "unknown-action"},
		{"/api/calls/x/disposition", `{"code":"1"}`, http.StatusConflict, "not-last-call"},
	} {
		w := do(t, b, http.MethodPost, c.path, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s %s: %d %s, want %d %s", c.path, c.body, w.Code, w.Body, c.status, c.says)
		}
	}
}
