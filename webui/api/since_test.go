package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pasokh/pasokh/webui/api"
)

// TestFormsOfTheirOwnAreNotOverwritten: who has looked at a queue, hours, a tone or the
// rules of recordings is refused once somebody else has changed it, and only it.
func TestFormsOfTheirOwnAreNotOverwritten(t *testing.T) {
	b := shop(t)
	revision := func() string { _, rev := b.Revisions.Current(); return fmt.Sprint(rev) }
	other := 0
	elsewhere := func() {
		other++
		asks[api.QueueForms](t, b, 200, "POST", "/api/settings/queues", fmt.Sprintf(`{"number":"71%d","name":"Elsewhere","agents":["1001"]}`, other))
	}
	for path, body := range map[string]string{
		"/api/settings/queues":    `{"number":"700","name":"Name %","agents":["1001"],"otherwise":"500"}`,
		"/api/hours":              `{"name":"Office","week":{"saturday":["8:00-1%:00"]},"holidays":"none"}`,
		"/api/settings/tones":     `{"name":"busy","own":true,"hz":[42%],"level":-10,"cadence":[500,500]}`,
		"/api/settings/recording": `{"announce":true,"keep_days":1%,"max_size_mb":500,"min_free_mb":200,"warn_days":1}`,
	} {
		post := func(want int, n, seen string) {
			t.Helper()
			if w := do(t, b, "POST", path, strings.ReplaceAll(body, "%", n), "If-Match", seen); w.Code != want {
				t.Errorf("%s %s of revision %s: %d %s, want %d", path, n, seen, w.Code, w.Body, want)
			}
		}
		post(http.StatusOK, "1", "") // who does not say what he has seen
		seen := revision()
		elsewhere()
		post(http.StatusOK, "2", seen)
		post(http.StatusPreconditionFailed, "3", seen)
		post(http.StatusOK, "3", revision())
		post(http.StatusUnprocessableEntity, "4", "x")
		post(http.StatusPreconditionFailed, "4", "9999")
	}
	for _, path := range []string{"/api/hours/Office/delete", "/api/settings/queues/711/delete"} {
		if w := do(t, b, "POST", path, "", "If-Match", "1"); w.Code != http.StatusPreconditionFailed {
			t.Errorf("%s of what came later: %d", path, w.Code)
		}
		if w := do(t, b, "POST", path, "", "If-Match", revision()); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}
