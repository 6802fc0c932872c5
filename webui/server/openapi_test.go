package server

import (
	"encoding/json"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/firmware/config/describe"
	"github.com/pasokh/pasokh/firmware/identity"
	"github.com/pasokh/pasokh/firmware/need"
)

// reads are queries without which an operation that reads tells nothing.
var reads = map[string]string{
	"GET /api/reports/contacts":      "?period=today&figure=offered",
	"GET /api/reports/contacts.csv":  "?period=today&figure=offered",
	"GET /api/reports/contacts.xlsx": "?period=today&figure=offered",
	"GET /api/settings/tone.wav":     "?hz=425&level=-10",
	"GET /api/speech":                "?in=en&as=number&value=12",
	"GET /api/speech.wav":            "?in=en&as=number&value=12",
	"GET /api/try":                   "?to=700",
	"GET /api/care/backup/list":      "?place=nas",
	"GET /api/try/sound.wav":         "?to=700",
}

// TestAnswersAreAsDescribed asks everything that can be read, and lets programs of others say
// whether the description of the interface is OpenAPI and the answers are what it says.
func TestAnswersAreAsDescribed(t *testing.T) {
	need.Program(t, "node")
	for _, p := range []string{"@seriousme/openapi-schema-validator", "ajv", "ajv-formats"} {
		if _, err := os.Stat(filepath.Join("../node_modules", p)); err != nil {
			need.Missing(t, p+" is not here: run npm ci in webui")
		}
	}
	h := rightsHouse(t)
	type answer struct {
		Path   string `json:"path"`
		Method string `json:"method"`
		Status string `json:"status"`
		Kind   string `json:"kind"`
		Body   string `json:"body"`
	}
	var answers []answer
	given := 0
	ask := func(pattern, path, body string) {
		method, described, _ := strings.Cut(pattern, " ")
		for i := range h.routes {
			if rt := &h.routes[i]; rt.Pattern == pattern {
				w := h.as(t, identity.Identity{User: "sara", Role: identity.Owner}, rt, path, body)
				kind, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
				if err != nil {
					t.Errorf("%s: %v", pattern, err)
				}
				if w.Code == http.StatusOK {
					given++
				} else if method == "GET" {
					t.Logf("%s: %d %s", path, w.Code, w.Body)
				}
				answers = append(answers, answer{described, strings.ToLower(method), strconv.Itoa(w.Code), kind, w.Body.String()})
			}
		}
	}
	for i := range h.routes {
		rt := &h.routes[i]
		if !strings.HasPrefix(rt.Pattern, "GET /api/") {
			continue
		}
		query := reads[rt.Pattern]
		if query == "" {
			query = asks[rt.Pattern]
		}
		if strings.Contains(rt.Pattern, "{kind}") {
			continue // below, of every kind
		}
		ask(rt.Pattern, pathOf(rt)+query, "")
	}
	for _, k := range describe.New().Kinds() {
		ask("GET /api/things/{kind}", "/api/things/"+k.ID, "")
	}
	ask("GET /api/things/{kind}/{id}", "/api/things/queue/700", "")
	ask("PUT /api/things/{kind}/{id}", "/api/things/queue/700", `{"number":"x"}`)
	ask("POST /api/calls/{id}/hangup", "/api/calls/c2/hangup", "")
	ask("GET /api/records", "/api/records?limit=0", "")
	if given < 75 {
		t.Errorf("only %d operations gave an answer", given)
	}
	text, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "answers.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "node", "testdata/openapi.mjs", "../api/openapi.json", file).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
